"""The reads of documents, each limited to what the asking person may see."""

from lienthong.documents.queries.incoming import arrival_page, duplicates, listing

__all__ = ["arrival_page", "duplicates", "listing"]
