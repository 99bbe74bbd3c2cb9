"""Records: the yearly list, opening and filing, closing, the archive, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from lienthong.documents import services as documents
from lienthong.documents.models import (
    Arrival,
    DisposedRecord,
    Document,
    DocumentFile,
    HandOver,
    Record,
    RecordLine,
    RecordList,
    Task,
)
from lienthong.documents.records import archiving, destroying, queries
from lienthong.documents.records import keeping as services
from lienthong.documents.records import listing as record_lists
from lienthong.documents.records.carrying import Missing, NoSuchRecord, NotPossible, NotYours, code_of
from lienthong.documents.records.keeping import NewRecord
from lienthong.documents.records.queries import Filters
from lienthong.documents.records.rules import Against, Line, Stage
from lienthong.documents.rules.marks import Mark
from lienthong.foundation import clock
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.identity.actors import Officer
from lienthong.work.models import WorkItem
from tests import cast
from tests.documents.conftest import (
    AGENCY,
    CHAIR,
    CLERK,
    FINANCE,
    HANDLER,
    HEAD,
    OTHER_HEAD,
    URBAN,
    chair,
    letter,
    post,
)
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

ARCHIVIST, OTHER_HANDLER = "thoa.luutru", cast.OTHER_HANDLER
IN_DOCUMENT = "incoming-document"


def unit(key: str) -> int:
    return by_key(key).id


def line(notation: str = "01.QLĐT", **other: Any) -> Line:
    return replace(Line(notation, "Hồ sơ quy hoạch khu dân cư Nghĩa Đức", "10-nam", unit(URBAN)), **other)


def drafted(*lines: Line, by: str = CLERK, year: int = 2025) -> RecordList:
    found = record_lists.begin(agency_id=unit(AGENCY), year=year, officer=cast.actor(by))
    for each in lines:
        record_lists.save_line(list_id=found.pk, line=each, officer=cast.actor(by), key=uuid4())
    return found


def approved(*lines: Line) -> RecordList:
    found = drafted(*(lines or (line(),)))
    record_lists.submit(list_id=found.pk, officer=cast.actor(CLERK))
    return record_lists.approve(list_id=found.pk, officer=cast.actor(CHAIR))


def opened(by: str = HANDLER, **other: Any) -> Record:
    said: dict[str, Any] = {
        "maker_id": post(URBAN, "chuyen-vien"),
        "started_on": clock.today(),
        "year": clock.today().year,
        "notation": "01.QLĐT",
        "title": "Hồ sơ quy hoạch khu dân cư Nghĩa Đức",
        "retention": "10-nam",
    }
    return services.open_record(
        agency_id=unit(AGENCY), new=NewRecord(**{**said, **other}), officer=cast.actor(by), key=uuid4()
    )


def document(
    to: str = "chuyen-vien",
    *,
    settled: bool = True,
    file: bool = False,
    uploads: Sequence[documents.Upload] = (),
    **other: Any,
) -> Arrival:
    """A document that lies or lay with the handler."""
    letters = [documents.Upload("công văn.pdf", samples.pdf_saying("Công văn"))] if file else []
    arrival = documents.register(
        agency_id=unit(AGENCY),
        document=letter(**{"pages": 3, **other}),
        officer=cast.actor(CLERK),
        key=uuid4(),
        receiving=documents.Receiving(present_to=chair()),
        uploads=[*letters, *uploads],
    )
    first = Task.objects.get(arrival=arrival)
    documents.direct(
        arrival_id=arrival.pk,
        task_id=first.pk,
        officer=cast.actor(CHAIR),
        key=uuid4(),
        lead=documents.Chosen(unit(URBAN), post(URBAN, to)),
    )
    if settled:
        below = Task.objects.get(arrival=arrival, parent=first)
        for task, username in ((below, HANDLER), (first, CHAIR)):
            documents.finish(
                arrival_id=arrival.pk, task_id=task.pk, officer=cast.actor(username), key=uuid4(), words="Xong"
            )
    return arrival


def put_in(record: Record, arrival: Arrival, by: str = HANDLER):
    return services.file(record_id=record.pk, subject=(IN_DOCUMENT, arrival.pk), officer=cast.actor(by))


def closed(by: str = HANDLER, **other: Any) -> Record:
    record = opened(**other)
    put_in(record, document())
    return services.close(record_id=record.pk, officer=cast.actor(by))


def inbox(subject_type: str) -> list[tuple[str, int | None]]:
    items = WorkItem.objects.filter(is_open=True, subject_type=subject_type).order_by("id")
    return list(items.values_list("role", "post_id"))


def kinds_of(subject: tuple[str, int]) -> list[str]:
    return [entry.kind.removeprefix("documents.record_") for entry in timeline(subject)]


# the yearly list


def test_the_list_is_drafted_submitted_given_back_and_approved():
    found = drafted(line(), line("02.QLĐT", retention="vinh-vien"))
    record_lists.submit(list_id=found.pk, officer=cast.actor(CLERK))
    assert inbox("record-list") == [("agency-leader", None)]
    with pytest.raises(NotPossible):
        record_lists.save_line(list_id=found.pk, line=line("03.A"), officer=cast.actor(CLERK), key=uuid4())
    with pytest.raises(Missing):
        record_lists.give_back(list_id=found.pk, officer=cast.actor(CHAIR), words=" ")
    record_lists.give_back(list_id=found.pk, officer=cast.actor(CHAIR), words="Thiếu Phòng Tài chính")
    assert inbox("record-list") == [("document-clerk", None)]
    record_lists.submit(list_id=found.pk, officer=cast.actor(CLERK))
    assert inbox("record-list") == [("agency-leader", None)]
    for _ in range(2):
        record_lists.approve(list_id=found.pk, officer=cast.actor(CHAIR))
    found.refresh_from_db()
    assert (found.state, found.words) == ("approved", "") and inbox("record-list") == []
    assert kinds_of(("record-list", found.pk)).count("list_approved") == 1


def test_units_draft_their_own_lines_and_no_other():
    found = drafted()
    save = {"list_id": found.pk, "officer": cast.actor(HEAD), "key": uuid4()}
    made = [record_lists.save_line(**save, line=line()) for _ in range(2)]
    assert made[0] == made[1]
    with pytest.raises(NotYours):
        record_lists.save_line(**{**save, "key": uuid4()}, line=line("05.TCKH", unit_id=unit(FINANCE)))
    with pytest.raises(NotYours):
        record_lists.save_line(
            list_id=found.pk, line_id=made[0].pk, officer=cast.actor(OTHER_HEAD), key=uuid4(), line=line()
        )
    for username in (HANDLER, ARCHIVIST):
        with pytest.raises(NotYours):
            record_lists.save_line(list_id=found.pk, officer=cast.actor(username), key=uuid4(), line=line("06.A"))
    with pytest.raises(NotYours):
        record_lists.submit(list_id=found.pk, officer=cast.actor(HEAD))
    assert RecordLine.objects.count() == 1


def test_only_the_head_of_the_agency_approves():
    found = drafted(line())
    record_lists.submit(list_id=found.pk, officer=cast.actor(CLERK))
    for username in (CLERK, HEAD, ARCHIVIST):
        with pytest.raises(NotYours):
            record_lists.approve(list_id=found.pk, officer=cast.actor(username))


def test_after_the_approval_a_record_is_added_with_a_reason_and_none_is_changed():
    found = approved()
    row = found.lines.get()
    add = {"list_id": found.pk, "officer": cast.actor(HEAD), "key": uuid4()}
    with pytest.raises(Missing) as told:
        record_lists.save_line(**add, line=line("02.QLĐT"))
    assert list(told.value.errors) == ["reason"]
    record_lists.save_line(**add, line=line("02.QLĐT"), reason="Công việc mới được giao")
    for change in (
        lambda: record_lists.save_line(**{**add, "key": uuid4()}, line=line("09.X"), line_id=row.pk, reason="đổi"),
        lambda: record_lists.remove_line(list_id=found.pk, line_id=row.pk, officer=cast.actor(HEAD)),
    ):
        with pytest.raises(NotPossible):
            change()
    assert list(found.lines.order_by("id").values_list("notation", "reason")) == [
        ("01.QLĐT", ""),
        ("02.QLĐT", "Công việc mới được giao"),
    ]


def test_the_year_before_is_copied_once():
    drafted(line(), line("02.QLĐT"), year=2024)
    found = drafted(line("02.QLĐT", title="Đã sửa"))
    assert record_lists.copy_year_before(list_id=found.pk, officer=cast.actor(CLERK)) == 1
    assert record_lists.copy_year_before(list_id=found.pk, officer=cast.actor(CLERK)) == 0
    assert dict(found.lines.values_list("notation", "title")) == {
        "01.QLĐT": line().title,
        "02.QLĐT": "Đã sửa",
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"notation": "số 1"}, "notation"), ({"title": " "}, "title"), ({"retention": "lâu"}, "retention")],
)
def test_what_is_wrong_with_a_line_is_named(wrong: dict, field: str):
    found = drafted()
    with pytest.raises(Missing) as told:
        record_lists.save_line(list_id=found.pk, officer=cast.actor(CLERK), key=uuid4(), line=line(**wrong))
    assert list(told.value.errors) == [field]


# opening and filing


def test_a_record_is_opened_from_the_list_once_under_its_code():
    row = approved().lines.get()
    key = uuid4()
    new = NewRecord(post(URBAN, "chuyen-vien"), clock.today(), 2025, line_id=row.pk, notation="khác")
    made = [
        services.open_record(agency_id=unit(AGENCY), new=new, officer=cast.actor(HANDLER), key=key) for _ in range(2)
    ]
    assert made[0] == made[1] and Record.objects.count() == 1
    assert code_of(made[0]) == f"{by_key(AGENCY).identifier}.2025.01.QLĐT" and made[0].years == 10
    with pytest.raises(Missing) as told:
        opened()
    assert list(told.value.errors) == ["notation"]


def test_a_record_is_opened_for_ones_own_post_or_for_those_one_leads():
    with pytest.raises(NotYours):
        opened(by=OTHER_HANDLER)
    assert opened(by=HEAD).maker_id == post(URBAN, "chuyen-vien")
    with pytest.raises(NoSuchRecord):
        opened(line_id=drafted(line("07.X")).lines.get().pk, notation="08.X")


def test_a_document_is_filed_in_several_records_once_each_and_taken_out_with_a_reason():
    first, second, arrival = opened(), opened(notation="02.QLĐT"), document()
    items = [put_in(record, arrival) for record in (first, first, second)]
    assert items[0] == items[1] != items[2]
    assert queries.holding(cast.actor(HANDLER), (IN_DOCUMENT, arrival.pk)) == [first, second]
    with pytest.raises(Missing):
        services.unfile(record_id=first.pk, item_id=items[0].pk, officer=cast.actor(HANDLER), reason="")
    for _ in range(2):
        services.unfile(record_id=first.pk, item_id=items[0].pk, officer=cast.actor(HANDLER), reason="Nhầm")
    assert first.items.count() == 0 and second.items.count() == 1
    assert kinds_of(("record", first.pk)) == ["opened", "filed", "unfiled"]


def test_nobody_files_what_they_may_not_see_or_where_they_do_not_work():
    record, arrival = opened(), document()
    with pytest.raises(NoSuchRecord):
        put_in(
            opened(by="hoa.tckh", maker_id=post(FINANCE, "truong-phong"), notation="01.TCKH"), arrival, by=OTHER_HEAD
        )
    with pytest.raises(NoSuchRecord):
        put_in(record, arrival, by=OTHER_HEAD)
    with pytest.raises(NotYours):
        put_in(record, arrival, by=ARCHIVIST)
    with pytest.raises(NoSuchRecord):
        services.file(record_id=record.pk, subject=("bồ câu", arrival.pk), officer=cast.actor(HANDLER))


def test_documents_are_put_in_order():
    record = opened()
    items = [put_in(record, document(mark=Mark(str(n), "SXD-QH"))) for n in (1, 2, 3)]
    services.describe(
        record_id=record.pk, item_id=items[2].pk, officer=cast.actor(HANDLER), place=1, sheets=9, note="bản chính"
    )
    assert [item.pk for item in record.items.order_by("place")] == [items[2].pk, items[0].pk, items[1].pk]
    with pytest.raises(Missing):
        services.describe(
            record_id=record.pk, item_id=items[0].pk, officer=cast.actor(HANDLER), place=1, sheets=0, note=""
        )


def seen_by(*usernames: str) -> list[str]:
    return [name for name in usernames if queries.listing(cast.actor(name), Filters())]


def test_the_unit_or_the_named_posts_see_a_record():
    record = opened()
    people = (HANDLER, OTHER_HANDLER, HEAD, OTHER_HEAD, CHAIR, CLERK, ARCHIVIST, cast.FIRE_POLICE)
    assert seen_by(*people) == [HANDLER, OTHER_HANDLER, HEAD, CHAIR, ARCHIVIST]
    services.change(
        record_id=record.pk,
        title=record.title,
        rights=Record.Rights.POSTS,
        posts=[post(FINANCE, "truong-phong")],
        description="",
        officer=cast.actor(HANDLER),
    )
    assert seen_by(*people) == [HANDLER, HEAD, OTHER_HEAD, CHAIR, ARCHIVIST]
    with pytest.raises(Missing):
        services.change(
            record_id=record.pk, title="x", rights="posts", posts=[], description="", officer=cast.actor(HANDLER)
        )


def test_a_reader_sees_of_a_document_what_they_may():
    record = opened()
    put_in(record, document())
    look = {name: queries.items_of(cast.actor(name), record)[0] for name in (HANDLER, OTHER_HANDLER, ARCHIVIST)}
    assert {name: (each.seen, each.listed) for name, each in look.items()} == {
        HANDLER: (True, True),
        OTHER_HANDLER: (False, False),
        ARCHIVIST: (False, True),
    }


def test_records_are_searched_without_accents():
    record = opened()
    found = [
        queries.listing(cast.actor(HANDLER), Filters(text=text))
        for text in ("quy hoach nghia duc", "01.qldt", "không có")
    ]
    assert found == [[record], [record], []]


# closing


def test_what_stands_against_closing_is_listed():
    record = opened(retention="vinh-vien")
    with pytest.raises(services.NotReady) as told:
        services.close(record_id=record.pk, officer=cast.actor(HANDLER))
    assert told.value.against == [(Against.EMPTY, ())]
    put_in(record, document(settled=False, pages=None))
    put_in(record, document(mark=Mark("7", "X"), dated=None))
    with pytest.raises(services.NotReady) as told:
        services.close(record_id=record.pk, officer=cast.actor(HANDLER))
    assert told.value.against == [
        (Against.UNFINISHED, (1,)),
        (Against.NO_SHEETS, (1,)),
        (Against.NOT_DESCRIBED, (2,)),
    ]


def test_the_same_document_twice_stands_against_closing():
    record = opened(retention="2-nam")
    put_in(record, document())
    again = document(mark=Mark("0126", "SXD-QH"))
    put_in(record, again)
    record.items.filter(subject_id=again.pk).update(code="số 0125/sxd - qh")
    assert services.standing_against(record) == [(Against.TWICE, (2,))]


def test_a_closed_record_counts_what_is_in_it_and_nothing_in_it_changes():
    record, other = closed(), document(mark=Mark("9", "SXD"), file=True)
    assert (record.documents, record.sheets) == (1, 3)
    assert (record.due_on, record.over_on) == (date(2026, 3, 3), date(2035, 12, 31))
    item = record.items.get()
    officer = cast.actor(HANDLER)
    for change in (
        lambda: put_in(record, other),
        lambda: services.unfile(record_id=record.pk, item_id=item.pk, officer=officer, reason="x"),
        lambda: services.describe(record_id=record.pk, item_id=item.pk, officer=officer, place=1, sheets=1, note=""),
    ):
        with pytest.raises(NotPossible):
            change()
    assert services.close(record_id=record.pk, officer=officer).closed_at == record.closed_at


def refused_by_the_database(change: Any) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return "closed or frozen" in str(error)
    return False


def test_the_database_itself_holds_what_is_in_a_closed_record():
    record, loose = opened(), document(mark=Mark("9", "SXD"), file=True)
    arrival = document(file=True)
    put_in(record, arrival)
    held = DocumentFile.objects.filter(document_id=arrival.document_id)
    assert held.update(place=7) == 1
    services.close(record_id=record.pk, officer=cast.actor(HANDLER))
    assert refused_by_the_database(lambda: record.items.update(note="x"))
    assert refused_by_the_database(lambda: record.items.all().delete())
    assert refused_by_the_database(lambda: held.delete())
    assert refused_by_the_database(lambda: held.update(place=8))
    assert refused_by_the_database(lambda: Document.objects.filter(pk=arrival.document_id).update(pages=1))
    assert DocumentFile.objects.filter(document_id=loose.document_id).update(place=7) == 1


def test_the_head_of_the_agency_opens_it_again_with_a_reason():
    record = closed()
    with pytest.raises(NotYours):
        services.reopen(record_id=record.pk, officer=cast.actor(HEAD), reason="Thiếu")
    with pytest.raises(Missing):
        services.reopen(record_id=record.pk, officer=cast.actor(CHAIR), reason="")
    services.reopen(record_id=record.pk, officer=cast.actor(CHAIR), reason="Thiếu văn bản trả lời")
    put_in(record, document(mark=Mark("9", "SXD")))
    record.refresh_from_db()
    assert (record.stage, record.due_on, record.documents) == (Stage.OPEN, None, None)


def test_a_frozen_record_stays_as_it_is_until_it_is_released():
    record, arrival = opened(), document()
    services.freeze(record_id=record.pk, officer=cast.actor(CHAIR), reason="Thanh tra")
    with pytest.raises(NotPossible, match="Thanh tra"):
        put_in(record, arrival)
    with pytest.raises(NotPossible):
        services.close(record_id=record.pk, officer=cast.actor(HANDLER))
    services.thaw(record_id=record.pk, officer=cast.actor(CHAIR), reason="Xong")
    put_in(record, arrival)
    assert kinds_of(("record", record.pk)) == ["opened", "frozen", "thawed", "filed"]


# the archive


def given(record: Record, by: str = HANDLER) -> HandOver:
    return archiving.give(unit_id=unit(URBAN), record_ids=[record.pk], officer=cast.actor(by), key=uuid4())


def test_thirty_days_before_it_is_due_the_maker_is_warned_once():
    record = closed()
    with clock.at(clock.now() + timedelta(days=334)):
        assert archiving.warn() == 0
    with clock.at(clock.now() + timedelta(days=335)):
        assert (archiving.warn(), archiving.warn()) == (1, 0)
        assert inbox("record") == [("case-handler", post(URBAN, "chuyen-vien"))]
        item = WorkItem.objects.get(is_open=True, subject_type="record")
        assert clock.local(item.due_at).date() == record.due_on
        assert queries.listing(cast.actor(ARCHIVIST), Filters(due=True)) == [record]
        given(record)
        assert queries.listing(cast.actor(ARCHIVIST), Filters(due=True)) == []
        assert inbox("record") == [] and archiving.warn() == 0


def test_two_sides_confirm_a_hand_over_with_its_number():
    record = closed()
    key = uuid4()
    made = [
        archiving.give(unit_id=unit(URBAN), record_ids=[record.pk], officer=cast.actor(HANDLER), key=key)
        for _ in range(2)
    ]
    assert made[0] == made[1] and (made[0].number, made[0].year) == (1, 2025)
    assert inbox("record-hand-over") == [("archivist", None)]
    with pytest.raises(NotPossible):
        given(record)
    for username in (HANDLER, HEAD, CHAIR):
        with pytest.raises(NotYours):
            archiving.receive(hand_over_id=made[0].pk, officer=cast.actor(username))
    for _ in range(2):
        archiving.receive(hand_over_id=made[0].pk, officer=cast.actor(ARCHIVIST))
    record.refresh_from_db()
    assert record.stage == Stage.HANDED_OVER and inbox("record-hand-over") == []
    assert kinds_of(("record", record.pk)).count("received") == 1
    with pytest.raises(NotPossible):
        services.reopen(record_id=record.pk, officer=cast.actor(CHAIR), reason="Thiếu")


def test_what_the_archive_gives_back_can_be_given_again():
    record = closed()
    first = given(record)
    with pytest.raises(Missing):
        archiving.refuse(hand_over_id=first.pk, officer=cast.actor(ARCHIVIST), words="")
    archiving.refuse(hand_over_id=first.pk, officer=cast.actor(ARCHIVIST), words="Thiếu mục lục")
    assert inbox("record") == [("case-handler", post(URBAN, "chuyen-vien"))]
    second = given(record)
    assert inbox("record") == []
    assert second.number == 2
    with pytest.raises(NotPossible):
        archiving.receive(hand_over_id=first.pk, officer=cast.actor(ARCHIVIST))


def test_only_closed_records_that_are_kept_long_are_given():
    with pytest.raises(NotPossible):
        given(opened())
    with pytest.raises(NotPossible):
        given(closed(notation="02.QLĐT", retention="2-nam"))
    with pytest.raises(Missing):
        archiving.give(unit_id=unit(URBAN), record_ids=[], officer=cast.actor(HANDLER), key=uuid4())


def test_a_record_is_kept_back_with_agreement_at_most_two_years():
    record = closed()
    ask = {"record_id": record.pk, "officer": cast.actor(HANDLER), "reason": "Còn dùng"}
    with pytest.raises(Missing):
        archiving.ask_to_keep(**ask, until=date(2028, 3, 4))
    archiving.ask_to_keep(**ask, until=date(2028, 3, 3))
    assert inbox("record") == [("archivist", None)]
    with pytest.raises(NotYours):
        archiving.answer_keeping(record_id=record.pk, officer=cast.actor(HEAD), agreed=True)
    archiving.answer_keeping(record_id=record.pk, officer=cast.actor(ARCHIVIST), agreed=True)
    record.refresh_from_db()
    assert record.due_on == date(2028, 3, 3) and inbox("record") == []
    with clock.at(clock.now() + timedelta(days=365)):
        assert archiving.warn() == 0


def test_what_was_not_agreed_to_stays_due_as_it_was():
    record = closed()
    archiving.ask_to_keep(record_id=record.pk, officer=cast.actor(HANDLER), reason="Còn dùng", until=date(2027, 3, 3))
    archiving.answer_keeping(record_id=record.pk, officer=cast.actor(ARCHIVIST), agreed=False, words="Không đủ lý do")
    record.refresh_from_db()
    assert (record.due_on, record.keeping, record.keep_until) == (date(2026, 3, 3), "", None)


# what becomes of them


YEARS_LATER = timedelta(days=365 * 4)


def proposed(*records: Record, officer: Officer | None = None):
    return destroying.propose(
        agency_id=unit(AGENCY),
        record_ids=[record.pk for record in records],
        reason="Hết thời hạn bảo quản",
        officer=officer or cast.actor(ARCHIVIST),
        key=uuid4(),
    )


def short(notation: str, *arrivals: Arrival, retention: str = "2-nam") -> Record:
    """A closed record, kept for two years where nothing else is said."""
    record = opened(notation=notation, retention=retention)
    for arrival in arrivals:
        put_in(record, arrival)
    return services.close(record_id=record.pk, officer=cast.actor(HANDLER))


def test_what_is_over_is_destroyed_by_decision_once_and_its_names_stay():
    shared, alone = document(file=True), document(mark=Mark("9", "SXD"), file=True)
    record, other = short("01.A", shared, alone), opened(notation="02.A")
    put_in(other, shared)
    with clock.at(clock.now() + YEARS_LATER):
        assert queries.over([unit(AGENCY)], clock.today()) == [record]
        found = proposed(record)
        assert queries.over([unit(AGENCY)], clock.today()) == []
        assert destroying.carry_out(found.pk) == 0, "nothing goes before it is approved"
        for username in (ARCHIVIST, HEAD):
            with pytest.raises((NotYours, NoSuchRecord)):
                destroying.approve(disposal_id=found.pk, officer=cast.actor(username))
        for _ in range(2):
            destroying.approve(disposal_id=found.pk, officer=cast.actor(CHAIR))
        assert (destroying.carry_out(found.pk), destroying.carry_out(found.pk)) == (1, 0)
    record.refresh_from_db()
    found.refresh_from_db()
    assert (record.stage, found.state) == (Stage.DESTROYED, "done")
    assert list(record.items.order_by("place").values_list("title", flat=True)) == [letter().abstract] * 2
    assert not DocumentFile.objects.filter(document_id=alone.document_id).exists()
    assert DocumentFile.objects.filter(document_id=shared.document_id).exists(), "another record holds it"
    assert StoredFile.objects.count() == 1
    assert kinds_of(("record", record.pk)).count("destroyed") == 1
    (entry,) = [each for each in timeline(("record", record.pk)) if each.kind == "documents.record_destroyed"]
    assert [each["subject"] for each in entry.data["documents"]] == [[IN_DOCUMENT, alone.pk]]


def test_what_is_not_over_or_frozen_is_not_destroyed():
    record = short("01.A", document())
    with pytest.raises(NotPossible):
        proposed(record)
    with clock.at(clock.now() + YEARS_LATER):
        found = proposed(record)
        destroying.approve(disposal_id=found.pk, officer=cast.actor(CHAIR))
        services.freeze(record_id=record.pk, officer=cast.actor(CHAIR), reason="Khiếu nại")
        assert destroying.carry_out(found.pk) == 0
    record.refresh_from_db()
    assert record.stage == Stage.CLOSED and not DisposedRecord.objects.get().counts


def test_what_was_refused_can_be_proposed_again():
    record = short("01.A", document())
    with clock.at(clock.now() + YEARS_LATER):
        with pytest.raises(NotYours):
            proposed(record, officer=cast.actor(HEAD))
        found = proposed(record)
        with pytest.raises(NotPossible):
            proposed(record)
        destroying.refuse(disposal_id=found.pk, officer=cast.actor(CHAIR), words="Xem lại")
        assert proposed(record).pk != found.pk
