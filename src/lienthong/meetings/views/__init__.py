"""Pages of the working calendar."""
