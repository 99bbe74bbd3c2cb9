"""What is to be taken along, kept as plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lienthong.registers.queries import AsOf, Filters, Sort


@dataclass(frozen=True, slots=True)
class Wanted:
    """A view of a list: how it is narrowed and sorted, of which day, and the keys of the fields in it (empty: all that
    may be read)."""

    filters: Filters = field(default_factory=Filters)
    sort: Sort | None = None
    as_of: AsOf | None = None
    fields: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.filters.text,
            "equal": dict(self.filters.equal),
            "ended": self.filters.ended,
            "sort": f"{'-' if self.sort.descending else ''}{self.sort.key}" if self.sort else "",
            "as_of": [self.as_of.day.isoformat(), self.as_of.known.isoformat()] if self.as_of else None,
            "fields": list(self.fields),
        }

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> "Wanted":
        as_of = json["as_of"]
        return cls(
            Filters(json["text"], json["equal"], json["ended"]),
            Sort.parse(json["sort"]) if json["sort"] else None,
            AsOf(date.fromisoformat(as_of[0]), datetime.fromisoformat(as_of[1])) if as_of else None,
            tuple(json["fields"]),
        )
