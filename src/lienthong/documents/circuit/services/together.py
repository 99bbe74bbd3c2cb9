"""Several documents signed with one press: each in a transaction of its own, each once, with its own result."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _now

from lienthong.documents.circuit.rules import Part
from lienthong.documents.circuit.services import carrying
from lienthong.documents.circuit.services.turning import sign
from lienthong.documents.drafts.queries import at_desks
from lienthong.documents.models import SigningTurn
from lienthong.identity.actors import Officer
from lienthong.signing.services import wants_pin
from lienthong.work import bulk as work
from lienthong.work.models import Bulk, BulkLine

TOGETHER = "documents.sign_together"
"""The deed of a bulk over documents that are to be signed."""


@transaction.atomic
def choose(*, turns: Iterable[int], officer: Officer) -> Bulk:
    """Put down what was ticked, to be confirmed with a look at each title. What does not wait for the officer's
    signature is left out. Raises NothingChosen, TooManyChosen."""
    wanted = list(dict.fromkeys(turns))
    if len(wanted) > (most := work.AT_ONCE if wants_pin() else work.MOST):  # a PIN does not outlive the press
        raise work.too_many(most)
    found = SigningTurn.objects.filter(
        at_desks(officer), pk__in=wanted, part=Part.SIGN, outcome="", opened_at__isnull=False
    )
    chosen = [
        work.Chosen((carrying.SIGNING, turn.draft_id), turn.pk, "", carrying.title_of(turn.draft))
        for turn in found.select_related("draft").order_by("pk")
    ]
    bulk = work.prepare(officer=officer, deed=TOGETHER, name=_now("Sign documents"), chosen=chosen)
    bulk.given = {"page": reverse("circuit:together", args=[bulk.key])}
    bulk.save(update_fields=["given"])
    return bulk


@transaction.atomic
def begin(*, key: uuid.UUID, officer: Officer, keep: Collection[int]) -> Bulk:
    """Confirm: the lines that are still ticked will be signed. Confirmed twice it is begun once. Raises NoSuchBulk."""
    bulk = of(key, officer, lock=True)
    if bulk.started_at:
        return bulk
    settled: dict[int, Mapping[str, Any] | str] = {
        line: {} for line in bulk.lines.values_list("pk", flat=True) if line in keep
    }
    if not settled:
        raise work.NothingChosen(
            _now("Nothing is chosen."), way_out=_now("Tick the rows first, then press the button.")
        )
    work.begin(bulk, officer=officer, settled=settled)
    return bulk


def of(key: uuid.UUID, officer: Officer, *, lock: bool = False) -> Bulk:
    """Raises NoSuchBulk, also for a bulk of something else."""
    bulk = work.bulk_of(key, officer, lock=lock)
    if bulk.deed != TOGETHER:
        raise work.no_such_bulk()
    return bulk


@work.doer(TOGETHER)
def _do(officer: Officer, _bulk: Bulk, line: BulkLine) -> None:
    sign(turn_id=line.part_id, officer=officer)
