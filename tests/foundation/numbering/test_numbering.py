"""Numbers: none missing, none twice, each in its period."""

import random
import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation import clock
from lienthong.foundation.numbering.queries import peek
from lienthong.foundation.numbering.rules import DossierCode, Period
from lienthong.foundation.numbering.services import BookIsFurther, NumberOutOfRange, dossier_code, set_start, take

WRITERS, TRIES = 16, 25
NEW_YEAR = datetime(2026, 1, 1, tzinfo=clock.ZONE)
MOMENT = timedelta(microseconds=1)


class RolledBackError(Exception):
    pass


def in_threads(count: int, work: object) -> None:
    """Run `work(n)` in threads with connections of their own; the first error of any is raised here."""
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)  # type: ignore[operator]
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]


@pytest.mark.usefixtures("committed")
def test_sixteen_who_take_numbers_at_once_and_often_give_up_leave_no_gap_and_no_double() -> None:
    kept: list[int] = []
    at = NEW_YEAR

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for _ in range(TRIES):
            try:
                with transaction.atomic():
                    number = take("outgoing documents", period="year", at=at)
                    if chance.random() < 0.2:
                        with connection.cursor() as cursor:
                            cursor.execute("SELECT pg_sleep(0.001)")
                    if chance.random() < 0.4:
                        raise RolledBackError
            except RolledBackError:
                continue
            kept.append(number)

    in_threads(WRITERS, write)
    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert 100 < len(kept) < WRITERS * TRIES
    assert peek("outgoing documents", period="year", at=at) == len(kept) + 1


@pytest.mark.usefixtures("committed")
def test_a_writer_whose_connection_is_cut_gives_its_number_back() -> None:
    with transaction.atomic():
        assert take("book", period="never") == 1

    def die(_: int) -> None:
        with pytest.raises(Exception, match=r"terminat|closed"), transaction.atomic():
            assert take("book", period="never") == 2
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    in_threads(1, die)
    with transaction.atomic():
        assert take("book", period="never") == 2


@pytest.mark.django_db
def test_a_number_is_given_back_when_the_part_that_took_it_is_undone() -> None:
    with pytest.raises(RolledBackError), transaction.atomic():
        assert take("book", period="year", at=NEW_YEAR) == 1
        raise RolledBackError
    assert take("book", period="year", at=NEW_YEAR) == 1


@pytest.mark.usefixtures("committed")
def test_no_number_is_given_outside_a_transaction() -> None:
    for attempt in (
        lambda: take("book", period="never"),
        lambda: set_start("book", 5, period="never"),
        lambda: dossier_code("H16.15"),
    ):
        with pytest.raises(TransactionManagementError, match="inside the transaction"):
            attempt()
    assert peek("book", period="never") == 1


@pytest.mark.django_db
def test_books_start_again_at_midnight_in_vietnam() -> None:
    before, after = NEW_YEAR - MOMENT, NEW_YEAR
    assert [take("yearly", period="year", at=at) for at in (before, before, after)] == [1, 2, 1]
    assert [take("daily", period="day", at=at) for at in (before, before, after)] == [1, 2, 1]
    assert [take("endless", period="never", at=at) for at in (before, before, after)] == [1, 2, 3]
    next_day = NEW_YEAR + timedelta(days=1)
    assert take("yearly", period="year", at=next_day) == 2
    assert take("daily", period="day", at=next_day) == 1
    # Midnight in Vietnam is five in the afternoon of the day before in Greenwich.
    assert take("daily", period=Period.DAY, at=datetime.fromisoformat("2025-12-31T16:59:59+00:00")) == 3
    assert take("daily", period=Period.DAY, at=datetime.fromisoformat("2025-12-31T17:00:00+00:00")) == 2


@pytest.mark.usefixtures("committed")
def test_a_transaction_that_ends_after_midnight_keeps_its_number_of_the_day_before_and_holds_nobody_up() -> None:
    before = NEW_YEAR - MOMENT
    taken: list[int] = []

    def open_the_new_year(_: int) -> None:
        with transaction.atomic():
            taken.append(take("book", period="year", at=NEW_YEAR))

    with transaction.atomic():
        assert take("book", period="year", at=before) == 1
        in_threads(1, open_the_new_year)
    with transaction.atomic():
        assert take("book", period="year", at=before) == 2
    assert taken == [1]


@pytest.mark.django_db
def test_without_a_moment_the_clock_says_the_period() -> None:
    with clock.at(NEW_YEAR):
        assert take("book", period="day") == 1
        assert peek("book", period="day") == 2
        assert peek("book", period="day", at=NEW_YEAR - MOMENT) == 1
        assert dossier_code("H16.15") == "H16.15-260101-0001"


@pytest.mark.django_db
def test_looking_at_the_next_number_takes_none() -> None:
    assert [peek("book", period="never") for _ in range(3)] == [1, 1, 1]
    assert take("book", period="never") == 1


@pytest.mark.django_db
def test_a_book_goes_on_where_the_paper_one_stopped_and_never_back() -> None:
    set_start("book", 731, period="year", at=NEW_YEAR)
    assert take("book", period="year", at=NEW_YEAR) == 731
    with pytest.raises(BookIsFurther, match="731"):
        set_start("book", 731, period="year", at=NEW_YEAR)
    set_start("book", 732, period="year", at=NEW_YEAR)
    assert take("book", period="year", at=NEW_YEAR) == 732
    assert take("book", period="year", at=NEW_YEAR - MOMENT) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, -1, 10**12, 10**30])
def test_a_book_does_not_go_on_with_a_number_that_is_none(number: int) -> None:
    with pytest.raises(NumberOutOfRange):
        set_start("book", number, period="never")


@pytest.mark.django_db
@pytest.mark.parametrize("book", ["", "  ", "x" * 201, "a\0b"])
def test_a_book_has_a_name(book: str) -> None:
    with pytest.raises(ValueError, match="name has 1 to 200"):
        take(book, period="never")


@pytest.mark.django_db
def test_a_book_may_have_any_name_and_books_do_not_disturb_each_other() -> None:
    names = ["Sổ công văn đi", "'; DROP TABLE numbering_numberbook; --", "%s", "x" * 200]
    assert [take(name, period="year") for name in names] == [1, 1, 1, 1]
    with pytest.raises(ValueError, match="month"):
        take("book", period="month")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_code_of_a_dossier_counts_the_day_of_the_agency_that_received_it() -> None:
    morning = datetime(2018, 6, 8, 8, tzinfo=clock.ZONE)
    assert dossier_code("000.00.32.H53", morning) == "000.00.32.H53-180608-0001"
    assert dossier_code("000.00.32.H53", morning + timedelta(hours=5)) == "000.00.32.H53-180608-0002"
    assert dossier_code("H56.15", morning) == "H56.15-180608-0001"
    assert dossier_code("000.00.32.H53", morning + timedelta(days=1)) == "000.00.32.H53-180609-0001"


@pytest.mark.django_db
def test_after_9999_dossiers_in_a_day_the_code_grows() -> None:
    set_start("dossiers of H16.15", 9999, period="day", at=NEW_YEAR)
    assert [dossier_code("H16.15", NEW_YEAR) for _ in range(2)] == ["H16.15-260101-9999", "H16.15-260101-10000"]


@pytest.mark.django_db
@pytest.mark.parametrize("identifier", ["", "h16", "H16-15", "H16..15", "H16.", "Đ16", "H16'; --", "H16." * 9 + "H16"])
def test_a_code_is_made_for_an_identifier_only(identifier: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        dossier_code(identifier, NEW_YEAR)


identifiers = st.from_regex(r"[A-Z0-9]{1,5}(\.[A-Z0-9]{1,5}){0,5}", fullmatch=True)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@settings(max_examples=60)
@given(identifiers, days, st.integers(1, 999_999_999_999))
def test_a_code_says_its_agency_its_day_and_its_number(identifier: str, day: date, number: int) -> None:
    code = DossierCode(identifier, day, number)
    assert DossierCode.read(str(code)) == code
    assert DossierCode.read(f"  {str(code).lower()} ") == code
    agency, written_day, written_number = str(code).rsplit("-", 2)
    assert (agency, written_day) == (identifier, day.strftime("%y%m%d"))
    assert int(written_number) == number
    assert len(written_number) >= 4


@settings(max_examples=60)
@given(st.text(max_size=40) | st.from_regex(r"[A-Z0-9.]{0,9}-[0-9]{5,7}-[0-9]{3,14}", fullmatch=True))
def test_what_is_no_code_is_read_as_none(text: str) -> None:
    code = DossierCode.read(text)
    assert code is None or str(code).count("-") == 2


@pytest.mark.parametrize(
    "text", ["", "H16.15-260230-0001", "H16.15-261301-0001", "H16.15-260101-0000", "H16.15-260101-٠٠٠١"]
)
def test_a_code_of_no_day_or_no_number_is_none(text: str) -> None:
    assert DossierCode.read(text) is None
