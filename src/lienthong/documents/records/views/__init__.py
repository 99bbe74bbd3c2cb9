"""Pages of records; thin."""
