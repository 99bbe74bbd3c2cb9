"""Scans read by the real programs: the clerk's form fills itself from a picture of paper."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.documents.models import WaitingFile
from lienthong.documents.papers import lay_out
from tests.documents.conftest import CLERK
from tests.documents.sample import AT, DECISION, LETTER
from tests.documents.test_pages import FORM, client_of
from tests.documents.test_reading import box, form
from tests.foundation.files.scanner import needed, scanned

pytestmark = [pytest.mark.django_db, needed]

BOXES = ("so", "ngay-van-ban", "loai", "co-quan-gui", "trich-yeu", "do-khan", "nguoi-ky", "chuc-vu", "so-trang")
OF_THE_LETTER = {
    "so": "09/UBND-VX",
    "ngay-van-ban": "2026-01-05",
    "loai": "cong-van",
    "co-quan-gui": "Ủy ban nhân dân thành phố Gia Nghĩa",
    "trich-yeu": "Về việc tăng cường công tác phòng, chống dịch sốt xuất huyết",
    "do-khan": "1",
    "nguoi-ky": "Lê Hoàng Nam",
    "chuc-vu": "Phó Chủ tịch",
}
OF_THE_DECISION = {
    "so": "152/QĐ-UBND",
    "ngay-van-ban": "2026-03-05",
    "loai": "quyet-dinh",
    "co-quan-gui": "Ủy ban nhân dân tỉnh Đắk Nông",
    "trich-yeu": "Ban hành Quy chế công tác văn thư",
    "do-khan": "0",
    "nguoi-ky": "Hồ Văn Mười",
    "chuc-vu": "Chủ tịch",
}


ONE_PAGE = DECISION.model_copy(update={"appendices": ()})


@pytest.mark.parametrize(
    ("document", "kind", "turned", "says"),
    [(LETTER, "pdf", 0.8, OF_THE_LETTER | {"so-trang": "1"}), (ONE_PAGE, "jpg", -0.8, OF_THE_DECISION)],
    ids=["a letter as PDF", "a decision as JPEG"],
)
def test_number_day_type_issuer_abstract_urgency_and_signer_are_read_from_a_scan(document, kind, turned, says):
    scan = SimpleUploadedFile(f"quet.{kind}", scanned(lay_out(document, at=AT).pdf, kind, turned=turned))
    page = client_of(CLERK).post(FORM, form(tep=scan, _doc="1")).content.decode()
    assert {name: box(page, name) for name in BOXES if name in says} == says
    assert WaitingFile.objects.get().how == "read"
