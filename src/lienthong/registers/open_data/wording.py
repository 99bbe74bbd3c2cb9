"""The words of open data that depend on what they speak of, and those that catalogues say in two languages."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from lienthong.foundation.fields.definition import Field, types
from lienthong.registers.open_data.declared import Frequency
from lienthong.ui.formatting import day as written

FREQUENCIES: dict[Frequency, str | Promise] = {
    "continuous": gettext_lazy("as it changes"),
    "daily": gettext_lazy("every day"),
    "weekly": gettext_lazy("every week"),
    "monthly": gettext_lazy("every month"),
    "quarterly": gettext_lazy("every quarter"),
    "half-yearly": gettext_lazy("twice a year"),
    "yearly": gettext_lazy("every year"),
    "irregular": gettext_lazy("when there is something new"),
}

FORMATS: Mapping[str, str | Promise] = {
    "csv": gettext_lazy("table as text, opened by every program"),
    "xlsx": gettext_lazy("for Excel and LibreOffice"),
    "json": gettext_lazy("for programs"),
    "geojson": gettext_lazy("for maps"),
}

KINDS: Mapping[str, str | Promise] = {
    "text": gettext_lazy("text"),
    "paragraph": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "decimal": gettext_lazy("number"),
    "money": gettext_lazy("amount in đồng"),
    "date": gettext_lazy("day"),
    "datetime": gettext_lazy("day and hour"),
    "boolean": gettext_lazy("yes or no"),
    "choice": gettext_lazy("one of a list"),
    "choices": gettext_lazy("several of a list"),
    "code-list": gettext_lazy("code of a list"),
    "address": gettext_lazy("address"),
    "reference": gettext_lazy("entry of another register"),
    "geometry": gettext_lazy("place on the map"),
    "table": gettext_lazy("table of its own"),
    "computed": gettext_lazy("worked out from others"),
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
    "tax-code": gettext_lazy("tax code"),
}


def kind_of(field: Field) -> str:
    """What stands in a field, in words: with its unit, and the list that its codes are of."""
    said = str(KINDS.get(field.type) or types()[field.type].about)
    unit = getattr(field, "unit", "")
    return f"{said} ({unit})" if unit else said


def ago(then: date, today: date) -> str:
    """today, yesterday, 12 days ago, on 05/03/2024."""
    days = (today - then).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days <= 60:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return _("on %(day)s") % {"day": written(then)}


def pace(days: int | None) -> str:
    """How often it changed on average; "" where that cannot be said."""
    if days is None:
        return ""
    if days == 1:
        return _("almost every day")
    return ngettext("every %(n)s day on average", "every %(n)s days on average", days) % {"n": days}


# what catalogues say; a place in a text is filled by name
TITLE = gettext_noop("Open data: %(province)s")
ABOUT = gettext_noop(
    "What the agencies of the province make public of their registers, with files to download and APIs."
)
A_FILE = gettext_noop("%(name)s: whole, as %(format)s")
AN_API = gettext_noop("%(name)s: page by page, as it is now")
A_LAYER = gettext_noop("%(name)s: layer of a map")
A_SCHEMA = gettext_noop("%(name)s: what a row says (JSON Schema)")
ROWS_SERVICE = gettext_noop("Rows of open data")
FEATURES_SERVICE = gettext_noop("Open data with places (OGC API – Features)")

THEME_NAMES: Mapping[str, str] = {
    "AGRI": gettext_noop("Agriculture, fisheries, forestry and food"),
    "ECON": gettext_noop("Economy and finance"),
    "EDUC": gettext_noop("Education, culture and sport"),
    "ENER": gettext_noop("Energy"),
    "ENVI": gettext_noop("Environment"),
    "GOVE": gettext_noop("Government and public sector"),
    "HEAL": gettext_noop("Health"),
    "INTR": gettext_noop("International issues"),
    "JUST": gettext_noop("Justice, legal system and public safety"),
    "REGI": gettext_noop("Regions and cities"),
    "SOCI": gettext_noop("Population and society"),
    "TECH": gettext_noop("Science and technology"),
    "TRAN": gettext_noop("Transport"),
}
