"""Every address of the house. Each module brings its own; `tests/test_house.py` walks them all."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
