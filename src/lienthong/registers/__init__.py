"""Sector databases: each register is a declaration, none has code of its own.

definition.py   what a register declares          tables.py     its tables, and what a new version changes in them
layout.py       which field lies in which columns   services.py   entering, changing, correcting, ending
access.py       who may read and write which fields queries.py    lists, one entry, its history, all of it as of a day
"""
