"""How documents are exchanged: electronically, signed, on paper; counted live, and what was found of signatures."""

from io import BytesIO

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.documents import services
from lienthong.documents.models import Document, Signature
from lienthong.documents.queries.exchange import SHARES, Got, Sent, Trait, got_by, sent_by
from lienthong.documents.services import Upload
from lienthong.documents.services.signatures import CHECK_JOB, check_left_over, check_signature, verdict_on
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key
from lienthong.signing.rules import Seal
from lienthong.signing.services import sign_pdf
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, registered
from tests.documents.test_copies import BANK, sent
from tests.documents.test_outgoing import OUT, PROVINCE, THIS_MONTH, arrived, issued, taken_in, to
from tests.foundation.files import samples

PAGE = f"{OUT}thong-ke/"


def sealed_pdf() -> bytes:
    pdf = samples.pdf_saying("Quyết định")
    seal = Seal(organisation="Ủy ban nhân dân tỉnh Đắk Nông", organisation_identifier="H16")
    return sign_pdf(pdf, signer=seal, reason="Phát hành văn bản", at=clock.now())


def of(key: str) -> Sent:
    return sent_by([by_key(key)], THIS_MONTH).get(by_key(key).id, Sent())


def test_a_broken_signature_tells_more_than_a_good_one():
    assert verdict_on([]) == verdict_on([Signature.NONE]) == Signature.NONE
    assert verdict_on([Signature.NONE, Signature.VALID]) == Signature.VALID
    assert verdict_on([Signature.VALID, Signature.BROKEN, Signature.UNKNOWN]) == Signature.BROKEN


@pytest.mark.django_db
def test_what_is_found_is_kept_with_the_document(monkeypatch):
    made = issued()
    assert made.document.signature == Signature.UNCHECKED
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'document' FROM procrastinate_jobs WHERE task_name = %s", [CHECK_JOB])
        assert cursor.fetchall() == [(str(made.document_id),)]
    for _time in range(2):
        assert check_signature(made.document_id) == Signature.NONE
    monkeypatch.setattr("tests.documents.test_outgoing.scan", lambda: [Upload("a.pdf", sealed_pdf())])
    signed = issued()
    broken = sealed_pdf()
    place = broken.index(b"/Contents <") - 200
    monkeypatch.setattr(
        "tests.documents.test_outgoing.scan",
        lambda: [Upload("a.pdf", broken[:place].replace(b"/MediaBox", b"/MediaBax") + broken[place:])],
    )
    altered = issued()
    assert check_left_over() == 2
    for each, found in ((signed, Signature.VALID), (altered, Signature.BROKEN)):
        each.document.refresh_from_db()
        assert (each.document.signature, bool(each.document.signature_checked_at)) == (found, True)
    assert "có chữ ký số hợp lệ" in client_of("vanthu.tinh").get(f"{OUT}{signed.pk}/").content.decode()
    assert check_signature(10**9) is None and check_left_over() == 0


@pytest.mark.django_db
def test_what_has_no_file_is_not_signed():
    assert registered().document.signature == Signature.NONE


@pytest.mark.django_db
def test_shares_are_of_what_was_issued_and_not_recalled():
    both = sent(BANK, *to(PROVINCE))
    sent(*to(PROVINCE))
    sent(BANK)
    recalled = sent(BANK)
    services.recall(issue_id=recalled.pk, officer=cast.actor(CLERK), reason="Nhầm")
    Document.objects.filter(pk=both.document_id).update(signature=Signature.VALID)
    counted = of(AGENCY)
    assert counted == Sent(issued=3, electronic=2, only_electronic=1, signed=1, paper=2)
    assert [round(counted.share(trait) or 0) for trait in SHARES] == [67, 33, 33, 67]
    assert Sent().share(Trait.PAPER) is None


@pytest.mark.django_db
def test_what_came_is_counted_once_registered():
    registered()
    arrival = arrived()
    assert got_by([by_key(AGENCY)], THIS_MONTH)[by_key(AGENCY).id] == Got(1, 0, 0)
    taken_in(arrival)
    Document.objects.filter(pk=arrival.document_id).update(signature=Signature.VALID)
    assert got_by([by_key(AGENCY)], THIS_MONTH)[by_key(AGENCY).id] == Got(2, 1, 1)


@pytest.mark.django_db
def test_every_figure_leads_to_its_documents():
    sent(BANK, *to(PROVINCE))
    sent(*to(PROVINCE))
    services.recall(issue_id=sent(BANK).pk, officer=cast.actor(CLERK), reason="Nhầm")
    for username, part in ((CLERK, "agencies"), (HEAD, "units")):
        client = client_of(username)
        rows = [row for row in client.get(f"{PAGE}?tu=2025-03-01&den=2025-03-31").context[part] if row["issued"][0]]
        assert len(rows) == 1 and rows[0]["issued"][0] == 2
        for count, address in (rows[0]["issued"], *((cell[1], cell[3]) for cell in rows[0]["cells"])):
            assert len(client.get(address).context["rows"]) == count, (username, address)


@pytest.mark.django_db
def test_it_is_a_spreadsheet_and_a_paper():
    sent(BANK, *to(PROVINCE))
    clerk = client_of(CLERK)
    rows = list(load_workbook(BytesIO(clerk.get(f"{PAGE}?dang=xlsx").content)).active.iter_rows(values_only=True))
    assert rows[3][:4] == (by_key(AGENCY).name, 1, 1, "100,0") and len(rows[2]) == 11
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(clerk.get(f"{PAGE}?dang=pdf").content)).pages)
    assert "Thống kê trao đổi văn bản điện tử" in text and "100,0" in text


@pytest.mark.django_db
def test_it_asks_a_fixed_number_of_queries_and_is_for_those_who_follow():
    sent(BANK)
    for username in (CLERK, CHAIR):
        client = client_of(username)
        one = queries_of(lambda client=client: client.get(PAGE))
        for _number in range(2):
            sent(BANK, *to(PROVINCE))
        assert queries_of(lambda client=client: client.get(PAGE)) == one
    assert client_of(HANDLER).get(PAGE).status_code == 403
    assert client_of(CLERK).get(f"{PAGE}?tu=x&den=²&dang=x&co-quan=\0").status_code == 200
    assert client_of(CLERK).get(f"{OUT}?muc=x&don-vi=\0").status_code == 200
