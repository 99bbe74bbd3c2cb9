"""Issued documents on the portal: published, found, read by anybody; taken off; never what is limited."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents import services
from lienthong.documents.models import Issue, Publication
from lienthong.documents.queries.public import PAGE
from lienthong.documents.rules.publishing import Force, Publishable, force_of, why_not
from lienthong.documents.rules.relations import How
from lienthong.documents.rules.sending import Recipient
from lienthong.documents.services import publishing
from lienthong.documents.services.publishing import NotPublishable
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CLERK, in_days
from tests.documents.test_changing import changing, decided
from tests.documents.test_outgoing import OUT, PROVINCE, PROVINCE_CLERK, issued, new

LIST = "/van-ban/"
TODAY = date(2025, 3, 3)


def published(
    made: Issue, effective: date = TODAY, expires: date | None = None, by: str = PROVINCE_CLERK
) -> Publication:
    return publishing.publish(issue_id=made.pk, effective_from=effective, expires_on=expires, officer=cast.actor(by))


def read(path: str = LIST, **query: object) -> str:
    answer = Client().get(path, query)
    assert answer.status_code == 200, path
    return answer.content.decode()


@given(st.dates(), st.none() | st.dates(), st.none() | st.dates(), st.dates())
def test_what_has_ended_never_comes_back(start: date, expires: date | None, ended: date | None, today: date):
    def force(day: date) -> Force:
        return force_of(effective_from=start, expires_on=expires, ended_on=ended, today=day)

    if force(today) is Force.ENDED and today < date.max:
        assert force(today + timedelta(days=1)) is Force.ENDED
    if force(today) is Force.IN_FORCE:
        assert start <= today and (expires is None or today <= expires)


@pytest.mark.parametrize("wrong", ["limited", "recalled", "declared", "has_pdf"])
def test_each_of_these_keeps_a_document_from_the_portal(wrong: str):
    sound = {"declared": True, "limited": False, "recalled": False, "has_pdf": True}
    assert why_not(Publishable(**sound)) is None
    assert why_not(Publishable(**{**sound, wrong: not sound[wrong]}))


@pytest.mark.django_db
def test_anybody_finds_and_reads_what_is_published_and_not_to_whom_it_went():
    made = decided()
    assert "01/QĐ-UBND" not in read()
    kept = [published(made) for _time in range(2)]
    assert kept[0].pk == kept[1].pk
    assert "01/QĐ-UBND" in read() and "đang có hiệu lực" in read()
    page = read(f"{LIST}{kept[0].pk}/")
    assert made.document.abstract in page and "Trần Xuân Hải" in page
    assert by_key(AGENCY).name not in page and "Văn phòng Chính phủ" not in page
    answer = Client().get(f"{LIST}{kept[0].pk}/tep/0/")
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")
    kinds = [entry.kind for entry in timeline(("outgoing-document", made.pk))]
    assert kinds == ["documents.issued", "documents.published"]


@pytest.mark.django_db
def test_it_is_searched_and_narrowed():
    published(decided())
    other = issued(kind="chi-thi", symbol="CT-UBND", abstract="Về phòng cháy, chữa cháy rừng")
    published(other)
    assert "CT-UBND" in read(q="phong chay") and "01/QĐ-UBND" not in read(q="phong chay")
    for narrowed in ({"loai": "chi-thi"}, {"muc": "directives"}, {"q": "02/CT-UBND"}):
        page = read(**narrowed)
        assert "02/CT-UBND" in page.split("<table")[1] and "01/QĐ-UBND" not in page.split("<table")[1]
    assert "02/CT-UBND" in read(nam="2025", **{"co-quan": PROVINCE}) and "02/CT-UBND" not in read(nam="2024")
    for forged in ({"nam": "²"}, {"nam": "9" * 30}, {"q": "\0"}, {"loai": "\0"}, {"truoc": "x_²"}, {"co-quan": "x"}):
        assert read(**forged)


@pytest.mark.django_db
def test_limited_recalled_and_other_documents_are_never_public():
    limited = decided(circulation="internal")
    letter = issued()
    for made in (limited, letter):
        with pytest.raises(NotPublishable):
            published(made)
    paper = services.issue(
        agency_id=by_key(PROVINCE).id,
        new=new(kind="quyet-dinh", symbol="QĐ-UBND"),
        recipients=[Recipient("Bộ Tài chính", copies=1)],
        officer=cast.actor(PROVINCE_CLERK),
        key=uuid4(),
    )
    with pytest.raises(NotPublishable):
        published(paper)
    made = decided()
    kept = published(made)
    services.recall(issue_id=made.pk, officer=cast.actor(PROVINCE_CLERK), reason="Sai số liệu")
    kept.refresh_from_db()
    assert kept.withdrawn_at and kept.withdraw_reason == "Sai số liệu"
    for path in (f"{LIST}{kept.pk}/", f"{LIST}{kept.pk}/tep/0/", f"{LIST}{10**17}/"):
        assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_it_is_taken_off_with_a_reason_and_put_back():
    made = decided()
    kept = published(made)
    clerk = cast.actor(PROVINCE_CLERK)
    with pytest.raises(services.NotComplete):
        publishing.withdraw(issue_id=made.pk, reason=" ", officer=clerk)
    for _time in range(2):
        publishing.withdraw(issue_id=made.pk, reason="Đăng nhầm phụ lục", officer=clerk)
    assert Client().get(f"{LIST}{kept.pk}/").status_code == 404 and "01/QĐ-UBND" not in read()
    assert published(made).pk == kept.pk and "01/QĐ-UBND" in read()
    for wrong in ({"effective": date(2025, 3, 2)}, {"expires": date(2025, 3, 1)}):
        with pytest.raises(services.NotComplete):
            published(made, **wrong)


@pytest.mark.django_db
def test_only_the_clerk_of_the_agency_publishes():
    made = decided()
    with pytest.raises(services.NotTheClerk):
        published(made, by=CLERK)
    kept = published(made)
    with pytest.raises(services.NotTheClerk):
        publishing.withdraw(issue_id=made.pk, reason="x", officer=cast.actor(CLERK))
    assert Publication.objects.get(pk=kept.pk).withdrawn_at is None


@pytest.mark.django_db
def test_the_public_sees_what_replaced_it_and_whether_it_is_in_force():
    old = decided()
    first = published(old)
    later = changing(old, How.REPLACES)
    assert "hết hiệu lực" in read(), "from the day of what replaced it"
    second = published(later, effective=in_days(5).date())
    page = read(f"{LIST}{first.pk}/")
    assert "Được thay thế bởi 02/QĐ-UBND" in page and f"{LIST}{second.pk}/" in page and "đang có hiệu lực" in page
    with clock.at(in_days(5)):
        assert "hết hiệu lực" in read(f"{LIST}{first.pk}/") and "đang có hiệu lực" in read(f"{LIST}{second.pk}/")
    assert f"{LIST}{first.pk}/" in read(f"{LIST}{second.pk}/")
    hidden = changing(later, How.AMENDS, circulation="internal")
    assert hidden.document.code not in read(f"{LIST}{second.pk}/")


@pytest.mark.django_db
def test_the_clerk_publishes_and_takes_off_from_the_page():
    made, clerk = decided(), client_of(PROVINCE_CLERK)
    address = f"{OUT}{made.pk}/cong-khai/"
    assert address in clerk.get(f"{OUT}{made.pk}/").content.decode() and clerk.get(address).status_code == 200
    for wrong in ({"hieu-luc": "x"}, {"hieu-luc": "2025-03-02"}, {"hieu-luc": "2025-03-03", "het-hieu-luc": "\0"}):
        assert clerk.post(address, wrong).status_code == 422
    for _time in range(2):
        assert clerk.post(address, {"hieu-luc": "2025-03-03"}).status_code == 302
    assert "đã công khai" in clerk.get(f"{OUT}{made.pk}/").content.decode()
    assert clerk.post(address, {"go": "1", "ly-do": ""}).status_code == 422
    assert clerk.post(address, {"go": "1", "ly-do": "Nhầm"}).status_code == 302
    assert "Nhầm" in clerk.get(address).content.decode()
    letter = issued()
    assert clerk.get(f"{OUT}{letter.pk}/cong-khai/").status_code == 200
    assert clerk.post(f"{OUT}{letter.pk}/cong-khai/", {"hieu-luc": "2025-03-03"}).status_code == 409
    assert client_of(CLERK).get(address).status_code == 404


@pytest.mark.django_db
def test_the_public_list_asks_a_fixed_number_of_queries_and_goes_on():
    published(decided())
    one = queries_of(lambda: Client().get(LIST))
    for _number in range(PAGE + 2):
        published(decided())
    assert queries_of(lambda: Client().get(LIST)) == one
    answer = Client().get(LIST)
    rest = Client().get(LIST + answer.context["older"])
    assert len(answer.context["rows"]) == PAGE and len(rest.context["rows"]) == 3
