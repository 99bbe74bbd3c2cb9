"""E-mail messages as files: known by their headers, read within limits, hostile ones refused."""

import io
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.files import formats
from lienthong.foundation.files.errors import Damaged, FileRefused, Unsafe, WrongKind
from lienthong.foundation.files.formats import messages
from lienthong.foundation.files.rules import Policy
from tests.foundation.files import samples

MAIL = Policy(kinds=("pdf", "eml"), max_bytes=5_000_000)


def message(**attached: bytes) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Văn phòng Sở Xây dựng <vanphong@sxd.example.vn>"
    mail["To"] = "vanthu@gianghia.example.vn"
    mail["Subject"] = "Gửi Công văn số 125/SXD-QH về rà soát quy hoạch"
    mail["Date"] = "Fri, 28 Feb 2025 09:30:00 +0700"
    mail.set_content("Kính gửi quý cơ quan.\nXin gửi kèm văn bản.")
    for name, content in attached.items():
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return mail


def examined(content: bytes, policy: Policy = MAIL) -> str:
    return formats.examine(io.BytesIO(content), len(content), policy).key


def read(content: bytes) -> messages.Message:
    return messages.read(io.BytesIO(content))


def test_a_message_is_known_by_its_headers_where_messages_are_taken():
    content = message().as_bytes()
    assert examined(content) == "eml"
    with pytest.raises(WrongKind):
        examined(content, Policy(kinds=("pdf",), max_bytes=1))


@pytest.mark.parametrize(
    "content",
    [
        b"hello\n\nFrom: a@b",
        b"From a letter of mine: hello",
        b"Subject: a\nDate: b\n\nno sender",
        b"From: a@b\n\nand nothing else that messages have",
        b"From: a@b\n<script>\nDate: x\n\n",
        b"From: a\0b\nDate: x\n\n",
        b"",
    ],
)
def test_other_texts_are_none(content: bytes):
    with pytest.raises(WrongKind):
        examined(content)


def test_a_message_written_in_html_is_no_deceit():
    mail = message()
    mail.clear_content()
    mail.set_content("<html><body><script>x</script>Kính gửi</body></html>", subtype="html")
    assert examined(mail.as_bytes()) == "eml"


def test_sender_subject_day_text_and_attachments_are_read():
    found = read(message(**{"công văn": b"%PDF-one", "phụ lục": b"%PDF-two"}).as_bytes())
    assert found.sender == "Văn phòng Sở Xây dựng" and found.address == "vanphong@sxd.example.vn"
    assert found.subject == "Gửi Công văn số 125/SXD-QH về rà soát quy hoạch"
    assert found.sent_at == datetime(2025, 2, 28, 2, 30, tzinfo=UTC)
    assert found.text.startswith("Kính gửi quý cơ quan.")
    assert [(each.name, each.content) for each in found.attachments] == [
        ("công văn.pdf", b"%PDF-one"),
        ("phụ lục.pdf", b"%PDF-two"),
    ]


def test_headers_in_plain_utf8_are_read_as_well():
    content = "From: Sở Xây dựng <a@b.vn>\nSubject: Về việc quy hoạch\nDate: hôm qua\n\nx".encode()
    found = read(content)
    assert (found.sender, found.subject, found.sent_at) == ("Sở Xây dựng", "Về việc quy hoạch", None)


def test_pictures_inside_the_text_are_no_attachments():
    mail = message()
    logo = {"maintype": "image", "subtype": "jpeg", "cid": "<logo>", "disposition": "inline", "filename": "logo.jpg"}
    mail.add_related(samples.picture(), **logo)
    assert read(mail.as_bytes()).attachments == ()


def nested(depth: int) -> bytes:
    head = b"From: a@b.vn\nDate: x\n"
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(depth)
    )
    return head + parts + b"\ntext"


@pytest.mark.parametrize(
    "content",
    [
        nested(3000),
        b"From: a@b.vn\nDate: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000,
    ],
    ids=["nested without end", "thousands of parts"],
)
def test_a_message_made_to_exhaust_is_refused_before_it_is_read(content: bytes):
    with pytest.raises(Unsafe):
        examined(content)


def test_nothing_but_letters_is_a_message():
    with pytest.raises(Damaged):
        examined(b"From: a@b.vn\nDate: x\n\nzero \0 byte")


def test_too_many_attachments_are_refused():
    mail = message(**{str(number): b"x" for number in range(messages.MOST_ATTACHMENTS + 1)})
    with pytest.raises(Unsafe):
        read(mail.as_bytes())


@given(st.binary(max_size=500), st.integers(0, 800), st.integers(0, 60))
def test_whatever_is_altered_it_is_read_or_refused(noise: bytes, place: int, cut: int):
    whole = message(tệp=b"%PDF").as_bytes()
    content = whole[:place] + noise + whole[place + cut :]
    try:
        examined(content)
        read(content)
    except FileRefused:
        pass
