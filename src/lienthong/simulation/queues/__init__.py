"""The people who wait at one-stop shops with a queue, and the clerks who call them."""
