"""Addresses of directives at the desk: mount below the desk's own."""

from django.urls import path

from lienthong.directives.views import boards, deciding, doing, giving, months, reading

app_name = "directives"

urlpatterns = [
    path("", boards.board, name="board"),
    path("giao/", giving.give, name="give"),
    path("thang/", months.month, name="month"),
    path("thang/tep/<slug:format_key>/", months.month_file, name="month_file"),
    path("so/tep/<slug:format_key>/", boards.register_file, name="register_file"),
    path("don-doc/", boards.urge, name="urge"),
    path("gia-han/<int:request_id>/", deciding.more_time, name="more_time"),
    path("<int:directive_id>/", reading.one, name="one"),
    path("<int:directive_id>/tep/<int:entry_id>/<int:place>/", reading.file, name="file"),
    path("<int:directive_id>/<slug:deed>/<int:task_id>/", doing.do, name="do"),
]
