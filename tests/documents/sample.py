"""Documents as tests lay them out."""

from datetime import datetime

from lienthong.documents.rules.contents import Appendix, Contents, Power, Signer, from_text
from lienthong.foundation.clock import ZONE

AT = datetime(2026, 3, 5, 8, 30, tzinfo=ZONE)

LETTER = Contents(
    kind="cong-van",
    parent="Tỉnh Đắk Nông",
    issuer="Ủy ban nhân dân thành phố Gia Nghĩa",
    number="9",
    symbol="UBND-VX",
    place="Gia Nghĩa",
    dated="2026-01-05",  # type: ignore[arg-type]
    abstract="tăng cường công tác phòng, chống dịch sốt xuất huyết",
    addressees=("Các phòng, ban thuộc Ủy ban nhân dân thành phố", "Ủy ban nhân dân các xã, phường"),
    body=from_text(
        "Thực hiện Công văn số 12/SYT-NVY ngày 04 tháng 01 năm 2026 của Sở Y tế về tăng cường công tác phòng, chống"
        " dịch bệnh sốt xuất huyết, Ủy ban nhân dân thành phố yêu cầu:\n"
        "1. Phòng Y tế triển khai chiến dịch vệ sinh môi trường, diệt lăng quăng; báo cáo trước ngày 20 hằng tháng.\n"
        "a) Kiểm tra các điểm có nguy cơ cao.\n"
        "Đề nghị các cơ quan, đơn vị thực hiện nghiêm túc."
    ),
    signer=Signer(
        powers=(Power(mark="TM.", of="Ủy ban nhân dân"), Power(mark="KT.", of="Chủ tịch")),
        title="Phó Chủ tịch",
        name="Lê Hoàng Nam",
    ),
    recipients=("Như trên", "Thường trực Thành ủy (để báo cáo)"),
    kept_by="VT, VX",
    urgency=1,  # type: ignore[arg-type]
    drafter="PL",
    copies=30,
    address="Số 12, đường Nguyễn Tất Thành; ĐT: 0261 3543 210",
)

DECISION = Contents(
    kind="quyet-dinh",
    issuer="Ủy ban nhân dân tỉnh Đắk Nông",
    number="152",
    symbol="QĐ-UBND",
    place="Đắk Nông",
    dated="2026-03-05",  # type: ignore[arg-type]
    abstract="Ban hành Quy chế công tác văn thư",
    authority="Ủy ban nhân dân tỉnh Đắk Nông",
    body=from_text(
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;\n"
        "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;\n"
        "Theo đề nghị của Chánh Văn phòng Ủy ban nhân dân tỉnh;\n"
        "QUYẾT ĐỊNH:\n"
        "Điều 1. Ban hành kèm theo Quyết định này Quy chế tại Phụ lục I và danh mục tại Phụ lục II.\n"
        "Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày ký.\n"
        "Điều 3. Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc các sở chịu trách nhiệm thi hành Quyết định này."
    ),
    signer=Signer(powers=(Power(mark="TM.", of="Ủy ban nhân dân"),), title="Chủ tịch", name="Hồ Văn Mười"),
    recipients=("Như Điều 3", "Bộ Nội vụ (để báo cáo)"),
    kept_by="VT, NC",
    appendices=(
        Appendix(
            title="Quy chế công tác văn thư",
            blocks=from_text(
                "Chương I. Quy định chung\n**Điều 1. Phạm vi điều chỉnh**\n"
                + "\n".join(f"{n}. " + "Quy chế này quy định về công tác văn thư của tỉnh. " * 6 for n in range(1, 16))
            ),
        ),
        Appendix(
            title="Danh mục biểu mẫu",
            landscape=True,
            blocks=({"kind": "table", "columns": ("STT", "Tên"), "rows": (("1", "Sổ văn bản"),)},),  # type: ignore[arg-type]
        ),
    ),
)

REPORT = Contents(
    kind="bao-cao",
    parent="UBND tỉnh Đắk Nông",
    issuer="Sở Nội vụ",
    number="31",
    symbol="BC-SNV",
    place="Đắk Nông",
    dated="2026-03-05",  # type: ignore[arg-type]
    abstract="Kết quả cải cách hành chính quý I năm 2026",
    addressees=("Ủy ban nhân dân tỉnh Đắk Nông",),
    body=from_text(
        "Thực hiện Kế hoạch số 12/KH-UBND, Sở Nội vụ báo cáo như sau:\nI. KẾT QUẢ\n"
        + "\n".join(f"{n}. " + "Đã hoàn thành đúng hạn các nhiệm vụ được giao. " * 8 for n in range(1, 16))
    ),
    signer=Signer(title="Giám đốc", acting=True, name="Nguyễn Thị Hường"),
    recipients=("Như trên",),
)
