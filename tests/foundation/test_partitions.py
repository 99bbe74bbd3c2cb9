"""Tables cut into years: what goes where, and that nothing is refused, lost or doubled on the way."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from lienthong.foundation import clock, partitions

pytestmark = pytest.mark.usefixtures("committed")

Maker = Callable[[CreateModel], Any]


def moment(year: int, month: int = 6, day: int = 15, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=clock.ZONE)


def where(model: Any) -> dict[int, str]:
    """The partition that each row lies in, by id."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id, tableoid::regclass::text FROM "{model._meta.db_table}"')
        return dict(cursor.fetchall())


def in_threads(*works: Callable[[], Any]) -> list[Any]:
    """Run each on a connection of its own and give back what they returned or raised."""
    results: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        try:
            results[place] = works[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture
def make() -> Iterator[Maker]:
    """Makes a table in 2025 by a migration's operation and removes it by the same operation after the test."""
    states = [ProjectState()]
    done: list[CreateModel] = []

    def made(operation: CreateModel) -> Any:
        states.append(states[-1].clone())
        operation.state_forwards("sample", states[-1])
        with clock.at(moment(2025)), connection.schema_editor() as editor:
            operation.database_forwards("sample", editor, states[-2], states[-1])
        done.append(operation)
        return states[-1].apps.get_model("sample", operation.name)

    yield made
    while done:
        with connection.schema_editor() as editor:
            done.pop().database_backwards("sample", editor, states.pop(), states[-1])


def events(**changes: Any) -> partitions.CreateModelByYear:
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("at", models.DateTimeField()),
        ("what", models.CharField(max_length=20, db_index=True)),
    ]
    return partitions.CreateModelByYear("Event", **{"column": "at", "fields": fields} | changes)


def items() -> partitions.CreateModelOpenOrByYear:
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("is_open", models.BooleanField(default=True)),
        ("done_at", models.DateTimeField(null=True)),
    ]
    return partitions.CreateModelOpenOrByYear("Item", is_open="is_open", column="done_at", fields=fields)


def test_rows_lie_in_the_year_of_vietnams_calendar_and_no_row_is_refused(make: Maker) -> None:
    event = make(events())
    last_of_2025 = event.objects.create(at=moment(2026, 1, 1, 0) - timedelta(microseconds=1))
    first_of_2026 = event.objects.create(at=moment(2026, 1, 1, 0))
    long_ago, far_ahead = event.objects.create(at=moment(1975)), event.objects.create(at=moment(2199))
    assert where(event) == {
        last_of_2025.id: "sample_event_2025",
        first_of_2026.id: "sample_event_2026",
        long_ago.id: "sample_event_default",
        far_ahead.id: "sample_event_default",
    }
    assert event.objects.get(id=long_ago.id).at == moment(1975)


def test_a_table_may_be_cut_by_a_day_and_have_a_key_of_its_own(make: Maker) -> None:
    fields = [
        ("pk", models.CompositePrimaryKey("id", "day", blank=True, editable=False, primary_key=True, serialize=False)),
        ("id", models.UUIDField()),
        ("day", models.DateField()),
    ]
    make(partitions.CreateModelByYear("Entry", fields, "day"))
    with connection.cursor() as cursor:
        for day in (date(2025, 12, 31), date(2026, 1, 1)):
            cursor.execute(f"INSERT INTO sample_entry VALUES (gen_random_uuid(), '{day}')")
        cursor.execute("SELECT day, tableoid::regclass::text FROM sample_entry ORDER BY day")
        assert cursor.fetchall() == [
            (date(2025, 12, 31), "sample_entry_2025"),
            (date(2026, 1, 1), "sample_entry_2026"),
        ]
        assert connection.introspection.get_primary_key_columns(cursor, "sample_entry") == ["id", "day"]


def test_an_open_row_moves_to_its_year_when_it_is_closed_and_back_when_it_is_opened_again(make: Maker) -> None:
    item = make(items())
    row, other = item.objects.create(), item.objects.create()
    assert where(item) == {row.id: "sample_item_open", other.id: "sample_item_open"}
    item.objects.filter(id=row.id).update(is_open=False, done_at=moment(2025))
    item.objects.filter(id=other.id).update(is_open=False, done_at=moment(2031))
    assert where(item) == {row.id: "sample_item_closed_2025", other.id: "sample_item_closed_default"}
    partitions.ensure_years("sample_item", since=2031, through=2031)
    item.objects.filter(id=row.id).update(is_open=True, done_at=None)
    assert where(item) == {row.id: "sample_item_open", other.id: "sample_item_closed_2031"}


def test_each_part_keeps_its_ids_unique(make: Maker) -> None:
    item = make(items())
    row = item.objects.create(is_open=False, done_at=moment(2027))
    partitions.ensure_years("sample_item", since=2027, through=2027)
    with pytest.raises(IntegrityError):
        item.objects.create(id=row.id, is_open=False, done_at=moment(2027))
    opened = item.objects.create()
    with pytest.raises(IntegrityError):
        item.objects.bulk_create([item(id=opened.id)])


def test_years_are_added_once_and_asking_again_does_nothing(make: Maker) -> None:
    make(events())
    with clock.at(moment(2026)):
        assert partitions.ensure_years("sample_event") == ["sample_event_2027"]
        assert partitions.ensure_years("sample_event") == []
        assert partitions.ensure_years("sample_event", through=2029) == ["sample_event_2028", "sample_event_2029"]
        assert partitions.ensure_years("sample_event", through=2020) == []
    with clock.at(moment(2029)):
        assert "sample_event_2030" in partitions.ensure_all_years()


def test_a_year_made_late_takes_its_rows_out_of_the_default_partition(make: Maker) -> None:
    event = make(events())
    early, late = event.objects.create(at=moment(2019)), event.objects.create(at=moment(2030))
    partitions.ensure_years("sample_event", since=2018, through=2020)
    assert where(event) == {early.id: "sample_event_2019", late.id: "sample_event_default"}


def test_moving_a_row_within_its_table_fires_no_trigger_of_the_table_and_new_years_keep_them_all(make: Maker) -> None:
    event = make(events())
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE FUNCTION sample_refuse() RETURNS trigger LANGUAGE plpgsql AS
                   $$ BEGIN RAISE EXCEPTION 'nothing is removed here' USING ERRCODE = 'check_violation'; END $$;
               CREATE TRIGGER no_removal BEFORE DELETE OR UPDATE ON sample_event
                   FOR EACH ROW EXECUTE FUNCTION sample_refuse();
               ALTER TABLE sample_event_default ENABLE ALWAYS TRIGGER no_removal;
               CREATE TRIGGER no_emptying BEFORE TRUNCATE ON sample_event_default
                   FOR EACH STATEMENT EXECUTE FUNCTION sample_refuse()"""
        )
    row, other = event.objects.create(at=moment(2019)), event.objects.create(at=moment(2015))
    partitions.ensure_years("sample_event", since=2019, through=2019)
    assert where(event) == {row.id: "sample_event_2019", other.id: "sample_event_default"}
    for attempt in (
        "DELETE FROM sample_event_2019",
        "DELETE FROM sample_event_default",
        "TRUNCATE sample_event_2019",
        "SET session_replication_role = replica; DELETE FROM sample_event_default",
    ):
        with pytest.raises(IntegrityError, match="nothing is removed here"), transaction.atomic():
            connection.cursor().execute(attempt)
    with connection.cursor() as cursor:
        cursor.execute("RESET session_replication_role")
        cursor.execute("DROP FUNCTION sample_refuse CASCADE")


def test_two_that_add_the_same_years_at_once_make_each_once_while_rows_keep_coming(make: Maker) -> None:
    event = make(events())
    for year in range(2027, 2031):
        event.objects.create(at=moment(year))

    def add_years() -> list[str]:
        return partitions.ensure_years("sample_event", since=2027, through=2030)

    def write() -> int:
        for count in range(100):
            event.objects.create(at=moment(2027 + count % 4))
        return 100

    first, second, *written = in_threads(add_years, add_years, write, write)
    assert sorted(first + second) == [f"sample_event_{year}" for year in range(2027, 2031)]
    assert written == [100, 100]
    assert event.objects.count() == 204
    assert "sample_event_default" not in where(event).values()


def test_a_long_reader_of_the_default_partition_delays_a_new_year_and_is_not_disturbed(make: Maker) -> None:
    event = make(events())
    event.objects.create(at=moment(2040))
    reading, done = threading.Event(), threading.Event()

    def read() -> int:
        with transaction.atomic():
            event.objects.count()
            reading.set()
            done.wait(1)
            return int(event.objects.create(at=moment(2040)).id)

    def add_year() -> list[str]:
        reading.wait(5)
        return partitions.ensure_years("sample_event", since=2040, through=2040)

    written, added = in_threads(read, add_year)
    assert added == ["sample_event_2040"]
    assert where(event)[written] == "sample_event_2040"


def test_a_table_that_is_not_cut_by_year_or_a_year_that_cannot_be_is_refused(make: Maker) -> None:
    make(events())
    with pytest.raises(ValueError, match="not cut by year"):
        partitions.ensure_years("no_such_table; DROP TABLE sample_event")
    with pytest.raises(ValueError, match="years 1900"):
        partitions.ensure_years("sample_event", through=123456)


def test_the_table_may_refer_to_others_and_have_rules_of_its_own(make: Maker) -> None:
    owner = make(CreateModel("Owner", [("id", models.BigAutoField(primary_key=True))])).objects.create()
    twice = models.GeneratedField(
        expression=models.F("number") * 2, output_field=models.IntegerField(), db_persist=True
    )
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("at", models.DateTimeField()),
        ("number", models.IntegerField()),
        ("twice", twice),
        ("owner", models.ForeignKey("sample.Owner", models.PROTECT)),
    ]
    rules = [
        models.CheckConstraint(condition=models.Q(number__gt=0), name="number_counts"),
        models.UniqueConstraint(fields=["number", "at"], name="number_once"),
    ]
    event = make(events(fields=fields, options={"constraints": rules}))
    row = event.objects.create(at=moment(2028), number=4, owner_id=owner.id)
    partitions.ensure_years("sample_event", since=2028, through=2028)
    row.refresh_from_db()
    assert (where(event)[row.id], row.twice) == ("sample_event_2028", 8)
    for number, owner_id in ((0, owner.id), (4, owner.id), (5, owner.id + 1)):
        with pytest.raises(IntegrityError):
            event.objects.create(at=moment(2028), number=number, owner_id=owner_id)


def test_the_operation_is_written_into_a_migration_as_it_was_made() -> None:
    for operation, how in ((events(), "column='at'"), (items(), "is_open='is_open'")):
        written, imports = OperationWriter(operation, indentation=0).serialize()
        assert f"lienthong.foundation.partitions.{type(operation).__name__}(" in written
        assert how in written
        assert "import lienthong.foundation.partitions" in imports
