"""Figures over the entries of a register: declared, counted by the database with the rights of who asks."""
