"""The calendar of a month as it is printed. Its words are those of the paper and are not translated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lienthong.foundation import clock, papers
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import letterhead
from lienthong.foundation.papers.shapes import Letterhead, Shape
from lienthong.meetings.papers.week import BUSY, ENDED, hour
from lienthong.meetings.queries import Line
from lienthong.meetings.rules import Access, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed(Shape):
    """`weeks` have (the day in figures, what is on) for each of their seven days; the day is empty in other months."""

    letterhead: Letterhead
    title: str
    weeks: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
    printed_at: datetime


Weeks = Sequence[Sequence[tuple[date, Sequence[Line]]]]


def pdf(agency: Node, month: date, weeks: Weeks) -> bytes:
    at = clock.now()
    return papers.render("meetings/month", printed(agency, month, weeks, at=at).as_data(), at=at)


def printed(agency: Node, month: date, weeks: Weeks, *, at: datetime) -> Printed:
    return Printed(
        letterhead=letterhead(agency, at),
        title=f"Lịch công tác tháng {month.month} năm {month.year}",
        weeks=tuple(
            tuple(
                (str(day.day), tuple(map(_said, lines))) if day.month == month.month else ("", ())
                for day, lines in week
            )
            for week in weeks
        ),
        printed_at=at,
    )


def _said(line: Line) -> str:
    """On a paper that is put up, what is private is nobody's to read, whoever prints it."""
    private = line.access == Access.PRIVATE or not line.opened
    ended = ENDED.get(State(line.state), "")
    content = BUSY if private else line.content
    return f"{hour(line.when)}: {f'({ended}) ' if ended else ''}{content}"
