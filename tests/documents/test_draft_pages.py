"""Drafts in the browser's eyes: what each sees, writes, is refused."""

import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.documents.drafts import queries, services
from lienthong.documents.models import Draft, DraftOpinion, RecipientGroup
from lienthong.documents.rules.blocks import Table, text_of
from lienthong.documents.views.recipients import DRAFTED
from lienthong.foundation.organisations.queries import by_key
from lienthong.workspace.subjects import about
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents import word
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, OTHER_HEAD, URBAN, post, presented
from tests.documents.test_drafts import answered, asked, begun, contents_of, desk, taken, written
from tests.documents.test_recipients import ticked

pytestmark = pytest.mark.django_db

DRAFTS = "/ban-lam-viec/van-ban/du-thao/"


def page_of(username: str, address: str = "", **sent: Any) -> str:
    answer = client_of(username).get(DRAFTS + address, **sent)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def pressed(username: str, address: str, status: int = 302, **sent: Any) -> str:
    answer = client_of(username).post(DRAFTS + address, {name.replace("__", "-"): each for name, each in sent.items()})
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-3000:])
    return "" if status == 302 else answer.content.decode()


def form(**other: Any) -> dict[str, Any]:
    """What the editor sends."""
    said = {
        "_lan": str(uuid4()),
        "_goc": "1",
        "loai": "quyet-dinh",
        "ky__hieu": "QĐ-UBND",
        "noi": "Gia Nghĩa",
        "co__quan__ban__hanh": "Ủy ban nhân dân thành phố Gia Nghĩa",
        "trich__yeu": "Thành lập Tổ rà soát",
        "tham__quyen": "Ủy ban nhân dân thành phố",
        "noi__dung__html": "<p>Căn cứ Luật Tổ chức;</p><h3>QUYẾT ĐỊNH:</h3><p><b>Điều 1.</b> Thành lập Tổ.</p>",
        "quyen__ky": "TM. Ủy ban nhân dân",
        "chuc__vu": "Chủ tịch",
        "nguoi__ky": "Võ Tiến Dũng",
        "noi__nhan__ghi": "- Như Điều 1;\n- Sở Xây dựng;",
        "luu": "VT, QLĐT",
        "do__khan": "0",
    }
    return {**said, **other}


def test_from_the_button_to_the_first_saved_version():
    assert "Quyết định" in page_of(HANDLER, "moi/")
    sent = {"_lan": str(uuid4()), "soan__cho": f"{post(URBAN, 'chuyen-vien')}-{by_key(AGENCY).id}"}
    pressed(HANDLER, "moi/", loai="quyet-dinh", trich__yeu="Thành lập Tổ", **sent)
    draft = Draft.objects.get()
    page = page_of(HANDLER, f"{draft.pk}/soan/")
    assert "Thành lập Tổ" in page and "data-editor" in page and "Võ Tiến Dũng" in page
    pressed(HANDLER, f"{draft.pk}/soan/", **form(da__sua="Viết lại căn cứ"))
    said = contents_of(draft)
    assert [text_of(each) for each in said.body] == ["Căn cứ Luật Tổ chức;", "QUYẾT ĐỊNH:", "Điều 1. Thành lập Tổ."]
    assert said.recipients == ("Như Điều 1", "Sở Xây dựng") and said.kept_by == "VT, QLĐT"
    shown = page_of(HANDLER, f"{draft.pk}/")
    assert "Thành lập Tổ rà soát" in shown and "Viết lại căn cứ" in shown
    assert f"{draft.pk}/" in page_of(HEAD, "?pham-vi=don-vi") and "chưa có dự thảo" in page_of(OTHER_HEAD).casefold()


def test_a_type_that_is_none_is_refused_at_its_field():
    sent = {"_lan": str(uuid4()), "soan__cho": f"{post(URBAN, 'chuyen-vien')}-{by_key(AGENCY).id}"}
    assert 'id="kind_error"' in pressed(HANDLER, "moi/", 422, loai="không có", **sent)
    assert not Draft.objects.exists()


def test_a_reply_is_drafted_from_the_page_of_what_it_answers():
    arrival = presented()
    page = client_of(CHAIR).get(f"/ban-lam-viec/van-ban/den/{arrival.pk}/").content.decode()
    assert f"{DRAFTS}moi/?tra-loi={arrival.pk}" in page
    assert "125/SXD-QH" in page_of(CHAIR, f"moi/?tra-loi={arrival.pk}")
    desks = f"{post(AGENCY, 'chu-tich')}-{by_key(AGENCY).id}"
    pressed(CHAIR, "moi/", loai="cong-van", tra__loi=str(arrival.pk), soan__cho=desks)
    draft = Draft.objects.get()
    assert draft.answers_id == arrival.pk
    page = client_of(CHAIR).get(f"/ban-lam-viec/van-ban/den/{arrival.pk}/").content.decode()
    assert f"{DRAFTS}{draft.pk}/" in page


def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays():
    draft = begun()
    wrong = {"quyen__ky": "Thay mặt", "so__ban": "²", "han": "mai", "co__quan__ban__hanh": ""}
    page = pressed(HANDLER, f"{draft.pk}/soan/", 422, **form(**wrong))
    assert "Thay mặt" in page and "²" in page
    assert all(f'href="#{name}"' in page for name in ("signer", "copies", "due", "issuer"))
    assert "Thành lập Tổ." in page
    draft.refresh_from_db()
    assert draft.latest == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"noi__dung__html": "<p>a\x00b</p>"},
        {"_goc": "9" * 40},
        {"_goc": "²"},
        {"so__phu__luc": "9" * 30},
        {"do__khan": "9" * 30},
        {"loai": "\x00"},
        {"nguoi__ky__chon": "9" * 30, "_dien__nguoi__ky": "1"},
        {"_bo__phu__luc": "²"},
        {"trich__yeu": "a" * 5000},
        {"_lan": "x"},
    ],
)
def test_odd_forms_are_no_failures(odd: dict[str, str]):
    draft = begun()
    answer = client_of(HANDLER).post(
        f"{DRAFTS}{draft.pk}/soan/", {name.replace("__", "-"): each for name, each in form(**odd).items()}
    )
    assert answer.status_code in (200, 302, 409, 422)


def test_without_scripts_the_lines_that_were_not_touched_keep_their_looks():
    draft = begun()
    table = {"kind": "table", "columns": ["Tên", "Số"], "rows": [["Một", "1"], ["Hai", "2"]]}
    runs = [{"text": "Thành lập "}, {"text": "Tổ", "bold": True}]
    written(draft, body=[{"kind": "article", "number": 1, "runs": runs}, table])
    sent = form(_goc="2")
    del sent["noi__dung__html"]
    text = "Điều 1. Thành lập Tổ\r\nTên | Số\r\nMột | 1\r\nHai | 2\r\nĐiều 2. Thi hành."
    pressed(HANDLER, f"{draft.pk}/soan/", **sent, noi__dung=text)
    body = contents_of(draft).body
    assert isinstance(body[1], Table) and body[1].rows == (("Một", "1"), ("Hai", "2"))
    assert [text_of(each) for each in (body[0], body[2])] == ["Điều 1. Thành lập Tổ", "Điều 2. Thi hành."]
    assert [run.bold for run in body[0].runs] == [False, True]  # type: ignore[union-attr]


def test_the_second_who_saves_sees_what_differs_and_saves_after_the_other():
    draft = begun()
    written(draft, HEAD, abstract="Thành lập Ban rà soát")
    page = pressed(HANDLER, f"{draft.pk}/soan/", 409, **form())
    assert "Nguyễn Mạnh Hùng" in page and "<ins>" in page and "<del>" in page and "Thành lập Tổ." in page
    assert 'name="_goc" value="2"' in page
    pressed(HANDLER, f"{draft.pk}/soan/", **form(_goc="2"))
    assert contents_of(draft).abstract == "Thành lập Tổ rà soát"


def test_appendices_are_added_filled_and_taken_out():
    draft = begun()
    page = pressed(HANDLER, f"{draft.pk}/soan/", 200, **form(_them__phu__luc="1"))
    assert 'name="ten-phu-luc-1"' in page and 'name="so-phu-luc" value="1"' in page
    parts = {
        "so__phu__luc": "2",
        "ten__phu__luc__1": "Danh sách",
        "ngang__1": "1",
        "noi__dung__1__html": "<table><tr><th>Tên</th><th>Số</th></tr><tr><td>An</td><td>1</td></tr></table>",
        "ten__phu__luc__2": "Biểu mẫu",
        "noi__dung__2__html": "<p>Mẫu</p>",
    }
    pressed(HANDLER, f"{draft.pk}/soan/", **form(**parts))
    first, second = contents_of(draft).appendices
    assert (first.title, first.landscape, first.blocks[0].kind) == ("Danh sách", True, "table")
    assert (second.title, second.landscape) == ("Biểu mẫu", False)
    page = pressed(HANDLER, f"{draft.pk}/soan/", 200, **form(**parts, _goc="2", _bo__phu__luc="1"))
    assert 'name="so-phu-luc" value="1"' in page and "Biểu mẫu" in page and "Danh sách" not in page


def test_the_signer_is_filled_in_from_a_post():
    draft = begun()
    deputy = str(post(AGENCY, "pho-chu-tich"))
    page = pressed(HANDLER, f"{draft.pk}/soan/", 200, **form(nguoi__ky__chon=deputy, _dien__nguoi__ky="1"))
    assert "KT. Chủ tịch" in page and 'value="Hoàng Thị Thanh"' in page
    assert contents_of(draft).signer.name == "Võ Tiến Dũng"


def test_recipients_of_a_draft_are_chosen_as_those_of_a_document_that_is_sent():
    draft = begun()
    editor = f"{draft.pk}/soan/"
    page = pressed(HANDLER, editor, 200, **form(_nhom="ubnd-cap-huyen"))
    assert "huyen-cu-jut" in ticked(page) and AGENCY not in ticked(page) and "Thành lập Tổ rà soát" in page
    page = pressed(HANDLER, editor, 200, **form(_tim="1", tim__noi__nhan="so xay dung"))
    assert 'name="noi-nhan" value="so-xay-dung"> ' in page and ticked(page) == []
    draft.refresh_from_db()
    assert (draft.latest, draft.recipients) == (1, []), "choosing saves nothing"

    chosen = {"noi__nhan": ["huyen-cu-jut"], "noi__nhan__khac": "Viện Quy hoạch\nviện quy hoạch"}
    pressed(HANDLER, editor, **form(**chosen))
    draft.refresh_from_db()
    assert [(each["name"], each["copies"]) for each in draft.recipients] == [
        (by_key("huyen-cu-jut").name, 0),
        ("Viện Quy hoạch", 1),
    ]
    page = page_of(HANDLER, editor)
    assert ticked(page) == ["huyen-cu-jut"] and "Viện Quy hoạch\n</textarea>" in page
    page = pressed(HANDLER, editor, 200, **form(_goc="2", _bo__het="1", **chosen))
    assert ticked(page) == [] and "Viện Quy hoạch\n</textarea>" not in page
    page = pressed(HANDLER, editor, 200, **form(_goc="2", _nhom=DRAFTED))
    assert ticked(page) == ["huyen-cu-jut"], "what was kept is one press away"


def test_who_drafts_keeps_groups_of_their_own_while_writing():
    draft = begun()
    page = pressed(
        HANDLER, f"{draft.pk}/soan/", 200, **form(noi__nhan=["huyen-cu-jut"], _luu__nhom="1", ten__nhom="Hay gửi")
    )
    group = RecipientGroup.objects.get()
    assert "Hay gửi" in page
    page = pressed(HANDLER, f"{draft.pk}/soan/", 200, **form(_nhom=f"own:{group.pk}"))
    assert ticked(page) == ["huyen-cu-jut"]
    assert "Hay gửi" not in page_of(HEAD, f"{draft.pk}/soan/")


def test_more_recipients_than_may_be_are_refused_where_they_are_chosen():
    draft = begun()
    many = "\n".join(f"Hộ {number}" for number in range(1001))
    page = pressed(HANDLER, f"{draft.pk}/soan/", 422, **form(noi__nhan__khac=many))
    assert 'id="recipients_error"' in page and '<details class="lt-more" id="sent" open>' in page
    page = pressed(HANDLER, f"{draft.pk}/soan/", 422, **form(noi__nhan__ghi="Lưu: VT"))
    assert 'id="receivers_error"' in page and 'href="#receivers"' in page and "recipients_error" not in page


def test_the_paper_is_a_pdf_saved_or_not():
    draft = begun()
    for answer in (
        client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/ban/1/"),
        client_of(HANDLER).post(
            f"{DRAFTS}{draft.pk}/soan/", {name.replace("__", "-"): each for name, each in form(_xem="1").items()}
        ),
    ):
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    draft.refresh_from_db()
    assert draft.latest == 1


def test_what_is_pasted_comes_back_as_the_editor_keeps_it():
    draft = begun()
    html = '<div style="color:red" onclick="x()">Một <b>hai</b><script>x()</script></div>'
    assert pressed(HANDLER, f"{draft.pk}/lam-sach/", 200, html=html) == "<p>Một <strong>hai</strong></p>"
    pressed(CHAIR, f"{draft.pk}/lam-sach/", 403, html=html)


def test_what_is_missing_is_listed_on_the_draft_and_at_its_field():
    draft = begun(abstract="")
    written(draft, abstract="", signer={"name": "", "title": ""})
    for address in ("", "soan/"):
        page = page_of(HANDLER, f"{draft.pk}/{address}")
        assert "Chưa có trích yếu" in page and "Chưa có chức vụ người ký" in page
        assert "cần điền (Nội dung)" in page and "cần điền (Thẩm quyền ban hành)" not in page


def test_a_word_file_is_a_version_and_its_deviations_are_listed():
    draft, document = begun(), word.letter()
    word.styled("1. Phòng Y tế", size=20)(document)
    file = SimpleUploadedFile("du-thao.docx", word.saved(document))
    pressed(HANDLER, f"{draft.pk}/tai-len/", _goc="1", _lan=str(uuid4()), tep=file)
    page = page_of(HANDLER, f"{draft.pk}/ban/2/the-thuc/")
    assert "1. Phòng Y tế" in page and "13 đến 14" in page
    assert "du-thao.docx" in page_of(HANDLER, f"{draft.pk}/")
    assert client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/ban/2/").status_code == 200
    assert "là tệp" in page_of(HANDLER, f"{draft.pk}/so-sanh/?tu=1&den=2").casefold()
    assert page_of(HANDLER, f"{draft.pk}/soan/")
    pressed(HANDLER, f"{draft.pk}/tai-len/", 422, _goc="2", _lan=str(uuid4()))


def test_the_text_of_a_word_file_is_taken_into_the_editor_and_not_saved_by_that():
    draft, document = begun(), word.letter()
    file = SimpleUploadedFile("du-thao.docx", word.saved(document))
    pressed(HANDLER, f"{draft.pk}/tai-len/", _goc="1", _lan=str(uuid4()), tep=file)
    assert f"{draft.pk}/soan/?tep=2" in page_of(HANDLER, f"{draft.pk}/ban/2/the-thuc/")
    page = page_of(HANDLER, f"{draft.pk}/soan/?tep=2")
    assert "a) Kiểm tra các điểm có nguy cơ cao." in page and "Căn cứ …………" not in page
    draft.refresh_from_db()
    assert draft.latest == 2
    for odd in ("1", "²", "9" * 30):
        assert "Căn cứ …………" in page_of(HANDLER, f"{draft.pk}/soan/?tep={odd}")


def test_the_table_of_opinions_is_taken_along_by_who_gathers_them():
    draft = begun()
    given, _other = asked(draft, desk("thanh-pho-gia-nghia-tai-chinh-ke-hoach"), f"vt-{post(URBAN, 'chuyen-vien-2')}")
    taken(answered(given))
    paper = client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/y-kien/tai/pdf/")
    assert paper.content.startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/y-kien/tai/xlsx/").content)) as sheet:
        said = b"".join(sheet.read(name) for name in sheet.namelist()).decode(errors="ignore")
    assert "Bùi Thị Hòa" in said and "Bổ sung Điều 4" in said and "Chưa góp ý" in said
    assert "Tiếp thu một phần: Sửa Điều 4" in said
    assert client_of(OTHER_HEAD).get(f"{DRAFTS}{draft.pk}/y-kien/tai/pdf/").status_code == 403
    assert client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/y-kien/tai/doc/").status_code == 404


def test_asking_answering_and_the_table_of_opinions():
    draft = begun()
    assert "Phòng Tài chính" in page_of(HANDLER, f"{draft.pk}/xin-y-kien/")
    assert 'href="#desks"' in pressed(HANDLER, f"{draft.pk}/xin-y-kien/", 422)
    pressed(HANDLER, f"{draft.pk}/xin-y-kien/", hoi=[desk("thanh-pho-gia-nghia-tai-chinh-ke-hoach")], cau__hoi="Góp ý?")
    opinion = DraftOpinion.objects.get()
    assert f"{DRAFTS}y-kien/{opinion.pk}/" in client_of(OTHER_HEAD).get("/ban-lam-viec/").content.decode()
    assert "Góp ý?" in page_of(OTHER_HEAD, f"y-kien/{opinion.pk}/")
    assert f"{draft.pk}/" in page_of(OTHER_HEAD, "?pham-vi=cho-y-kien")
    assert 'href="#words"' in pressed(OTHER_HEAD, f"y-kien/{opinion.pk}/", 422, y__kien="opposed")
    file = SimpleUploadedFile("gop-y.docx", word.saved(word.letter()))
    pressed(OTHER_HEAD, f"y-kien/{opinion.pk}/", y__kien="remarks", loi="Bổ sung kinh phí", tep=file)
    page = page_of(HANDLER, f"{draft.pk}/")
    assert "Bổ sung kinh phí" in page and "gop-y.docx" in page and "Bùi Thị Hòa" in page
    assert client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/y-kien/{opinion.pk}/tep/").status_code == 200
    assert client_of(OTHER_HEAD).get(f"{DRAFTS}y-kien/{opinion.pk}/").status_code == 302


def test_what_was_done_with_an_opinion_is_said_on_its_page_and_read_by_who_gave_it():
    draft = begun()
    given, waiting = asked(draft, desk("thanh-pho-gia-nghia-tai-chinh-ke-hoach"), f"vt-{post(URBAN, 'chuyen-vien-2')}")
    answered(given)
    page = page_of(HANDLER, f"{draft.pk}/")
    address = f"{draft.pk}/y-kien/{given.pk}/tiep-thu/"
    assert f"{DRAFTS}{address}" in page and "1 ý kiến chưa có tiếp thu, giải trình" in page
    assert f"{draft.pk}/y-kien/{waiting.pk}/tiep-thu/" not in page
    assert "Bổ sung Điều 4" in page_of(HANDLER, address)
    assert 'href="#taken"' in pressed(HANDLER, address, 422, loi="Giữ lời này")
    assert 'href="#words"' in pressed(HANDLER, address, 422, tiep__thu="not")
    pressed(HANDLER, address, tiep__thu="not", loi="Ngoài phạm vi điều chỉnh")
    read = page_of(OTHER_HEAD, f"{draft.pk}/")
    assert "không tiếp thu" in read and "Ngoài phạm vi điều chỉnh" in read and address not in read
    assert client_of(OTHER_HEAD).get(DRAFTS + address).status_code == 403
    assert client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/y-kien/{'9' * 18}/tiep-thu/").status_code == 404
    assert "Ngoài phạm vi điều chỉnh" in page_of(HANDLER, address), "it can be changed"
    for odd in ("\x00", "²", "9" * 5000):
        assert client_of(HANDLER).post(DRAFTS + address, {"tiep-thu": odd, "loi": odd}).status_code == 422


def test_who_was_asked_opens_no_version_before_theirs():
    draft = begun()
    written(draft, abstract="Bản hai")
    asked(draft)
    assert client_of(OTHER_HEAD).get(f"{DRAFTS}{draft.pk}/ban/1/").status_code == 404
    assert client_of(OTHER_HEAD).get(f"{DRAFTS}{draft.pk}/ban/2/").status_code == 200
    assert client_of(OTHER_HEAD).get(f"{DRAFTS}{draft.pk}/soan/").status_code == 403
    assert "Thành lập Tổ rà soát quy hoạch" not in page_of(OTHER_HEAD, f"{draft.pk}/so-sanh/?tu=1&den=2")


def test_differences_are_marked_and_an_earlier_version_is_taken_up_again():
    draft = begun()
    written(draft, abstract="Thành lập Ban rà soát quy hoạch")
    page = page_of(HANDLER, f"{draft.pk}/so-sanh/")
    assert "<del>Tổ</del>" in page and "<ins>Ban</ins>" in page
    pressed(HANDLER, f"{draft.pk}/ban/1/lay-lai/", _goc="2", _lan=str(uuid4()))
    assert contents_of(draft).abstract == "Thành lập Tổ rà soát quy hoạch"


def test_dropping_asks_first_and_can_be_undone():
    draft = begun()
    assert "Bỏ dự thảo" in page_of(HANDLER, f"{draft.pk}/bo/")
    draft.refresh_from_db()
    assert draft.state == Draft.State.WRITING
    pressed(HANDLER, f"{draft.pk}/bo/", ly__do="Trùng")
    assert client_of(HANDLER).get(f"{DRAFTS}{draft.pk}/soan/").status_code == 409
    assert f"{draft.pk}/mo-lai/" in page_of(HANDLER, f"{draft.pk}/")
    pressed(HANDLER, f"{draft.pk}/mo-lai/")
    draft.refresh_from_db()
    assert draft.state == Draft.State.WRITING


def test_strangers_find_nothing():
    draft = begun()
    (opinion,) = asked(draft, f"vt-{post(URBAN, 'chuyen-vien-2')}")
    for address in ("", "soan/", "so-sanh/", "xin-y-kien/", "tai-len/", "bo/", "ban/1/", "ban/1/the-thuc/"):
        assert client_of(OTHER_HEAD).get(f"{DRAFTS}{draft.pk}/{address}").status_code == 404, address
    for address in ("soan/", "bo/", "mo-lai/", "thoi-xin-y-kien/", "xin-y-kien/", "ban/1/lay-lai/", "lam-sach/"):
        assert client_of(OTHER_HEAD).post(f"{DRAFTS}{draft.pk}/{address}").status_code == 404, address
    assert client_of(OTHER_HEAD).get(f"{DRAFTS}y-kien/{opinion.pk}/").status_code == 404
    assert client_of(HANDLER).get(f"{DRAFTS}{'9' * 18}/").status_code == 404
    draft.refresh_from_db()
    assert draft.state == Draft.State.WRITING and draft.latest == 1


def test_the_list_is_searched_narrowed_and_paged():
    for number in range(4):
        begun(abstract=f"Quyết định về đất đai {number}")
    letter = begun(kind="cong-van", abstract="Công văn xin ý kiến")
    assert "Công văn xin ý kiến" in page_of(HANDLER, "?tim=xin+y+kien")
    found = page_of(HANDLER, "?tim=dat+dai&loai=quyet-dinh&trang-thai=writing&pham-vi=cua-toi")
    assert "đất đai 3" in found and "Công văn xin" not in found
    assert "đất đai" not in page_of(HANDLER, "?trang-thai=dropped")
    first = queries.listing(cast.actor(HANDLER), queries.Filters(), size=2)
    assert len(first) == 3 and first[0].pk == letter.pk
    cursor = queries.Cursor(first[1].changed_at, first[1].pk)
    rest = queries.listing(cast.actor(HANDLER), queries.Filters(), after=cursor, size=5)
    assert len(rest) == 3 and not {first[0].pk, first[1].pk} & {each.pk for each in rest}
    for odd in ("?truoc=x", "?truoc=9999", "?loai=%00", "?tim=%00", "?pham-vi=²", "?trang-thai=%00"):
        page_of(HANDLER, odd)


def test_a_list_a_draft_and_its_editor_make_the_same_queries_however_much_there_is():
    draft = begun()
    client = client_of(HANDLER)
    places = ("", f"{draft.pk}/", f"{draft.pk}/soan/")
    few = [queries_of(lambda place=place: client.get(DRAFTS + place)) for place in places]
    for number in range(3):
        written(draft, abstract=f"Bản {number}")
        begun()
    asked(draft, desk("thanh-pho-gia-nghia-tai-chinh-ke-hoach"), f"vt-{post(URBAN, 'chuyen-vien-2')}")
    assert [queries_of(lambda place=place: client.get(DRAFTS + place)) for place in places] == few


def test_the_ledger_names_a_draft_to_those_who_may_see_it():
    draft = begun()
    services.read(draft_id=draft.pk, officer=cast.actor(HANDLER))
    subjects = [("draft", draft.pk), ("draft-read", draft.pk)]
    seen, hidden = about(subjects, cast.actor(HEAD)), about(subjects, cast.actor(CLERK))
    assert {each.name for each in seen.values()} == {"Thành lập Tổ rà soát quy hoạch"}
    assert {each.address for each in hidden.values()} == {""}
