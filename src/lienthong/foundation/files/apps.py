from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lienthong.foundation.files"

    def ready(self) -> None:
        from lienthong.foundation.files import jobs  # noqa: F401  makes its jobs known
