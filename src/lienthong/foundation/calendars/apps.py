from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "lienthong.foundation.calendars"
    label = "calendars"
    verbose_name = _("Working calendars")

    def ready(self) -> None:
        from lienthong.foundation.calendars.definition import CALENDAR
        from lienthong.foundation.definitions.registry import register

        register(CALENDAR)
