"""Drafts: documents while they are being written, version by version, and what others think of them."""
