"""Applications that are being written."""

import uuid

from django.db import models
from django.db.models import Q

from lienthong.cases.models.dossiers import ACCOUNT, ReturnWay
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation
from lienthong.identity.models import Mandate


class Draft(models.Model):
    """An application that is being written. It becomes a dossier when it is handed in, and is then deleted.

    `data` is what was typed, also where it is not valid yet: nothing that somebody typed is lost. With `dossier` it is
    the supplement to one: the corrected application, and the files that were asked for.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    account = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="drafts")
    procedure = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    variant = models.CharField(max_length=100, blank=True, help_text="Case of the procedure, where it has several")
    competent = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    return_way = models.CharField(max_length=7, choices=ReturnWay.choices, blank=True)
    return_address = models.CharField(max_length=300, blank=True)
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+", help_text="By which it is made for another"
    )
    dossier = models.OneToOneField(
        "Dossier",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="supplement_draft",
        help_text="What it supplements",
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-updated_at"], name="draft_account")]


class DraftFile(models.Model):
    """A file attached to a draft, as one of its components."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    component = models.CharField(max_length=100)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    added_at = models.DateTimeField()
    reused = models.BooleanField(default=False, help_text="It was here already (DuocTaiSuDung)")
    result = models.ForeignKey("Paper", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(result=None) | Q(reused=True), name="draft_file_result_is_reused"),
        ]
