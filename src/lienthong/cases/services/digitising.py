"""Papers handed in at the counter become files: scanned, compared with the paper, signed as electronic copies.

NĐ 45/2020/NĐ-CP and TT 01/2023/TT-VPCP; which words and places a signed copy must have could not be compared with the
text of the circular. Only who has the reception of the dossier digitises, and only while it is open. The scan itself is
never changed: the signed copy is a file beside it.
"""

import hashlib
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, scans
from lienthong.cases.models import Component, Digitised, Document, Dossier, DraftFile, StepVisit
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.queries.gates import dossier_for, open_visits_of
from lienthong.cases.services.carrying import DOSSIER, lock_dossier
from lienthong.cases.services.handling import NotYourStep, post_for
from lienthong.cases.values import components_asked, procedure_of
from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.receiving import Source
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.files.serving import require_harmless
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.ledger.kinds import EventKind
from lienthong.identity.actors import HeldPost, Officer
from lienthong.procedures.shapes import Component as DeclaredComponent
from lienthong.procedures.shapes import StepKind
from lienthong.signing.services import Box, Signer, Stamp, sign_pdf

MEGABYTE = 1024 * 1024
MOST_FILES, MOST_BYTES = 50, 200 * MEGABYTE
"""Of one component at once."""
OURS = Policy(kinds={"pdf"}, max_bytes=MOST_BYTES + 20 * MEGABYTE)

HEADINGS = {
    Digitised.Source.ORIGINAL: "BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH",
    Digitised.Source.CERTIFIED: "BẢN SAO ĐIỆN TỬ TỪ BẢN SAO CÓ CHỨNG THỰC",
}
"""What stands above the signature on a copy. Official papers are Vietnamese, whatever the officer reads."""
_STAMP_WIDTH, _STAMP_HEIGHT, _MARGIN = 78.0, 27.0, 4.0
"""Millimetres."""


class NothingScanned(DomainError):
    code = "cases.nothing_scanned"


class TooManyScans(DomainError):
    code = "cases.too_many_scans"


class ScanRefused(DomainError):
    """One of the files was not taken; it is told which and why."""

    code = "cases.scan_refused"


class NotDigitised(NotFound):
    code = "cases.not_digitised"


class SignedAlready(Conflict):
    code = "cases.copy_signed_already"


class NotCompared(DomainError):
    code = "cases.not_compared"


class OnlyAPlainCopy(DomainError):
    code = "cases.only_a_plain_copy"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    source: Source


def reception_post(officer: Officer, dossier: Dossier, open_visits: Collection[StepVisit]) -> HeldPost | None:
    """The post in which the officer has the open reception of a dossier, if any."""
    process = procedure_of(dossier).process
    for visit in open_visits:
        step = process.step(visit.step)
        if step.kind is StepKind.RECEPTION and (post := post_for(officer, visit, step)):
            return post
    return None


def _require_reception(officer: Officer, dossier: Dossier, open_visits: Collection[StepVisit]) -> HeldPost:
    post = reception_post(officer, dossier, open_visits)
    if post is None:
        raise NotYourStep(
            _("Papers are digitised by whoever has the reception of the dossier, while it is open."),
            way_out=_("Open the dossier to see where it is now."),
        )
    return post


@transaction.atomic
def digitise(
    *,
    dossier_id: int,
    component: str,
    uploads: Sequence[Upload],
    source: Digitised.Source,
    officer: Officer,
    max_bytes: int,
) -> Component:
    """Take the scan of a component: one PDF of everything that was sent, in its order.

    The same files sent again for the component give what is there. `max_bytes` is the size of the largest file. Raises
    NotYourStep, NothingScanned, TooManyScans, ScanRefused, scans.DamagedScan, scans.TooManyPages.
    """
    dossier = dossier_for(officer, dossier_id)
    _require_reception(officer, dossier, open_visits_of(dossier))
    declared = _declared(dossier, component)
    pieces = _stored(uploads, officer, max_bytes)
    digests = [piece.sha256 for piece in pieces]
    scan = scans.put_together([(_content(p), p.format) for p in pieces], title=declared.name, at=clock.now())
    handled = lock_dossier(dossier_id)
    post = _require_reception(officer, handled.dossier, handled.visits.values())
    if earlier := Component.objects.filter(dossier=dossier, component=component, digitised__scan__of=digests).first():
        files.discard([piece.pk for piece in pieces])
        return earlier
    file = pieces[0]
    if scan.made:
        file = files.store(scan.pdf, name=f"{declared.name}.pdf", policy=OURS, actor=officer)
        files.discard([piece.pk for piece in pieces])
    now = clock.now()
    added = Component.objects.create(
        dossier=dossier,
        component=component,
        file=file,
        name=file.name,
        added_at=now,
        supplement=handled.dossier.supplements,
    )
    Digitised.objects.create(
        component=added,
        source=source,
        scan={**scan.facts.as_json(), "of": digests},
        at=now,
        account_id=officer.account_id,
        post_id=post.id,
    )
    data = {"component": component, "id": added.pk, "source": str(source), "pages": scan.facts.pages}
    _record(events.DIGITISED, dossier_id, officer, post, data)
    return added


def _declared(dossier: Dossier, key: str) -> DeclaredComponent:
    asked = components_asked(procedure_of(dossier), dossier)
    declared = next((each for each in asked if each.key == key), None)
    if declared is None:
        raise NotFound(_("The procedure has no such component."))
    return declared


def _stored(uploads: Sequence[Upload], officer: Officer, max_bytes: int) -> list[StoredFile]:
    """Every file, checked by its content. One that is refused refuses all: half a paper is worse than none."""
    if not uploads:
        raise NothingScanned(_("No file was chosen."), way_out=_("Choose the scan, or take a photograph of the paper."))
    if len(uploads) > MOST_FILES:
        raise TooManyScans(_("At most %(most)s files at once."), way_out=_("Scan it into one PDF."), most=MOST_FILES)
    policy, stored, left = Policy(kinds={"pdf", "image"}, max_bytes=max_bytes), [], MOST_BYTES
    for upload in uploads:
        try:
            piece = files.store(upload.source, name=upload.name, policy=policy, actor=officer)
        except DomainError as refused:
            why = refused.in_full
            raise ScanRefused(_("“%(name)s” was not taken. %(why)s"), name=upload.name, why=why) from refused
        left -= piece.size
        stored.append(piece)
        if left < 0:
            raise TooManyScans(_("The files are too large together."), way_out=_("Scan it with fewer dots per inch."))
    return stored


def _content(file: StoredFile) -> bytes:
    with closing(storage.open_content(file.sha256)) as content:
        read: bytes = content.read()
    return read


@transaction.atomic
def remove_scan(*, dossier_id: int, component_id: int, officer: Officer) -> None:
    """Take a scan away again that was made by mistake. Gone already: nothing happens.

    Raises NotYourStep, NotDigitised for what the applicant handed in, SignedAlready.
    """
    handled = lock_dossier(dossier_id)
    post = _require_reception(officer, handled.dossier, handled.visits.values())
    component = Component.objects.filter(pk=component_id, dossier_id=dossier_id).first()
    if component is None:
        return
    digitised = _digitised(component)
    if digitised.signed_copy_id:
        raise SignedAlready(_("The copy of this paper has been signed and stays."))
    file_id = component.file_id
    Document.objects.filter(dossier_id=dossier_id, component=component.component, file_id=file_id).delete()
    component.delete()
    used = any(model.objects.filter(file=file_id).exists() for model in (Component, DraftFile))
    if not used:
        files.discard([file_id])
    _record(events.SCAN_REMOVED, dossier_id, officer, post, {"component": component.component, "id": component_id})


@transaction.atomic
def sign_copy(*, dossier_id: int, component_id: int, officer: Officer) -> Digitised:
    """Sign the electronic copy of a paper that was compared with it, once: who comes second gets what is there.

    The copy says on its first page what it was made from, by whom and when. Raises NotYourStep, NotDigitised,
    NotCompared, OnlyAPlainCopy, Infected, NotScannedYet, and what signing raises; then nothing was written.
    """
    handled = lock_dossier(dossier_id)
    post = _require_reception(officer, handled.dossier, handled.visits.values())
    component = Component.objects.select_related("file").filter(pk=component_id, dossier_id=dossier_id).first()
    if component is None:
        raise no_such_dossier()
    digitised = _digitised(component)
    if digitised.signed_copy_id:
        return digitised
    if component.check_result != Component.Check.GOOD:
        raise NotCompared(
            _("“%(name)s” has not been compared with the paper yet."),
            way_out=_("Compare it page by page and mark it as right, then sign."),
            name=component.name,
        )
    if digitised.source not in HEADINGS:
        raise OnlyAPlainCopy(
            _("“%(name)s” was scanned from a plain copy, which nobody can vouch for."),
            way_out=_("Scan the original or a certified copy."),
            name=component.name,
        )
    require_harmless(component.file)
    now = clock.now()
    signer = Signer(
        account_id=officer.account_id,
        post_id=post.id,
        name=officer.name,
        position=post.title,
        organisation=post.organisation.name,
        organisation_identifier=post.organisation.identifier,
    )
    pdf = _signed(_content(component.file), signer, heading=HEADINGS[Digitised.Source(digitised.source)])
    stem = component.name.rpartition(".")[0] or component.name
    digitised.signed_copy = files.store(pdf, name=f"{stem} (bản sao điện tử).pdf", policy=OURS, actor=officer)
    digitised.signed_at, digitised.signed_by_id, digitised.signed_post_id = now, officer.account_id, post.id
    digitised.save(update_fields=["signed_copy", "signed_at", "signed_by", "signed_post"])
    data = {
        "component": component.component,
        "id": component.pk,
        "source": digitised.source,
        "scan": component.file.sha256,
        "copy": hashlib.sha256(pdf).hexdigest(),
    }
    _record(events.COPY_SIGNED, dossier_id, officer, post, data)
    return digitised


def _signed(scan: bytes, signer: Signer, *, heading: str) -> bytes:
    """The scan with a visible signature; a file too untidy for one is written anew first."""
    from lienthong.signing.pades import NotSignable  # pyHanko takes a second to import

    *_size, turned = scans.first_page(scan)
    if not turned:
        try:
            return _with_signature(scan, signer, heading)
        except NotSignable:
            pass
    return _with_signature(scans.made_sound(scan), signer, heading)


def _with_signature(pdf: bytes, signer: Signer, heading: str) -> bytes:
    width, height, _turned = scans.first_page(pdf)
    wide, high = min(_STAMP_WIDTH, width - 2 * _MARGIN), min(_STAMP_HEIGHT, height / 2)
    box = Box(page=1, left=max(width - wide - _MARGIN, 0), top=_MARGIN, width=wide, height=high)
    return sign_pdf(pdf, signer=signer, reason=heading, at=clock.now(), stamp=Stamp(place=box, heading=heading))


def _digitised(component: Component) -> Digitised:
    digitised = Digitised.objects.filter(component=component).first()
    if digitised is None:
        raise NotDigitised(_("This file came from the applicant and was not scanned here."))
    return digitised


def _record(kind: EventKind, dossier_id: int, officer: Officer, post: HeldPost, data: dict[str, object]) -> None:
    ledger.record(kind, subject=(DOSSIER, dossier_id), actor=officer, organisation_id=post.organisation.id, data=data)
