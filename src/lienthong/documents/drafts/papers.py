"""Drafts on paper: how many pages a version has, and the table of the opinions that were gathered."""

import io
from collections.abc import Sequence
from functools import lru_cache

from lienthong.documents.definition import kind_names
from lienthong.documents.models import Draft, DraftOpinion
from lienthong.documents.papers.laying_out import lay_out
from lienthong.documents.rules.contents import Contents
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.papers.rendering import PaperTooLarge
from lienthong.foundation.papers.tables import Listing

VERDICTS = {
    DraftOpinion.Verdict.AGREED: "Nhất trí",
    DraftOpinion.Verdict.REMARKS: "Nhất trí, có góp ý",
    DraftOpinion.Verdict.OPPOSED: "Không nhất trí",
    DraftOpinion.Verdict.LAPSED: "Không có ý kiến",
    "": "Chưa góp ý",
}

TAKEN = {
    DraftOpinion.Taken.WHOLE: "Tiếp thu",
    DraftOpinion.Taken.PART: "Tiếp thu một phần",
    DraftOpinion.Taken.NOT: "Không tiếp thu",
}

COLUMNS = (
    "TT",
    "Nơi được lấy ý kiến",
    "Người góp ý",
    "Bản",
    "Ý kiến",
    "Nội dung góp ý",
    "Ngày",
    "Tiếp thu, giải trình",
)


@lru_cache(maxsize=128)
def pages_of(contents: Contents) -> int | None:
    """Of the document and its appendices together; None where it is too large to be laid out."""
    from pypdf import PdfReader  # takes a quarter of a second to load, which every start would pay

    try:
        laid = lay_out(contents, at=clock.now())
    except PaperTooLarge:
        return None
    return len(PdfReader(io.BytesIO(laid.pdf)).pages)


def opinions_listing(draft: Draft, opinions: Sequence[tuple[str, DraftOpinion]]) -> Listing:
    """Bảng tổng hợp, tiếp thu, giải trình ý kiến. `opinions` with the names of their desks."""
    given = [each for _desk, each in opinions if each.given_at and each.verdict != DraftOpinion.Verdict.LAPSED]
    names = kind_names()
    return Listing(
        agency=tree()[draft.organisation_id].key,
        title="Bảng tổng hợp, tiếp thu, giải trình ý kiến",
        subject=f"Dự thảo {names.get(draft.kind, draft.kind)}: {draft.abstract}",
        facts=(f"Đã lấy ý kiến {len(opinions)} nơi, nhận {len(given)} ý kiến",),
        columns=COLUMNS,
        widths=(6, 30, 20, 7, 16, 48, 13, 44),
        rows=tuple(
            (
                number,
                desk,
                each.given_by.full_name if each.given_by and each in given else "",
                each.version.number,
                VERDICTS[each.verdict],
                each.words,
                clock.local(each.given_at).date() if each.given_at and each in given else None,
                _taken(each),
            )
            for number, (desk, each) in enumerate(opinions, start=1)
        ),
        closing=f"Bảng này có {len(opinions)} dòng.",
        sign=(("Người tổng hợp", draft.author.full_name), ("", "")),
    )


def _taken(opinion: DraftOpinion) -> str:
    said = TAKEN.get(DraftOpinion.Taken(opinion.taken), "") if opinion.taken else ""
    return f"{said}: {opinion.taken_words}" if opinion.taken_words else said
