"""Official copies: made under the seal of the agency with a number of its book of copies (NĐ 30/2020 art. 25-27)."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents import policy, services
from lienthong.documents.copying import services as copying
from lienthong.documents.copying.papers import NotCopied
from lienthong.documents.copying.rules import CopyWanted, Form, Way, pages_read, pages_written
from lienthong.documents.copying.services import make_copy
from lienthong.documents.models import Arrival, Book, Circulation, Issue, OfficialCopy
from lienthong.documents.papers.books import FORMS
from lienthong.documents.services.limiting import limit
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.files import storage
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.numbering.queries import peek
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.signing.models import SigningRecord
from lienthong.signing.services import is_genuine, verify_pdf
from tests import cast
from tests.documents import drafted
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, chair, letter, registered
from tests.documents.test_changing import arrival_at
from tests.documents.test_copies import cells, sent
from tests.documents.test_outgoing import PROVINCE, PROVINCE_CLERK, issued, taken_in
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

INCOMING, OUTGOING = "incoming-document", "outgoing-document"


def pages_of(count: int, **encrypted: str) -> bytes:
    writer = pypdf.PdfWriter()
    for number in range(count):
        writer.add_blank_page(595 + number, 842)
    if encrypted:
        writer.encrypt(**encrypted)  # type: ignore[arg-type]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def arrived(pdf: bytes | None = None, **other: Any) -> Arrival:
    """At the city, in its register, with a PDF file of its own."""
    upload = services.Upload("công văn 125.pdf", pdf or samples.pdf_saying("Công văn của Sở Xây dựng"))
    return services.register(
        agency_id=by_key(AGENCY).id,
        document=letter(**other),
        officer=cast.actor(CLERK),
        key=uuid4(),
        uploads=[upload],
        another=True,
    )


def wanted(**other: Any) -> CopyWanted:
    said: dict[str, Any] = {
        "form": Form.TRUE_COPY,
        "recipients": ("Phòng Quản lý đô thị", "Ông Lê Văn Mượn"),
        "permitter": chair(),
        "agency_mark": "UBND",
        "place": 0,
    }
    return CopyWanted(**{**said, **other})


def copied(line: Arrival | Issue, by: str = CLERK, key: Any = None, **other: Any) -> OfficialCopy:
    kind = INCOMING if isinstance(line, Arrival) else OUTGOING
    return make_copy(subject=(kind, line.pk), wanted=wanted(**other), officer=cast.actor(by), key=key or uuid4())


def content(copy: OfficialCopy) -> bytes:
    assert copy.file
    with storage.open_content(copy.file.sha256) as held:
        return bytes(held.read())


def original_of(line: Arrival | Issue) -> bytes:
    with storage.open_content(line.document.files.get(place=0).file.sha256) as held:
        return bytes(held.read())


def mark_on(pdf: bytes, number: int) -> str:
    """What the number-th signature of the first page shows."""
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    seen = [each.get_object() for each in page["/Annots"]]  # type: ignore[attr-defined]
    looks = seen[number]["/AP"]["/N"].get_object()["/Resources"]["/XObject"]
    drawing = next(iter(looks.values())).get_object()
    holder = pypdf.PdfWriter().add_blank_page(300, 100)
    holder[pypdf.generic.NameObject("/Resources")] = drawing["/Resources"]
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(drawing.get_data())
    holder[pypdf.generic.NameObject("/Contents")] = stream
    return " ".join(holder.extract_text().split())


# what is made


def test_a_true_copy_bears_the_mark_and_the_seal_of_the_agency_and_the_original_stays():
    line = arrived()
    before = original_of(line)
    made = copied(line)
    pdf = content(made)
    assert pdf.startswith(before) and original_of(line) == before
    [report] = verify_pdf(pdf)
    assert report.genuine and report.is_seal and report.reason == "01/SY-UBND"
    assert report.organisation == by_key(AGENCY).name
    assert mark_on(pdf, 0) == f"SAO Y {by_key(AGENCY).name} 03/03/2025; 08:30:00; +07:00"
    assert made.code == "01/SY-UBND" and made.digest == made.file.sha256


def test_the_signatures_of_a_signed_original_stay_valid_on_the_copy():
    issue = drafted.issued()
    made = copied(issue)
    original, pdf = original_of(issue), content(made)
    assert pdf.startswith(original)
    reports = verify_pdf(pdf)
    assert [each.is_seal for each in reports] == [False, True, True] and is_genuine(reports)
    assert is_genuine(verify_pdf(original))


def test_an_extract_has_the_chosen_pages_names_them_and_bears_no_signature_of_the_original():
    made = copied(arrived(pages_of(5)), form=Form.EXTRACT, pages="4, 1,3")
    pdf = content(made)
    widths = [int(page.mediabox.width) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert widths == [595, 597, 598] and made.pages == "1, 3-4" and made.code == "01/TrS-UBND"
    assert mark_on(pdf, 0).startswith("TRÍCH SAO (trang 1, 3-4) Ủy ban nhân dân thành phố Gia Nghĩa")
    assert [each.is_seal for each in verify_pdf(pdf)] == [True]


def test_of_a_copy_only_a_copy_of_a_copy_is_made_and_both_marks_can_be_read():
    first = copied(arrived())
    second = arrived(content(first), abstract="Về việc gửi bản sao")
    with pytest.raises(services.NotComplete) as told:
        copied(second)
    assert list(told.value.errors) == ["form"]
    made = copied(second, form=Form.COPY_OF_COPY)
    assert made.code == "02/SL-UBND"
    assert mark_on(content(made), 0).startswith("SAO Y") and mark_on(content(made), 1).startswith("SAO LỤC")
    assert is_genuine(verify_pdf(content(made)))


def test_copies_of_all_forms_have_one_series_of_numbers_in_each_agency():
    line, other = arrived(pages_of(3)), issued()
    codes = [copied(line).code, copied(line, form=Form.EXTRACT, pages="1-2").code, copied(sent()).code]
    assert codes == ["01/SY-UBND", "02/TrS-UBND", "03/SY-UBND"]
    first = copied(other, PROVINCE_CLERK, permitter=province_chair())
    assert first.code == "01/SY-UBND" and first.organisation_id == by_key(PROVINCE).id


def province_chair() -> int:
    return policy.presented_to(tree()[by_key(PROVINCE).id])[0].id


def test_a_copy_on_paper_gets_number_and_line_and_no_file():
    made = copied(registered(), way=Way.PAPER, place=None, copies=3)
    assert (made.code, made.copies, made.file, made.digest) == ("01/SY-UBND", 3, None, "")
    assert not SigningRecord.objects.exists()


def test_the_same_press_makes_one_copy():
    line, key = arrived(), uuid4()
    assert copied(line, key=key).pk == copied(line, key=key).pk
    assert OfficialCopy.objects.count() == 1
    assert [entry.kind for entry in timeline((INCOMING, line.pk))] == ["documents.registered", "documents.copied"]


# what is refused


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("form", {"form": None}),
        ("pages", {"form": Form.EXTRACT, "pages": ""}),
        ("pages", {"form": Form.EXTRACT, "pages": "2-3"}),
        ("pages", {"form": Form.EXTRACT, "pages": "1, 4"}),
        ("pages", {"form": Form.EXTRACT, "pages": "1-3"}),
        ("pages", {"form": Form.EXTRACT, "pages": "3-1"}),
        ("file", {"place": 7}),
        ("file", {"place": None}),
        ("recipients", {"recipients": ()}),
        ("permitter", {"permitter": None}),
        ("permitter", {"permitter": 10**17}),
        ("agency_mark", {"agency_mark": " "}),
        ("agency_mark", {"agency_mark": "U/B"}),
        ("copies", {"way": Way.PAPER, "copies": 0}),
        ("copies", {"way": Way.PAPER, "copies": None}),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_takes_no_number(field: str, wrong: dict[str, object]):
    line = arrived(pages_of(3))
    with pytest.raises(services.NotComplete) as told:
        copied(line, **wrong)
    assert list(told.value.errors) == [field]
    assert copied(line).number == 1


def test_what_is_limited_recalled_reserved_or_not_registered_is_not_copied():
    limited, reserved = arrived(), arrived(abstract="Để xem", circulation=Circulation.RETURN)
    limit(subject=(INCOMING, limited.pk), posts=[], officer=cast.actor(CLERK))
    recalled = sent()
    services.recall(issue_id=recalled.pk, officer=cast.actor(CLERK), reason="Sai số liệu")
    waiting = arrival_at(AGENCY, issued())
    for line in (limited, reserved, recalled, waiting):
        with pytest.raises(NotCopied):
            copied(line)
    assert copied(taken_in(waiting)).number == 1


def test_what_bears_a_mark_of_secrecy_is_not_copied():
    line = arrived()
    line.document.abstract = "Về việc bố trí lực lượng (MẬT)"
    line.document.save(update_fields=["abstract"])
    with pytest.raises(services.Secret):
        copied(line)


def test_a_pdf_that_is_protected_or_was_changed_after_it_was_signed_is_refused_with_a_reason():
    locked = arrived(pages_of(2, user_password="", owner_password="chủ", algorithm="RC4-128"))
    with pytest.raises(NotCopied, match="mật khẩu"):
        copied(locked)
    writer = pypdf.PdfWriter(fileobj=io.BytesIO(original_of(drafted.issued())), incremental=True)
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(NotCopied, match="không hợp lệ"):
        copied(arrived(out.getvalue(), abstract="Bị sửa"))
    assert not OfficialCopy.objects.exists()


def test_a_seal_that_breaks_uses_up_no_number(monkeypatch: pytest.MonkeyPatch):
    line = arrived()
    before = SigningRecord.objects.count()

    def broken(*args: object, **named: object) -> bytes:
        raise RuntimeError("the device was pulled out")

    with monkeypatch.context() as patched:
        patched.setattr(copying.papers, "sign_pdf", broken)
        with pytest.raises(RuntimeError):
            copied(line)
    assert not OfficialCopy.objects.exists() and SigningRecord.objects.count() == before
    assert peek(f"documents:{AGENCY}:ban-sao", period="year") == 1
    assert copied(line).number == 1


def test_strangers_see_no_copy_and_only_clerks_make_them():
    line, made = sent(), copied(arrived())
    with pytest.raises(NotAllowed):
        copied(line, HANDLER)
    with pytest.raises(NotFound):
        copied(line, PROVINCE_CLERK)
    for stranger in (HANDLER, PROVINCE_CLERK):
        with pytest.raises(NotFound):
            copying.read_copy_file(copy_id=made.pk, officer=cast.actor(stranger))
    assert copying.read_copy_file(copy_id=made.pk, officer=cast.actor(CLERK)).pk == made.file_id


def test_when_its_sender_recalls_the_document_no_copy_of_it_can_be_opened():
    arrival = taken_in(arrival_at(AGENCY, issued()))
    made = copied(arrival)
    services.recall(issue_id=arrival.sending.issue_id, officer=cast.actor(PROVINCE_CLERK), reason="Sai")
    assert copying.read_copy(copy_id=made.pk, officer=cast.actor(CLERK)).pk == made.pk
    with pytest.raises(NotFound):
        copying.read_copy_file(copy_id=made.pk, officer=cast.actor(CLERK))


def test_when_the_document_is_limited_its_copies_are_kept_from_the_same_people():
    first, second = sent(), arrived()
    copies = copied(first), copied(second)
    assert copying.read_copy(copy_id=copies[0].pk, officer=cast.actor(HANDLER)).pk == copies[0].pk
    limit(subject=(OUTGOING, first.pk), posts=[], officer=cast.actor(CLERK))
    with pytest.raises(NotFound):
        copying.read_copy(copy_id=copies[0].pk, officer=cast.actor(HANDLER))
    limit(subject=(INCOMING, second.pk), posts=[], officer=cast.actor(CLERK))
    assert len(cells("official")) == 2 and cells("official", CHAIR) == []


# the register, the book, the pages as they are typed


def test_the_register_of_copies_is_filled_from_what_was_made():
    line = arrived(pages_of(3))
    copied(line)
    copied(line, form=Form.EXTRACT, pages="1-2", way=Way.PAPER, place=None, copies=2, remark="Theo đề nghị")
    paper, electronic = cells("official")
    about = f"Công văn: {line.document.abstract} (Sở Xây dựng)"
    names, permitter = "Phòng Quản lý đô thị; Ông Lê Văn Mượn", "Võ Tiến Dũng, Chủ tịch UBND"
    source = "125/SXD-QH, 27/02/2025"
    assert list(electronic.values()) == [
        "01/SY-UBND", "03/03/2025", "Sao y", source, about, names, "Bản điện tử", permitter, "",
    ]  # fmt: skip
    assert list(paper.values()) == [
        "02/TrS-UBND", "03/03/2025", "Trích sao, trang 1-2", source, about, names, "2", permitter, "Theo đề nghị",
    ]  # fmt: skip
    assert len(FORMS[Book.OFFICIAL].names) == 9


def declared(folder: Path, kinds: str) -> definitions.Plan:
    """A book of copies of the city alone."""
    said = f"direction: copies\nagencies: [{AGENCY}]\nkinds: [{kinds}]\neffective_from: 2025-01-01\n"
    (folder / "so.yaml").write_text("kind: document-book\nkey: trich-sao\nname: Sổ trích sao\n" + said)
    return definitions.plan([folder])


def test_an_agency_may_keep_a_book_for_a_form_of_its_own(tmp_path: Path):
    definitions.apply(declared(tmp_path, "TrS"))
    line = arrived(pages_of(3))
    codes = [copied(line).code, copied(line, form=Form.EXTRACT, pages="1").code, copied(line).code]
    assert codes == ["01/SY-UBND", "01/TrS-UBND", "02/SY-UBND"]


def test_a_book_of_copies_for_what_is_no_form_of_copies_is_not_declared(tmp_path: Path):
    plan = declared(tmp_path, "TrS, cong-van")
    assert not plan.ok and "cong-van" in " ".join(map(str, plan.describe()))


@given(st.sets(st.integers(1, 9999), min_size=1, max_size=40))
def test_pages_are_read_as_they_are_written(pages: set[int]):
    chosen = tuple(sorted(pages))
    assert pages_read(pages_written(chosen)[:200]) == chosen or len(pages_written(chosen)) > 200


@pytest.mark.parametrize("text", ["", "0", "a", "1-", "-1", "1,,2", "3-2", "1 2", "²", "99999"])
def test_what_is_no_list_of_pages_is_told(text: str):
    assert pages_read(text) is None
