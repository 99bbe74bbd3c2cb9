"""A view of a list taken along as a file."""
