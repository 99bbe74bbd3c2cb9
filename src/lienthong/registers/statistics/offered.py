"""Which statistics somebody may see of a register: those that are declared, and what every register can tell."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.statistics.definition import Statistic
from lienthong.registers.statistics.dimensions import (
    AGENCY,
    YEAR,
    Choices,
    ChosenAgencies,
    Codes,
    YesNo,
    dimension,
)


def offered(body: RegisterBody, rights: Rights, context: Context) -> list[Statistic]:
    """Of which every field is theirs to read of all entries in sight. First those that are declared; then the entries
    by agency, by each field to choose from that narrows lists, and by year, where nothing declared tells that."""
    keys = {statistic.key for statistic in body.statistics}
    told = {statistic.by for statistic in body.statistics if statistic.measure == "count" and not statistic.where}
    more = (each for each in _usual(body, rights, context) if each.key not in keys and each.by not in told)
    return [statistic for statistic in (*body.statistics, *more) if allowed(body, rights, statistic)]


def allowed(body: RegisterBody, rights: Rights, statistic: Statistic) -> bool:
    return bool(rights) and all(key not in body.leaves or rights.everywhere(key) for key in statistic.keys)


def _usual(body: RegisterBody, rights: Rights, context: Context) -> Iterator[Statistic]:
    if rights.reach is None or len(rights.reach) > 1:
        yield Statistic(key=AGENCY, name=_("By agency"), by=(AGENCY,))
    for key in body.listing.filters:
        name = _with_level(body, key, context)
        if key not in body.personal and isinstance(dimension(body, name), ChosenAgencies | Choices | Codes | YesNo):
            label = body.labels[key]
            yield Statistic.model_construct(
                key=name, name=_("By %(field)s") % {"field": f"{label[:1].lower()}{label[1:]}"}, by=(name,)
            )
    yield Statistic(key=YEAR, name=_("By year of taking effect"), by=(YEAR,))


def _with_level(body: RegisterBody, key: str, context: Context) -> str:
    """Long lists by what is at their top."""
    field = body.leaves[key].field
    if not isinstance(field, CodeListField) or field.level:
        return key
    many = len(context.lists.code_list(field.list, context.at).valid(context.at)) > CodeListField.opened
    return f"{key}.1" if many else key
