from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lienthong.documents"

    def ready(self) -> None:
        from lienthong.documents import jobs  # noqa: F401  makes its jobs known
        from lienthong.documents.copying import filing as copies  # noqa: F401  makes official copies known
        from lienthong.documents.definition import (
            DIRECTION_PHRASES,
            DOCUMENT_BOOK,
            DOCUMENT_TEMPLATE,
            PUBLICATION,
            RECIPIENT_GROUP,
        )
        from lienthong.documents.records import filing  # noqa: F401  makes its subjects known
        from lienthong.foundation.definitions.registry import register

        register(DOCUMENT_BOOK)
        register(DIRECTION_PHRASES)
        register(DOCUMENT_TEMPLATE)
        register(RECIPIENT_GROUP)
        register(PUBLICATION)
