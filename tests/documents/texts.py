"""First pages as their text comes out of PDF, Word and scans, with what they say of themselves."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lienthong.documents.rules.recognising import Kind
from lienthong.documents.rules.urgency import Urgency

KINDS = [
    Kind("nghi-quyet", "Nghị quyết", "NQ"),
    Kind("quyet-dinh", "Quyết định", "QĐ"),
    Kind("chi-thi", "Chỉ thị", "CT"),
    Kind("quy-che", "Quy chế", "QC"),
    Kind("thong-bao", "Thông báo", "TB"),
    Kind("huong-dan", "Hướng dẫn", "HD"),
    Kind("chuong-trinh", "Chương trình", "CTr"),
    Kind("ke-hoach", "Kế hoạch", "KH"),
    Kind("de-an", "Đề án", "ĐA"),
    Kind("du-an", "Dự án", "DA"),
    Kind("bao-cao", "Báo cáo", "BC"),
    Kind("bien-ban", "Biên bản", "BB"),
    Kind("to-trinh", "Tờ trình", "TTr"),
    Kind("cong-van", "Công văn"),
    Kind("cong-dien", "Công điện", "CĐ"),
    Kind("giay-moi", "Giấy mời", "GM"),
    Kind("khac", "Văn bản khác"),
]
AGENCIES = [
    "Ủy ban nhân dân tỉnh Đắk Nông",
    "Ủy ban nhân dân thành phố Gia Nghĩa",
    "Sở Xây dựng",
    "Sở Tài nguyên và Môi trường",
    "Sở Nông nghiệp và Phát triển nông thôn",
    "Văn phòng HĐND và UBND thành phố Gia Nghĩa",
]


@dataclass(frozen=True)
class Page:
    """`says` by the names of what is recognised."""

    text: str
    says: dict[str, Any] = field(hash=False)


PAGES = {
    "a letter, the columns beside each other": Page(
        """UBND TỈNH ĐẮK NÔNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ XÂY DỰNG Độc lập - Tự do - Hạnh phúc

Số: 125/SXD-QHKT Đắk Nông, ngày 27 tháng 02 năm 2025
V/v rà soát quy hoạch chi tiết khu dân cư
phường Nghĩa Đức

Kính gửi: Ủy ban nhân dân thành phố Gia Nghĩa.

Thực hiện Công văn số 512/UBND-KT ngày 20 tháng 02 năm 2025 của Ủy ban nhân dân tỉnh, Sở Xây dựng đề nghị
quý cơ quan rà soát, báo cáo trước ngày 10 tháng 3 năm 2025./.

Nơi nhận: KT. GIÁM ĐỐC
- Như trên; PHÓ GIÁM ĐỐC
- Lưu: VT, QHKT.

Nguyễn Văn Thắng
""",
        {
            "mark": "125/SXD-QHKT",
            "dated": date(2025, 2, 27),
            "kind": "cong-van",
            "abstract": "Về việc rà soát quy hoạch chi tiết khu dân cư phường Nghĩa Đức",
            "issuer": "Sở Xây dựng",
            "parent": "Ủy ban nhân dân tỉnh Đắk Nông",
            "signer_name": "Nguyễn Văn Thắng",
            "signer_position": "Phó Giám đốc",
            "urgency": None,
        },
    ),
    "a letter, one column after the other": Page(
        """ỦY BAN NHÂN DÂN
TỈNH ĐẮK NÔNG
Số: 09/UBND-VX
V/v tăng cường phòng, chống
dịch bệnh mùa khô
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Đắk Nông, ngày 05 tháng 3 năm 2025
HỎA TỐC
Kính gửi:
- Các sở, ban, ngành;
- UBND các huyện, thành phố.
Theo đề nghị của Sở Y tế tại Tờ trình số 15/TTr-SYT ngày 01/3/2025, Ủy ban nhân dân tỉnh yêu cầu:
Nơi nhận:
- Như trên;
- CT, các PCT UBND tỉnh;
- Lưu: VT, KGVX.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
(đã ký)
Tôn Thị Ngọc Hạnh
""",
        {
            "mark": "09/UBND-VX",
            "dated": date(2025, 3, 5),
            "kind": "cong-van",
            "abstract": "Về việc tăng cường phòng, chống dịch bệnh mùa khô",
            "issuer": "Ủy ban nhân dân tỉnh Đắk Nông",
            "parent": None,
            "signer_name": "Tôn Thị Ngọc Hạnh",
            "signer_position": "Phó Chủ tịch",
            "urgency": Urgency.EXPRESS,
        },
    ),
    "a decision": Page(
        """ỦY BAN NHÂN DÂN                CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH ĐẮK NÔNG                       Độc lập – Tự do – Hạnh phúc

Số: 315/QĐ-UBND               Đắk Nông, ngày 10 tháng 01 năm 2025

QUYẾT ĐỊNH
Về việc phê duyệt Đề án phát triển đô thị thông minh
thành phố Gia Nghĩa giai đoạn 2025 - 2030

CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG

Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
Xét đề nghị của Giám đốc Sở Xây dựng tại Tờ trình số 12/TTr-SXD ngày 05 tháng 01 năm 2025,

QUYẾT ĐỊNH:

Điều 1. Phê duyệt Đề án.

Nơi nhận:                                  CHỦ TỊCH
- Như Điều 3;
- Lưu: VT, CNXD.
                                        Hồ Văn Mười
""",
        {
            "mark": "315/QĐ-UBND",
            "dated": date(2025, 1, 10),
            "kind": "quyet-dinh",
            "abstract": "Về việc phê duyệt Đề án phát triển đô thị thông minh thành phố Gia Nghĩa"
            " giai đoạn 2025 - 2030",
            "issuer": "Ủy ban nhân dân tỉnh Đắk Nông",
            "parent": None,
            "signer_name": "Hồ Văn Mười",
            "signer_position": "Chủ tịch",
            "urgency": None,
        },
    ),
    "a normative decision with its year": Page(
        """UỶ BAN NHÂN DÂN
TỈNH ĐẮK NÔNG
_______
Số: 04/2025/QĐ-UBND
CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
____________
Đắk Nông, ngày 17 tháng 02 năm 2025
QUYẾT ĐỊNH
Ban hành Quy định về quản lý nhà chung cư trên địa bàn tỉnh
Căn cứ Luật Nhà ở ngày 27 tháng 11 năm 2023;
TM. UỶ BAN NHÂN DÂN
CHỦ TỊCH
Hồ Văn Mười
""",
        {
            "mark": "04/2025/QĐ-UBND",
            "dated": date(2025, 2, 17),
            "kind": "quyet-dinh",
            "abstract": "Ban hành Quy định về quản lý nhà chung cư trên địa bàn tỉnh",
            "issuer": "Ủy ban nhân dân tỉnh Đắk Nông",
            "signer_position": "Chủ tịch",
            "signer_name": "Hồ Văn Mười",
        },
    ),
    "a report of a ministry": Page(
        """BỘ KẾ HOẠCH VÀ ĐẦU TƯ
Số: 1204/BC-BKHĐT
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 20 tháng 02 năm 2025
BÁO CÁO
Tình hình giải ngân vốn đầu tư công 02 tháng đầu năm 2025
Kính gửi: Thủ tướng Chính phủ
I. TÌNH HÌNH CHUNG
Nơi nhận:
- Như trên;
KT. BỘ TRƯỞNG
THỨ TRƯỞNG
Trần Quốc Phương
""",
        {
            "mark": "1204/BC-BKHĐT",
            "dated": date(2025, 2, 20),
            "kind": "bao-cao",
            "abstract": "Tình hình giải ngân vốn đầu tư công 02 tháng đầu năm 2025",
            "issuer": "Bộ Kế hoạch và Đầu tư",
            "signer_name": "Trần Quốc Phương",
            "signer_position": "Thứ trưởng",
        },
    ),
    "a submission, the title and its subject in one line": Page(
        """UBND THÀNH PHỐ GIA NGHĨA CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG QUẢN LÝ ĐÔ THỊ Độc lập - Tự do - Hạnh phúc
Số: 45/TTr-QLĐT Gia Nghĩa, ngày 03 tháng 3 năm 2025
TỜ TRÌNH Về việc phê duyệt dự toán sửa chữa vỉa hè đường Hai Bà Trưng
Kính gửi: Chủ tịch Ủy ban nhân dân thành phố
TRƯỞNG PHÒNG
Lê Thị Hồng
""",
        {
            "mark": "45/TTr-QLĐT",
            "dated": date(2025, 3, 3),
            "kind": "to-trinh",
            "abstract": "Về việc phê duyệt dự toán sửa chữa vỉa hè đường Hai Bà Trưng",
            "issuer": "Phòng Quản lý đô thị",
            "parent": "Ủy ban nhân dân thành phố Gia Nghĩa",
            "signer_name": "Lê Thị Hồng",
            "signer_position": "Trưởng phòng",
        },
    ),
    "an invitation": Page(
        """UBND TỈNH ĐẮK NÔNG
VĂN PHÒNG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 88/GM-VPUBND Đắk Nông, ngày 28 tháng 02 năm 2025
KHẨN
GIẤY MỜI
Họp xem xét phương án bồi thường dự án hồ Đắk R'tíh

Thừa lệnh Chủ tịch UBND tỉnh, Văn phòng trân trọng kính mời:
TL. CHỦ TỊCH
CHÁNH VĂN PHÒNG
Trần Văn Diêu
""",
        {
            "mark": "88/GM-VPUBND",
            "dated": date(2025, 2, 28),
            "kind": "giay-moi",
            "abstract": "Họp xem xét phương án bồi thường dự án hồ Đắk R'tíh",
            "urgency": Urgency.URGENT,
            "signer_name": "Trần Văn Diêu",
            "signer_position": "Chánh Văn phòng",
        },
    ),
    "a plan of an agency with a long name": Page(
        """UBND TỈNH ĐẮK NÔNG
SỞ NÔNG NGHIỆP VÀ
PHÁT TRIỂN NÔNG THÔN
Số: 31/KH-SNN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Đắk Nông, ngày 15 tháng 01 năm 2025
KẾ HOẠCH
Phòng cháy, chữa cháy rừng năm 2025
I. MỤC ĐÍCH, YÊU CẦU
Nơi nhận: GIÁM ĐỐC
- UBND tỉnh (b/c);
- Lưu: VT. Phạm Tuấn Anh
""",
        {
            "mark": "31/KH-SNN",
            "kind": "ke-hoach",
            "abstract": "Phòng cháy, chữa cháy rừng năm 2025",
            "issuer": "Sở Nông nghiệp và Phát triển nông thôn",
            "parent": "Ủy ban nhân dân tỉnh Đắk Nông",
            "signer_name": "Phạm Tuấn Anh",
            "signer_position": "Giám đốc",
        },
    ),
    "a very urgent telegram": Page(
        """ỦY BAN NHÂN DÂN
TỈNH ĐẮK NÔNG
Số: 02/CĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
THƯỢNG KHẨN
Đắk Nông, ngày 01 tháng 8 năm 2024
CÔNG ĐIỆN
Về việc chủ động ứng phó sạt lở đất, lũ quét
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG ĐIỆN:
- Các sở, ban, ngành;
CHỦ TỊCH
Hồ Văn Mười
""",
        {
            "mark": "02/CĐ-UBND",
            "kind": "cong-dien",
            "abstract": "Về việc chủ động ứng phó sạt lở đất, lũ quét",
            "urgency": Urgency.VERY_URGENT,
            "signer_name": "Hồ Văn Mười",
        },
    ),
    "a decree": Page(
        """CHÍNH PHỦ
Số: 30/2020/NĐ-CP
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 05 tháng 3 năm 2020
NGHỊ ĐỊNH
VỀ CÔNG TÁC VĂN THƯ
Căn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015;
TM. CHÍNH PHỦ
THỦ TƯỚNG
Nguyễn Xuân Phúc
""",
        {
            "mark": "30/2020/NĐ-CP",
            "dated": date(2020, 3, 5),
            "kind": "khac",
            "issuer": "Chính phủ",
            "signer_name": "Nguyễn Xuân Phúc",
            "signer_position": "Thủ tướng",
        },
    ),
    "a bad scan: accents gone": Page(
        """UBND TINH DAK NONG CONG HOA XA HOI CHU NGHIA VIET NAM
SO TAI NGUYEN VA MOI TRUONG Doc lap - Tu do - Hanh phuc
Sô: 7l2/STNMT-QLDD Dak Nong, ngay O5 thang 3 nam 2025
V/v xac dinh gia dat cu the
Kinh gui: Uy ban nhan dan thanh pho Gia Nghia
Noi nhan: KT. GIAM DOC
- Nhu tren; PHO GIAM DOC
- Luu: VT.
Nguyen Van Hiep
""",
        {
            "mark": "712/STNMT-QLDD",
            "dated": date(2025, 3, 5),
            "kind": "cong-van",
            "abstract": "Về việc xac dinh gia dat cu the",
            "issuer": "Sở Tài nguyên và Môi trường",
            "signer_name": "Nguyen Van Hiep",
            "signer_position": "Phó Giám đốc",
        },
    ),
    "a bad scan: lines broken, letters wrong": Page(
        """ÚY BAN NHÂN DÂN
TỈNH ĐẮK NÔNG
Số:
1O5/QD-UBND
CỘNG HÓA XÃ HỘI CHÙ NGHỈA VIỆT NAM
Độc lâp - Tư do - Hạnh phũc
Đắk Nông, ngày 12 tháng 02
năm 2025
QUYÉT ĐỊNH
về việc thành lập Tổ công tác rà soát
thủ tục hành chính

Can cứ Luật Tổ chức chính quyền địa phương;
TM. ỦY BAN NHÂN DÂN
KT. CHÚ TỊCH
PHÓ CHỦ TỊCH
Lê Trọng Yên
""",
        {
            "mark": "105/QĐ-UBND",
            "kind": "quyet-dinh",
            "abstract": "về việc thành lập Tổ công tác rà soát thủ tục hành chính",
            "issuer": "Ủy ban nhân dân tỉnh Đắk Nông",
            "dated": date(2025, 2, 12),
            "signer_name": "Lê Trọng Yên",
            "signer_position": "Phó Chủ tịch",
        },
    ),
    "a letter without a number yet, naming others": Page(
        """SỞ XÂY DỰNG
Số:      /SXD-QLN
Đắk Nông, ngày      tháng 3 năm 2025
V/v góp ý dự thảo Nghị quyết
Kính gửi: Sở Tư pháp
Căn cứ Nghị định số 100/2024/NĐ-CP ngày 26 tháng 7 năm 2024 của Chính phủ, Sở Xây dựng có ý kiến.
""",
        {"mark": None, "dated": None, "kind": "cong-van", "abstract": "Về việc góp ý dự thảo Nghị quyết"},
    ),
    "no document at all": Page(
        "Chào anh, tối nay mình đi ăn phở nhé. Số điện thoại của em: 0912345678. Hẹn ngày 5 tháng 3 năm 2025!",
        {"mark": None, "kind": None, "abstract": None, "signer_name": None, "urgency": None, "issuer": None},
    ),
}
