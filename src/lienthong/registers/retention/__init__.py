"""When the time of an entry is over: the list of what is over, what is to become of each, and erasing it for good."""
