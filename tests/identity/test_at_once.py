"""Several people, or several machines, at the same moment."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.core.cache import cache
from django.db import connection

from lienthong.identity import services
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account, Business, Guesses, Mandate
from lienthong.identity.services import mandate_checks, mandates
from tests import cast


def all_at_once(*acts: Callable[[], object]) -> None:
    """Each in a thread with a connection of its own, starting together."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], object]) -> None:
        ready.wait()
        try:
            with cast.on_monday():
                act()
        finally:
            connection.close()

    threads = [Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_who_sign_up_with_one_number_one_is_told(committed: None) -> None:
    told: list[str] = []

    def sign_up(name: str) -> None:
        try:
            services.sign_up(full_name=name, phone="0987654321", password=cast.PASSWORD)
        except services.NameTaken as error:
            told.append(str(error))

    all_at_once(lambda: sign_up("Lê Một"), lambda: sign_up("Lê Hai"))
    assert len(told) == 1
    assert Account.objects.filter(username="0987654321").count() == 1


def test_of_many_who_add_a_key_to_the_cache_one_is_told_that_it_did(committed: None) -> None:
    won: list[int] = []

    def add(number: int) -> None:
        if cache.add("một lần", number, timeout=60):
            won.append(number)

    all_at_once(*(lambda number=number: add(number) for number in range(8)))  # type: ignore[misc]
    assert len(won) == 1
    with cast.on_monday():
        assert cache.get("một lần") == won[0]


def test_guesses_sent_all_together_are_counted_one_by_one(committed: None) -> None:
    looked_at: list[bool] = []

    def guess(number: int) -> None:
        try:
            services.account_with(name=cast.CLERK, password=f"sai {number}", address=f"203.0.113.{number}")
        except services.TooManyGuesses:
            return
        looked_at.append(True)

    all_at_once(*(lambda number=number: guess(number) for number in range(12)))  # type: ignore[misc]
    assert len(looked_at) == 5
    assert Guesses.objects.get(key__startswith="name:").count == 5


def claimed(username: str, tax_code: str = "6400000012") -> Mandate:
    return mandates.claim(
        actor=cast.actor(username),
        kind=Mandate.Kind.LEGAL,
        represented=mandates.Represented(name="Công ty TNHH Tiêu Đắk Mil", identity=tax_code, for_business=True),
        terms=mandates.Terms(valid_from=cast.MONDAY.date()),
    )


def test_a_claim_sent_twice_at_the_same_moment_is_made_once(committed: None) -> None:
    made: list[int] = []
    all_at_once(*(lambda: made.append(claimed(cast.BICH).pk) for _time in range(4)))
    assert len(made) == 4 and len(set(made)) == 1


def test_a_business_that_two_clerks_confirm_for_two_people_at_once_is_one(committed: None) -> None:
    with cast.on_monday():
        first, second = claimed(cast.BICH), claimed(cast.AN)
        clerk, other = cast.actor(cast.CLERK), cast.actor(cast.TWO_AGENCIES)
    assert isinstance(clerk, Officer) and isinstance(other, Officer)
    all_at_once(
        lambda: mandate_checks.check(officer=clerk, code=first.code),
        lambda: mandate_checks.check(officer=other, code=second.code),
    )
    assert Business.objects.filter(tax_code=first.identity).count() == 1
    assert list(Mandate.objects.filter(identity=first.identity).values_list("state", flat=True)) == ["checked"] * 2
