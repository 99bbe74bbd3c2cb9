"""Documents on paper by NĐ 30/2020 App. I."""

import re
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.documents.papers import lay_out
from lienthong.documents.papers.laying_out import roman
from lienthong.documents.rules.contents import Contents, Signer, from_text
from lienthong.documents.rules.kinds import KINDS
from lienthong.signing import pdf_reading
from tests.documents.sample import AT, DECISION, LETTER, REPORT
from tests.foundation.papers.reading import letters_of, opened, page_sizes, words_of


def seen(contents: Contents, page: int = 0) -> dict[str, tuple[float, float, float, str]]:
    """The words of a page: text -> (x, y from the lower left corner, size, font)."""
    found = {}

    def visit(text, outer, inner, font, size):
        if text.strip():
            found[text.strip()] = (outer[4] + inner[4], outer[5] + inner[5], size, font["/BaseFont"].partition("+")[2])

    opened(lay_out(contents, at=AT).pdf).pages[page].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_laid_out_as_pdf_a_on_a4(kind):
    pdf = lay_out(DECISION.model_copy(update={"kind": kind, "appendices": ()}), at=AT).pdf
    assert page_sizes(pdf) == {(210, 297)}
    assert re.search(r"pdfaid:part[>=\"]+2", opened(pdf).trailer["/Root"]["/Metadata"].get_data().decode())
    assert ("CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in letters_of(pdf)) and "HồVănMười" in letters_of(pdf)
    assert (KINDS[kind].name.upper() in words_of(pdf)) is (kind != "cong-van") or kind == "quyet-dinh"


def test_the_same_document_and_moment_give_the_same_bytes():
    assert lay_out(DECISION, at=AT) == lay_out(DECISION, at=AT) != lay_out(LETTER, at=AT)


def test_letters_have_the_sizes_and_fonts_of_the_decree():
    words = seen(LETTER)
    serif = "LiberationSerif"
    assert {
        text: words[text][2:]
        for text in ("TỈNH ĐẮK NÔNG", "Số: 09/UBND-VX", "Nơi nhận:", "- Như trên;", "KT. CHỦ TỊCH", "PL.(30)", "KHẨN")
    } == {
        "TỈNH ĐẮK NÔNG": (13, serif),
        "Số: 09/UBND-VX": (13, serif),
        "Nơi nhận:": (12, f"{serif}-BoldItalic"),
        "- Như trên;": (11, serif),
        "KT. CHỦ TỊCH": (14, f"{serif}-Bold"),
        "PL.(30)": (11, serif),
        "KHẨN": (13, f"{serif}-Bold"),
    }
    assert words["Gia Nghĩa, ngày 05 tháng 01 năm 2026"][2:] == (13, f"{serif}-Italic")


def test_number_and_date_stand_on_one_line_and_the_receivers_beside_the_signer():
    words = seen(LETTER)
    assert words["Số: 09/UBND-VX"][1] == pytest.approx(words["Gia Nghĩa, ngày 05 tháng 01 năm 2026"][1], abs=0.1)
    assert words["Nơi nhận:"][1] == pytest.approx(words["TM. ỦY BAN NHÂN DÂN"][1], abs=3)
    assert words["Nơi nhận:"][0] == pytest.approx(30 / 25.4 * 72, abs=0.5)


def test_the_signature_stands_between_title_and_name_and_the_seal_a_third_over_it():
    laid = lay_out(LETTER, at=AT)
    words = seen(LETTER)
    box, seal = laid.signature, laid.seal
    assert box.page == seal.page == 1
    assert words["PHÓ CHỦ TỊCH"][1] > box.y + box.height > box.y > words["Lê Hoàng Nam"][1]
    assert seal.x < box.x < seal.x + seal.width
    assert (seal.x + seal.width - box.x) / box.width == pytest.approx(1 / 3, abs=0.02)
    assert seal.width == seal.height == pytest.approx(34 / 25.4 * 72, abs=0.1)


def test_signing_finds_the_same_room():
    laid = lay_out(LETTER, at=AT)
    found = pdf_reading.places(PdfFileReader(BytesIO(laid.pdf)))["signer"]
    assert (found.left / 25.4 * 72, found.width / 25.4 * 72) == pytest.approx(
        (laid.signature.x, laid.signature.width), abs=0.1
    )


def test_pages_are_counted_from_the_second_and_anew_in_every_appendix():
    long = DECISION.model_copy(
        update={"body": from_text("\n".join(f"Điều {n}. " + "Nội dung của điều này. " * 20 for n in range(1, 20)))}
    )
    firsts = [page.extract_text().split("\n")[0].strip() for page in opened(lay_out(long, at=AT).pdf).pages]
    shown = [line if line.isdigit() else "" for line in firsts]
    main = shown.index("", 1)
    assert shown[:main] == ["", *map(str, range(2, main + 1))] and main > 2
    assert shown[main:] == ["", "2", ""]


def test_appendices_are_counted_in_roman_numerals_and_name_their_document():
    text = words_of(lay_out(DECISION, at=AT).pdf)
    assert "Phụ lục I QUY CHẾ CÔNG TÁC VĂN THƯ (Kèm theo Quyết định số 152/QĐ-UBND ngày 05 tháng 3 năm 2026" in text
    assert "Phụ lục II DANH MỤC BIỂU MẪU" in text
    alone = DECISION.model_copy(update={"appendices": DECISION.appendices[:1]})
    assert "Phụ lục QUY CHẾ" in words_of(lay_out(alone, at=AT).pdf)
    assert page_sizes(lay_out(DECISION, at=AT).pdf) == {(210, 297), (297, 210)}


@pytest.mark.parametrize(("number", "written"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (50, "L")])
def test_roman_numerals(number, written):
    assert roman(number) == written


def test_grounds_and_the_end_have_the_marks_of_the_forms():
    text = words_of(lay_out(DECISION, at=AT).pdf)
    assert "ngày 16 tháng 6 năm 2025; Căn cứ" in text
    assert "Ủy ban nhân dân tỉnh. QUYẾT ĐỊNH:" in text
    assert "thi hành Quyết định này./." in text
    assert "- Lưu: VT, NC." in text


def test_a_draft_leaves_room_for_what_is_not_known_yet():
    text = words_of(lay_out(Contents(kind="quyet-dinh", issuer="UBND tỉnh", symbol="QĐ-UBND"), at=AT).pdf)
    assert "Số: /QĐ-UBND" in text and ", ngày tháng năm" in text


def test_who_acts_for_whom_stands_above_the_name():
    words = seen(REPORT, page=-1)
    assert words["Q. GIÁM ĐỐC"][1] > words["Nguyễn Thị Hường"][1]


def test_minutes_are_signed_by_two_and_have_no_date():
    minutes = REPORT.model_copy(
        update={
            "kind": "bien-ban",
            "signer": Signer(title="Chủ tọa", name="Lê Văn A"),
            "second_signer": Signer(title="Thư ký", name="Trần Thị B"),
        }
    )
    words = seen(minutes, page=-1)
    assert words["THƯ KÝ"][0] < words["CHỦ TỌA"][0] and words["THƯ KÝ"][1] == words["CHỦ TỌA"][1]
    assert "ngày 05 tháng 3" not in words_of(lay_out(minutes, at=AT).pdf)


def test_a_telegram_calls_those_who_get_it():
    telegram = LETTER.model_copy(update={"kind": "cong-dien", "urgency": 3})
    text = words_of(lay_out(telegram, at=AT).pdf)
    assert (
        "CÔNG ĐIỆN" in text and "Gia Nghĩa điện: - Các phòng" in text and "HỎA TỐC" in text and "Kính gửi" not in text
    )


HOSTILE = '#import "x.typ" $x$ *đậm* _n_ `m` @ai <nhãn> // /* ]]) \\ 😀 \u202e ' + "W" * 200


def test_what_people_write_is_printed_letter_for_letter():
    contents = Contents(
        kind="cong-van",
        issuer=HOSTILE,
        abstract=HOSTILE,
        addressees=(HOSTILE,),
        body=from_text(f"{HOSTILE}\nĐiều 1. {HOSTILE}"),
        signer=Signer(title=HOSTILE[:90], name=HOSTILE[:90]),
        recipients=(HOSTILE,),
        address=HOSTILE,
    )
    assert letters_of(lay_out(contents, at=AT).pdf).count('#import"x.typ"$x$*đậm*_n_`m`@ai<nhãn>///*]])\\') >= 5
