"""The data of a dossier as its procedure reads it: conditions, titles, who applies, what a result says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from lienthong.cases.models import Dossier, Draft, Paper
from lienthong.foundation import clock
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context, Entries
from lienthong.foundation.fields.data import Names, from_json, to_json
from lienthong.foundation.fields.entries import Kept, choosable_by
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.fields.stored_files import FilesOf, attached_in, stored_by
from lienthong.foundation.organisations.queries import province
from lienthong.identity.actors import Officer
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Component, ProcedureBody, ResultPaper


def procedure_of(application: Dossier | Draft) -> ProcedureBody:
    """The procedure as it is for an application: the version it was begun under, in the variant that was chosen."""
    return PROCEDURE.pinned(application.procedure_id).in_variant(application.variant)


def context_for(account_id: int, facts: Mapping[str, Any] | None = None, *, clerk: Officer | None = None) -> Context:
    """What fields know when somebody applies, by themselves or with a clerk who types for them. `facts` are of who
    applies, for defaults."""
    names = {"applicant": facts} if facts else {}
    return Context(
        at=clock.today(),
        lists=PUBLISHED,
        files=FilesOf(stored_by(account_id)),
        entries=choosable_by(clerk),
        names=names,
        province=province().administrative_code,
    )


def context_of(dossier: Dossier) -> Context:
    """What fields know when a dossier is read: lists as they were when it was submitted."""
    day = clock.local(dossier.submitted_at).date()
    return Context(at=day, lists=PUBLISHED, province=province().administrative_code)


def files_of(dossier: Dossier, account_id: int) -> FilesOf:
    """The files that somebody may put into the data of a dossier that is there: the own ones, and those in it already,
    whoever stored them: an agent, or the clerk who entered it."""
    return FilesOf(stored_by(account_id), there=frozenset(attached_in(dossier.data)))


def entries_of(dossier: Dossier, clerk: Officer | None = None) -> Entries:
    """The entries that may be chosen when the data of a dossier is filled in again: those in it stay."""
    form = procedure_of(dossier).form
    return Kept(choosable_by(clerk), form, from_json(form, dossier.data))


def context_for_officer(officer: Officer) -> Context:
    """What fields know when an officer fills something in."""
    return Context(
        at=clock.today(),
        lists=PUBLISHED,
        files=FilesOf(stored_by(officer.account_id)),
        entries=choosable_by(officer),
        province=province().administrative_code,
    )


def context_for_correcting(dossier: Dossier, account_id: int) -> Context:
    """What fields know when who has applied corrects what a dossier says: files and entries that stand there stay."""
    return replace(context_of(dossier), files=files_of(dossier, account_id), entries=entries_of(dossier))


def accepted(fields: FieldList, raw: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The values as JSON to be stored. Raises NotAccepted."""
    cleaned = clean(fields, raw, context)
    if not cleaned.ok:
        raise NotAccepted(cleaned.errors)
    return to_json(fields, cleaned.values)


def answers(fields: FieldList, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft says to this form; answers to the form of another variant stay out."""
    asked = {field.key for field in fields}
    return {key: value for key, value in data.items() if key in asked}


def names_of(procedure: ProcedureBody, dossier: Dossier) -> Names:
    """What the procedure's expressions read of a dossier."""
    return Names(procedure.form, from_json(procedure.form, dossier.data), context_of(dossier))


def conditions(procedure: ProcedureBody, dossier: Dossier) -> Callable[[str], bool]:
    """Whether a condition of the procedure is known to hold for a dossier."""

    @cache
    def names() -> Names:  # few actions have a condition
        return names_of(procedure, dossier)

    return lambda source: expressions.holds(source, names())


def components_asked(procedure: ProcedureBody, data: Names | Dossier) -> list[Component]:
    """The components that this application has to have or may have."""
    names = names_of(procedure, data) if isinstance(data, Dossier) else data
    return [c for c in procedure.components if c.when is None or expressions.holds(c.when, names)]


def title_of(procedure: ProcedureBody, names: Names) -> str:
    """What the dossier is called in lists."""
    return expressions.written(expressions.evaluate(procedure.title, names))[:500] if procedure.title else ""


APPLICANT_COLUMNS = {
    "name": ("applicant_name", 200),
    "person_id": ("applicant_person_id", 14),
    "phone": ("applicant_phone", 15),
    "email": ("applicant_email", 254),
    "address": ("applicant_address", 300),
}


def applicant_of(procedure: ProcedureBody, names: Names, signed_in: Mapping[str, Any]) -> dict[str, str]:
    """Who applies, as columns of the dossier: what the application says, else the signed-in person."""
    columns = {}
    for name, (column, longest) in APPLICANT_COLUMNS.items():
        source = getattr(procedure.applicant, name)
        said = expressions.written(expressions.evaluate(source, names)) if source else ""
        columns[column] = (said or str(signed_in.get(name) or ""))[:longest]
    return columns


def number_of(paper: Paper, procedure: ProcedureBody) -> str:
    """The number of a paper with its symbol: 01/GPXD."""
    symbol = procedure.result(paper.key).number_symbol if paper.kind == "result" else ""
    if paper.issued_at:
        symbol = symbol.replace("{year}", f"{clock.local(paper.issued_at):%Y}")
    return "/".join(filter(None, (paper.number.zfill(2) if paper.number else "", symbol))) if paper.number else ""


def result_names(
    procedure: ProcedureBody, dossier: Dossier, declared: ResultPaper, filled: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What a result's text reads: the application, and beside it the fields of the result itself."""
    own = Names(declared.fields, from_json(declared.fields, filled), context_of(dossier))
    application = names_of(procedure, dossier)
    return {
        **{name: application[name] for name in application if name in application},
        **{field.key: own[field.key] for field in declared.fields},
    }
