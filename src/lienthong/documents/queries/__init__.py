"""The reads of documents, each limited to what the asking person may see."""

from lienthong.documents.queries.incoming import arrival_page, duplicates, listing, visible_to, with_content
from lienthong.documents.queries.outgoing import issue_page, issues, usual_symbol

__all__ = [
    "arrival_page",
    "duplicates",
    "issue_page",
    "issues",
    "listing",
    "usual_symbol",
    "visible_to",
    "with_content",
]
