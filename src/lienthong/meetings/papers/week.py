"""The calendar of a week as it is printed and put up. Its words are those of the paper and are not translated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lienthong.foundation import clock, papers
from lienthong.foundation.fields.formats import day as in_figures
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import letterhead
from lienthong.foundation.papers.shapes import Letterhead, Shape
from lienthong.meetings.queries import Line, week_days
from lienthong.meetings.rules import Access, Mark, Part, State, When

_DAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_PARTS = {Part.DAY: "Cả ngày", Part.MORNING: "Sáng", Part.AFTERNOON: "Chiều", Part.EVENING: "Tối"}
ENDED = {State.POSTPONED: "Hoãn", State.CANCELLED: "Hủy"}
BUSY = "Bận"
_MARKS = {Mark.ADDED: "Bổ sung", Mark.ADJUSTED: "Điều chỉnh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed(Shape):
    """`rows` are (what is on, its place, for whom, who prepares it) under (day, part and hour)."""

    letterhead: Letterhead
    title: str
    about: str
    days: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    printed_at: datetime


def pdf(agency: Node, monday: date, shown: Sequence[Line]) -> bytes:
    at = clock.now()
    return papers.render("meetings/week", printed(agency, monday, shown, at=at).as_data(), at=at)


def printed(agency: Node, monday: date, shown: Sequence[Line], *, at: datetime) -> Printed:
    sunday = monday + timedelta(days=6)
    return Printed(
        letterhead=letterhead(agency, at),
        title="Lịch công tác tuần",
        about=f"Từ ngày {in_figures(monday)} đến ngày {in_figures(sunday)}",
        days=tuple(
            (f"{_DAYS[day.weekday()]}, {in_figures(day)}", rows)
            for day in week_days(monday)
            if (rows := tuple(_row(line) for line in shown if line.when.first_day <= day <= line.when.last_day))
            or day.weekday() < 5
        ),
        printed_at=at,
    )


def _row(line: Line) -> tuple[str, ...]:
    """On a paper that is put up, what is private is nobody's to read, whoever prints it."""
    private = line.access == Access.PRIVATE or not line.opened
    said = ENDED.get(State(line.state), "") or (_MARKS.get(Mark(line.mark), "") if line.mark else "")
    content = BUSY if private else line.content
    shown = (hour(line.when), f"({said}) {content}" if said else content, ", ".join(line.leaders))
    if private:
        return (*shown, "", "", "")
    taking_part = ", ".join(filter(None, (*line.taking_part, line.others)))
    return (*shown, line.place, taking_part, line.unit.short_name)


def hour(when: When) -> str:
    if when.begins is None:
        return _PARTS[when.part]
    return f"{when.begins:%H:%M} – {when.ends:%H:%M}" if when.ends else f"{when.begins:%H:%M}"
