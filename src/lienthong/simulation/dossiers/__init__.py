"""The citizens and officers of the one-stop shop."""
