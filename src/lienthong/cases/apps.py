from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lienthong.cases"

    def ready(self) -> None:
        from lienthong.cases import jobs, subjects  # noqa: F401  makes its jobs, subscriptions and subjects known
        from lienthong.cases.definition import RULE_SET
        from lienthong.cases.queries.gates import SHOWN
        from lienthong.foundation.definitions.registry import register
        from lienthong.procedures.receiving import show_with

        register(RULE_SET)
        show_with(SHOWN)
