"""The last number given in each book. A row is the lock of its book."""

from django.db import models


class NumberBook(models.Model):
    """One period of one book. `period` is "2026" for a book that starts again every year, "2026-03-15" for one that
    starts again every day, "" for one that never does. A period that is over keeps its row: late transactions end it.
    """

    key = models.CharField(max_length=200)
    period = models.CharField(max_length=10, blank=True)
    last = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "period"], name="number_book_once"),
            models.CheckConstraint(condition=models.Q(last__gte=0), name="number_book_counts_from_one"),
        ]
