from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "lienthong.foundation.ledger"

    def ready(self) -> None:
        from lienthong.foundation.ledger import jobs  # noqa: F401  makes its jobs known
