"""Pages of documents at the desk; thin."""
