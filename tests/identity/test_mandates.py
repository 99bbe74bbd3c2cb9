"""Acting for others: who says so, who confirms it, who learns of it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.queries import timeline
from lienthong.identity import representing
from lienthong.identity.models import Business, Mandate, Person
from lienthong.identity.services import mandate_checks as checks
from lienthong.identity.services import mandates as services
from lienthong.identity.services.mandate_rows import MANDATE, MandateMovedOn, MandateRefused, NoSuchMandate
from lienthong.identity.services.mandates import Represented, Terms
from tests import cast

pytestmark = pytest.mark.django_db

QUAN = "quan.do"
TODAY = cast.MONDAY.date()
YEAR = TODAY + timedelta(days=364)
CAFE = Represented(name="Công ty TNHH Cà phê Minh Quân", identity="6400317267", for_business=True)
NEW = Represented(name="Công ty TNHH Tiêu Đắk Mil", identity="6400000012", for_business=True, address_unit="24612")
AN = Represented(name="Nguyễn Văn An", identity="067085004127")
CHILD = Represented(name="Nguyễn Minh Khôi", identity="067220001234")


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def claimed(by: str = cast.BICH, represented: Represented = CAFE, kind=Mandate.Kind.LEGAL, **terms) -> Mandate:
    chosen = {"valid_from": TODAY, **({"valid_to": YEAR} if kind == Mandate.Kind.WRITTEN else {}), **terms}
    return services.claim(actor=cast.actor(by), kind=kind, represented=represented, terms=Terms(**chosen))


def given(by: str = cast.AN, to: str = "Trần Thị Bích", **more) -> Mandate:
    terms = Terms(valid_from=TODAY, valid_to=more.pop("valid_to", YEAR), procedures=more.pop("procedures", ()))
    return services.offer(actor=cast.actor(by), agent_name=to, terms=terms, **more)


def kinds(mandate: Mandate) -> list[str]:
    return [entry.kind for entry in timeline((MANDATE, mandate.pk))]


def may(username: str, procedure: str = "") -> list[str]:
    return [each.name for each in representing.represented_by(cast.account(username).pk, procedure)]


# a business


def test_a_claim_counts_only_when_it_is_confirmed():
    mandate = claimed()
    assert may(cast.BICH) == [] and mandate.state == "claimed"
    services.confirm(actor=cast.actor(QUAN), mandate_id=mandate.pk)
    assert may(cast.BICH) == [CAFE.name]
    assert kinds(mandate) == ["identity.mandate_claimed", "identity.mandate_confirmed"]


def test_the_representative_sees_who_claims_the_business_and_others_do_not():
    mandate = claimed()
    assert [each.pk for each in representing.mandates_of(cast.actor(QUAN)).waiting] == [mandate.pk]
    assert not representing.seen_by(cast.actor(cast.AN)).exists()
    with pytest.raises(NoSuchMandate):
        services.confirm(actor=cast.actor(cast.AN), mandate_id=mandate.pk)
    with pytest.raises(NoSuchMandate):
        services.confirm(actor=cast.actor(cast.BICH), mandate_id=mandate.pk)
    mandate.refresh_from_db()
    assert mandate.state == "claimed"


def test_a_clerk_makes_a_business_known_by_its_papers():
    mandate = claimed(represented=NEW)
    assert not Business.objects.filter(tax_code=NEW.identity).exists()
    checks.check(officer=cast.actor(cast.CLERK), code=mandate.code)
    assert may(cast.BICH) == [NEW.name]
    mandate.refresh_from_db()
    assert mandate.business and mandate.business.name == NEW.name and mandate.confirmed_post_id


def test_two_people_claim_one_business_and_the_first_confirms_the_second():
    first, second = claimed(cast.BICH, NEW), claimed(cast.AN, NEW)
    checks.check(officer=cast.actor(cast.CLERK), code=first.code)
    services.confirm(actor=cast.actor(cast.BICH), mandate_id=second.pk)
    assert may(cast.AN) == may(cast.BICH) == [NEW.name]
    assert Business.objects.filter(tax_code=NEW.identity).count() == 1


def test_a_claim_writes_nothing_of_a_business_that_is_known():
    checks.check(officer=cast.actor(cast.CLERK), code=claimed(represented=Represented(
        name="Tên khác", identity=CAFE.identity, for_business=True)).code)  # fmt: skip
    assert Business.objects.get(tax_code=CAFE.identity).name == CAFE.name


def test_saying_the_same_twice_is_said_once():
    assert claimed().pk == claimed().pk
    assert given().pk == given().pk
    assert Mandate.objects.filter(state="claimed").count() == 1


def test_a_clerk_refuses_with_a_reason_that_the_person_sees():
    mandate = claimed(represented=NEW)
    with pytest.raises(MandateRefused):
        checks.refuse(officer=cast.actor(cast.CLERK), code=mandate.code, reason="  ")
    checks.refuse(officer=cast.actor(cast.CLERK), code=mandate.code, reason="Giấy chứng nhận ghi tên người khác.")
    over = representing.mandates_of(cast.actor(cast.BICH)).over
    assert [each.reason for each in over] == ["Giấy chứng nhận ghi tên người khác."]
    with pytest.raises(MandateMovedOn):
        checks.check(officer=cast.actor(cast.CLERK), code=mandate.code)


@pytest.mark.parametrize("username", [cast.HANDLER, "quantri", cast.LEADER])
def test_only_clerks_check_and_a_refusal_has_no_effect(username):
    mandate = claimed()
    for act in (checks.check, checks.look):
        with pytest.raises(NotAllowed):
            act(officer=cast.actor(username), code=mandate.code)
    with pytest.raises(NotAllowed):
        checks.refuse(officer=cast.actor(username), code=mandate.code, reason="x")
    mandate.refresh_from_db()
    assert mandate.state == "claimed" and kinds(mandate) == ["identity.mandate_claimed"]


def test_a_clerk_does_not_decide_on_the_own_claim():
    mandate = claimed(by=cast.CLERK, represented=NEW)
    with pytest.raises(NotAllowed):
        checks.check(officer=cast.actor(cast.CLERK), code=mandate.code)


def test_that_a_clerk_looked_is_on_record():
    mandate = claimed()
    checks.look(officer=cast.actor(cast.CLERK), code=mandate.code.lower())
    assert kinds(mandate)[-1] == "identity.mandate_seen"


# a person


def test_a_mandate_that_is_given_counts_when_it_is_taken_up_by_its_code():
    mandate = given(procedures=("dang-ky-khai-sinh",))
    assert may(cast.BICH) == []
    services.take(actor=cast.actor(cast.BICH), code=f" {mandate.code[:5].lower()}-{mandate.code[5:]}")
    assert may(cast.BICH, "dang-ky-khai-sinh") == ["Nguyễn Văn An"] and may(cast.BICH, "dang-ky-ho-kinh-doanh") == []
    services.take(actor=cast.actor(cast.BICH), code=mandate.code)
    assert kinds(mandate) == ["identity.mandate_offered", "identity.mandate_taken"]


def test_nobody_of_another_name_and_not_the_giver_takes_it_up():
    mandate = given()
    for username in (QUAN, cast.AN):
        with pytest.raises(MandateRefused):
            services.take(actor=cast.actor(username), code=mandate.code)
    with pytest.raises(NoSuchMandate):
        services.take(actor=cast.actor(cast.BICH), code="2222222222")
    assert not Mandate.objects.filter(pk=mandate.pk, agent__isnull=False).exists()


def test_what_somebody_claims_of_a_person_is_confirmed_by_that_person_with_the_code():
    mandate = claimed(represented=AN, kind=Mandate.Kind.WRITTEN)
    assert services.by_code(mandate.code, cast.actor(cast.AN)).pk == mandate.pk
    with pytest.raises(NoSuchMandate):
        services.by_code(mandate.code, cast.actor(QUAN))
    services.confirm(actor=cast.actor(cast.AN), mandate_id=mandate.pk)
    mandate.refresh_from_db()
    assert mandate.account == cast.account(cast.AN) and may(cast.BICH) == ["Nguyễn Văn An"]


def test_a_person_declines_what_a_stranger_claims():
    mandate = claimed(represented=AN, kind=Mandate.Kind.WRITTEN)
    services.decline(actor=cast.actor(cast.AN), code=mandate.code)
    mandate.refresh_from_db()
    assert mandate.state == "revoked"


def test_only_a_clerk_confirms_a_parent_and_it_ends_when_the_child_is_of_age():
    mandate = claimed(represented=CHILD, kind=Mandate.Kind.PARENT)
    assert mandate.valid_to == date(2038, 12, 31)
    checks.check(officer=cast.actor(cast.CLERK), code=mandate.code)
    assert may(cast.BICH) == [CHILD.name]
    with pytest.raises(MandateRefused):
        claimed(represented=AN, kind=Mandate.Kind.PARENT)


def test_nobody_has_a_mandate_for_themselves():
    with pytest.raises(MandateRefused):
        claimed(by=cast.AN, represented=AN, kind=Mandate.Kind.WRITTEN)


def test_who_has_said_no_number_cannot_be_represented():
    Person.objects.filter(account__username=cast.AN).update(person_id="")
    with pytest.raises(MandateRefused):
        given()


@pytest.mark.parametrize(
    ("first", "last"),
    [(TODAY, TODAY - timedelta(days=1)), (TODAY, None), (TODAY, TODAY + timedelta(days=3000)),
     (TODAY + timedelta(days=9), TODAY + timedelta(days=8))],
)  # fmt: skip
def test_days_must_make_sense(first, last):
    with pytest.raises(MandateRefused):
        services.offer(actor=cast.actor(cast.AN), agent_name="B C", terms=Terms(valid_from=first, valid_to=last))


def test_a_representative_authorises_somebody_for_the_business_and_no_stranger_does():
    business = Business.objects.get(tax_code=CAFE.identity)
    mandate = given(by=QUAN, business_id=business.pk)
    services.take(actor=cast.actor(cast.BICH), code=mandate.code)
    assert may(cast.BICH) == [CAFE.name]
    assert representing.businesses_of(cast.account(cast.BICH).pk) == []
    with pytest.raises(NoSuchMandate):
        given(by=cast.AN, business_id=business.pk)


# ending


@pytest.mark.parametrize("username", [cast.AN, cast.BICH])
def test_either_side_ends_it_and_it_counts_no_more(username):
    mandate = services.take(actor=cast.actor(cast.BICH), code=given().code)
    services.revoke(actor=cast.actor(username), mandate_id=mandate.pk)
    services.revoke(actor=cast.actor(username), mandate_id=mandate.pk)
    assert may(cast.BICH) == [] and kinds(mandate).count("identity.mandate_revoked") == 1


def test_strangers_end_nothing():
    mandate = services.take(actor=cast.actor(cast.BICH), code=given().code)
    with pytest.raises(NoSuchMandate):
        services.revoke(actor=cast.actor(QUAN), mandate_id=mandate.pk)
    assert may(cast.BICH) == ["Nguyễn Văn An"]


def test_a_mandate_counts_on_its_days_only():
    services.take(actor=cast.actor(cast.BICH), code=given(valid_to=TODAY).code)
    assert may(cast.BICH) == ["Nguyễn Văn An"]
    with clock.at(cast.MONDAY + timedelta(days=1)):
        assert may(cast.BICH) == []


def test_so_many_may_wait_and_no_more():
    for number in range(services.MOST_OPEN):
        given(to=f"Người {number}")
    with pytest.raises(MandateRefused):
        given(to="Người cuối")


# what the database keeps by itself


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "confirmed"},
        {"state": "revoked"},
        {"valid_to": TODAY - timedelta(days=1)},
        {"for_business": False},
    ],
)
def test_the_database_keeps_what_must_hold(wrong):
    mandate = given(by=QUAN, business_id=Business.objects.get().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(**wrong)


def test_nobody_can_be_the_own_agent_in_the_database():
    mandate = given()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(agent=mandate.account)
