"""What the papers of a dossier say, as a document clerk reads them."""

import uuid

import pytest

from lienthong.cases import services
from lienthong.cases.models import Component, Dossier, Paper
from lienthong.cases.papers import filling, forms
from lienthong.foundation.organisations.queries import by_key
from lienthong.foundation.papers import letterheads, said
from lienthong.foundation.papers.shapes import Heading, Lines, Paragraph, Table
from lienthong.procedures.definition import PROCEDURE
from tests import cast
from tests.cases import applications, dossiers

pytestmark = pytest.mark.django_db

GIA_NGHIA = "thanh-pho-gia-nghia"
NGHIA_TRUNG = f"{GIA_NGHIA}-phuong-nghia-trung"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def plain(text: str) -> str:
    return text.replace(letterheads.NO_BREAK, " ")


@pytest.mark.parametrize(
    ("organisation", "parent", "issuer", "place"),
    [
        (GIA_NGHIA, "", "Ủy ban nhân dân thành phố Gia Nghĩa", "Gia Nghĩa"),
        (NGHIA_TRUNG, "", "Ủy ban nhân dân phường Nghĩa Trung", "Nghĩa Trung"),
        (f"{GIA_NGHIA}-quan-ly-do-thi", "UBND thành phố Gia Nghĩa", "Phòng Quản lý đô thị", "Gia Nghĩa"),
        (
            f"{GIA_NGHIA}-van-phong-mot-cua",
            "UBND thành phố Gia Nghĩa",
            "Bộ phận Tiếp nhận và Trả kết quả",
            "Gia Nghĩa",
        ),
        (f"{NGHIA_TRUNG}-mot-cua", "UBND phường Nghĩa Trung", "Bộ phận Tiếp nhận và Trả kết quả", "Nghĩa Trung"),
        (f"{NGHIA_TRUNG}-tu-phap-ho-tich", "", "Ủy ban nhân dân phường Nghĩa Trung", "Nghĩa Trung"),
        (f"{GIA_NGHIA}-van-phong", "UBND thành phố Gia Nghĩa", "Văn phòng HĐND và UBND", "Gia Nghĩa"),
        ("so-ke-hoach-va-dau-tu", "UBND tỉnh Đắk Nông", "Sở Kế hoạch và Đầu tư", "Đắk Nông"),
        (
            "phong-dang-ky-kinh-doanh",
            "Sở Kế hoạch và Đầu tư tỉnh Đắk Nông",
            "Phòng Đăng ký kinh doanh",
            "Đắk Nông",
        ),
        ("trung-tam-hanh-chinh-cong", "UBND tỉnh Đắk Nông", "Trung tâm Phục vụ hành chính công tỉnh", "Đắk Nông"),
        ("cong-an-tinh", "", "Công an tỉnh Đắk Nông", "Đắk Nông"),
        ("phong-ke-khai-thue", "Cục Thuế tỉnh Đắk Nông", "Phòng Kê khai và Kế toán thuế", "Đắk Nông"),
    ],
)
def test_each_agency_writes_under_its_own_name_and_that_of_the_agency_above(organisation, parent, issuer, place):
    head = letterheads.letterhead(by_key(organisation), cast.MONDAY)
    assert (plain(head.parent), plain(head.issuer), head.place) == (parent, issuer, place)


def test_a_short_name_is_not_torn_apart_in_the_letterhead():
    head = letterheads.letterhead(by_key("phong-dang-ky-kinh-doanh"), cast.MONDAY)
    assert head.issuer.split(" ") == ["Phòng", letterheads.NO_BREAK.join(["Đăng", "ký", "kinh", "doanh"])]


@pytest.mark.parametrize(
    ("organisation", "title", "lines"),
    [
        (GIA_NGHIA, "Chủ tịch UBND", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (GIA_NGHIA, "Phó Chủ tịch UBND", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (f"{GIA_NGHIA}-tai-chinh-ke-hoach", "Trưởng phòng", ("TRƯỞNG PHÒNG",)),
        (f"{GIA_NGHIA}-tai-chinh-ke-hoach", "Phó Trưởng phòng", ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG")),
        (GIA_NGHIA, "", ("TM. ỦY BAN NHÂN DÂN",)),
    ],
)
def test_a_signer_says_for_whom_in_whose_place_and_as_what(organisation, title, lines):
    assert letterheads.signing_capacity(by_key(organisation), title) == lines


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (
            "Số 8, Phường Nghĩa Thành, Thành phố Gia Nghĩa, Tỉnh Đắk Nông",
            "Số 8, phường Nghĩa Thành, thành phố Gia Nghĩa, tỉnh Đắk Nông",
        ),
        ("12 Lê Lợi, Phường Bến Nghé, Thành phố Huế", "12 Lê Lợi, phường Bến Nghé, thành phố Huế"),
        ("12 Lê Lợi, Phường 3, Quận 5, Thành phố Huế", "12 Lê Lợi, Phường 3, Quận 5, Thành phố Huế"),
        ("Xã Nghi Lâm, huyện Nghi Lộc", "Xã Nghi Lâm, huyện Nghi Lộc"),
        ("1.500.000 đ", "1.500.000 đồng"),
        ("Vốn bằng đ", "Vốn bằng đ"),
        ("", ""),
    ],
)
def test_values_are_written_as_in_running_text(shown, printed):
    assert letterheads.in_sentence(shown) == printed


def test_a_receipt_lists_what_was_handed_in_and_no_more():
    dossier = dossiers.received()
    assert [component.name.split(" ")[0] for component in receipt(dossier).components] == ["Đơn", "Một", "Bản"]
    file = dossiers.stored()
    Component.objects.create(dossier=dossier, component="phong-chay", file=file, name=file.name, added_at=cast.MONDAY)
    assert len(receipt(dossier).components) == 4


def receipt(dossier: Dossier):
    paper = Paper(dossier=dossier, kind="receipt")
    return forms.receipt(dossier, paper, forms.Issued(person="Phạm Thị Lan"))


def test_a_supplement_request_comes_from_the_division_through_the_one_stop_shop():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")
    Component.objects.filter(dossier=dossier, component="ban-ve").update(check_result=Component.Check.WRONG)
    paper = Paper.objects.get(dossier=dossier, kind="supplement-request")
    shape = forms.supplement_request(dossier, paper, forms.Issued(person="Trần Thị Mai"), within="30 ngày")
    assert plain(shape.letterhead.issuer) == "Phòng Quản lý đô thị"
    assert shape.unit == "Bộ phận Tiếp nhận và Trả kết quả thành phố Gia Nghĩa"
    assert shape.contact == "Trần Thị Mai (Phòng Quản lý đô thị thành phố Gia Nghĩa)"
    assert shape.guide == "Trần Thị Mai"
    assert [component.name.split(":")[0] for component in shape.components] == ["Bản vẽ thiết kế xây dựng"]


def test_a_draft_bears_the_head_of_who_will_sign_it_and_no_number():
    dossier = dossiers.drafted()
    paper = Paper.objects.get(dossier=dossier, kind="result")
    shape = filling.result(dossier, paper, signer="", title="", day=cast.MONDAY, proof_link="")
    assert plain(shape.letterhead.issuer) == "Ủy ban nhân dân thành phố Gia Nghĩa"
    assert (shape.letterhead.number, shape.letterhead.symbol) == ("", "GPXD")
    assert shape.signature.capacity == ("TM. ỦY BAN NHÂN DÂN",)
    assert (shape.title, shape.subject) == ("GIẤY PHÉP XÂY DỰNG", "(Sử dụng cho nhà ở riêng lẻ)")


def test_a_result_says_how_it_is_checked_and_leaves_out_what_is_empty():
    dossier = dossiers.approved()
    paper = Paper.objects.get(dossier=dossier, kind="result")
    paper.number, paper.organisation_id, paper.verification = "7", by_key(GIA_NGHIA).id, "ABCDEFGHJKLMNPQRSTUVWXYZ"
    link = f"https://daknong.example/kiem-tra/{paper.verification}/"
    shape = filling.result(
        dossier, paper, signer="Hoàng Thị Thanh", title="Phó Chủ tịch UBND", day=cast.MONDAY, proof_link=link
    )
    assert shape.as_data()["letterhead"]["number"] == "Số: 07/GPXD"
    assert shape.proof_code == "ABCD EFGH JKLM NPQR STUV WXYZ"
    assert shape.proof_site == "daknong.example/kiem-tra"
    lines = [block for block in shape.content if isinstance(block, Lines)]
    assert lines
    assert all(line.value for block in lines for line in block.lines)
    assert any("phường Nghĩa Trung, thành phố Gia Nghĩa" in line.value for block in lines for line in block.lines)


def test_the_application_says_how_it_was_handed_in_and_pledges_in_sentences():
    dossier = dossiers.submitted()
    procedure = PROCEDURE.pinned(dossier.procedure_id)
    shape = filling.application(dossier, procedure.components[0])
    assert shape.submitted == "Nộp trực tuyến lúc 08:30 03/03/2025"
    assert shape.signature.capacity == ("NGƯỜI LÀM ĐƠN",)
    assert shape.addressee == "Ủy ban nhân dân thành phố Gia Nghĩa"
    pledges = [block.text for block in shape.content if isinstance(block, Paragraph)]
    assert [pledge[:14] for pledge in pledges] == ["Tôi cam kết là"]
    floors = next(block for block in shape.content if isinstance(block, Table))
    assert floors.figures == (2, 3)

    dossier.channel = Dossier.Channel.DIRECT
    counter = "Bộ phận Tiếp nhận và Trả kết quả thành phố Gia Nghĩa"
    shape = filling.application(dossier, procedure.components[0])
    assert shape.submitted == f"Nộp trực tiếp tại {counter} lúc 08:30 03/03/2025"


def test_a_table_too_wide_for_the_page_is_set_one_row_below_the_other():
    papers = [
        (key, dossiers.stored(cast.BICH, "giay-to.jpg"))
        for key in ("dieu-le", "giay-to-dai-dien", "giay-to-chu-so-huu", "mau-dau")
    ]
    dossier = services.open_dossier(
        procedure_key="thanh-lap-cong-ty-tnhh-mot-thanh-vien",
        competent_key="phong-dang-ky-kinh-doanh",
        raw=applications.COMPANY,
        actor=cast.actor(cast.BICH),
        idempotency_key=uuid.uuid4(),
        files=[services.HandedIn(key, file.pk, file.name) for key, file in papers],
        returned=dossiers.AT_THE_COUNTER,
    )
    shape = filling.application(dossier, PROCEDURE.pinned(dossier.procedure_id).components[0])
    assert shape.addressee == "Phòng Đăng ký kinh doanh tỉnh Đắk Nông"
    assert all(len(block.columns) <= said.WIDEST_TABLE for block in shape.content if isinstance(block, Table))
    at = shape.content.index(Heading(text="9. Người đại diện theo pháp luật"))
    people = shape.content[at + 1]
    assert isinstance(people, Lines)
    assert (people.lines[0].label, people.lines[0].value) == ("Họ và tên", "Trần Thị Bích")
