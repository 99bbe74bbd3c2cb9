"""Finding documents and records: by their words and those of their files, among what somebody may see."""
