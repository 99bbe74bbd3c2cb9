"""Documents in the browser's eyes: what each sees, fills in, is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.documents import services
from lienthong.documents.models import Arrival, Document, Task
from lienthong.documents.queries.incoming import LATELY, PAGE
from lienthong.documents.rules.journey import Status
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key
from lienthong.workspace.subjects import about
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, URBAN, chair, presented, registered
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

FORM = "/ban-lam-viec/van-ban/den/dang-ky/"
LIST = "/ban-lam-viec/van-ban/den/"


def filled(**other: str) -> dict[str, object]:
    return {
        "_lan": str(uuid4()),
        "so": "125/SXD-QH",
        "ngay-van-ban": "2025-02-27",
        "loai": "cong-van",
        "do-khan": "1",
        "co-quan-gui": "Sở Xây dựng",
        "trich-yeu": "Về việc rà soát quy hoạch",
        "ngay-den": "2025-03-03",
        "trinh": str(chair()),
        **other,
    }


def test_how_far_it_may_go_is_registered_with_it():
    clerk = client_of(CLERK)
    assert 'name="luu-hanh"' in clerk.get(FORM).content.decode()
    for said, kept in (("internal", "internal"), ("", ""), ("\0forged", "")):
        form = filled(**{"luu-hanh": said, "van-dang-ky": "1"})
        assert clerk.post(FORM, form).status_code == 302
        assert Arrival.objects.latest("pk").document.circulation == kept
    page = clerk.post(FORM, filled(**{"luu-hanh": "return", "trich-yeu": ""})).content.decode()
    assert '<option value="return" selected>' in page


def test_the_clerk_registers_with_its_files_and_the_leader_reads_it():
    clerk = client_of(CLERK)
    assert clerk.get(FORM).status_code == 200
    scan = SimpleUploadedFile("công văn.pdf", samples.pdf_saying("Công văn của Sở"))
    answer = clerk.post(FORM, {**filled(), "tep": scan}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Về việc rà soát quy hoạch" in page and "công văn.pdf" in page
    arrival = Arrival.objects.get()
    leader = client_of(CHAIR)
    assert f"{LIST}{arrival.pk}/" in leader.get("/ban-lam-viec/").content.decode()
    assert leader.get(f"{LIST}{arrival.pk}/").status_code == 200
    assert Task.objects.get().seen_at
    served = leader.get(f"{LIST}{arrival.pk}/tep/0/")
    assert served.status_code == 200 and served["Content-Type"] == "application/pdf"


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost():
    answer = client_of(CLERK).post(FORM, filled(so="không số", **{"trich-yeu": "", "ghi-chu": "giữ lại"}))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="mark_error"' in page and "giữ lại" in page
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"do-khan": "²"},
        {"do-khan": "9" * 30},
        {"so-trang": "²"},
        {"so-trang": "9" * 30},
        {"trinh": "²"},
        {"trinh": "9" * 30},
        {"trich-yeu": "một\0hai"},
        {"loi-trinh": "một\0hai"},
        {"so": "1\0/QĐ"},
        {"ngay-den": "0000-00-00"},
        {"han": "9" * 30},
        {"cach-den": "bồ câu"},
        {"co-quan": "không có"},
        {"_lan": "không phải khóa"},
    ],
    ids=str,
)
def test_whatever_is_typed_or_forged_is_answered(wrong: dict[str, str]):
    assert client_of(CLERK).post(FORM, filled(**wrong)).status_code in (302, 404, 422)


@pytest.mark.parametrize(
    "forged", [{"cho-²": "lead"}, {"cho-1-²": "lead"}, {f"cho-{'9' * 30}": "lead"}, {"han": "x"}], ids=str
)
def test_a_forged_direction_is_refused(forged: dict[str, str]):
    arrival = presented()
    address = f"{LIST}{arrival.pk}/chuyen/{Task.objects.get().pk}/"
    assert client_of(CHAIR).post(address, {"_lan": str(uuid4()), **forged}).status_code in (404, 422)
    assert Task.objects.count() == 1


def test_a_decision_with_its_year_keeps_it():
    client_of(CLERK).post(FORM, filled(so="04/2025/QĐ-UBND"))
    assert Arrival.objects.get().document.code == "04/2025/QĐ-UBND"


def test_the_ledger_names_a_document_to_those_who_may_see_it():
    arrival = presented()
    subject = (DOCUMENT, arrival.pk)
    seen = about([subject], cast.actor(CLERK))[subject]
    assert (seen.name, seen.address) == ("125/SXD-QH", f"{LIST}{arrival.pk}/")
    hidden = about([subject], cast.actor(HANDLER))[subject]
    assert (hidden.name, hidden.address) == (str(arrival.pk), "")


def test_the_list_goes_on_where_the_page_ends():
    Document.objects.bulk_create(
        Document(kind="bao-cao", abstract=f"Báo cáo {number}", issuer_name="Sở Y tế") for number in range(PAGE + 7)
    )
    day = clock.today()
    Arrival.objects.bulk_create(
        Arrival(
            document=document,
            organisation_id=by_key(AGENCY).id,
            way="paper",
            arrived_at=clock.now(),
            arrived_on=day - timedelta(days=number % 3),
            book="den",
            year=day.year,
            number=number + 1,
            registered_at=clock.now(),
            registered_by=cast.account(CLERK),
            status=Status.REGISTERED,
        )
        for number, document in enumerate(Document.objects.order_by("id"))
    )
    clerk, address, seen = client_of(CLERK), LIST, []
    while address:
        page = clerk.get(address)
        seen.append([row["arrival"] for row in page.context["rows"]])
        address = page.context["older"] and LIST + page.context["older"]
    assert [len(rows) for rows in seen] == [PAGE, 7]
    shown = [(arrival.arrived_on, arrival.pk) for rows in seen for arrival in rows]
    assert shown == sorted(set(shown), reverse=True) and len(shown) == PAGE + 7


def test_the_same_document_again_is_shown_and_may_be_registered_all_the_same():
    clerk = client_of(CLERK)
    clerk.post(FORM, filled())
    again = clerk.post(FORM, filled())
    assert again.status_code == 422 and "van-dang-ky" in again.content.decode()
    assert clerk.post(FORM, filled(**{"van-dang-ky": "1"})).status_code == 302
    assert Arrival.objects.count() == 2


def test_the_same_document_again_without_its_number_is_shown():
    clerk = client_of(CLERK)
    clerk.post(FORM, filled())
    again = clerk.post(FORM, filled(so=""))
    assert again.status_code == 422 and f"{LIST}{Arrival.objects.get().pk}/" in again.content.decode()
    assert clerk.post(FORM, filled(**{"so": "", "trich-yeu": "Về việc khác"})).status_code == 302
    with clock.at(clock.now() + LATELY * 2):
        assert clerk.post(FORM, filled(so="", **{"ngay-den": "2025-05-04"})).status_code == 302


def test_what_is_said_above_the_form_is_not_scrolled_away_by_its_first_box():
    clerk = client_of(CLERK)
    assert "autofocus" in clerk.get(FORM).content.decode()
    clerk.post(FORM, filled())
    assert "autofocus" not in clerk.post(FORM, filled()).content.decode()


def test_a_leader_hands_it_on_and_a_second_press_does_nothing_more():
    arrival = presented()
    task, unit = Task.objects.get(), by_key(URBAN).id
    address = f"{LIST}{arrival.pk}/chuyen/{task.pk}/"
    leader = client_of(CHAIR)
    assert f'name="cho-{unit}"' in leader.get(address).content.decode()
    press = {"_lan": str(uuid4()), f"cho-{unit}": "lead", "loi": "Tham mưu trước ngày 10"}
    for _ in range(2):
        assert leader.post(address, press).status_code == 302
    assert Task.objects.count() == 2
    page = client_of(HEAD).get(f"{LIST}{arrival.pk}/").content.decode()
    assert "Tham mưu trước ngày 10" in page and f"/bao-cao/{Task.objects.latest('pk').pk}/" in page


def test_two_leads_are_refused_and_the_choice_stays():
    arrival = presented()
    task, unit = Task.objects.get(), by_key(URBAN).id
    other = by_key(f"{URBAN.rsplit('-', 4)[0]}-tai-chinh-ke-hoach").id
    press = {"_lan": str(uuid4()), f"cho-{unit}": "lead", f"cho-{other}": "lead"}
    answer = client_of(CHAIR).post(f"{LIST}{arrival.pk}/chuyen/{task.pk}/", press)
    assert answer.status_code == 422 and answer.content.decode().count('value="lead" checked') == 2


def test_strangers_and_others_get_nothing():
    arrival = presented()
    task = Task.objects.get()
    for address in ("", f"{arrival.pk}/", f"{arrival.pk}/chuyen/{task.pk}/", f"{arrival.pk}/tep/0/", "dang-ky/"):
        assert Client().get(LIST + address).status_code == 302
    handler = client_of(HANDLER)
    for address in (f"{arrival.pk}/", f"{arrival.pk}/chuyen/{task.pk}/", f"{arrival.pk}/tep/0/"):
        assert handler.get(LIST + address).status_code == 404
    assert handler.get(LIST + "dang-ky/").status_code == 403
    assert client_of(CHAIR).get(f"{LIST}{arrival.pk}/nghich/{task.pk}/").status_code == 404


def test_the_list_asks_a_fixed_number_of_queries():
    registered()
    clerk = client_of(CLERK)
    one = queries_of(lambda: clerk.get(LIST))
    assert one <= COUNTED
    for number in range(5):
        services.register(
            agency_id=by_key("thanh-pho-gia-nghia").id,
            document=services.NewDocument(None, None, "bao-cao", f"Báo cáo {number}", "Sở Y tế"),
            officer=cast.actor(CLERK),
            key=uuid4(),
        )
    assert queries_of(lambda: clerk.get(LIST)) == one


COUNTED = 7
