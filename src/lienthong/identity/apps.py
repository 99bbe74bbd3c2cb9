from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "lienthong.identity"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.identity.definition import CAST

        register(CAST)
