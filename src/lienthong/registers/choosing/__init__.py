"""Choosing entries of registers in forms, those of dossiers above all.

entries.py   which entries somebody may choose      views.py   what fits while somebody types
"""
