"""Tables of the ledger. What guards them against change is in `protection.py`.

They are unmanaged after their migration because they must never be emptied: Django's test runner leaves them alone.
"""

from django.db import models
from django.db.models.expressions import RawSQL

from lienthong.foundation.ledger import rules

NEXT_ID = "nextval('ledger_entry_id_seq')"


class Entry(models.Model):
    """Something that happened. It points to things by number only, because it outlives them.

    `kind` is a key of `kinds.py`; `account_id` and `post_id` say who, and are empty when the system itself acted;
    `organisation_id` is the agency it happened in.
    """

    id = models.BigIntegerField(primary_key=True, db_default=RawSQL(NEXT_ID, ()))  # noqa: S611 - a constant
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    data = models.JSONField()

    class Meta:
        managed = False
        db_table = "ledger_entry"
        indexes = [
            models.Index("subject_type", "subject_id", "id", name="ledger_entry_subject"),
            models.Index("kind", "id", name="ledger_entry_kind"),
            models.Index("account_id", "id", name="ledger_entry_account"),
            models.Index("organisation_id", "id", name="ledger_entry_organisation"),
        ]


class Block(models.Model):
    """A sealed stretch of the ledger: every id from `from_id` to `to_id`. The bytes are explained in `rules.py`."""

    number = models.BigIntegerField(primary_key=True)
    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    count = models.IntegerField()
    digests = models.BinaryField()
    root = models.BinaryField()
    previous = models.BinaryField()
    sealed_at = models.DateTimeField()
    key = models.CharField(max_length=16)
    signature = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_block"

    @property
    def header(self) -> rules.Header:
        return rules.Header(
            number=self.number,
            from_id=self.from_id,
            to_id=self.to_id,
            count=self.count,
            root=bytes(self.root),
            previous=bytes(self.previous),
            sealed_at=self.sealed_at,
            key=self.key,
        )


class Key(models.Model):
    """The public half of a key that signs blocks from number `from_block` on, until the next key does.

    A key and the one before it (by `number`) sign each other's following (`rules.key_change`); `signed_by_previous` is
    empty for the first key and after a key was lost.
    """

    id = models.CharField(primary_key=True, max_length=16)
    number = models.IntegerField(unique=True)
    public = models.BinaryField()
    from_block = models.BigIntegerField()
    signed_by_itself = models.BinaryField()
    signed_by_previous = models.BinaryField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_key"


class Delivery(models.Model):
    """A subscriber has had its effect for an entry. Written in the transaction of the effect: exactly once.

    `at` is the moment of the entry, not of the delivery: it cuts the table by year without weakening the unique key.
    """

    pk = models.CompositePrimaryKey("entry_id", "subscriber", "at")
    entry_id = models.BigIntegerField()
    subscriber = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_delivery"


class FailedDelivery(models.Model):
    """A subscriber that has raised for an entry, with its last error. Gone when it succeeds."""

    pk = models.CompositePrimaryKey("entry_id", "subscriber")
    entry_id = models.BigIntegerField()
    subscriber = models.CharField(max_length=128)
    failed_at = models.DateTimeField()
    attempts = models.IntegerField()
    error = models.TextField()

    class Meta:
        db_table = "ledger_faileddelivery"
