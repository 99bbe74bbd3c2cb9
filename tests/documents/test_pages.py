"""Documents in the browser's eyes: what each sees, fills in, is refused."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.documents import services
from lienthong.documents.models import Arrival, Task
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.documents.conftest import CHAIR, CLERK, HANDLER, HEAD, URBAN, chair, presented, registered
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

FORM = "/ban-lam-viec/van-ban/den/dang-ky/"
LIST = "/ban-lam-viec/van-ban/den/"


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(cast.account(username))
    return client


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


def test_the_same_document_again_is_shown_and_may_be_registered_all_the_same():
    clerk = client_of(CLERK)
    clerk.post(FORM, filled())
    again = clerk.post(FORM, filled())
    assert again.status_code == 422 and "van-dang-ky" in again.content.decode()
    assert clerk.post(FORM, filled(**{"van-dang-ky": "1"})).status_code == 302
    assert Arrival.objects.count() == 2


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


def test_the_list_asks_a_fixed_number_of_queries(django_assert_num_queries):
    registered()
    clerk = client_of(CLERK)
    clerk.get(LIST)
    with django_assert_num_queries(COUNTED) as one:
        clerk.get(LIST)
    for number in range(5):
        services.register(
            agency_id=by_key("thanh-pho-gia-nghia").id,
            document=services.NewDocument(None, None, "bao-cao", f"Báo cáo {number}", "Sở Y tế"),
            officer=cast.actor(CLERK),
            key=uuid4(),
        )
    with django_assert_num_queries(len(one)):
        clerk.get(LIST)


COUNTED = 5
