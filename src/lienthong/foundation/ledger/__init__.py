"""The append-only record of what happened: `record` it, make its kinds known, `subscribe` to it.

SUBMITTED = ledger.event("cases.submitted", _("The dossier was submitted"))
ledger.record("cases.submitted", subject=("dossier", row.id), actor=actor, organisation_id=row.organisation_id,
              data={"code": row.code})

@ledger.subscribe("cases.submitted")                 # in a room's jobs.py
def greet(entry: ledger.EntryView) -> None: ...
"""

from lienthong.foundation.ledger.entries import Actor, EntryView
from lienthong.foundation.ledger.kinds import EventKind, event
from lienthong.foundation.ledger.services import record
from lienthong.foundation.ledger.subscriptions import subscribe

__all__ = ["Actor", "EntryView", "EventKind", "event", "record", "subscribe"]
