from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    name = "lienthong.notifications"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.notifications import jobs  # noqa: F401  makes its jobs known
        from lienthong.notifications.definition import CHANNEL, TEMPLATE
        from lienthong.notifications.gateways import file, http, mail  # noqa: F401  makes them known

        register(TEMPLATE)
        register(CHANNEL)
        autodiscover_modules("notifying")  # what the other rooms tell people
