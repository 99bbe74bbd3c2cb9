"""The business of documents as pure functions on plain values."""
