"""Reads of the papers that people have here, each limited to the person whose they are."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import Document
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files import search
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import Scan
from lienthong.identity.models import Mandate
from lienthong.identity.queries import Actor
from lienthong.identity.representing import businesses_of
from lienthong.procedures.shapes import Component

PAGE = 20
MOST_OFFERED = 3
"""So many papers are offered for one component; the newest are likeliest to be meant."""

MOST_LOOKED_AT = 200


class NoSuchDocument(NotFound):
    code = "cases.no_such_document"


def documents_of(person: Actor, text: str = "", *, before: int | None = None) -> list[Document]:
    """A page of a person's papers, the newest first; one more than a page when there is a next. Two queries."""
    documents = _space(person).select_related("file", "dossier", "paper", "for_business", "mandate")
    if text:
        documents = documents.filter(search=search.query(text))
    if before is not None:
        documents = documents.filter(pk__lt=before)
    return list(documents.order_by("-id")[: PAGE + 1])


def document_of(person: Actor, document_id: int, *, lock: bool = False) -> Document:
    """The one gate to a paper: only to those whose it is. Raises NoSuchDocument."""
    documents = _space(person)
    documents = documents.select_for_update(of=("self",)) if lock else documents.select_related("file", "dossier")
    document = documents.filter(pk=document_id).first()
    if document is None:
        raise NoSuchDocument(_("There is no such paper."))
    return document


def _space(person: Actor) -> QuerySet[Document]:
    """What the person handed in, received or kept, and what was for it or for a business that it represents."""
    own = Q(account_id=person.account_id) | Q(for_account_id=person.account_id)
    businesses = businesses_of(person.account_id)
    return Document.objects.filter(own | Q(for_business_id__in=businesses) if businesses else own)


def for_draft(person: Actor, mandate: Mandate | None) -> QuerySet[Document]:
    """The papers that may be used in an application.

    In an own one all that is the person's own. For another what the person kept, and what it handed in for the same
    before; papers of the represented that it has never had in hand are shown to legal representatives alone.
    """
    if mandate is None:
        own = Q(account_id=person.account_id, mandate=None) | Q(for_account_id=person.account_id)
        return Document.objects.filter(own)
    kept = Q(account_id=person.account_id, origin=Document.Origin.KEPT)
    same = Q(
        account_id=person.account_id, mandate__identity=mandate.identity, mandate__for_business=mandate.for_business
    )
    if mandate.kind == Mandate.Kind.LEGAL and mandate.business_id is not None:
        return Document.objects.filter(kept | same | Q(for_business_id=mandate.business_id))
    return Document.objects.filter(kept | same)


def offered(person: Actor, mandate: Mandate | None, components: Iterable[Component]) -> dict[str, list[Document]]:
    """By component, the papers at hand that are of its type: results of this system first, then the newest; each
    content once. One query, none where no component has a type."""
    asked = [each for each in components if each.document and not each.from_form]
    if not asked:
        return {}
    rows = for_draft(person, mandate).filter(type__in={each.document for each in asked})
    found = list(rows.select_related("file", "dossier", "paper").order_by("-id")[:MOST_LOOKED_AT])
    found.sort(key=lambda each: each.paper_id is None)
    offers: dict[str, list[Document]] = {}
    for component in asked:
        once: dict[str, Document] = {}
        for each in found:
            if fits(each, component):
                once.setdefault(each.file.sha256, each)
        offers[component.key] = list(once.values())[:MOST_OFFERED]
    return offers


def fits(document: Document, component: Component) -> bool:
    """Whether a paper can stand for a component today: its type, its kind of file, its last day, no virus in it."""
    return (
        component.document != ""
        and document.type == component.document
        and BY_KEY[document.file.format].kind in component.accept
        and document.file.scan in (Scan.CLEAN, Scan.NOT_SCANNED)
        and (document.valid_until is None or document.valid_until >= clock.today())
    )
