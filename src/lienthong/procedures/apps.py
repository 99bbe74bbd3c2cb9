from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "lienthong.procedures"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.procedures.definition import PROCEDURE

        register(PROCEDURE)
