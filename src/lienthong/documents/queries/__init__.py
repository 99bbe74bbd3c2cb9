"""The reads of documents, each limited to what the asking person may see."""

from lienthong.documents.queries.incoming import arrival_page, duplicates, listing, with_content

__all__ = ["arrival_page", "duplicates", "listing", "with_content"]
