from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "lienthong.signing"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.signing.definition import SIGNING

        register(SIGNING)
