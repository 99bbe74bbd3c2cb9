"""Devices that want a PIN: entered for one press, for one document or several, and kept nowhere."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pydantic import SecretStr

from lienthong.documents.circuit import services
from lienthong.documents.models import Draft, Issue, SigningTurn
from lienthong.foundation.errors import DomainError
from lienthong.signing import pins
from lienthong.signing.devices import Credential, devices
from lienthong.signing.rules import Seal, Signer
from lienthong.signing.soft_token import SoftToken
from lienthong.work.bulk import AT_ONCE, TooManyChosen
from lienthong.work.models import Bulk, BulkLine
from tests import cast
from tests.cast import client_of
from tests.documents.conftest import CHAIR, CLERK
from tests.documents.drafted import checked, issued, presented, signed, turn_of

pytestmark = pytest.mark.django_db
PIN = "739150246813"
SIGNING = "/ban-lam-viec/van-ban/trinh-ky/"


class Locked(DomainError):
    code = "signing.wrong_pin"


class TokenWithPin(SoftToken):
    key = "token-with-pin"
    wants_pin = True

    def credential(self, signer: Signer | Seal, *, at: object, pin: SecretStr | None = None) -> Credential:
        if pin is None or pin.get_secret_value() != PIN:
            raise Locked("Nhập mã PIN của thiết bị ký số.")
        return super().credential(signer, at=at)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def token(settings) -> Iterator[None]:
    settings.SIGNING = {"device": {"plugin": "token-with-pin"}}
    with devices.registered(TokenWithPin):
        yield


def waiting() -> SigningTurn:
    under_way = presented()
    checked(under_way)
    return turn_of(under_way)


def press(turn: SigningTurn, pin: str):
    return client_of(CHAIR).post(f"{SIGNING}luot/{turn.pk}/ky/", {"pin": pin})


def test_the_page_asks_for_it_and_nothing_is_signed_without_the_right_one():
    turn = waiting()
    page = client_of(CHAIR).get(f"{SIGNING}{turn.draft_id}/").content.decode()
    assert 'type="password"' in page and "Mã PIN của thiết bị ký số" in page
    for wrong in ("", "1", PIN + "\0", "9" * 5000):
        answer = press(turn, wrong)
        assert answer.status_code == 422 and "Nhập mã PIN" in answer.content.decode()
    assert SigningTurn.objects.get(pk=turn.pk).outcome == ""
    assert press(turn, PIN).status_code == 302
    assert SigningTurn.objects.get(pk=turn.pk).outcome == "done"
    assert pins.current() is None


def test_several_are_signed_with_one_pin_which_is_kept_nowhere():
    turns = [waiting(), waiting()]
    chair = client_of(CHAIR)
    chair.post(f"{SIGNING}ky-nhieu/", {"chon": [each.pk for each in turns]})
    bulk = Bulk.objects.get()
    page = chair.get(f"{SIGNING}ky-nhieu/{bulk.key}/").content.decode()
    assert 'name="pin"' in page
    kept = list(bulk.lines.values_list("pk", flat=True))
    assert chair.post(f"{SIGNING}ky-nhieu/{bulk.key}/", {"giu": kept, "pin": PIN}).status_code == 302
    assert set(bulk.lines.values_list("outcome", flat=True)) == {BulkLine.Outcome.DONE}
    assert not anywhere(PIN)


def anywhere(text: str) -> list[str]:
    """The tables in which the text stands somewhere."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}" AS r WHERE r::text LIKE %s)', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_where_nothing_was_kept_a_text_that_was_would_be_found():
    draft = presented().draft
    assert "documents_draft" in anywhere(draft.abstract)


def test_no_more_are_chosen_than_one_press_signs():
    with pytest.raises(TooManyChosen):
        services.choose(turns=range(1, AT_ONCE + 2), officer=cast.actor(CHAIR))


def test_the_seal_wants_it_too_and_without_it_there_is_no_number():
    with pins.entered(PIN):
        turn = signed()
    page = client_of(CLERK).get(f"{SIGNING}{turn.draft_id}/phat-hanh/").content.decode()
    assert 'name="pin"' in page
    with pytest.raises(Locked):
        issued(turn)
    assert not Issue.objects.exists() and Draft.objects.get().state == Draft.State.SIGNED
    with pins.entered(PIN):
        assert issued(turn).number == 1
