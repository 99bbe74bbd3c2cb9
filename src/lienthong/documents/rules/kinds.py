"""The 29 types of administrative documents as their layout needs them (NĐ 30/2020 art. 7, App. III).

The codes are those of the code list administrative-document-kinds, a test compares the two. They stand here because the
layout of each hangs on the decree, which no province can declare otherwise.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """`addressed`: whether it begins with “Kính gửi” (App. I.II.9.b). Some have no `abbreviation`.

    `bases`: whether the grounds stand below a line with who has the authority to issue (forms 1.1 to 1.3);
    `two_sided`: whether two people sign side by side.
    """

    code: str
    name: str
    abbreviation: str = ""
    addressed: bool = False
    bases: bool = False
    two_sided: bool = False


LETTER = "cong-van"
TELEGRAM = "cong-dien"
MINUTES = "bien-ban"
PERSONAL_LETTER = "thu-cong"

KINDS: dict[str, DocumentKind] = {
    kind.code: kind
    for kind in (
        DocumentKind("nghi-quyet", "Nghị quyết", "NQ", bases=True),
        DocumentKind("quyet-dinh", "Quyết định", "QĐ", bases=True),
        DocumentKind("chi-thi", "Chỉ thị", "CT"),
        DocumentKind("quy-che", "Quy chế", "QC"),
        DocumentKind("quy-dinh", "Quy định", "QyĐ"),
        DocumentKind("thong-cao", "Thông cáo", "TC"),
        DocumentKind("thong-bao", "Thông báo", "TB"),
        DocumentKind("huong-dan", "Hướng dẫn", "HD"),
        DocumentKind("chuong-trinh", "Chương trình", "CTr"),
        DocumentKind("ke-hoach", "Kế hoạch", "KH"),
        DocumentKind("phuong-an", "Phương án", "PA"),
        DocumentKind("de-an", "Đề án", "ĐA"),
        DocumentKind("du-an", "Dự án", "DA"),
        DocumentKind("bao-cao", "Báo cáo", "BC", addressed=True),
        DocumentKind(MINUTES, "Biên bản", "BB", two_sided=True),
        DocumentKind("to-trinh", "Tờ trình", "TTr", addressed=True),
        DocumentKind("hop-dong", "Hợp đồng", "HĐ", two_sided=True),
        DocumentKind(LETTER, "Công văn", addressed=True),
        DocumentKind(TELEGRAM, "Công điện", "CĐ", addressed=True),
        DocumentKind("ban-ghi-nho", "Bản ghi nhớ", "BGN", two_sided=True),
        DocumentKind("ban-thoa-thuan", "Bản thỏa thuận", "BTT", two_sided=True),
        DocumentKind("giay-uy-quyen", "Giấy ủy quyền", "GUQ"),
        DocumentKind("giay-moi", "Giấy mời", "GM"),
        DocumentKind("giay-gioi-thieu", "Giấy giới thiệu", "GGT"),
        DocumentKind("giay-nghi-phep", "Giấy nghỉ phép", "GNP"),
        DocumentKind("phieu-gui", "Phiếu gửi", "PG"),
        DocumentKind("phieu-chuyen", "Phiếu chuyển", "PC"),
        DocumentKind("phieu-bao", "Phiếu báo", "PB"),
        DocumentKind(PERSONAL_LETTER, "Thư công", addressed=True),
    )
}
