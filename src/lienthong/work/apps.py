from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "lienthong.work"

    def ready(self) -> None:
        from lienthong.work import jobs  # noqa: F401  makes its jobs known
