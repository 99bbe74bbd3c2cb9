"""Entries whose time is over, for those who decide what becomes of them. What they said stands nowhere here."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.organisations.models import Organisation, Post


class Appraisal(models.Model):
    """The entries of one register, kept by one agency, whose time is over. There is one for both, for good: what is
    over later is added to it. `due_at` is there while something is undecided."""

    register = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("register", "organisation", name="registers_appraisal_once")]


class AppraisedEntry(models.Model):
    """An entry whose time is over, and what was decided. An entry that is kept comes back when its day has come."""

    class Decision(models.TextChoices):
        OPEN = "open", _("to be decided")
        ERASE = "erase", _("to be erased")
        KEEP = "keep", _("kept on")
        ERASED = "erased", _("erased")

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="entries", db_index=False)
    entry_id = models.BigIntegerField()
    over_since = models.DateField(help_text="First day on which it need not be kept any more")
    decision = models.CharField(max_length=6, choices=Decision.choices, default=Decision.OPEN)
    kept_until = models.DateField(null=True, help_text="On this day it is decided anew")
    reason = models.CharField(max_length=1000, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, help_text="Who decided"
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("appraisal", "entry_id", name="registers_appraised_once"),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at=None, account=None, kept_until=None, erased_at=None)
                | Q(decision="erase", decided_at__isnull=False, account__isnull=False, kept_until=None, erased_at=None)
                | Q(
                    decision="keep",
                    decided_at__isnull=False,
                    account__isnull=False,
                    kept_until__isnull=False,
                    erased_at=None,
                )
                | Q(decision="erased", decided_at__isnull=False, account__isnull=False, erased_at__isnull=False),
                name="registers_appraised_so",
            ),
        ]
        indexes = [
            models.Index("appraisal", "decision", F("id").desc(), name="registers_appraised_list"),
            models.Index("decided_at", name="registers_to_erase", condition=Q(decision="erase")),
            models.Index("kept_until", name="registers_kept_on", condition=Q(decision="keep")),
        ]
