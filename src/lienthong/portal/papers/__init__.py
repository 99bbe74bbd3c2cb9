"""The papers of the portal: Typst templates."""
