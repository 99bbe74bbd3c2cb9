"""Documents that an agency has made public on the portal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models.outgoing import Issue
from lienthong.foundation.organisations.models import Organisation

ACCOUNT = settings.AUTH_USER_MODEL


class Publication(models.Model):
    """An issued document on the portal. Type and day stand here as they were when it was published, so that the public
    list is one index. Withdrawn, it is nowhere to be seen by the public; published again it is the same line."""

    class Section(models.TextChoices):
        LEGAL = "legal", _("Legal documents")
        DIRECTIVES = "directives", _("Documents of direction and administration")

    issue = models.OneToOneField(Issue, models.PROTECT, related_name="publication")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    section = models.CharField(max_length=10, choices=Section.choices)
    kind = models.CharField(max_length=20)
    dated = models.DateField()
    effective_from = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text="The last day in force, where it says one itself")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    withdraw_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("effective_from")), name="document_publication_force"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdraw_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdraw_reason=""),
                name="document_publication_withdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["-dated", "-id"], name="document_publication_newest", condition=Q(withdrawn_at=None)),
            models.Index(
                fields=["organisation", "-dated", "-id"],
                name="document_publication_agency",
                condition=Q(withdrawn_at=None),
            ),
        ]
