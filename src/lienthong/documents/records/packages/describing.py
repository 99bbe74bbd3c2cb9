"""The describing metadata of a package: NĐ 30/2020 App. VI as XML (schemas/record.xsd), and Dublin Core."""

from typing import Any

from lxml import etree

from lienthong.documents.records.packages.contents import Content, PackedDocument
from lienthong.documents.records.packages.marking import DC, OAI_DC, RECORD, element, filled, plain, written

LANGUAGE, LANGUAGE_CODE = "Tiếng Việt", "vi"
DESCRIBED_IN = "NĐ 30/2020/NĐ-CP, Phụ lục VI"


def record_xml(content: Content) -> bytes:
    root = etree.Element(f"{{{RECORD}}}Record", nsmap={None: RECORD})
    for name, value in (
        ("FileCode", content.code),
        ("ArcFileCode", content.archive_code),
        ("Title", content.title),
        ("Maintenance", content.retention),
        ("Rights", content.rights),
        ("Creator", content.creator.name),
        ("Language", LANGUAGE),
        ("StartDate", content.started_on),
        ("EndDate", content.ended_on),
        ("DocTotal", len(content.documents)),
        ("PageTotal", content.sheets),
        ("Description", content.description),
    ):
        _say(root, name, value)
    documents = element(root, "Documents")
    for document in content.documents:
        _document(documents, document)
    return written(root)


def _document(parent: Any, document: PackedDocument) -> None:
    made = element(parent, "Document")
    number, slash, notation = document.code.partition("/")
    for name, value in (
        ("DocOrdinal", document.place),
        ("TypeName", document.kind or "Văn bản"),
        ("CodeNumber", number if slash else ""),
        ("CodeNotation", notation if slash else document.code),
        ("IssuedDate", document.dated or ""),
        ("OrganName", document.issuer),
        ("Subject", document.title),
        ("Language", LANGUAGE),
        ("PageAmount", "" if document.sheets is None else document.sheets),
        ("Description", document.note),
    ):
        _say(made, name, value)
    for file in document.files:
        element(made, "File", file.path)


def _say(parent: Any, name: str, value: object) -> None:
    """Nothing for what has no words, or none that XML can carry."""
    if plain(str(value)):
        element(parent, name, value)


def dublin_core(content: Content) -> bytes:
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    for name, value in (
        ("title", content.title),
        ("identifier", content.identifier),
        ("identifier", content.code),
        ("identifier", content.archive_code),
        ("creator", content.creator.name),
        ("publisher", content.archive.name),
        ("date", f"{content.started_on}/{content.ended_on}"),
        ("type", "Collection"),
        ("language", LANGUAGE_CODE),
        ("description", content.description),
        ("rights", content.rights),
    ):
        if plain(value):
            filled(etree.SubElement(root, f"{{{DC}}}{name}"), value, {})
    return written(root)


_RENDITIONS = (
    "representations/rep2/data/            bản PDF/A lập từ tệp cùng số trong rep1, không mang chữ ký số;",
    "                                      giá trị pháp lý thuộc về tệp gốc",
)


def read_me(content: Content) -> bytes:
    """What somebody reads who has nothing but the package."""
    lines = (
        f"Gói hồ sơ nộp lưu (SIP) {content.identifier}",
        f"Hồ sơ: {content.title}",
        f"Mã hồ sơ: {content.code}",
        f"Cơ quan: {content.creator.name}",
        f"Thời hạn bảo quản: {content.retention}",
        f"Gồm {len(content.documents)} tài liệu, {len(content.files)} tệp.",
        f"Có PDF/A: {len(content.files) - len(content.lacking)} tệp; {len(content.renditions)} bản được lập thêm.",
        "",
        "METS.xml                              cấu trúc của gói (METS 1.12.1, E-ARK CSIP và SIP)",
        "metadata/descriptive/record.xml       thông tin mô tả theo Nghị định 30/2020/NĐ-CP, Phụ lục VI",
        "metadata/descriptive/dc.xml           thông tin mô tả theo Dublin Core",
        "metadata/preservation/premis.xml      mã kiểm tra, định dạng, lịch sử xử lý (PREMIS 3.0)",
        "representations/rep1/data/            các tệp của tài liệu, theo số thứ tự trong mục lục",
        *(_RENDITIONS if content.renditions else ()),
        "schemas/                              lược đồ XML để kiểm tra các tệp trên",
        "",
        "Mọi tệp được giữ nguyên như khi tiếp nhận; mã kiểm tra là SHA-256.",
        *(f"Chưa có PDF/A: {file.path} ({file.name}): {file.lacks}." for file in content.lacking),
    )
    return plain("\n".join(lines) + "\n").encode()
