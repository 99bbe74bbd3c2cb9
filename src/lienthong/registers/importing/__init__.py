"""Entries that come from a spreadsheet: looked through first, then entered, in pieces that can be taken up again."""
