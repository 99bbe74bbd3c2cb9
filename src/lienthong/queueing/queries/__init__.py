"""What can be read of queues. Reads of the public show numbers and desks, never who sits there."""

from lienthong.queueing.queries.desks import Serving, being_served, being_served_by

__all__ = ["Serving", "being_served", "being_served_by"]
