"""Pictures of signatures and seals: what is taken, who gives it, what it makes of a stamp."""

import io
import math
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageDraw

from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.models import Entry
from lienthong.foundation.organisations.queries import by_key
from lienthong.personal.sources import all_sources
from lienthong.signing import cutting, pictures, policy, services
from lienthong.signing.cutting import SEAL, SIGNATURE, NotAPicture
from lienthong.signing.models import Picture
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.signing.people import AT, CHAIRMAN, COMMITTEE, paper

LEADER, CLERK, OTHER_CLERK, AGENCY = cast.LEADER, "thu.vanthu", "vanthu.tinh", "thanh-pho-gia-nghia"
BLUE, RED, GREEN = (20, 40, 170, 255), (200, 20, 30, 255), (20, 160, 40, 255)


def png(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def signature(size=(600, 300), ink=BLUE, ground=(0, 0, 0, 0)) -> bytes:
    picture = Image.new("RGBA", size, ground)
    width, height = size
    wave = [(x, height / 2 + math.sin(x / 25) * height / 5) for x in range(width // 6, 5 * width // 6)]
    ImageDraw.Draw(picture).line(wave, fill=ink, width=max(2, height // 40))
    return png(picture)


def with_chunk(name: bytes, content: bytes) -> bytes:
    """The picture of a signature with one more chunk behind it."""
    chunk = struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    before, end = signature()[:-12], signature()[-12:]
    return before + chunk + end


def imprint(size=(500, 500), ink=RED) -> bytes:
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((40, 40, size[0] - 40, size[1] - 40), outline=ink, width=14)
    return png(picture)


def file(content: bytes, name: str = "chu-ky.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def seal_page() -> str:
    return f"/chu-ky/con-dau/{by_key(AGENCY).id}/"


# what a picture must be


def test_a_picture_is_cut_to_what_is_seen_of_it_and_keeps_its_transparent_ground():
    kept = Image.open(io.BytesIO(cutting.cut(imprint(), SEAL)))
    assert kept.mode == "RGBA" and kept.size == (421, 421)
    assert kept.getpixel((0, 0))[3] == 0 and kept.getpixel((210, 3))[:3] == RED[:3]


def test_a_large_picture_is_made_smaller():
    assert max(Image.open(io.BytesIO(cutting.cut(imprint((3000, 3000)), SEAL))).size) == 1200


@pytest.mark.parametrize(
    ("content", "ink", "why"),
    [
        (b"", SIGNATURE, "not a PNG"),
        (b"\x89PNG\r\n\x1a\n broken", SIGNATURE, "not a PNG"),
        (png(Image.new("RGB", (300, 200)), "JPEG"), SIGNATURE, "not a PNG"),
        (signature()[:500], SIGNATURE, "not a PNG"),
        (with_chunk(b"iCCP", b"profile\0"), SIGNATURE, "not a PNG"),
        (b"\x89PNG" + bytes(cutting.MOST_BYTES), SIGNATURE, "larger than"),
        (png(Image.new("1", (20_000, 300))), SIGNATURE, "pixels"),
        (png(Image.new("RGBA", (300, 200))), SIGNATURE, "Nothing"),
        (signature(ground=(255, 255, 255, 255)), SIGNATURE, "transparent"),
        (png(Image.new("RGB", (300, 200), "blue")), SIGNATURE, "transparent"),
        (signature(ink=RED), SIGNATURE, "blue"),
        (signature(ink=(0, 0, 0, 255)), SIGNATURE, "blue"),
        (imprint(ink=BLUE), SEAL, "red"),
        (imprint(ink=GREEN), SEAL, "red"),
        (signature((60, 30)), SIGNATURE, "too small"),
        (imprint((900, 500)), SEAL, "wide"),
    ],
)
def test_what_is_no_picture_of_this_kind_is_refused_with_a_reason(content, ink, why):
    with translation.override("en"), pytest.raises(NotAPicture, match=why):
        cutting.cut(content, ink)


# who gives it


@pytest.mark.django_db
def test_who_gave_a_picture_signs_with_it_and_others_in_words():
    with cast.on_monday():
        officer = cast.actor(LEADER)
        given = pictures.give_signature(signature(), officer=officer)
    stamp = pictures.stamp_of_signer(officer.account_id)
    assert stamp.place == "signer" and stamp.image == cutting.cut(signature(), SIGNATURE)
    assert pictures.stamp_of_signer(cast.actor(CLERK).account_id).image is None
    entry = Entry.objects.get(kind="signing.picture_given")
    assert (entry.subject_id, entry.data["sha256"]) == (officer.account_id, given.file.sha256)
    signed = services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT, stamp=stamp)
    assert services.verify_pdf(signed)[0].genuine


@pytest.mark.django_db
def test_the_same_picture_changes_nothing_another_replaces_it_and_the_former_stays():
    with cast.on_monday():
        officer = cast.actor(LEADER)
        first = pictures.give_signature(signature(), officer=officer)
        assert pictures.give_signature(signature(), officer=officer) == first
        second = pictures.give_signature(signature((800, 300)), officer=officer)
        first.refresh_from_db()
        assert first.ended_at and pictures.signature_of(officer.account_id) == second
        pictures.end_signature(officer=officer)
        pictures.end_signature(officer=officer)
    assert pictures.signature_of(officer.account_id) is None and Picture.objects.count() == 2
    assert Entry.objects.filter(kind="signing.picture_ended").count() == 1


@pytest.mark.django_db
def test_a_clerk_gives_the_seal_of_the_own_agency_with_its_width_and_of_no_other():
    agency = by_key(AGENCY).id
    with cast.on_monday():
        given = {"organisation_id": agency, "officer": cast.actor(CLERK)}
        pictures.give_seal(imprint(), diameter=36, **given)
        wider = pictures.give_seal(None, diameter=38, **given)
        for stranger in (OTHER_CLERK, LEADER):
            with pytest.raises(NotFound):
                pictures.give_seal(imprint(), organisation_id=agency, diameter=36, officer=cast.actor(stranger))
            with pytest.raises(NotFound):
                pictures.end_seal(organisation_id=agency, officer=cast.actor(stranger))
    stamp = pictures.stamp_of_seal(agency)
    assert (stamp.place, stamp.diameter) == ("seal", 38) and pictures.seal_of(agency) == wider
    signed = services.sign_pdf(paper(), signer=COMMITTEE, reason="", at=AT, stamp=stamp)
    assert services.verify_pdf(signed)[0].genuine
    assert pictures.stamp_of_seal(by_key("ubnd-tinh").id) == services.Stamp(place="seal")


@pytest.mark.django_db
@pytest.mark.parametrize("diameter", [None, 0, 19, 51, 10**17])
def test_a_seal_without_a_width_that_seals_have_is_refused(diameter):
    with cast.on_monday(), pytest.raises(pictures.NoSuchSize):
        pictures.give_seal(imprint(), organisation_id=by_key(AGENCY).id, diameter=diameter, officer=cast.actor(CLERK))


@pytest.mark.django_db
def test_a_clerk_in_an_office_keeps_the_seals_of_office_and_agency_and_others_none():
    with cast.on_monday():
        assert [node.key for node in policy.seals_kept_by(cast.actor(OTHER_CLERK))] == [
            "ubnd-tinh",
            "van-phong-ubnd-tinh",
        ]
        assert policy.seals_kept_by(cast.actor(LEADER)) == []


@pytest.mark.django_db
def test_people_get_a_copy_of_their_signatures():
    with cast.on_monday():
        officer = cast.actor(LEADER)
        pictures.give_signature(signature(), officer=officer)
    part = dict(all_sources())["chu-ky"](officer.account_id)
    assert [each["tep"] for each in part.data] == ["chu-ky/1.png"] == [each.path for each in part.files]


# the pages


@pytest.mark.django_db
def test_the_page_takes_a_picture_shows_it_and_takes_it_out_of_use():
    with cast.on_monday():
        client = client_of(LEADER)
        assert client.get("/chu-ky/hinh/").status_code == 404
        answer = client.post("/chu-ky/", {"tep": file(signature())}, follow=True)
        assert "/chu-ky/hinh/" in answer.content.decode()
        shown = client.get("/chu-ky/hinh/")
        assert shown["Content-Type"] == "image/png" and shown.content.startswith(b"\x89PNG")
        assert "/chu-ky/hinh/" not in client.post("/chu-ky/", {"bo": "1"}, follow=True).content.decode()
        assert client_of(CLERK).get("/chu-ky/hinh/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", [{}, {"tep": "chữ"}, {"tep": file(b"\0")}, {"tep": file(b"")}, {"tep": file(imprint())}]
)
def test_the_page_says_what_is_wrong_with_a_picture(sent):
    with cast.on_monday():
        answer = client_of(LEADER).post("/chu-ky/", sent)
    assert answer.status_code == 422 and "lt-error" in answer.content.decode()
    assert not Picture.objects.exists()


@pytest.mark.django_db
def test_the_page_of_a_seal():
    with cast.on_monday():
        client = client_of(CLERK)
        assert seal_page() in client.get("/chu-ky/").content.decode()
        wrong = client.post(seal_page(), {"tep": file(imprint()), "rong": "３６"})
        assert wrong.status_code == 422 and "３６" in wrong.content.decode()
        answer = client.post(seal_page(), {"tep": file(imprint()), "rong": "36"}, follow=True)
        assert 'value="36"' in answer.content.decode()
        assert client.get(f"{seal_page()}hinh/")["Content-Type"] == "image/png"
        assert client.post(seal_page(), {"bo": "1"}).status_code == 302
    assert pictures.seal_of(by_key(AGENCY).id) is None


@pytest.mark.django_db
@pytest.mark.parametrize("width", ["", "\0", "²", "-3", "9" * 400])
def test_odd_widths_are_refused_on_the_page(width):
    with cast.on_monday():
        assert client_of(CLERK).post(seal_page(), {"tep": file(imprint()), "rong": width}).status_code == 422


@pytest.mark.django_db
def test_nobody_else_opens_the_page_of_a_seal():
    with cast.on_monday():
        for stranger, status in ((LEADER, 403), (cast.AN, 403), (OTHER_CLERK, 404)):
            for address in (seal_page(), f"{seal_page()}hinh/"):
                assert client_of(stranger).get(address).status_code == status
        assert client_of(cast.AN).get("/chu-ky/").status_code == 403
        assert client_of(CLERK).get(f"/chu-ky/con-dau/{10**17}/").status_code == 404


@pytest.mark.django_db
def test_the_pages_make_a_fixed_number_of_queries():
    with cast.on_monday():
        client = client_of(CLERK)
        without = queries_of(lambda: client.get(seal_page()))
        client.post(seal_page(), {"tep": file(imprint()), "rong": "36"})
        assert queries_of(lambda: client.get(seal_page())) <= without
