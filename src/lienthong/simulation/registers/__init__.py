"""Sector databases in a simulated province: officers of the agencies that keep them enter, change, correct and end."""
