"""What is kept beside the entries, whose tables are made by the registers' declarations."""

from django.db import models
from django.db.models.functions import Lower

from lienthong.foundation import clock
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.exporting.models import Export
from lienthong.registers.extracting.models import Extract
from lienthong.registers.importing.models import Import, ImportMapping, ImportRow
from lienthong.registers.open_data.models import OpenDataset, OpenFile
from lienthong.registers.proposals.models import Proposal, ProposalLine
from lienthong.registers.receiving.models import Received
from lienthong.registers.retention.models import Appraisal, AppraisedEntry

__all__ = [
    "Appraisal",
    "AppraisedEntry",
    "EntryFile",
    "Export",
    "Extract",
    "Import",
    "ImportMapping",
    "ImportRow",
    "OpenDataset",
    "OpenFile",
    "Proposal",
    "ProposalLine",
    "Received",
    "SavedView",
]


class SavedView(models.Model):
    """A way of looking at a register that somebody keeps: its filters, columns and order, as the address has them."""

    account = models.ForeignKey("identity.Account", models.CASCADE, db_index=False)
    register = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("account", "register", Lower("name"), name="saved_view_named_once"),
        ]
        ordering = ["made_at", "id"]
