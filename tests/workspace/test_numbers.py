"""The clerk's page on which an account is compared with a card."""

import pytest

from lienthong.foundation.ledger.queries import timeline
from lienthong.identity.models import Person
from lienthong.identity.services import confirming
from tests import cast
from tests.identity import roles
from tests.workspace.conftest import desk, messages_on, page, text

pytestmark = pytest.mark.django_db

CARD = "067085004127|245123456|Nguyễn Văn An|14031985|Nam|Số 42, tổ dân phố 3, Nghĩa Trung, Gia Nghĩa|01072021"


def code() -> str:
    return confirming.make_code(actor=cast.actor(cast.AN)).code or ""


def test_a_scanned_card_and_a_code_lead_to_the_account_and_one_more_press_confirms_it():
    told, client = code(), desk(cast.CLERK)
    shown = client.post(page("numbers"), {"code": f"{told[:5]}-{told[5:].lower()}", "number": CARD})
    assert shown.status_code == 200 and "Nguyễn Văn An" in text(shown) and "Khớp, xác nhận" in text(shown)
    assert not Person.objects.filter(confirmed_at__isnull=False).exists(), "looking confirms nothing"
    given = {"code": told, "number": "067085004127", "name": "Nguyễn Văn An", "lam": "confirm"}
    done = client.post(page("numbers"), given, follow=True)
    assert "Nguyễn Văn An" in messages_on(done)
    person = Person.objects.get(account__username=cast.AN)
    assert person.confirmed_by == cast.account(cast.CLERK)
    seen = [entry.kind for entry in timeline(("account", person.account_id))]
    assert seen == ["identity.number_seen", "identity.number_confirmed"]


def test_what_is_missing_or_wrong_is_told_and_what_was_typed_stays():
    answer = desk(cast.CLERK).post(page("numbers"), {"code": "", "number": "12"})
    assert answer.status_code == 422 and 'href="#code"' in text(answer) and 'href="#number"' in text(answer)
    answer = desk(cast.CLERK).post(page("numbers"), {"code": "AAAAAAAAAA", "number": CARD})
    assert answer.status_code == 404 and 'value="AAAAAAAAAA"' in text(answer) and "lấy mã mới" in text(answer).lower()
    answer = desk(cast.CLERK).post(page("numbers"), {"code": code(), "number": CARD.replace("Văn An", "Văn Anh")})
    assert answer.status_code == 422 and "khác với trên thẻ" in text(answer)


def test_the_page_is_for_clerks_alone():
    assert roles.who_may(page("numbers")) == {"one-stop-clerk"}
    told = code()
    others = roles.Everybody(set(roles.PEOPLE) - {"one-stop-clerk"})
    sent = {"code": told, "number": CARD, "lam": "confirm"}
    assert others.let_in(page("numbers"), method="post", data=sent) == set()
    assert not Person.objects.filter(confirmed_at__isnull=False).exists()
