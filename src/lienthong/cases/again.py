"""Never asked twice: the answers of an earlier application to the same procedure, for a new one to begin with."""

from collections.abc import Iterable, Mapping
from typing import Any

from lienthong.cases.models import Dossier
from lienthong.cases.queries.own import of_person
from lienthong.cases.values import procedure_of
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import is_empty
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.structure import Computed, Section, Table
from lienthong.identity.models import Mandate
from lienthong.identity.queries import Actor


def earlier_dossier(applicant: Actor, procedure_key: str, mandate: Mandate | None) -> Dossier | None:
    """The last dossier of the same procedure for the same: the own one, or what this person handed in for the same
    represented."""
    dossiers = Dossier.objects.filter(procedure_key=procedure_key, parent=None)
    if mandate is None:
        own = of_person(applicant)
        dossiers = dossiers.filter(own).exclude(account_id=applicant.account_id, mandate__isnull=False)
        dossiers = dossiers.filter(represented_business=None)
    else:
        same = {"mandate__identity": mandate.identity, "mandate__for_business": mandate.for_business}
        dossiers = dossiers.filter(account_id=applicant.account_id, **same)
    return dossiers.order_by("-id").first()


def answered_again(form: FieldList, begun: Raw, earlier: Dossier, context: Context) -> Raw:
    """What a form begins with, and where it is silent or has only what it always has, the earlier answers.

    What is known of the person today is kept: it is newer. Fields that the form has no more, that are of another type
    now, that are declared not to be reused, and files are left out, as is what would be wrong today.
    """
    before = procedure_of(earlier).form
    data = _filled(form, before, begun, earlier.data)
    wrong = clean(form, data, context, draft=True).errors
    for path in wrong:
        _restore(data, begun, path.split("."))
    return data


def _filled(fields: Iterable[Field], before: Iterable[Field], begun: Mapping[str, Any], earlier: Any) -> Raw:
    data = dict(begun)
    if not isinstance(earlier, Mapping):
        return data
    known = {field.key: field for field in before}
    for field in fields:
        old, answer = known.get(field.key), earlier.get(field.key)
        if old is None or old.type != field.type or not field.reuse or answer is None:
            continue
        if isinstance(field, Section) and isinstance(old, Section):
            started = data.get(field.key)
            data[field.key] = _filled(field.fields, old.fields, started if isinstance(started, dict) else {}, answer)
        elif isinstance(field, Table) and isinstance(old, Table):
            data[field.key] = [_filled(field.fields, old.fields, {}, row) for row in answer]
        elif _asks_again(field) and not _known_today(field, data.get(field.key)):
            data[field.key] = answer
    return data


def _asks_again(field: Field) -> bool:
    return not isinstance(field, File | Computed)


def _known_today(field: Field, value: Any) -> bool:
    """Whether the form begins with a fact of the person's account, and has it."""
    return isinstance(field.default, str) and "applicant." in field.default and not is_empty(value)


def _restore(data: Raw, begun: Raw, path: list[str]) -> None:
    """Put the outermost field that holds a place in a table, or the field itself, back to what the form begins with."""
    first, rest = path[0], path[1:]
    inner, started = data.get(first), begun.get(first)
    if rest and isinstance(inner, dict) and isinstance(started, dict) and rest[0] in inner:
        _restore(inner, started, rest)
    elif first in begun:
        data[first] = started
    else:
        data.pop(first, None)
