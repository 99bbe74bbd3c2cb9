"""What went out and is limited to posts by name: in no register, list, figure or public page, and under nobody's hand
but theirs."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.documents import services
from lienthong.documents.definition import publication_for
from lienthong.documents.models import Arrival, Book, Issue, Publication, Record, RecordItem, Sending
from lienthong.documents.queries.books import Filters
from lienthong.documents.queries.exchange import got_by, sent_by
from lienthong.documents.queries.outgoing_books import waiting_for_the_post
from lienthong.documents.queries.registers import SOURCES
from lienthong.documents.records import keeping
from lienthong.documents.records.carrying import NotPossible
from lienthong.documents.records.packages import services as packages
from lienthong.documents.records.rules import Stage
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.relations import How
from lienthong.documents.services import copies, limiting, publishing
from lienthong.documents.services.issuing import ISSUE
from lienthong.documents.services.publishing import NotPublishable
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.work.models import WorkItem
from lienthong.work.subjects import SUBJECTS
from lienthong.work.urging import NotUrged
from tests import cast
from tests.cast import client_of
from tests.documents import drafted as circuit
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, URBAN, chair, in_days, registered
from tests.documents.conftest import presented as brought
from tests.documents.drafted import draft
from tests.documents.test_changing import arrival_at, changing, decided
from tests.documents.test_copies import BANK, MINISTRY, asked, handed, line, posted, sent
from tests.documents.test_finding_limits import limit
from tests.documents.test_incoming import by, unit
from tests.documents.test_outgoing import IN, OUT, PROVINCE, PROVINCE_CLERK, THIS_MONTH, new, scan, taken_in
from tests.documents.test_packages import GOI, packed, received
from tests.documents.test_publishing import LIST, published, read
from tests.documents.test_records import ARCHIVIST, opened

pytestmark = pytest.mark.django_db

DRAFTS, CIRCUIT = "/ban-lam-viec/van-ban/du-thao/", "/ban-lam-viec/van-ban/trinh-ky/"
SECRETIVE = "Về việc luân chuyển cán bộ"


def limited_issue(made: Issue, by: str = CHAIR) -> Issue:
    """Seen by the post of whoever limits it alone."""
    limiting.limit(subject=(ISSUE, made.pk), posts=(), officer=cast.actor(by))
    return made


def lines(book: Book, username: str) -> int:
    filters = Filters(THIS_MONTH, readers=cast.actor(username).post_ids)
    return len(SOURCES[book].page(by_key(AGENCY), filters))


def test_it_is_in_the_registers_of_those_alone_who_may_see_it():
    made, other = sent(abstract=SECRETIVE), sent()
    for each in (made, other):
        handed(each)
        posted(each, line(each, MINISTRY.name))
    limited_issue(made)
    for book in (Book.OUTGOING, Book.POST, Book.COPIES):
        assert (lines(book, CHAIR), lines(book, CLERK)) == (2, 1), book
        page = client_of(CLERK).get(f"{IN}so/?so={book.value}&tu=2025-03-01&den=2025-03-31").content.decode()
        assert f"{OUT}{other.pk}/" in page and f"{OUT}{made.pk}/" not in page and SECRETIVE not in page, book


def test_what_ended_a_document_is_not_named_in_the_register():
    old = sent()
    new = sent(kind="thong-bao", symbol="TB-UBND", relations=((old.pk, How.CANCELS),))
    limited_issue(new)
    page = client_of(CLERK).get(f"{IN}so/?so={Book.OUTGOING.value}&tu=2025-03-01&den=2025-03-31").content.decode()
    assert new.document.code not in page and "hết hiệu lực theo văn bản hạn chế" in page


def test_its_copies_wait_for_the_post_with_those_alone_who_may_see_it():
    made = limited_issue(sent(abstract=SECRETIVE))

    def waiting(username: str) -> list[Sending]:
        return waiting_for_the_post(cast.actor(username), by_key(AGENCY), most=10)

    assert waiting(CLERK) == [] and len(waiting(CHAIR)) == 2
    assert SECRETIVE not in client_of(CLERK).get(f"{OUT}ban-giay/").content.decode()
    with pytest.raises(NotFound):
        posted(made, line(made, BANK.name))
    assert not Sending.objects.filter(posting__isnull=False).exists()


def test_it_is_in_no_figure_of_exchange():
    sent()
    limited_issue(sent())
    registered()
    limit(registered(mark=None, abstract="Về việc khác"), by_whom=CLERK)
    city = by_key(AGENCY)
    assert sent_by([city], THIS_MONTH)[city.id].issued == 1 and got_by([city], THIS_MONTH)[city.id].registered == 1


def test_no_clerk_changes_recalls_or_publishes_what_is_kept_from_them():
    made = limited_issue(sent(kind="quyet-dinh", symbol="QĐ-UBND"))
    clerk = cast.actor(CLERK)
    with pytest.raises(NotFound):
        services.recall(issue_id=made.pk, officer=clerk, reason="Nhầm")
    with pytest.raises(NotFound):
        sent(kind="quyet-dinh", symbol="QĐ-UBND", relations=((made.pk, How.REPLACES),))
    with pytest.raises(NotFound):
        published(made, by=CLERK)
    made.refresh_from_db()
    assert made.recalled_at is None and Issue.objects.count() == 1 and not Publication.objects.exists()


def test_it_is_never_on_the_portal_and_what_is_there_goes_when_it_is_limited():
    made = decided()
    kept = published(made)
    for _time in range(2):
        limited_issue(made, by=PROVINCE_CLERK)
    kept.refresh_from_db()
    assert kept.withdrawn_at and kept.withdraw_reason
    assert [entry.kind for entry in timeline((ISSUE, made.pk))][-2:] == ["documents.limited", "documents.unpublished"]
    with pytest.raises(NotPublishable):
        published(made)
    Publication.objects.update(withdrawn_at=None, withdrawn_by=None, withdraw_reason="")
    assert made.document.code not in read()
    for path in ("", "tep/0/"):
        assert Client().get(f"{LIST}{kept.pk}/{path}").status_code == 404, "not even where the line was left"


def test_the_public_is_not_told_of_it_by_what_it_replaced():
    old = decided()
    kept = published(old)
    new = changing(old, How.REPLACES, abstract=SECRETIVE)
    assert new.document.code in read(f"{LIST}{kept.pk}/")
    limited_issue(new, by=PROVINCE_CLERK)
    page = read(f"{LIST}{kept.pk}/")
    assert new.document.code not in page and SECRETIVE not in page


def test_who_may_not_see_it_learns_only_that_it_replaced_what_they_see():
    old = decided()
    taken_in(arrival_at(AGENCY, old))
    new = changing(old, How.REPLACES, abstract=SECRETIVE)
    address = f"{IN}{arrival_at(AGENCY, old).pk}/"
    assert SECRETIVE in client_of(CLERK).get(address).content.decode()
    limit(taken_in(arrival_at(AGENCY, new)), by_whom=CLERK)
    assert SECRETIVE in client_of(CLERK).get(address).content.decode()
    arrival_at(AGENCY, new).readers.clear()
    page = client_of(CLERK).get(address).content.decode()
    assert SECRETIVE not in page and new.document.code not in page
    assert "Được thay thế bởi một văn bản hạn chế" in page


def test_what_is_limited_is_not_waited_for_on_the_portal(monkeypatch: pytest.MonkeyPatch):
    made = decided()
    rule = publication_for(by_key(PROVINCE), "quyet-dinh")
    assert rule
    required = rule.model_copy(update={"required": True})
    monkeypatch.setattr("lienthong.documents.views.outgoing.publication_for", lambda *_asked: required)
    client = client_of(PROVINCE_CLERK)
    assert client.get(f"{OUT}{made.pk}/").context["publish_by"]
    limited_issue(made, by=PROVINCE_CLERK)
    assert client.get(f"{OUT}{made.pk}/").context["publish_by"] is None


def test_a_draft_does_not_name_what_it_answers_to_who_may_not_see_it():
    arrival = brought(mark=Mark("777", "SNV-TCBC"))
    made = draft(answers=arrival)
    circuit.signed(circuit.presented(made))
    pages = [f"{DRAFTS}{made.pk}/", f"{CIRCUIT}{made.pk}/", f"{CIRCUIT}{made.pk}/phat-hanh/"]
    for page in pages:
        assert "777/SNV-TCBC" in client_of(CLERK).get(page).content.decode(), page
    limit(arrival)
    for page in pages:
        answer = client_of(CLERK).get(page)
        assert answer.status_code == 200 and "777/SNV-TCBC" not in answer.content.decode(), page


def test_a_package_is_not_for_an_archivist_who_may_not_see_all_of_the_record():
    record = received()
    made = packed(record)
    (arrival,) = Arrival.objects.all()
    limit(arrival)
    with pytest.raises(NotPossible):
        packages.take(key=made.key, officer=cast.actor(ARCHIVIST))
    with pytest.raises(NotPossible):
        packages.ask(record_id=record.pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    assert client_of(ARCHIVIST).get(f"{GOI}{made.key}/tai/").status_code == NotPossible.status
    limit(arrival, ARCHIVIST)
    assert packages.take(key=made.key, officer=cast.actor(ARCHIVIST)) == made.file


def test_what_is_on_the_portal_is_not_destroyed_before_it_is_taken_off():
    made = services.issue(
        agency_id=by_key(PROVINCE).id,
        new=new(kind="quyet-dinh", symbol="QĐ-UBND"),
        recipients=[BANK],
        officer=cast.actor(PROVINCE_CLERK),
        key=uuid4(),
        uploads=scan(),
    )
    kept = published(made)
    RecordItem.objects.create(
        record=opened(),
        subject_type=ISSUE,
        subject_id=made.pk,
        place=1,
        title="x",
        filed_at=clock.now(),
        filed_by=cast.account(CLERK),
    )
    moment = clock.now()
    Record.objects.update(stage=Stage.DESTROYED, closed_at=moment, destroyed_at=moment)
    assert SUBJECTS[ISSUE].erase(made.pk) == [] and Client().get(f"{LIST}{kept.pk}/tep/0/").status_code == 200
    publishing.withdraw(issue_id=made.pk, reason="Hết hiệu lực", officer=cast.actor(PROVINCE_CLERK))
    assert not made.document.files.exists()
    assert timeline((ISSUE, made.pk))[-1].data["files"]


def test_taking_off_the_portal_destroys_nothing_that_a_record_may_still_hold():
    made = decided()
    published(made)
    publishing.withdraw(issue_id=made.pk, reason="Hết hiệu lực", officer=cast.actor(PROVINCE_CLERK))
    assert made.document.files.exists() and "files" not in timeline((ISSUE, made.pk))[-1].data


def test_no_clerk_urges_or_confirms_what_came_in_and_is_kept_from_them():
    arrival = brought()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN), due_at=in_days(2))
    limit(arrival)
    tasks = list(arrival.tasks.values_list("pk", flat=True))
    with pytest.raises(NotUrged):
        services.urge(task_ids=tasks, officer=cast.actor(CLERK))
    with pytest.raises(NotFound):
        services.confirm_recall(arrival_id=arrival.pk, officer=cast.actor(CLERK))
    assert services.urge(task_ids=tasks, officer=cast.actor(CHAIR)).urged


def test_an_inbox_that_several_share_does_not_name_it():
    made = decided(abstract=SECRETIVE)
    arrival = taken_in(arrival_at(AGENCY, made))
    limit(arrival, by_whom=CLERK)
    services.recall(issue_id=made.pk, officer=cast.actor(PROVINCE_CLERK), reason="Nhầm")
    shared = WorkItem.objects.filter(is_open=True, post=None, role="document-clerk")
    assert {item.title for item in shared} == {"một văn bản hạn chế"}


def test_a_kept_copy_of_it_is_handed_out_by_a_clerk_who_may_see_it():
    made = sent(abstract=SECRETIVE)
    limiting.limit(subject=(ISSUE, made.pk), posts=cast.actor(HANDLER).post_ids, officer=cast.actor(CHAIR))
    use = asked(made, by=HANDLER)
    copies.decide_on_copy(use_id=use.pk, permit=True, words="Đồng ý", officer=cast.actor(CHAIR))
    waiting = WorkItem.objects.get(is_open=True, subject_type=copies.KEPT_COPY)
    assert SECRETIVE not in waiting.title and made.document.code not in waiting.code
    with pytest.raises(NotFound):
        copies.hand_out_copy(use_id=use.pk, remark="", officer=cast.actor(CLERK))
    limiting.limit(subject=(ISSUE, made.pk), posts=cast.actor(CLERK).post_ids, officer=cast.actor(CHAIR))
    assert copies.hand_out_copy(use_id=use.pk, remark="", officer=cast.actor(CLERK)).handed_on


def test_the_key_of_anothers_request_for_a_copy_is_refused():
    made = sent()
    use = asked(made, by=HANDLER)
    wanted = copies.CopyWanted(user="Lê Văn Mượn", purpose="Đối chiếu số liệu", permitter=chair())
    with pytest.raises(NotFound):
        copies.ask_for_copy(issue_id=made.pk, wanted=wanted, officer=cast.actor(CLERK), key=use.key)


def test_the_answer_to_what_the_clerk_may_not_see_gets_its_number():
    arrival = brought(mark=Mark("777", "SNV-TCBC"))
    turn = circuit.signed(circuit.presented(draft(answers=arrival)))
    limit(arrival)
    made = circuit.issued(turn)
    arrival.refresh_from_db()
    assert arrival.answer == made.document.code and made.answers_id == arrival.pk
    assert "777/SNV-TCBC" not in client_of(CLERK).get(f"{OUT}{made.pk}/").content.decode()
    with pytest.raises(NotFound):
        sent(answers=arrival.pk)


def test_what_is_limited_is_not_named_in_the_ledger_of_what_it_changed():
    old = sent()
    sent(kind="thong-bao", symbol="TB-UBND", relations=((old.pk, How.CANCELS),), limited=True)
    changed = timeline((ISSUE, old.pk))[-1]
    assert (changed.kind, changed.data) == ("documents.changed", {"how": "cancels"})


def test_what_was_answered_does_not_name_an_answer_that_is_limited_to_others():
    arrival = brought()
    answer = sent(answers=arrival.pk)
    book = f"{IN}so/?so={Book.SETTLEMENT.value}&tu=2025-03-01&den=2025-03-31"
    places = (f"{IN}{arrival.pk}/", book)

    def told(username: str) -> list[bool]:
        pages = (client_of(username).get(address).content.decode() for address in places)
        return [answer.document.code in page for page in pages]

    assert told(CLERK) == [True, True]
    limited_issue(answer)
    assert told(CLERK) == [False, False] and told(CHAIR)[0], "who may see the answer reads its number"
    assert "văn bản hạn chế" in client_of(CLERK).get(places[0]).content.decode()
    limiting.open_to_all(subject=(ISSUE, answer.pk), officer=cast.actor(CHAIR))
    assert told(CLERK) == [True, True]


def test_the_ledger_tells_nothing_that_was_written_of_it_to_who_may_not_see_it():
    made = sent(abstract=SECRETIVE)
    record = opened(notation="09.QLĐT", rights=Record.Rights.NAMED, posts=(chair(),))
    keeping.freeze(record_id=record.pk, officer=cast.actor(CHAIR), reason="Thanh tra việc kỷ luật")

    def told(subject: tuple[str, int]) -> str:
        answer = client_of("kiemsoat").get(reverse("workspace:ledger"), {"ve": f"{subject[0]} {subject[1]}"})
        assert answer.status_code == 200
        return " ".join(str(row["data"]) for row in answer.context["rows"])

    assert f"('number', '{made.number}')" in told((ISSUE, made.pk))
    assert "kỷ luật" not in told(("record", record.pk))
    limited_issue(made)
    assert told((ISSUE, made.pk)).replace("[]", "").strip() == ""
    Record.objects.filter(pk=record.pk).update(rights=Record.Rights.UNIT)
    assert "kỷ luật" in told(("record", record.pk)), "what is not limited is told as before"
