"""Declared things: load, check, diff, publish, versions, provenance.

A room that lets a province declare something says so in its `definition.py` and registers it when Django starts:

    class CalendarBody(Body):                              # Body brings key, name, effective_from/to, sources
        hours: dict[Weekday, tuple[Span, ...]] = Field(description="Working hours of each weekday")
        days_off: tuple[DayOff, ...] = ()                  # nested parts derive from Shape; sequences are tuples

    def check_calendar(body: CalendarBody, catalogue: Catalogue) -> Iterator[Problem]:
        if ...:
            yield Problem(("days_off", 3, "date"), _("This day off is named twice."))
        yield from catalogue.refers(CODE_LIST, body.country, at=("country",))   # is it declared? did you mean …?

    CALENDAR = Kind("calendar", CalendarBody, title=_("working calendar"), after=("code-list",), check=check_calendar)

    class CalendarsConfig(AppConfig):                      # apps.py; import inside ready(): models must be loaded
        def ready(self) -> None:
            from lienthong.foundation.definitions.registry import register
            from lienthong.foundation.calendars.definition import CALENDAR
            register(CALENDAR)

All of these are in `lienthong.foundation.definitions.registry`: Body, Shape, Citation, Key, Day, Text, Kind, Problem,
Catalogue, register, replaced (for tests: `with replaced(CALENDAR, ...):`).

Reading, typed by the kind, from anywhere; nothing here asks the database twice for what cannot change:

    CALENDAR.current(key)                 -> Published[CalendarBody], in force today; NotFound when there is none
    CALENDAR.current(key, at=day)         -> the one in force on that day
    CALENDAR.all(at=None)                 -> tuple[Published[CalendarBody], ...] in force, by key
    CALENDAR.pinned(id)                   -> CalendarBody of exactly that version, for ever
    CALENDAR.edition(id)                  -> Published[CalendarBody] of exactly that version
    CALENDAR.history(key)                 -> tuple[Published[CalendarBody], ...], newest first

`Published` has id, kind, key, version, effective_from, effective_to, body. What runs keeps `published.id` (a plain
foreign key to `definitions.Definition`, on_delete=PROTECT) and reads with `pinned`.

A newer version replaces the older ones from its own first day on; when it ends, nothing is in force.

Bodies are stored as they were written, so a model may grow (new fields with a default), but a default, once released,
keeps its meaning. A validator refuses with `ValueError(_("…"))`: the text is shown to the official as it is.
`kind.materialise(row, body)` runs inside the publishing transaction, in the order of `after`.

Publishing: `services.plan(folders) -> Plan`, `services.apply(plan, author=…, note=…)`, `services.retire(KIND, key,
reason=…)`. A test publishes what it needs: `services.apply(services.plan_text(text, folder="tests", file="x.yaml"))`.
What people look at, versions with their differences and exports, is in `history`.
"""
