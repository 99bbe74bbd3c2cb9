"""Another limit for a declared procedure, for asking what would happen. Pure text: comments and order stay."""

import re
from decimal import ROUND_DOWN, Decimal

from lienthong.foundation.calendars.rules import Limit, Unit

_OWN = re.compile(r"^limit: (?P<limit>.+)$", re.MULTILINE)
_OF_STEP = re.compile(r"^(?P<before>    +limit: )(?P<limit>[0-9.]+ (?:working )?(?:day|hour)s?)$", re.MULTILINE)
_LEAST = Decimal("0.05")


def rescaled(source: str, limit: str) -> str:
    """The declaration with this limit, and with the limits of its steps shorter or longer in the same measure.

    Raises LimitUnreadable.
    """
    new = Limit.parse(limit)
    found = _OWN.search(source)
    assert found is not None  # every procedure has one; `lt plan` says so where not
    old = Limit.parse(found["limit"].split("#")[0])
    scale = Decimal(new.usual_working_time / old.usual_working_time)
    head, process, steps = source.partition("\nprocess:")
    head = _OWN.sub(f"limit: {new}", head, count=1)
    return head + process + _OF_STEP.sub(lambda step: step["before"] + str(_scaled(step["limit"], scale)), steps)


def _scaled(text: str, scale: Decimal) -> Limit:
    """In working hours, rounded down, so that the steps together still fit into the whole."""
    hours = Decimal(Limit.parse(text).usual_working_time.total_seconds()) / 3600
    scaled = (hours * scale).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return Limit(max(scaled, _LEAST), Unit.WORKING_HOUR)
