"""The tree of agencies and units, their posts and who holds them, each with the days it is valid."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func, Q

from lienthong.foundation.organisations.ltree import LtreeField


class ValidDays(Func):
    """The range of days from valid_from to valid_to, both included."""

    template = "daterange(%(expressions)s, '[]')"
    arity = 2


def _never_twice_at_once(name: str, *columns: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with equal `columns` are valid on the same day."""
    equal: list[tuple[Any, str]] = [(column, RangeOperators.EQUAL) for column in columns]
    days = (ValidDays(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*equal, days], condition=condition)


class Organisation(models.Model):
    """An agency, or a unit inside one. `valid_to` is the last day on which it is there."""

    class Kind(models.TextChoices):
        PEOPLES_COMMITTEE = "peoples-committee"
        OFFICE = "office"
        DEPARTMENT = "department"
        AGENCY = "agency"  # a ministry's own branch in the province
        DIVISION = "division"
        UNIT = "unit"

    class Level(models.TextChoices):
        """The three-tier order knows all of them; the two-tier order (from 1 July 2025) has no district."""

        CENTRAL = "central"
        PROVINCE = "province"
        DISTRICT = "district"
        COMMUNE = "commune"

    key = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=100, blank=True, help_text="Its area in running text: thành phố Gia Nghĩa")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    identifier = models.CharField(max_length=35, help_text="QĐ 20/2020/QĐ-TTg art. 4, level 1 first: H16.12")
    old_identifier = models.CharField(max_length=13, blank=True, help_text="QCVN 102:2016, level 1 last")
    area = models.CharField(max_length=10, blank=True, help_text="Code of the administrative unit it serves")
    functions = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = LtreeField(help_text="Ids from the root down to this organisation")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            GistIndex("path", name="organisation_path"),
            GinIndex("functions", name="organisation_functions"),
        ]
        constraints = [
            _never_twice_at_once("organisation_identifier", "identifier"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="organisation_valid_days"
            ),
        ]


class Post(models.Model):
    """A place in an organisation that carries roles. People hold it for a time; it stays."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    key = models.CharField(max_length=100)
    title = models.CharField(max_length=150)
    roles = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "key", name="post_key")]


class Posting(models.Model):
    """That a person holds a post, from the first day to the last."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="postings")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("account", name="posting_account")]
        constraints = [_never_twice_at_once("posting_once", "post", "account")]


class Absence(models.Model):
    """That whoever holds a post is away, and who stands in: acting in the post with all it grants, in the own name."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", help_text="Who is away"
    )
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="stands_in")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index("substitute", "valid_to", name="absence_substitute")]
        constraints = [
            _never_twice_at_once("absence_once", "post", "account"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="absence_days"),
            models.CheckConstraint(condition=~Q(substitute=F("account")), name="absence_somebody_else"),
        ]


class TreeRevision(models.Model):
    """One row whose number grows with every change of the tree, so that processes know when to read it anew."""

    number = models.BigIntegerField(default=0)
