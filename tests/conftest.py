"""What every test shares. The cast of people and agencies lives in `tests/cast.py`."""
