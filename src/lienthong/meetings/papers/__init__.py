"""The week of a calendar on paper."""
