"""What signed results said to registers, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.organisations.models import Organisation


class Received(models.Model):
    """One result, as it was told to one register. While it could not be written it waits for a person (`done_at` is
    empty), `problems` say why, [label of the field or "", in words], and `proposed` is what the form begins with. Once
    it is settled nothing of what it proposed is kept here.

    `dossier_id` and `paper_id` are of the room of dossiers, which this room does not know.
    """

    class Deed(models.TextChoices):
        ENTER = "enter", _("a new entry")
        CHANGE = "change", _("a change")
        END = "end", _("the end of an entry")

    request = models.UUIDField(unique=True, help_text="The same however often the result is told")
    register = models.CharField(max_length=60)
    deed = models.CharField(max_length=6, choices=Deed.choices)
    entry_id = models.BigIntegerField(null=True, help_text="The entry that it became, changed or ended, or is to")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="Which keeps the entry"
    )
    dossier_id = models.BigIntegerField()
    dossier_code = models.CharField(max_length=60)
    paper_id = models.BigIntegerField()
    paper = models.CharField(max_length=250)
    number = models.CharField(max_length=80, blank=True)
    since = models.DateField(help_text="From which day it counts")
    proposed = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Who settled it; nobody where it was written by itself",
    )
    note = models.CharField(max_length=1000, blank=True, help_text="Why nothing was written")

    class Meta:
        indexes = [
            models.Index("register", "entry_id", name="registers_received_entry", condition=Q(entry_id__isnull=False)),
            models.Index("dossier_id", name="registers_received_dossier"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(deed__in=["enter", "change", "end"]), name="registers_received_deed"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, note="")
                | Q(done_at__isnull=False) & (Q(entry_id__isnull=False) | ~Q(note="")),
                name="registers_received_settled",
            ),
        ]

    @property
    def waits(self) -> bool:
        return self.done_at is None

    @property
    def called(self) -> str:
        """The paper: Giấy phép xây dựng số 01/GPXD."""
        return (
            str(_("%(paper)s no. %(number)s") % {"paper": self.paper, "number": self.number})
            if self.number
            else self.paper
        )

    @property
    def why(self) -> str:
        """For the history of the entry: by which paper of which dossier."""
        return str(_("%(paper)s, dossier %(code)s") % {"paper": self.called, "code": self.dossier_code})
