"""From the draft to the issued document: presented, checked, signed, returned, numbered and sealed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lienthong.documents import services as documents
from lienthong.documents.circuit import papers, queries, services
from lienthong.documents.circuit.rules import NoCapacity, NotPresentable, NotTheSigner, Part
from lienthong.documents.circuit.services import GoneOn
from lienthong.documents.drafts import services as drafts
from lienthong.documents.drafts.carrying import DRAFT, DRAFT_READ, Missing, NoSuchDraft, NotYours
from lienthong.documents.models import Arrival, Document, Draft, DraftOpinion, Issue, SigningRound, SigningTurn
from lienthong.documents.queries.outgoing import issue_page
from lienthong.documents.rules.contents import Signer
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.sending import Recipient
from lienthong.documents.services import TakingIn
from lienthong.documents.services.reading import NoSuchFile
from lienthong.foundation import clock
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.identity.services import absences
from lienthong.signing.models import SigningRecord
from lienthong.signing.services import verify_pdf
from lienthong.work.models import WorkItem
from tests import cast
from tests.documents.conftest import AGENCY, CHAIR, CLERK, FINANCE, HANDLER, HEAD, OTHER_HEAD, URBAN, post, registered
from tests.documents.drafted import (
    CHAIR_NAME,
    CHAIRS,
    CHAIRS_POST,
    DEPUTY,
    DEPUTY_NAME,
    DEPUTYS,
    DEPUTYS_POST,
    HEADS,
    asks,
    checked,
    contents,
    draft,
    head_then_chair,
    issued,
    presented,
    signed,
    stored,
    turn_of,
    write,
)
from tests.documents.test_outgoing import SealBroken

pytestmark = pytest.mark.django_db


def items(username: str) -> list[str]:
    """What lies with somebody, of signing."""
    officer = cast.actor(username)
    found = WorkItem.objects.filter(is_open=True, subject_type__in=[services.SIGNING, services.NUMBERING])
    return [
        item.task
        for item in found.order_by("id")
        if item.post_id in officer.post_ids
        or (item.post_id is None and item.organisation_id in officer.desks().get(item.role, []))
    ]


def state(made: Draft) -> str:
    return Draft.objects.values_list("state", flat=True).get(pk=made.pk)


def pdf_of(file: StoredFile) -> bytes:
    return papers.content_of(file)


def test_the_way_from_the_draft_to_the_issued_document():
    made = draft()
    under_way = presented(made)
    assert (items(HEAD), items(CHAIR), state(made)) == (["Kiểm tra dự thảo"], [], "signing")
    checked(under_way)
    assert (items(HEAD), items(CHAIR)) == ([], ["Ký văn bản"])
    turn = services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR))
    assert (items(CHAIR), items(CLERK), state(made)) == ([], ["Cấp số, đóng dấu và phát hành"], "signed")
    issue = issued(turn)
    assert (items(CLERK), state(made), issue.document.code) == ([], "issued", "01/UBND-QLĐT")
    assert Draft.objects.get(pk=made.pk).issue_id == issue.pk
    assert Arrival.objects.get(sending__issue=issue).organisation_id == by_key("ubnd-tinh").id
    events = [entry.kind.removeprefix("documents.draft_") for entry in timeline((DRAFT, made.pk))]
    assert events == ["presented", "checked", "signed", "issued"]


def test_both_signatures_hold_and_the_number_stands_in_the_file():
    issue = issued()
    pdf = pdf_of(issue.document.files.get().file)
    reports = verify_pdf(pdf)
    assert [report.name for report in reports] == [CHAIR_NAME, "Ủy ban nhân dân thành phố Gia Nghĩa"]
    assert all(report.genuine for report in reports), reports
    from lienthong.signing import form_fields, pades

    assert form_fields.values_of(pades.opened(pdf).prev) == {"number": "01", "day": "03", "month": "3", "year": "2025"}
    spoilt = pdf.replace(b"/V (01)", b"/V (02)")
    assert spoilt != pdf and not all(report.genuine for report in verify_pdf(spoilt))


def test_minutes_are_signed_by_two_at_once():
    two = {"kind": "bien-ban", "signer": CHAIRS, "second_signer": DEPUTYS, "addressees": ()}
    at_once = asks((1, Part.SIGN, AGENCY, CHAIRS_POST), (1, Part.SIGN, AGENCY, DEPUTYS_POST))
    under_way = presented(draft(**two), at_once)
    turns = SigningTurn.objects.filter(draft_id=under_way.draft_id).order_by("pk")
    assert (items(CHAIR), items(DEPUTY)) == (["Ký văn bản"], ["Ký văn bản"])
    services.sign(turn_id=turns[1].pk, officer=cast.actor(DEPUTY))
    last = services.sign(turn_id=turns[0].pk, officer=cast.actor(CHAIR))
    assert last.file
    assert [report.name for report in verify_pdf(pdf_of(last.file))] == [DEPUTY_NAME, CHAIR_NAME]
    issue = issued(last)
    reports = verify_pdf(pdf_of(issue.document.files.get().file))
    assert len(reports) == 3 and all(report.genuine for report in reports)


def test_presented_twice_with_one_key_it_is_presented_once():
    made, key = draft(), uuid4()
    given = {"draft_id": made.pk, "asked": head_then_chair(), "officer": cast.actor(HANDLER), "key": key}
    assert services.present(**given) == services.present(**given)
    assert SigningRound.objects.count() == 1 and len(items(HEAD)) == 1
    with pytest.raises(GoneOn):
        services.present(**{**given, "key": uuid4()})


def test_what_is_not_complete_or_no_pdf_is_not_presented():
    with pytest.raises(NotPresentable) as refused:
        presented(draft(symbol=""))
    assert list(refused.value.missing) == ["symbol"]
    with pytest.raises(NotPresentable, match="Word"):
        presented(draft(file=stored(b"docx", "a.docx", "docx")))
    assert not SigningRound.objects.exists() and items(HEAD) == []


@pytest.mark.parametrize(
    "asked",
    [
        [],
        [(1, Part.CHECK, URBAN, HEADS)],
        [(1, Part.SIGN, AGENCY, DEPUTYS_POST)],
        [(1, Part.SIGN, AGENCY, CHAIRS_POST), (2, Part.SIGN, AGENCY, DEPUTYS_POST)],
        [(2, Part.CHECK, URBAN, HEADS), (1, Part.SIGN, AGENCY, CHAIRS_POST)],
        [(1, Part.SIGN, AGENCY, CHAIRS_POST), (1, Part.CHECK, AGENCY, CHAIRS_POST)],
        [(1, Part.SIGN, URBAN, "chuyen-vien")],
    ],
)
def test_a_circuit_that_cannot_be_is_refused(asked: list[tuple[int, Part, str, str]]):
    made = draft()
    with pytest.raises(Missing):
        services.present(draft_id=made.pk, asked=asks(*asked), officer=cast.actor(HANDLER), key=uuid4())
    assert state(made) == "writing" and not StoredFile.objects.exists()


def test_others_cannot_present_check_sign_or_return():
    made = draft()
    with pytest.raises(NoSuchDraft):
        services.present(draft_id=made.pk, asked=head_then_chair(), officer=cast.actor(OTHER_HEAD), key=uuid4())
    under_way = presented(made)
    for part in Part:
        turn = turn_of(under_way, part).pk
        for deed in (services.check, services.sign):
            with pytest.raises(NoSuchDraft):
                deed(turn_id=turn, officer=cast.actor(OTHER_HEAD))
        with pytest.raises(NoSuchDraft):
            services.return_draft(turn_id=turn, officer=cast.actor(OTHER_HEAD), words="Không")
    with pytest.raises(NoSuchDraft):
        services.take_back(draft_id=made.pk, officer=cast.actor(OTHER_HEAD), words="Không")
    assert not SigningTurn.objects.exclude(outcome="").exists()


def test_nobody_signs_before_it_was_checked():
    under_way = presented()
    with pytest.raises(GoneOn):
        services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR))
    assert not SigningRecord.objects.exists()


def test_pressed_twice_it_is_signed_once():
    under_way = presented()
    checked(under_way)
    checked(under_way)
    first = services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR))
    again = services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR))
    assert first.file_id == again.file_id and SigningRecord.objects.count() == 1


def test_a_returned_draft_is_written_again_and_everybody_is_told():
    under_way = presented()
    checked(under_way)
    services.return_draft(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR), words="Bổ sung số liệu")
    made = under_way.draft
    assert (state(made), items(HANDLER)) == ("writing", ["Sửa dự thảo bị trả lại"])
    assert (items(HEAD), items(CHAIR)) == (["Dự thảo đã bị trả lại"], [])
    services.read(draft_id=made.pk, officer=cast.actor(HEAD))
    services.read(draft_id=made.pk, officer=cast.actor(HANDLER))
    assert items(HEAD) == items(HANDLER) == []
    write(made, contents(abstract="Rà soát quy hoạch (bổ sung số liệu)"), number=2)
    second = presented(made)
    assert (second.number, second.version.number, items(HEAD)) == (2, 2, ["Kiểm tra dự thảo"])
    page = queries.page(cast.actor(HANDLER), made.pk)
    assert page and [each.outcome for each in page.turns] == ["done", "returned", "", ""]


def test_it_is_returned_with_words_only():
    under_way = presented()
    with pytest.raises(Missing):
        services.return_draft(turn_id=turn_of(under_way, Part.CHECK).pk, officer=cast.actor(HEAD), words=" \n")
    assert state(under_way.draft) == "signing"


def test_the_drafter_takes_it_back_until_it_is_signed():
    under_way = presented()
    checked(under_way)
    services.take_back(draft_id=under_way.draft_id, officer=cast.actor(HANDLER), words="Sai phụ lục")
    assert (state(under_way.draft), items(CHAIR)) == ("writing", ["Dự thảo đã được rút lại"])
    with pytest.raises(GoneOn):
        services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR))
    turn = signed(presented(under_way.draft))
    with pytest.raises(GoneOn):
        services.take_back(draft_id=turn.draft_id, officer=cast.actor(HANDLER), words="Muộn")


def test_the_clerk_returns_it_before_it_has_a_number():
    turn = signed()
    services.give_back(draft_id=turn.draft_id, officer=cast.actor(CLERK), words="Sai thể thức")
    assert (state(turn.draft), items(CLERK)) == ("writing", [])
    assert items(HANDLER) == ["Sửa dự thảo bị trả lại"] and items(CHAIR) == ["Dự thảo đã bị trả lại"]
    with pytest.raises(GoneOn):
        issued(turn)
    assert not Issue.objects.exists()


def test_only_the_clerks_return_and_issue_what_is_signed():
    turn = signed()
    for username in (HANDLER, CHAIR, HEAD):
        with pytest.raises(NotYours):
            services.give_back(draft_id=turn.draft_id, officer=cast.actor(username), words="Không")
        with pytest.raises(NoSuchDraft):
            issued(turn, officer=cast.actor(username))


# who signs


def away(username: str, post_key: str, substitute: str) -> None:
    absences.go_away(
        officer=cast.actor(username),
        post_id=post(AGENCY, post_key),
        substitute_id=cast.account(substitute).pk,
        first_day=clock.today(),
        last_day=clock.today() + timedelta(days=3),
    )


def test_a_substitute_does_not_sign_in_anothers_name():
    away(CHAIR, CHAIRS_POST, DEPUTY)
    under_way = presented()
    checked(under_way)
    with pytest.raises(NotTheSigner, match=DEPUTY_NAME):
        services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(DEPUTY))
    assert turn_of(under_way).outcome == ""


def test_a_substitute_signs_in_the_own_name_where_the_document_says_in_whose_place():
    away(CHAIR, CHAIRS_POST, DEPUTY)
    turn = signed(presented(signer=DEPUTYS), DEPUTY)
    record = SigningRecord.objects.get()
    assert record.account_id == cast.account(DEPUTY).pk and record.post_id == post(AGENCY, DEPUTYS_POST)
    assert turn.done_for_id == post(AGENCY, CHAIRS_POST)


def test_a_substitute_without_a_line_of_power_does_not_sign():
    away(CHAIR, CHAIRS_POST, DEPUTY)
    under_way = presented(signer=Signer(title="Phó Chủ tịch", name=DEPUTY_NAME))
    checked(under_way)
    with pytest.raises(NoCapacity):
        services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(DEPUTY))


def test_somebody_else_is_asked_to_check_but_signing_needs_the_name_below():
    under_way = presented()
    turn = turn_of(under_way, Part.CHECK)
    other = {"post_id": post(AGENCY, DEPUTYS_POST), "officer": cast.actor(HANDLER), "words": "Trưởng phòng đi công tác"}
    made = services.redirect(turn_id=turn.pk, **other)
    assert services.redirect(turn_id=turn.pk, **other) == made
    assert (items(HEAD), items(DEPUTY), SigningTurn.objects.get(pk=turn.pk).outcome) == (
        [],
        ["Kiểm tra dự thảo"],
        "lapsed",
    )
    with pytest.raises(Missing):
        services.redirect(turn_id=turn_of(under_way).pk, **{**other, "post_id": post(URBAN, HEADS)})
    services.check(turn_id=made.pk, officer=cast.actor(DEPUTY))
    assert items(CHAIR) == ["Ký văn bản"]


def test_the_usual_circuit_is_head_of_unit_then_signer():
    made = draft()
    found = [(each.place, each.part, each.desk[2]) for each in queries.usual_circuit(made, [CHAIRS])]
    assert found == [(1, Part.CHECK, post(URBAN, HEADS)), (2, Part.SIGN, post(AGENCY, CHAIRS_POST))]


# the last step


@pytest.mark.parametrize(
    ("printed", "kept"), [("", ""), ("LƯU HÀNH NỘI BỘ", "internal"), ("XEM XONG TRẢ LẠI", "return")]
)
def test_what_is_printed_of_its_circulation_holds_for_what_is_issued(printed: str, kept: str):
    assert issued(signed(presented(circulation=printed))).document.circulation == kept


def test_issued_twice_it_is_issued_once():
    turn = signed()
    assert issued(turn).pk == issued(turn).pk and Document.objects.count() == 1


@pytest.mark.parametrize("step", ["fill", "sign_pdf", "keep", "tell"])
def test_what_breaks_between_number_and_issue_leaves_neither(monkeypatch: pytest.MonkeyPatch, step: str):
    turn = signed()
    files, records = StoredFile.objects.count(), SigningRecord.objects.count()

    def breaks(*_given: object, **_named: object) -> None:
        raise SealBroken

    with monkeypatch.context() as broken:
        where = {
            "fill": "lienthong.documents.circuit.papers.forms.fill",
            "sign_pdf": "lienthong.documents.circuit.papers.sign_pdf",
            "keep": "lienthong.documents.circuit.services.issuing.files.keep",
            "tell": "lienthong.documents.circuit.services.carrying.tell_drafter",
        }
        broken.setattr(where[step], breaks)
        with pytest.raises(SealBroken):
            issued(turn)
    assert not Issue.objects.exists() and not Document.objects.exists() and not Arrival.objects.exists()
    assert (StoredFile.objects.count(), SigningRecord.objects.count()) == (files, records)
    assert state(turn.draft) == "signed" and items(CLERK) == ["Cấp số, đóng dấu và phát hành"]
    assert issued(turn).number == 1, "the number was not lost"


def test_a_signature_that_breaks_leaves_the_turn_open(monkeypatch: pytest.MonkeyPatch):
    under_way = presented()
    checked(under_way)

    def breaks(*_given: object, **_named: object) -> None:
        raise SealBroken

    with monkeypatch.context() as broken:
        broken.setattr("lienthong.documents.circuit.services.carrying.end_turn", breaks)
        with pytest.raises(SealBroken):
            services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR))
    assert turn_of(under_way).outcome == "" and not SigningRecord.objects.exists()
    assert items(CHAIR) == ["Ký văn bản"]


def test_a_personal_letter_has_no_number_and_goes_back_to_who_wrote_it():
    letter = {"kind": "thu-cong", "symbol": "", "signer": CHAIRS}
    turn = signed(presented(draft(**letter)))
    assert (items(CLERK), items(HANDLER)) == ([], ["Văn bản đã được ký"])
    with pytest.raises(GoneOn):
        issued(turn)


# who sees it


def test_who_sees_a_draft_that_is_being_signed():
    made = draft()
    seen = {name: queries.page(cast.actor(name), made.pk) is not None for name in (HANDLER, HEAD, CLERK, OTHER_HEAD)}
    assert seen == {HANDLER: True, HEAD: True, CLERK: False, OTHER_HEAD: False}
    asked = asks((1, Part.CHECK, "thanh-pho-gia-nghia-tai-chinh-ke-hoach", HEADS), (2, Part.SIGN, AGENCY, CHAIRS_POST))
    presented(made, asked)
    assert queries.page(cast.actor(OTHER_HEAD), made.pk) and queries.page(cast.actor(CLERK), made.pk)
    assert not queries.page(cast.actor("vanthu.tinh"), made.pk)


def test_who_was_only_asked_for_an_opinion_sees_nothing_of_the_circuit():
    made = draft()
    desk = f"dv-{by_key(FINANCE).id}"
    drafts.circulate(draft_id=made.pk, desks=[desk], question="?", due_at=None, officer=cast.actor(HANDLER))
    presented(made)
    assert queries.page(cast.actor(OTHER_HEAD), made.pk) is None
    assert DraftOpinion.objects.get().verdict == "lapsed", "nobody waits for it any more"


def test_who_opened_it_is_on_record():
    under_way = presented()
    services.read(draft_id=under_way.draft_id, officer=cast.actor(HEAD))
    services.read_file(draft_id=under_way.draft_id, number=1, officer=cast.actor(HEAD))
    with pytest.raises(NoSuchFile):
        services.read_file(draft_id=under_way.draft_id, number=2, officer=cast.actor(HEAD))
    entries = timeline((DRAFT_READ, under_way.draft_id))
    assert [entry.kind for entry in entries] == ["documents.draft_seen"] * 2
    assert {entry.account_id for entry in entries} == {cast.account(HEAD).pk}


def test_from_what_came_in_to_the_answer_that_three_agencies_have():
    arrival = registered()
    made = draft(answers=arrival)
    desk = f"dv-{by_key(FINANCE).id}"
    drafts.circulate(draft_id=made.pk, desks=[desk], question="?", due_at=None, officer=cast.actor(HANDLER))
    asked = DraftOpinion.objects.get().pk
    drafts.give_opinion(opinion_id=asked, verdict="agreed", words="", officer=cast.actor(OTHER_HEAD))
    to = [Recipient(by_key(key).name, by_key(key).id) for key in ("ubnd-tinh", "huyen-dak-glong", "huyen-dak-song")]
    issue = issued(signed(presented(made)), recipients=to)
    assert Arrival.objects.get(pk=arrival.pk).answer == issue.document.code
    there = Arrival.objects.get(sending__issue=issue, organisation_id=by_key("ubnd-tinh").id)
    documents.take_in(arrival_id=there.pk, officer=cast.actor("vanthu.tinh"), key=uuid4(), taking=TakingIn())
    page = issue_page(cast.actor(CLERK), issue.pk)
    assert page and [each.arrival and each.arrival.status for each in page.sendings] == [
        Status.REGISTERED,
        Status.ARRIVED,
        Status.ARRIVED,
    ]


def test_the_strokes_of_a_number_in_the_abstract_are_no_folders_of_the_files_name():
    under_way = presented(abstract="phúc đáp văn bản số 125/SXD-QH về rà soát quy hoạch")
    assert under_way.file.name == "Công văn phúc đáp văn bản số 125-SXD-QH về rà soát quy hoạch.pdf"
