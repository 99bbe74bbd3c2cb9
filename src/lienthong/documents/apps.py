from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lienthong.documents"

    def ready(self) -> None:
        from lienthong.documents.definition import DOCUMENT_BOOK, DOCUMENT_TEMPLATE
        from lienthong.foundation.definitions.registry import register

        register(DOCUMENT_BOOK)
        register(DOCUMENT_TEMPLATE)
