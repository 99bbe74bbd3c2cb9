"""Addresses of what is over its time."""

from django.urls import path

from lienthong.registers.views import retention

urlpatterns = [
    path("", retention.overview, name="appraisals"),
    path("<int:appraisal_id>/", retention.appraisal, name="appraisal"),
    path("<int:appraisal_id>/quyet-dinh/", retention.decide, name="appraise"),
]
