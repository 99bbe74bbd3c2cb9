"""What this room holds about a person: dossiers with everything in them, drafts, and who has read them.

Left out is what agencies say among themselves before they decide.
"""

from collections.abc import Iterator
from typing import Any

from lienthong.cases.models import Document, Dossier, Draft, Message, Paper
from lienthong.cases.queries.holdings import readings_of
from lienthong.cases.queries.own import of_account
from lienthong.cases.queries.pages import DossierPage, page_of
from lienthong.cases.queries.talk import files_of
from lienthong.cases.values import context_for, context_of, procedure_of
from lienthong.foundation import clock
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.display import Part as Shown
from lienthong.foundation.fields.display import Row, display
from lienthong.foundation.files.models import StoredFile
from lienthong.identity.actors import Citizen
from lienthong.personal.sources import Enclosed, Part, holds

CONTROL_SLIP = "control"
"""A paper of the agencies among themselves."""

MOST_READINGS = 5000


@holds("ho-so")
def dossiers(account_id: int) -> Part:
    files: list[Enclosed] = []
    told = []
    for dossier in Dossier.objects.filter(of_account(Citizen(account_id, ""))).order_by("pk").iterator(chunk_size=100):
        page = page_of(dossier)
        messages = list(Message.objects.filter(dossier=dossier).select_related("author", "post").order_by("pk"))
        enclosed = list(_files(page, messages))
        files += enclosed
        told.append(_dossier(page, messages) | {"tep": [each.path for each in enclosed]})
    return Part(told, files)


def _dossier(page: DossierPage, messages: list[Message]) -> dict[str, Any]:
    dossier = page.dossier
    moments = {
        "nop_luc": dossier.submitted_at,
        "tiep_nhan_luc": dossier.received_at,
        "hen_tra": dossier.due_at,
        "xong_luc": dossier.finished_at,
        "tra_luc": dossier.returned_at,
    }
    return {
        "ma_ho_so": dossier.code,
        "ma_nop": dossier.tracking,
        "thu_tuc": page.procedure.name,
        "trich_yeu": dossier.title,
        "co_quan_giai_quyet": page.competent.name,
        "noi_tiep_nhan": page.reception.name,
        "trang_thai": page.status_name,
        **{name: clock.local(at) if at else None for name, at in moments.items()},
        "nguoi_nop": {
            "ho_ten": dossier.applicant_name,
            "so_dinh_danh": dossier.applicant_person_id,
            "dien_thoai": dossier.applicant_phone,
            "thu_dien_tu": dossier.applicant_email,
            "dia_chi": dossier.applicant_address,
        },
        "noi_dung_khai": _declared(page.application),
        "noi_dung_khai_truoc": [
            {
                "den": clock.local(former.replaced_at),
                "noi_dung": _declared(
                    display(page.procedure.form, from_json(page.procedure.form, former.data), context_of(dossier))
                ),
            }
            for former in dossier.former_data.order_by("pk")
        ],
        "giay_to": [
            {"ten": paper.name, "so": paper.number, "ngay": clock.local(paper.issued_at) if paper.issued_at else None}
            for paper in _papers(page)
        ],
        "trao_doi": [
            {
                "luc": clock.local(message.sent_at),
                "nguoi_viet": message.author.full_name,
                "vi_tri": message.post.title if message.post else "",
                "noi_dung": message.text,
            }
            for message in messages
        ],
    }


def _declared(parts: Any) -> list[dict[str, Any]]:
    """What was filled in, with the questions as they were asked."""
    return [_part(part) for part in parts]


def _part(part: Shown) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for item in part.items:
        if isinstance(item, Row):
            said[item.label] = item.text
        else:
            said[item.label] = [{cell.label: cell.text for cell in row if cell} for row in item.rows]
    return {"muc": part.label, "noi_dung": said}


def _papers(page: DossierPage) -> list[Paper]:
    ready = (paper for paper in page.papers if paper.state == Paper.State.READY)
    return [paper for paper in ready if paper.kind != CONTROL_SLIP]


def _files(page: DossierPage, messages: list[Message]) -> Iterator[Enclosed]:
    folder = f"ho-so/{page.dossier.tracking}"
    for component in page.components:
        yield _enclosed(f"{folder}/giay-to-da-nop", component.file)
    refs = [item.file.id for part in page.application for item in part.items if isinstance(item, Row) and item.file]
    for file in StoredFile.objects.filter(pk__in=[int(ref) for ref in refs]).order_by("pk"):
        yield _enclosed(f"{folder}/to-khai", file)
    for paper in _papers(page):
        if paper.file:
            yield _enclosed(f"{folder}/giay-to-nhan-duoc", paper.file)
    for sent in files_of(page.dossier, messages).values():
        for each in sent:
            yield _enclosed(f"{folder}/trao-doi", each.file)


def _enclosed(folder: str, file: StoredFile) -> Enclosed:
    """Under a name of its own: several files may be called the same."""
    return Enclosed(f"{folder}/{file.pk}-{file.name}", file)


@holds("giay-to")
def documents(account_id: int) -> Part:
    """What the person keeps for later; what was handed in and received stands with its dossier."""
    kept = Document.objects.filter(account_id=account_id, origin=Document.Origin.KEPT).select_related("file")
    files, told = [], []
    for each in kept.order_by("pk"):
        file = _enclosed("giay-to", each.file)
        files.append(file)
        told.append(
            {
                "ten": each.name,
                "loai": each.kind,
                "so": each.number,
                "ngay_cap": each.issued_on,
                "co_gia_tri_den": each.valid_until,
                "tep": [file.path],
            }
        )
    return Part(told, files)


@holds("ban-nhap")
def drafts(account_id: int) -> Part:
    """Applications that were begun, as they were typed."""
    files: list[Enclosed] = []
    told = []
    for draft in Draft.objects.filter(account_id=account_id).prefetch_related("files__file").order_by("pk"):
        procedure = procedure_of(draft)
        enclosed = [_enclosed(f"ban-nhap/{draft.pk}", each.file) for each in draft.files.all()]
        files += enclosed
        context = context_for(account_id)
        typed = clean(procedure.form, draft.data, context, draft=True).values
        told.append(
            {
                "thu_tuc": procedure.name,
                "luu_luc": clock.local(draft.updated_at),
                "noi_dung_khai": _declared(display(procedure.form, typed, context)),
                "tep": [each.path for each in enclosed],
            }
        )
    return Part(told, files)


@holds("ai-da-xem")
def readings(account_id: int) -> Part:
    """Who has read the dossiers, the newest first."""
    found = readings_of(Citizen(account_id, ""), size=MOST_READINGS)
    return Part(
        [
            {
                "tu": clock.local(each.first),
                "den": clock.local(each.last),
                "can_bo": each.who,
                "vi_tri": each.post,
                "co_quan": each.agency,
                "ho_so": each.code,
                "so_tep_da_mo": each.files,
            }
            for each in found.rows
        ]
    )
