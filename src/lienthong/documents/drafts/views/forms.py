"""What the pages of drafts share: words of states, the editor's form read into contents and written from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.drafts import rules
from lienthong.documents.models import Draft, DraftOpinion
from lienthong.documents.rules.blocks import Block
from lienthong.documents.rules.contents import Circulation, Contents, NotReadable, from_html
from lienthong.documents.rules.editing import to_html
from lienthong.documents.rules.urgency import Urgency
from lienthong.documents.views import days
from lienthong.documents.views.incoming import URGENCIES
from lienthong.foundation import asked

STATES: dict[str, tuple[str | Promise, str]] = {
    Draft.State.WRITING: (Draft.State.WRITING.label, "info"),
    Draft.State.SIGNING: (Draft.State.SIGNING.label, "soon"),
    Draft.State.SIGNED: (Draft.State.SIGNED.label, "soon"),
    Draft.State.ISSUED: (Draft.State.ISSUED.label, "ok"),
    Draft.State.DROPPED: (Draft.State.DROPPED.label, "neutral"),
}
"""How each is called, and its tone."""

VERDICTS: dict[str, tuple[str | Promise, str, str]] = {
    DraftOpinion.Verdict.AGREED: (DraftOpinion.Verdict.AGREED.label, "ok", "check-circle"),
    DraftOpinion.Verdict.REMARKS: (DraftOpinion.Verdict.REMARKS.label, "soon", "chat-left-text"),
    DraftOpinion.Verdict.OPPOSED: (DraftOpinion.Verdict.OPPOSED.label, "late", "x-circle"),
    DraftOpinion.Verdict.LAPSED: (DraftOpinion.Verdict.LAPSED.label, "neutral", "dash-lg"),
}
"""How each is called, its tone and icon."""

TAKEN: dict[str, tuple[str | Promise, str, str]] = {
    DraftOpinion.Taken.WHOLE: (DraftOpinion.Taken.WHOLE.label, "ok", "check-circle"),
    DraftOpinion.Taken.PART: (DraftOpinion.Taken.PART.label, "info", "circle-half"),
    DraftOpinion.Taken.NOT: (DraftOpinion.Taken.NOT.label, "neutral", "dash-lg"),
}
"""How what was done with an opinion is called, its tone and icon."""

FIELDS: dict[str, str | Promise] = {
    "kind": pgettext_lazy("document", "Type"),
    "parent": _("Agency above"),
    "issuer": _("Issuing agency"),
    "number": pgettext_lazy("document", "Number"),
    "symbol": pgettext_lazy("document", "Symbol"),
    "place": pgettext_lazy("document", "Place"),
    "dated": _("Dated"),
    "abstract": pgettext_lazy("document", "Abstract"),
    "authority": _("Who decides"),
    "addressees": _("To (“Kính gửi”)"),
    "body": pgettext_lazy("document", "Text"),
    "signer": pgettext_lazy("document", "Signer"),
    "second_signer": _("Second signer"),
    "recipients": _("Recipients (“Nơi nhận”)"),
    "kept_by": _("Kept by (“Lưu:”)"),
    "urgency": pgettext_lazy("document", "Urgency"),
    "circulation": pgettext_lazy("document", "Circulation"),
    "drafter": _("Mark of the drafter"),
    "copies": pgettext_lazy("document", "Copies"),
    "address": _("Address below the text"),
    "appendices": _("Appendices"),
}
"""How the parts of a document are called."""

MOST_APPENDICES = 50
LONGEST_TEXT = 400_000


def state_of(state: str) -> dict[str, Any]:
    word, tone = STATES[state]
    return {"word": word, "tone": tone}


def field_of(path: str) -> str:
    """The box of the editor that a problem of `Contents` is about: "signer" of “signer.title”. What the paper says of
    recipients has a box beside that of `recipients`, to whom it is sent."""
    field = path.partition(".")[0].partition("[")[0]
    return "receivers" if field == "recipients" else field


@dataclass
class Given:
    """What an editor sent: how it is read and what cannot be, by field. `raw` is what stays in the form."""

    raw: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    contents: Contents | None = None
    due: date | None = None


def read(given: QueryDict, before: Contents) -> Given:
    """The editor's form, where it says nothing what was there `before`."""
    errors: dict[str, str] = {}
    signers = {"signer": _signer(given, "", errors)}
    if given.get("hai-ben"):
        signers["second_signer"] = _signer(given, "2", errors)
    copies = asked.number(given.get("so-ban", "").strip())
    if given.get("so-ban", "").strip() and copies is None:
        errors["copies"] = _now("Write the number of copies with digits.")
    urgency = asked.number(given.get("do-khan", ""))
    circulation = given.get("luu-hanh", "")
    raw = {
        **before.as_json(),
        "kind": given.get("loai", before.kind),
        "parent": asked.words(given, "cap-tren", 500),
        "issuer": asked.words(given, "co-quan-ban-hanh", 500),
        "symbol": asked.words(given, "ky-hieu", 60),
        "place": asked.words(given, "noi", 500),
        "abstract": asked.words(given, "trich-yeu", 500),
        "authority": asked.words(given, "tham-quyen", 500),
        "addressees": _lines(given, "kinh-gui"),
        "body": body_of(given, "", before.body),
        "second_signer": None,
        **signers,
        "recipients": _lines(given, "noi-nhan-ghi"),
        "kept_by": asked.words(given, "luu", 500).removeprefix("Lưu:").strip(),
        "urgency": urgency if urgency in set(Urgency) else 0,
        "circulation": circulation if circulation in set(Circulation) else "",
        "drafter": asked.words(given, "nguoi-soan", 20),
        "copies": copies,
        "address": asked.words(given, "dia-chi", 500),
        "appendices": list(_appendices(given, before)),
    }
    due, is_wrong = days.asked_for(given, "han")
    if is_wrong:
        errors["due"] = str(days.UNREADABLE)
    found = Given(raw=raw, errors=errors, due=due)
    try:
        found.contents = Contents.read(raw)
    except NotReadable as refused:
        for path, why in refused.errors.items():
            found.errors.setdefault(field_of(path) or "body", why)
    return found


def _signer(given: Mapping[str, str], which: str, errors: dict[str, str]) -> dict[str, Any]:
    powers = rules.powers_read(asked.paragraphs(given, f"quyen-ky{which}", 600))
    if powers is None:
        errors["second_signer" if which else "signer"] = _now("Begin each line with TM., KT., TL. or TUQ.")
    return {
        "powers": powers or (),
        "acting": bool(given.get(f"quyen-cap{which}")),
        "title": asked.words(given, f"chuc-vu{which}", 200),
        "name": asked.words(given, f"nguoi-ky{which}", 200),
        "other_title": asked.words(given, f"chuc-danh{which}", 200),
    }


def _lines(given: Mapping[str, str], name: str) -> list[str]:
    """Without the dashes and full stops that the layout sets itself."""
    lines = asked.paragraphs(given, name, 500 * 200).splitlines()
    return [tidy for line in lines if (tidy := line.strip().lstrip("-–• ").rstrip("; "))]


def body_of(given: Mapping[str, str], part: str, before: Sequence[Block]) -> tuple[Block, ...]:
    """A running text: as the editor sends it, else as it was typed into the box that stands there without scripts."""
    html = given.get(f"noi-dung{part}-html")
    if html is not None:
        return from_html(html)
    text = given.get(f"noi-dung{part}")
    return tuple(before) if text is None else rules.text_taken(asked.paragraphs({"": text}, "", LONGEST_TEXT), before)


def _appendices(given: Mapping[str, str], before: Contents) -> Iterator[dict[str, Any]]:
    """Those that the form has, by their places; without the one that is to be taken out."""
    count = min(asked.number(given.get("so-phu-luc", "")) or 0, MOST_APPENDICES)
    dropped = asked.number(given.get("_bo-phu-luc", ""))
    for place in range(1, count + 1):
        if place == dropped:
            continue
        old = before.appendices[place - 1].blocks if place <= len(before.appendices) else ()
        yield {
            "title": asked.words(given, f"ten-phu-luc-{place}", 500),
            "landscape": bool(given.get(f"ngang-{place}")),
            "blocks": body_of(given, f"-{place}", old),
        }
    if "_them-phu-luc" in given and count < MOST_APPENDICES:
        yield {"title": "", "landscape": False, "blocks": ()}


def raw_of(contents: Contents) -> dict[str, Any]:
    """Contents as `read` leaves them, field by field."""
    second = contents.second_signer
    return {
        **vars(contents),
        "signer": vars(contents.signer),
        "second_signer": vars(second) if second else None,
        "appendices": [vars(each) for each in contents.appendices],
    }


def contents_of(raw: Mapping[str, Any]) -> Contents | None:
    """None where it says something that cannot be."""
    try:
        return Contents.read(raw)
    except NotReadable:
        return None


def form_of(raw: Mapping[str, Any], typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What stands in the editor's boxes. `typed`: what was sent, where it is not to be lost though it was wrong."""
    typed, second = typed or {}, raw["second_signer"] or {}
    return {
        **raw,
        "addressees": "\n".join(raw["addressees"]),
        "recipients": "\n".join(raw["recipients"]),
        "powers": typed.get("quyen-ky") or rules.powers_written(raw["signer"]["powers"]),
        "second_powers": typed.get("quyen-ky2") or rules.powers_written(second.get("powers", ())),
        "copies": typed.get("so-ban") or raw["copies"] or "",
        "body": part_of("", raw["body"]),
        "appendices": [
            {"place": place, "title": each["title"], "landscape": each["landscape"]}
            | part_of(f"-{place}", each["blocks"])
            for place, each in enumerate(raw["appendices"], start=1)
        ],
    }


def part_of(part: str, blocks: Sequence[Block]) -> dict[str, str]:
    """A running text for an editor, and for the box that stands there without scripts."""
    return {"name": f"noi-dung{part}", "html": to_html(blocks), "text": rules.text_written(blocks)}


def urgencies() -> list[tuple[int, str | Promise]]:
    """Those that the decree knows on paper."""
    known = (each for each in Urgency if each is not Urgency.EXPRESS_AT_A_TIME)
    return [(each.value, URGENCIES.get(each, _("ordinary"))) for each in known]
