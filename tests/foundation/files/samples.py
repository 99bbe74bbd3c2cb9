"""Contents of every kind, good and hostile, made where they are used."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import docx
import typst
from PIL import Image
from pypdf import PdfWriter

# Split, so that scanners of the developers' own machines leave this file alone. eicar.org
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@cache
def pdf(pages: int = 1, password: str = "", owner_password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password or owner_password:
        writer.encrypt(password, owner_password or None, algorithm="AES-256")
    return written(writer.write)


@cache
def pdf_saying(text: str) -> bytes:
    return typst.compile(text.encode(), format="pdf")


@cache
def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs or ("Đơn đề nghị",):
        document.add_paragraph(paragraph)
    document.add_table(1, 1).cell(0, 0).text = "ô trong bảng"
    return written(document.save)


@cache
def excel() -> bytes:
    return ooxml({}, main=EXCEL_MAIN)


@cache
def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    return written(lambda out: Image.new("RGB", size, "teal").save(out, kind, **options))


def drawing() -> bytes:
    return b"AC1032" + bytes(5) + b"\1" + bytes(1000)


def moving_picture(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    return written(lambda out: frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100))


def ooxml(parts: dict[str, bytes], *, main: str = WORD_MAIN, types: str = "") -> bytes:
    """A package with a main part of the given content type and whatever else is put in."""
    declared = f'<Types xmlns="x"><Override PartName="/main.xml" ContentType="{main}"/>{types}</Types>'
    return archive({"[Content_Types].xml": declared.encode(), "main.xml": b"<x/>"} | parts)


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def spoiled(content: bytes) -> bytes:
    """An archive whose first part has another beginning of what is packed: no unpacker knows such a block."""
    name, more = struct.unpack("<HH", content[26:30])
    begin = 30 + name + more
    return content[:begin] + b"\xff" * 8 + content[begin + 8 :]


def overlapping_bomb() -> bytes:
    """Many names for one compressed part, as in the bombs of D. Fifield (2019)."""
    whole = ooxml({"bomb.xml": bytes(1_000_000)})
    end = whole.rindex(b"PK\x05\x06")
    directory = int.from_bytes(whole[end + 16 : end + 20], "little")
    entry = whole[whole.rindex(b"PK\x01\x02") : end]
    copies = [entry.replace(b"bomb.xml", f"bom{number:05}".encode()) for number in range(500)]
    listing = whole[directory:end] + b"".join(copies)
    count = struct.pack("<HH", 3 + len(copies), 3 + len(copies))
    return whole[:directory] + listing + whole[end : end + 8] + count + struct.pack("<IIH", len(listing), directory, 0)


def pixel_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG of 3.6 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif_and_script() -> bytes:
    return b"GIF89a/*" + bytes(20) + b"*/=1;alert(document.domain);//;"


def jpeg_and_script() -> bytes:
    """The length of the JFIF header reads as "/*", and a comment ends the script's."""
    jpeg = picture("JPEG")
    header_end = 4 + int.from_bytes(jpeg[4:6])
    header = jpeg[6:header_end] + bytes(0x2F2A - 2 - (header_end - 6))
    script = b"*/=alert(1)/*"
    comment = b"\xff\xfe" + struct.pack(">H", len(script) + 2) + script
    return b"\xff\xd8\xff\xe0\x2f\x2a" + header + comment + jpeg[header_end:-2] + b"*///\xff\xd9"


def pdf_and_archive() -> bytes:
    """Ends as both: the end of the PDF is the comment of the archive."""
    hidden = archive({"hidden.exe": b"MZ"})
    return pdf() + hidden[:-2] + struct.pack("<H", 6) + b"%%EOF\n"


def written(write: Callable[[Any], Any]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()
