"""The papers of the one-stop shop: Typst templates and the shapes of their data."""
