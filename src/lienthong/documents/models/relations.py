"""What documents do to documents that were issued before."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from lienthong.documents.models.outgoing import Issue
from lienthong.documents.rules.relations import ENDING, How


class Relation(models.Model):
    """That a document amends, replaces, cancels or corrects an earlier one of its agency. What its issuer recalls does
    nothing to others any more: `in_force`."""

    WORDS = {
        How.AMENDS: pgettext_lazy("relation", "Amends"),
        How.REPLACES: pgettext_lazy("relation", "Replaces"),
        How.CANCELS: pgettext_lazy("relation", "Cancels"),
        How.CORRECTS: pgettext_lazy("relation", "Corrects"),
    }
    PASSIVE = {
        How.AMENDS: pgettext_lazy("relation", "Amended by"),
        How.REPLACES: pgettext_lazy("relation", "Replaced by"),
        How.CANCELS: pgettext_lazy("relation", "Cancelled by"),
        How.CORRECTS: pgettext_lazy("relation", "Corrected by"),
    }

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="relations", db_index=False)
    earlier = models.ForeignKey(Issue, models.PROTECT, related_name="later")
    how = models.CharField(max_length=8, choices=[(each.value, each.value) for each in How])
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("issue", "earlier", name="document_relation_once"),
            models.UniqueConstraint(
                "earlier",
                condition=Q(in_force=True, how__in=sorted(each.value for each in ENDING)),
                name="document_relation_one_end",
            ),
            models.CheckConstraint(condition=~Q(issue=F("earlier")), name="document_relation_not_to_itself"),
        ]
