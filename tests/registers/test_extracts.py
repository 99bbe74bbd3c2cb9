"""Extracts: signed papers of what stands in a register, numbered, on record, and checked by anybody."""

import hashlib
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import search, timeline
from lienthong.registers import services as entries
from lienthong.registers.extracting import services
from lienthong.registers.extracting.models import Extract
from lienthong.registers.extracting.queries import by_verification
from lienthong.registers.queries import NoSuchEntry
from lienthong.registers.retention import erasing
from lienthong.registers.retention import services as retention
from lienthong.registers.retention.models import Appraisal
from lienthong.registers.rules import WrongDay
from lienthong.registers.services.reading import PurposeNeeded
from lienthong.signing.services import is_genuine, verify_pdf
from tests import cast
from tests.at_once import at_once
from tests.browsing import queries_of
from tests.foundation.papers.reading import words_of
from tests.registers.conftest import CU_JUT, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_retention import DECIDED, EVERYTHING, WHY, ended
from tests.workspace.conftest import desk, text

PERSON = {"ten": "Trần Hưng Đạo", "so_dinh_danh": "067085012345"}
PLAIN = ["so", "ngay_cap", "ten", "dien_tich"]


@pytest.fixture
def handler(register):
    return officer_of("case-handler", GIA_NGHIA)


def entered(officer, **other):
    return entries.enter(register=KEY, raw=permit(**other), officer=officer)


def issue(entry, officer, fields=PLAIN, **more):
    return services.issue(register=KEY, entry_id=entry.id, fields=fields, officer=officer, **more)


def content(extract) -> bytes:
    with storage.open_content(extract.file.sha256) as file:
        return file.read()


def at(name, *rest):
    return reverse(f"registers:{name}", args=[KEY, *rest])


def verify(extract):
    return Client().get(reverse("portal:verify", args=[extract.verification]))


def test_an_extract_says_what_stands_in_the_register_under_number_and_seal(handler):
    entry = entered(handler, hang_muc=[{"ten_hang_muc": "Nhà chính", "muc_dien_tich": 100}])
    extract = issue(entry, handler, [*PLAIN, "hang_muc"], issued_to="Lê Văn Tám")
    pdf = content(extract)
    said = words_of(pdf)
    for words in ("TRÍCH LỤC", "Sổ giấy phép xây dựng (thử)", "15/GPXD", "120,5 m²", "Nhà chính", "Lê Văn Tám"):
        assert words in said, words
    assert f"Số: {extract.called}" in said and "ngày 03 tháng 3 năm 2025" in said
    assert "Số tầng" not in said, "what was not chosen is not there"
    (seal,) = verify_pdf(pdf)
    assert seal.is_seal and is_genuine([seal]) and "Gia Nghĩa" in seal.organisation
    assert by_verification(extract.verification).extract == extract


def test_numbers_are_counted_by_agency_without_gaps_and_a_refused_one_takes_none(handler):
    entry = entered(handler, chu_dau_tu=PERSON)
    assert [issue(entry, handler).number, issue(entry, handler).number] == [1, 2]
    with pytest.raises(PurposeNeeded):
        issue(entry, handler, [*PLAIN, "so_dinh_danh"])
    with pytest.raises(services.NothingToTell):
        issue(entry, handler, ["khong_co"])
    assert issue(entry, handler).number == 3
    other = officer_of("case-handler", CU_JUT)
    assert issue(entered(other, so="1/CJ"), other).number == 1


def test_pressed_twice_it_is_issued_once(handler):
    entry, key = entered(handler), uuid4()
    assert issue(entry, handler, key=key) == issue(entry, handler, key=key)
    assert Extract.objects.count() == 1 and len(search(kind="registers.extracted").entries) == 1


def test_pressed_twice_at_the_same_moment_it_is_issued_once(committed):
    publish()
    handler = officer_of("case-handler", GIA_NGHIA)
    with cast.on_monday():
        entry = entered(handler)
    key = uuid4()
    first, again = at_once(lambda: issue(entry, handler, key=key), lambda: issue(entry, handler, key=key))
    assert first == again and Extract.objects.count() == 1
    one, two = at_once(lambda: issue(entry, handler), lambda: issue(entry, handler))
    assert {one.number, two.number} == {2, 3}


def test_personal_data_is_told_for_a_purpose_and_that_is_on_record(handler):
    entry = entered(handler, chu_dau_tu=PERSON)
    extract = issue(entry, handler, [*PLAIN, "so_dinh_danh"], purpose="Hồ sơ H16.2025.0012")
    assert "067085012345" in words_of(content(extract)) and extract.personal
    (recorded,) = search(kind="registers.extracted").entries
    assert recorded.data["personal"] == ["so_dinh_danh"] and recorded.data["purpose"] == "Hồ sơ H16.2025.0012"
    assert "067085012345" not in str(recorded.data)
    (reading,) = timeline((f"register-read.{KEY}", entry.id))
    assert reading.data == {"purpose": "Hồ sơ H16.2025.0012"}
    without = issue(entered(handler, so="2"), handler, [*PLAIN, "so_dinh_danh"])
    assert not without.personal, "nothing stands in the field: nobody need say what for"


def test_only_the_agency_that_keeps_the_entry_issues(handler):
    entry = entered(handler)
    with pytest.raises(NotAllowed):
        issue(entry, officer_of("agency-leader", "ubnd-tinh"))
    with pytest.raises(NotAllowed):
        issue(entry, officer_of("auditor", "ubnd-tinh"))
    for stranger in (officer_of("case-handler", CU_JUT), officer_of("one-stop-clerk", GIA_NGHIA)):
        with pytest.raises(NoSuchEntry):
            issue(entry, stranger)
    assert not Extract.objects.exists()


def test_an_extract_of_another_day_tells_what_was_so(handler):
    with clock.at(clock.now() - timedelta(days=60)):
        entry = entered(handler, dien_tich=80)
    entries.change(register=KEY, entry_id=entry.id, revision=1, raw={"dien_tich": 95}, officer=handler)
    then = issue(entry, handler, day=clock.today() - timedelta(days=30))
    assert "80 m²" in words_of(content(then)) and "95 m²" not in words_of(content(then))
    assert "95 m²" in words_of(content(issue(entry, handler)))
    with pytest.raises(WrongDay):
        issue(entry, handler, day=clock.today() + timedelta(days=1))
    with pytest.raises(NoSuchEntry):
        issue(entry, handler, day=clock.today() - timedelta(days=90))


def test_an_entry_that_ended_can_be_told_of_with_its_end(handler):
    entry = entered(handler)
    entries.end(register=KEY, entry_id=entry.id, revision=1, officer=handler, reason="Thu hồi")
    assert "đã chấm dứt từ ngày 03 tháng 3 năm 2025" in words_of(content(issue(entry, handler)))


# what anybody learns


def standing(extract):
    return by_verification(extract.verification).standing


def test_anybody_sees_that_it_is_genuine_and_still_so_and_nothing_of_what_stands_in_it(handler):
    extract = issue(entered(handler, chu_dau_tu=PERSON), handler, [*PLAIN, "so_dinh_danh"], purpose="Hồ sơ 12")
    shown = verify(extract)
    said = text(shown)
    assert shown.status_code == 200 and extract.called in said and "Sổ giấy phép xây dựng (thử)" in said
    assert "vẫn đúng như trong cơ sở dữ liệu" in said and "Chữ ký hợp lệ" in said
    for secret in ("067085012345", "Trần Hưng Đạo", "15/GPXD", "120,5"):
        assert secret not in said, secret
    original = reverse("portal:verify_original", args=[extract.verification])
    assert original not in said and Client().get(original).status_code == 404, "personal data stands in it"


def test_without_personal_data_the_signed_original_can_be_compared(handler):
    extract = issue(entered(handler), handler)
    answer = Client().get(reverse("portal:verify_original", args=[extract.verification]))
    assert b"".join(answer.streaming_content) == content(extract)


def test_it_is_told_what_became_of_the_entry(handler):
    with clock.at(clock.now() - timedelta(days=60)):
        first, second, third, fourth = (entered(handler, so=f"{number}") for number in range(4))
        issued = [issue(each, handler) for each in (first, second, third, fourth)]
    common = {"register": KEY, "revision": 1, "officer": handler}
    entries.change(**common, entry_id=first.id, raw={"dien_tich": 95})
    entries.correct(**common, entry_id=second.id, raw={"dien_tich": 96}, reason="Ghi nhầm")
    entries.end(**common, entry_id=third.id, reason="Thu hồi")
    entries.change(**common, entry_id=fourth.id, raw={"so_tang": 7})
    assert [standing(each).content for each in issued] == ["changed", "corrected", "same", "same"]
    assert standing(issued[2]).ended == clock.today() and standing(issued[0]).since == clock.today()
    assert "được đính chính" in text(verify(issued[1])) and "đã thay đổi" in text(verify(issued[0]))
    assert "đã kết thúc" in text(verify(issued[2]))


def test_a_file_is_recognised(handler):
    extract = issue(entered(handler), handler)
    pdf = content(extract)
    asked = Client().post(reverse("portal:examine"), {"tep": SimpleUploadedFile("trich-luc.pdf", pdf)})
    assert "Tệp là thật và còn nguyên vẹn" in text(asked) and extract.called in text(asked)
    assert hashlib.sha256(pdf).hexdigest() == extract.file.sha256


def erased(head):
    """Its time was over, it was decided to erase it, a week went by."""
    retention.look_through()
    retention.erase(appraisal_id=Appraisal.objects.get().pk, chosen=EVERYTHING, officer=head, reason=WHY)
    with clock.at(clock.now() + timedelta(days=8)):
        return erasing.erase_due()


def test_with_the_entry_goes_what_its_extracts_told_and_only_the_head_stays(register):
    publish(DECIDED)
    handler, head = officer_of("case-handler", GIA_NGHIA), officer_of("head-of-unit", GIA_NGHIA)
    kept = entered(handler, so="2/GPXD")
    over = SimpleNamespace(id=ended(handler, chu_dau_tu=PERSON))
    told = {"purpose": "Hồ sơ 12", "issued_to": "Lê Văn Tám"}
    first, second = (issue(over, handler, [*PLAIN, "so_dinh_danh"], **told) for _ in range(2))
    other, pdf, there = issue(kept, handler), content(first), first.file_id
    assert erased(head) == 1
    for each in (first, second, other):
        each.refresh_from_db()
    assert not StoredFile.objects.filter(pk=there).exists() and other.file is not None and other.erased_at is None
    assert (first.file, first.fields, first.issued_to, first.purpose) == (None, [], "", "") and first.erased_at
    assert (first.number, first.account_id) == (1, handler.account_id) and second.erased_at
    (line,) = search(kind="registers.erased").entries
    assert line.data["extracts"] == [first.called, second.called]
    with pytest.raises(NoSuchEntry), clock.at(clock.now() + timedelta(days=8)):
        issue(over, handler)
    shown = verify(first)
    said = text(shown)
    assert shown.status_code == 200 and first.called in said and "đã được xóa" in said and "hết thời hạn lưu" in said
    assert "Chữ ký" not in said and "Số định danh" not in said and "Lê Văn Tám" not in said
    assert Client().get(reverse("portal:verify_original", args=[second.verification])).status_code == 404
    with pytest.raises(services.NoSuchExtract):
        services.open_extract(register=KEY, entry_id=over.id, key=first.key, officer=handler, purpose="Kiểm tra")
    asked = Client().post(reverse("portal:examine"), {"tep": SimpleUploadedFile("trich-luc.pdf", pdf)})
    assert asked.status_code == 200 and first.called not in text(asked)
    assert standing(other).content == "same"


def test_an_extract_of_an_open_entry_cannot_lose_its_file_and_stay(handler):
    extract = issue(entered(handler), handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extract.objects.filter(pk=extract.pk).update(file=None)


# the pages


def test_an_extract_is_issued_on_a_page_and_stands_on_the_card(handler):
    entry = entered(handler)
    officer = desk(cast.HANDLER)
    form = officer.get(at("extract_issue", entry.id))
    chosen = {each["field"].key for each in form.context["fields"] if each["chosen"]}
    assert chosen == {"so", "ngay_cap", "ten", "dia_chi", "dien_tich", "so_tang", "loai", "hang_muc"}
    filled = {"lan": str(form.context["press"]), "ngay": clock.today().isoformat(), "truong": ["so", "dien_tich"]}
    empty = officer.post(at("extract_issue", entry.id), filled | {"truong": []})
    assert empty.status_code == 422 and "Chưa chọn trường nào" in text(empty)
    assert officer.post(at("extract_issue", entry.id), filled | {"ngay": "x"}).status_code == 422
    early = officer.post(at("extract_issue", entry.id), filled | {"ngay": "2001-01-01"})
    assert early.status_code == 422
    for _press in range(2):
        assert officer.post(at("extract_issue", entry.id), filled).status_code == 302
    (extract,) = Extract.objects.all()
    card = officer.get(at("card", entry.id))
    there = at("extract_file", entry.id, extract.key)
    assert there in text(card) and extract.called in text(card)
    assert b"".join(officer.get(there).streaming_content) == content(extract)
    before = queries_of(lambda: officer.get(at("card", entry.id)))
    for _number in range(3):
        issue(entry, handler)
    assert queries_of(lambda: officer.get(at("card", entry.id))) == before


def test_who_may_not_read_what_stands_in_it_does_not_get_it(handler):
    entry = entered(handler, chu_dau_tu=PERSON)
    extract = issue(entry, handler, ["so", "so_dinh_danh"], purpose="Hồ sơ 12")
    opened = {"register": KEY, "entry_id": entry.id, "key": extract.key}
    with pytest.raises(services.NoSuchExtract):
        services.open_extract(**opened, officer=officer_of("auditor", "ubnd-tinh"), purpose="Kiểm tra")
    with pytest.raises(services.NoSuchExtract):
        services.open_extract(**opened | {"entry_id": entry.id + 1}, officer=handler, purpose="Kiểm tra")
    officer, there = desk(cast.HANDLER), at("extract_file", entry.id, extract.key)
    asked = officer.get(there)
    assert asked.status_code == 302 and asked.url.startswith(at("purpose"))
    officer.post(at("purpose"), {"viec": "cap-nhat", "ve": there})
    assert officer.get(there).status_code == 200
    assert len(timeline((f"register-read.{KEY}", entry.id))) == 2
    assert desk("quantri").get(there).status_code == 404 and Client().get(there).status_code == 302
    assert desk("quantri").get(at("extract_issue", entry.id)).status_code == 404
