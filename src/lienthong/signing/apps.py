from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "lienthong.signing"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.signing import services  # noqa: F401  makes devices and timestamp authorities known
        from lienthong.signing.definition import SIGNING

        register(SIGNING)
