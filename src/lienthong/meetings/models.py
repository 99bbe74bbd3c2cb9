"""Engagements of the working calendar, who they are for, the weeks that were published, addresses for programs."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.meetings import rules


class Engagement(models.Model):
    """Something that leaders of an agency, or the agency as a whole, do at some time.

    Several days, or a part of a day, where there is no hour. `published_at` is when the others could read it first:
    with its week, or on its own when it was added to a week that was published before. `sequence` grows with every
    change: calendars of other programs know by it which of two copies is the newer.
    """

    class Part(models.TextChoices):
        MORNING = "morning", pgettext_lazy("part of day", "Morning")
        AFTERNOON = "afternoon", pgettext_lazy("part of day", "Afternoon")
        EVENING = "evening", pgettext_lazy("part of day", "Evening")
        DAY = "day", pgettext_lazy("part of day", "All day")

    class Access(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("engagement", "Public")
        INTERNAL = "internal", pgettext_lazy("engagement", "Internal")
        PRIVATE = "private", pgettext_lazy("engagement", "Private")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("engagement", "To be approved")
        APPROVED = "approved", pgettext_lazy("engagement", "In the calendar")
        DECLINED = "declined", pgettext_lazy("engagement", "Not taken in")
        POSTPONED = "postponed", pgettext_lazy("engagement", "Postponed")
        CANCELLED = "cancelled", pgettext_lazy("engagement", "Cancelled")

    class Mark(models.TextChoices):
        ADDED = "added", pgettext_lazy("mark of an engagement", "Added")
        ADJUSTED = "adjusted", pgettext_lazy("mark of an engagement", "Adjusted")
        POSTPONED = "postponed", pgettext_lazy("mark of an engagement", "Postponed")
        CANCELLED = "cancelled", pgettext_lazy("mark of an engagement", "Cancelled")

    key = models.UUIDField(unique=True, help_text="Of the press that registered it: pressed twice it is one")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="In whose calendar it stands"
    )
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Which prepares it")
    first_day = models.DateField()
    last_day = models.DateField()
    part = models.CharField(max_length=9, choices=Part.choices)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    content = models.CharField(max_length=1000)
    place = models.CharField(max_length=250, blank=True)
    others = models.CharField(max_length=500, blank=True, help_text="Who else takes part, in words")
    remark = models.CharField(max_length=500, blank=True, help_text="Car, papers to bring: read inside the agency only")
    access = models.CharField(max_length=8, choices=Access.choices, default=Access.INTERNAL)
    state = models.CharField(max_length=9, choices=State.choices)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it is not as it was")
    mark = models.CharField(max_length=9, choices=Mark.choices, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    was = models.CharField(max_length=200, blank=True, help_text="When it was to be before it was adjusted")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    sequence = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("organisation", "first_day", "last_day", name="engagement_days")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="engagement_in_order"),
            models.CheckConstraint(
                condition=Q(begins__isnull=True, ends__isnull=True)
                | Q(begins__isnull=False, last_day=F("first_day")) & (Q(ends__isnull=True) | Q(ends__gt=F("begins"))),
                name="engagement_hours",
            ),
            models.CheckConstraint(condition=Q(mark="") | Q(marked_at__isnull=False), name="engagement_marked"),
        ]

    @property
    def when(self) -> rules.When:
        return rules.When(self.first_day, self.last_day, rules.Part(self.part), self.begins, self.ends)


class Attendance(models.Model):
    """For whom an engagement is: a post, or an organisation as a whole. `leads`: it is theirs in the calendar; the
    others take part."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="attendances", db_index=False)
    leads = models.BooleanField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("engagement", "post", name="attendance_post_once"),
            models.UniqueConstraint("engagement", "organisation", name="attendance_organisation_once"),
            models.CheckConstraint(
                condition=Q(post__isnull=True, organisation__isnull=False)
                | Q(post__isnull=False, organisation__isnull=True),
                name="attendance_of_one",
            ),
        ]
        indexes = [
            models.Index("post", "engagement", name="attendance_of_post"),
            models.Index("organisation", "engagement", name="attendance_of_organisation"),
        ]


class Week(models.Model):
    """A week of an agency's calendar. It is locked before what stands in it, so that nothing slips in beside its being
    published."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    monday = models.DateField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "monday", name="calendar_week_once")]


class Feed(models.Model):
    """The secret address under which programs read somebody's own calendar; only its digest is kept."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
