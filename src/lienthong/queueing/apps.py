from django.apps import AppConfig


class QueueingConfig(AppConfig):
    name = "lienthong.queueing"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.queueing import jobs  # noqa: F401  makes its jobs known
        from lienthong.queueing.definition import QUEUE

        register(QUEUE)
