"""Papers at reception that become files: checked, put together, compared, signed; nothing is lost by a bad file."""

import io
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter

from lienthong.cases import jobs, services
from lienthong.cases.models import Component, Digitised, Document, Dossier
from lienthong.cases.queries.pages import dossier_page
from lienthong.cases.rules.scanning import MOST_PAGES, Doubt, ScanFacts, ScannedPage, facts
from lienthong.cases.scans import TooManyPages
from lienthong.cases.services import digitising
from lienthong.cases.services.digitising import NotCompared, OnlyAPlainCopy, ScanRefused, SignedAlready, Upload
from lienthong.cases.services.handling import CopySigned, NotYourStep
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.signing.services import is_genuine, verify_pdf
from tests import cast
from tests.cases import dossiers

DRAWING = "ban-ve"
LIMIT = 20_000_000
ORIGINAL, PLAIN = Digitised.Source.ORIGINAL, Digitised.Source.PLAIN


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def picture(width: int = 1654, height: int = 2339, *, kind: str = "JPEG", dpi: int = 0, colour: str = "#eee", **more):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **({"dpi": (dpi, dpi)} if dpi else {}), **more)
    return out.getvalue()


def pdf(pages: int = 1, *, width: int = 595, height: int = 842, password: str = "", turned: int = 0) -> bytes:
    writer = PdfWriter()
    for _n in range(pages):
        page = writer.add_blank_page(width, height)
        if turned:
            page.rotate(turned)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scanned(dossier: Dossier, *contents: bytes, names: tuple[str, ...] = (), source=ORIGINAL, by: str = cast.CLERK):
    names = names or tuple(f"scan{n}.{'pdf' if each[:4] == b'%PDF' else 'jpg'}" for n, each in enumerate(contents))
    return digitising.digitise(
        dossier_id=dossier.pk,
        component=DRAWING,
        uploads=[Upload(name, io.BytesIO(each)) for name, each in zip(names, contents, strict=True)],
        source=source,
        officer=cast.actor(by),
        max_bytes=LIMIT,
    )


def content(file: StoredFile) -> bytes:
    with storage.open_content(file.sha256) as opened:
        return opened.read()


def mark(component: Component, result: Component.Check = Component.Check.GOOD) -> None:
    services.check_component(
        dossier_id=component.dossier_id, component_id=component.pk, result=result, officer=cast.actor(cast.CLERK)
    )


def sign(component: Component, by: str = cast.CLERK) -> Digitised:
    return digitising.sign_copy(dossier_id=component.dossier_id, component_id=component.pk, officer=cast.actor(by))


def facts_of(component: Component) -> ScanFacts:
    return ScanFacts.from_json(component.digitised.scan)


# taking scans


@pytest.mark.django_db
def test_pictures_become_one_pdf_with_their_own_bytes_inside():
    first, second = picture(dpi=200), picture(2339, 1654, colour="#ddd")
    component = scanned(dossiers.submitted(), first, second)
    made = content(component.file)
    assert component.file.format == "pdf" and component.name.endswith(".pdf")
    sizes = [tuple(round(each) for each in page.mediabox[2:]) for page in PdfReader(io.BytesIO(made)).pages]
    assert sizes == [(595, 842), (842, 595)]
    assert b"pdfaid" in made and first[600:3000] in made, "PDF/A, and nothing drawn anew"
    assert facts_of(component).dpi == 200 and facts_of(component).estimated
    assert StoredFile.objects.filter(format="jpeg", name__startswith="scan").count() == 0, "the pieces are in it"


@pytest.mark.django_db
def test_a_pdf_stays_as_it_is_byte_by_byte():
    scan = pdf(2)
    component = scanned(dossiers.submitted(), scan)
    assert content(component.file) == scan
    assert facts_of(component).pages == 2 and not facts_of(component).searchable


@pytest.mark.django_db
def test_a_pdf_and_pictures_are_put_together_in_their_order():
    component = scanned(dossiers.submitted(), picture(), pdf(2, width=300, height=300))
    widths = [round(page.mediabox.width) for page in PdfReader(io.BytesIO(content(component.file))).pages]
    assert widths == [595, 300, 300]


@pytest.mark.django_db
def test_a_photograph_held_sideways_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    component = scanned(dossiers.submitted(), picture(2339, 1654, exif=exif.tobytes()))
    page = PdfReader(io.BytesIO(content(component.file))).pages[0]
    assert page.mediabox.height > page.mediabox.width


@pytest.mark.django_db
def test_a_coarse_picture_is_taken_with_a_warning():
    component = scanned(dossiers.submitted(), picture(600, 800))
    assert Doubt.COARSE in facts_of(component).doubts and facts_of(component).estimated


@pytest.mark.django_db
def test_the_same_files_sent_again_are_one_scan():
    dossier = dossiers.submitted()
    first = scanned(dossier, picture(), picture(colour="#111"))
    files = StoredFile.objects.count()
    assert scanned(dossier, picture(), picture(colour="#111")) == first
    assert dossier.components.filter(digitised__isnull=False).count() == 1 and StoredFile.objects.count() == files


BAD = {
    "empty": (b"", "scan.pdf"),
    "no picture": (b"hello", "scan.jpg"),
    "broken": (b"%PDF-1.7 nothing", "scan.pdf"),
    "lying": (pdf(), "scan.jpg"),
    "locked": (pdf(password="bi-mat"), "scan.pdf"),
    "too large": (picture() + b"\0" * LIMIT, "scan.jpg"),
    "a program": (b"MZ" + b"\0" * 200, "scan.exe"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("bad", "name"), BAD.values(), ids=BAD)
def test_a_bad_file_refuses_all_by_name_and_nothing_is_left_or_lost(bad, name):
    dossier = dossiers.submitted()
    before = (Component.objects.count(), StoredFile.objects.count())
    with pytest.raises(ScanRefused, match=name):
        scanned(dossier, picture(), bad, names=("first.jpg", name))
    assert (Component.objects.count(), StoredFile.objects.count()) == before


@pytest.mark.django_db
def test_a_thousand_pages_are_refused_with_a_way_out():
    with pytest.raises(TooManyPages, match="1000") as refused:
        scanned(dossiers.submitted(), pdf(1000))
    assert refused.value.way_out
    with pytest.raises(TooManyPages):
        scanned(dossiers.submitted(), pdf(MOST_PAGES), picture())


@pytest.mark.django_db
def test_only_who_has_the_reception_digitises_and_only_while_it_is_open():
    dossier = dossiers.submitted()
    for stranger in (cast.HANDLER, cast.HEAD, cast.LEADER):
        with pytest.raises(Exception) as refused:
            scanned(dossier, picture(), by=stranger)
        assert refused.value.status in (403, 404)
    component = scanned(dossier, picture())
    mark(component)
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    with pytest.raises(NotYourStep):
        scanned(dossier, picture(colour="#000"))
    with pytest.raises(NotYourStep):
        sign(component)


@pytest.mark.django_db
def test_a_scan_can_be_taken_away_again_until_it_is_signed():
    dossier = dossiers.submitted()
    component = scanned(dossier, picture())
    pk, file_id = component.pk, component.file_id
    for _time in range(2):
        digitising.remove_scan(dossier_id=dossier.pk, component_id=pk, officer=cast.actor(cast.CLERK))
    assert not StoredFile.objects.filter(pk=file_id).exists()
    of_applicant = dossier.components.first()
    with pytest.raises(digitising.NotDigitised):
        digitising.remove_scan(dossier_id=dossier.pk, component_id=of_applicant.pk, officer=cast.actor(cast.CLERK))
    again = scanned(dossier, picture())
    mark(again)
    sign(again)
    with pytest.raises(SignedAlready):
        digitising.remove_scan(dossier_id=dossier.pk, component_id=again.pk, officer=cast.actor(cast.CLERK))
    kinds = [entry.kind for entry in timeline(("dossier", dossier.pk))]
    assert kinds.count("cases.scan_removed") == 1 and kinds.count("cases.digitised") == 2


# signing copies


@pytest.mark.django_db
def test_a_signed_copy_says_what_it_is_and_the_scan_stays_untouched():
    dossier = dossiers.submitted()
    component = scanned(dossier, picture(dpi=200))
    before = content(component.file)
    mark(component)
    digitised = sign(component)
    component.refresh_from_db()
    copy = content(digitised.signed_copy)
    assert content(component.file) == before
    reports = verify_pdf(copy)
    clerk = cast.actor(cast.CLERK)
    assert is_genuine(reports) and reports[0].name == clerk.name
    assert reports[0].reason == "BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH"
    assert (digitised.signed_at, digitised.signed_by_id) == (cast.MONDAY, clerk.account_id)
    assert dossier_page(clerk, dossier.pk).file(digitised.signed_copy_id) == digitised.signed_copy
    assert sign(component).signed_copy_id == digitised.signed_copy_id, "once"
    with pytest.raises(CopySigned):
        mark(component, Component.Check.WRONG)
    assert [entry.kind for entry in timeline(("dossier", dossier.pk))].count("cases.copy_signed") == 1


@pytest.mark.django_db
def test_what_was_not_compared_or_is_a_plain_copy_is_not_signed():
    dossier = dossiers.submitted()
    with pytest.raises(NotCompared):
        sign(scanned(dossier, picture()))
    plain = scanned(dossier, picture(colour="#123"), source=PLAIN)
    mark(plain)
    with pytest.raises(OnlyAPlainCopy):
        sign(plain)
    with pytest.raises(digitising.NotDigitised):
        sign(dossier.components.first())
    assert not Digitised.objects.filter(signed_copy__isnull=False).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "scan", [pdf(3), pdf(turned=90), pdf(width=243, height=153), pdf(password="")], ids=["plain", "turned", "card", "-"]
)
def test_scans_of_all_sorts_can_be_signed(scan):
    component = scanned(dossiers.submitted(), scan)
    mark(component)
    assert is_genuine(verify_pdf(content(sign(component).signed_copy)))


@pytest.mark.django_db
def test_a_file_with_an_open_lock_is_written_anew_to_be_signed():
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt(user_password="", owner_password="chu-nhan")
    out = io.BytesIO()
    writer.write(out)
    component = scanned(dossiers.submitted(), out.getvalue())
    mark(component)
    assert is_genuine(verify_pdf(content(sign(component).signed_copy)))


def test_two_presses_at_once_make_one_signed_copy(committed):
    dossier = dossiers.submitted()
    component = scanned(dossier, picture())
    mark(component)
    start, made = Barrier(2), []

    def press():
        try:
            with cast.on_monday():
                start.wait()
                made.append(sign(component).signed_copy_id)
        finally:
            connection.close()

    threads = [Thread(target=press) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2 and len(set(made)) == 1


# the rules


pages = st.builds(
    ScannedPage,
    st.floats(50, 400),
    st.floats(50, 400),
    dpi=st.none() | st.integers(20, 600),
    text=st.booleans(),
)


@given(st.lists(pages, min_size=1, max_size=20))
def test_facts_name_pages_that_are_there_and_survive_storing(scan):
    known = facts(scan)
    assert set(known.coarse) | set(known.sideways) <= set(range(1, len(scan) + 1))
    assert known.searchable == all(page.text for page in scan)
    assert ScanFacts.from_json({**known.as_json(), "of": ["digest"]}) == known


@pytest.mark.django_db
def test_a_scan_is_among_the_persons_papers_until_it_is_taken_away_again():
    dossier = dossiers.submitted()
    scan = scanned(dossier, picture())
    for entry in timeline(("dossier", dossier.pk)):
        if entry.kind == "cases.digitised":
            jobs.keep_handed_in(entry)
    assert Document.objects.filter(dossier=dossier, file=scan.file).exists()
    digitising.remove_scan(dossier_id=dossier.pk, component_id=scan.pk, officer=cast.actor(cast.CLERK))
    assert not Document.objects.filter(dossier=dossier, component=scan.component, file_id=scan.file_id).exists()
