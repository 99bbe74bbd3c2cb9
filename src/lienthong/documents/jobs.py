"""What the worker does for documents."""

from lienthong.documents.record_jobs import destroy_records, warn_of_records

__all__ = ["destroy_records", "warn_of_records"]
