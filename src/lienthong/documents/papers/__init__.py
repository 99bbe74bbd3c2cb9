"""Papers of documents: the registers as they are printed."""
