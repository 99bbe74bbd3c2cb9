"""Drafts: begun, written version by version, put to others, given up; who sees what of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lienthong.documents.drafts import carrying, queries, services
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts.carrying import Missing, NoSuchDraft, NotPossible, NotYours
from lienthong.documents.models import Draft, DraftOpinion, DraftVersion
from lienthong.documents.rules.blocks import text_of
from lienthong.documents.rules.contents import Contents, from_text
from lienthong.documents.rules.sending import Recipient
from lienthong.documents.services import NoSuchDocument, Upload
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.work.models import WorkItem
from tests import cast
from tests.documents import word
from tests.documents.conftest import (
    AGENCY,
    CHAIR,
    CLERK,
    FINANCE,
    HANDLER,
    HEAD,
    OTHER_HEAD,
    URBAN,
    post,
    presented,
)

pytestmark = pytest.mark.django_db

OTHER_HANDLER, DEPUTY = "tuan.qldt", "thanh.phochutich"


def begun(username: str = HANDLER, unit: str = URBAN, key: str = "chuyen-vien", **other: Any) -> Draft:
    said: dict[str, Any] = {"kind": "quyet-dinh", "abstract": "Thành lập Tổ rà soát quy hoạch"}
    new = services.NewDraft(post_id=post(unit, key), agency_id=by_key(AGENCY).id, **{**said, **other})
    return services.open_draft(new=new, officer=cast.actor(username), key=uuid4())


def contents_of(draft: Draft) -> Contents:
    draft.refresh_from_db()
    found = carrying.contents_of(carrying.latest_of(draft))
    assert found is not None
    return found


def written(draft: Draft, username: str = HANDLER, *, base: int | None = None, **changed: Any) -> DraftVersion:
    now = contents_of(draft)
    said = {name: now.as_json()[name] for name in now.as_json()} | changed
    return services.write(
        draft_id=draft.pk,
        officer=cast.actor(username),
        key=uuid4(),
        base=draft.latest if base is None else base,
        contents=Contents.read(said),
    )


def desk(unit: str) -> str:
    return f"dv-{by_key(unit).id}"


def asked(draft: Draft, *desks: str, **other: Any) -> list[DraftOpinion]:
    said: dict[str, Any] = {"question": "Đề nghị góp ý", "due_at": clock.now() + timedelta(days=2)}
    return services.circulate(
        draft_id=draft.pk, desks=desks or (desk(FINANCE),), officer=cast.actor(HANDLER), **{**said, **other}
    )


def answered(
    opinion: DraftOpinion, username: str = OTHER_HEAD, verdict: str = "remarks", words: str = "Bổ sung Điều 4"
) -> DraftOpinion:
    return services.give_opinion(opinion_id=opinion.pk, verdict=verdict, words=words, officer=cast.actor(username))


def sees(username: str, draft: Draft) -> bool:
    return queries.visible_to(cast.actor(username)).filter(pk=draft.pk).exists()


def happened(draft: Draft) -> list[str]:
    return [entry.kind.removeprefix("documents.draft_") for entry in timeline(("draft", draft.pk))]


def inbox(opinion: DraftOpinion) -> int:
    return WorkItem.objects.filter(subject_type="draft-opinion", subject_id=opinion.pk, is_open=True).count()


def test_a_draft_begins_with_its_template_the_agencys_head_and_its_leader():
    draft = begun()
    said = contents_of(draft)
    assert (draft.kind, draft.latest, draft.state) == ("quyet-dinh", 1, Draft.State.WRITING)
    assert said.issuer == "Ủy ban nhân dân thành phố Gia Nghĩa" and said.place == "Gia Nghĩa"
    assert said.symbol == "QĐ-UBND" and said.abstract == "Thành lập Tổ rà soát quy hoạch"
    assert any(text_of(block) == "QUYẾT ĐỊNH:" for block in said.body)
    assert said.authority == "Ủy ban nhân dân thành phố Gia Nghĩa"
    assert said.signer.capacity() == ("TM. Ủy ban nhân dân", "Chủ tịch") and said.signer.name == "Võ Tiến Dũng"
    assert happened(draft) == ["opened"]


def test_the_same_form_begins_one_draft():
    new = services.NewDraft(post_id=post(URBAN, "chuyen-vien"), agency_id=by_key(AGENCY).id, kind="cong-van")
    key = uuid4()
    first, again = (services.open_draft(new=new, officer=cast.actor(HANDLER), key=key) for _time in range(2))
    assert first.pk == again.pk and Draft.objects.count() == DraftVersion.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"post_id": 0}, {"agency_id": 0}])
def test_nobody_drafts_by_a_post_or_for_an_agency_that_is_not_theirs(wrong: dict[str, int]):
    said = {"post_id": post(URBAN, "chuyen-vien"), "agency_id": by_key(AGENCY).id, "kind": "cong-van"} | wrong
    with pytest.raises(services.NotYours):
        services.open_draft(new=services.NewDraft(**said), officer=cast.actor(HANDLER), key=uuid4())
    with pytest.raises(services.NotYours):
        begun(OTHER_HEAD)
    assert not Draft.objects.exists()


def test_an_answer_takes_addressee_words_and_due_day_from_what_it_answers():
    arrival = presented()
    draft = begun(CHAIR, AGENCY, "chu-tich", kind="cong-van", abstract="", answers=arrival.pk)
    said = contents_of(draft)
    assert draft.answers_id == arrival.pk and said.addressees == ("Sở Xây dựng",)
    assert said.abstract.startswith("phúc đáp văn bản số 125/SXD-QH về rà soát quy hoạch")
    assert text_of(said.body[0]).startswith("Phúc đáp văn bản số 125/SXD-QH ngày 27/02/2025 của Sở Xây dựng về việc rà")
    assert draft.recipients == [{"name": "Sở Xây dựng", "organisation_id": None, "copies": 1}]
    with pytest.raises(NoSuchDocument):
        begun(answers=arrival.pk)


def test_a_draft_is_begun_from_an_earlier_one_that_the_officer_sees():
    earlier = begun()
    written(earlier, body=[each.model_dump() for each in from_text("Điều 1. Như cũ.")])
    made = begun(abstract="", like=earlier.pk)
    assert [text_of(each) for each in contents_of(made).body] == ["Điều 1. Như cũ."]
    assert contents_of(made).abstract == "Thành lập Tổ rà soát quy hoạch"
    with pytest.raises(services.NoSuchDraft):
        begun(OTHER_HEAD, FINANCE, "truong-phong", like=earlier.pk)


def test_each_writing_is_a_version_and_what_changes_nothing_is_none():
    draft = begun()
    version = written(draft, abstract="Thành lập Tổ rà soát", urgency=1)
    draft.refresh_from_db()
    assert (version.number, draft.latest, draft.abstract, draft.urgency) == (2, 2, "Thành lập Tổ rà soát", 1)
    assert written(draft).number == 2
    assert DraftVersion.objects.filter(draft=draft).count() == 2
    assert happened(draft) == ["opened", "written"]


def test_the_same_form_writes_one_version():
    draft, key = begun(), uuid4()
    said = Contents.read(contents_of(draft).as_json() | {"abstract": "Khác"})
    for _time in range(2):
        made = services.write(draft_id=draft.pk, officer=cast.actor(HANDLER), key=key, base=1, contents=said)
        assert made.number == 2
    assert DraftVersion.objects.filter(draft=draft).count() == 2


def test_the_key_of_another_drafts_form_writes_nothing():
    one, other = begun(), begun()
    made = written(one, abstract="Một")
    said = Contents.read(contents_of(other).as_json() | {"abstract": "Hai"})
    with pytest.raises(services.NotYours):
        services.write(draft_id=other.pk, officer=cast.actor(HANDLER), key=made.key, base=1, contents=said)
    other.refresh_from_db()
    assert other.latest == 1


def test_the_second_of_two_who_write_at_once_is_told_and_loses_nothing():
    draft = begun()
    written(draft, HEAD, abstract="Của trưởng phòng")
    with pytest.raises(services.Overtaken) as refused:
        written(draft, HANDLER, base=1, abstract="Của chuyên viên")
    assert refused.value.latest.number == 2 and "Nguyễn Mạnh Hùng" in str(refused.value)
    assert contents_of(draft).abstract == "Của trưởng phòng"
    assert written(draft, HANDLER, base=2, abstract="Của chuyên viên").number == 3


def test_recipients_and_the_due_day_are_the_drafts_own():
    draft = begun()
    due = clock.now() + timedelta(days=3)
    to = [Recipient("Sở Xây dựng", by_key("so-xay-dung").id), Recipient("Viện Quy hoạch", copies=1)]
    services.write(
        draft_id=draft.pk,
        officer=cast.actor(HANDLER),
        key=uuid4(),
        base=1,
        contents=contents_of(draft),
        recipients=to,
        due_at=due,
    )
    draft.refresh_from_db()
    assert [each["name"] for each in draft.recipients] == ["Sở Xây dựng", "Viện Quy hoạch"]
    assert draft.due_at == due and draft.latest == 1


def test_a_file_is_a_version_too_and_others_than_word_and_pdf_are_refused():
    draft = begun()
    upload = Upload("du-thao.docx", word.saved(word.letter()))
    made = services.write(draft_id=draft.pk, officer=cast.actor(HANDLER), key=uuid4(), base=1, upload=upload)
    assert made.number == 2 and made.contents is None and made.file is not None and made.file.format == "docx"
    with pytest.raises(Exception, match="Word"):
        services.write(
            draft_id=draft.pk, officer=cast.actor(HANDLER), key=uuid4(), base=2, upload=Upload("a.jpg", cast.photo())
        )
    with pytest.raises(services.Missing):
        services.write(draft_id=draft.pk, officer=cast.actor(HANDLER), key=uuid4(), base=2)


def test_an_earlier_version_is_taken_up_again_as_a_new_one():
    draft = begun()
    written(draft, abstract="Sai")
    made = services.restore(draft_id=draft.pk, number=1, base=2, officer=cast.actor(HANDLER), key=uuid4())
    assert made.number == 3 and contents_of(draft).abstract == "Thành lập Tổ rà soát quy hoạch"
    assert happened(draft)[-1] == "restored"
    with pytest.raises(services.Overtaken):
        services.restore(draft_id=draft.pk, number=2, base=2, officer=cast.actor(HANDLER), key=uuid4())
    with pytest.raises(services.NoSuchDraft):
        services.restore(draft_id=draft.pk, number=9, base=3, officer=cast.actor(HANDLER), key=uuid4())


def test_who_drafts_who_heads_the_unit_and_who_leads_the_agency_see_it():
    draft = begun()
    assert {name for name in (HANDLER, HEAD, CHAIR, DEPUTY, OTHER_HANDLER, OTHER_HEAD, CLERK) if sees(name, draft)} == {
        HANDLER,
        HEAD,
        CHAIR,
        DEPUTY,
    }
    with pytest.raises(services.NotYours):
        written(draft, CHAIR, abstract="Khác")
    with pytest.raises(services.NoSuchDraft):
        written(draft, OTHER_HANDLER, abstract="Khác")


def test_the_clerk_sees_a_draft_once_it_is_being_signed_and_its_text_stays():
    draft = begun()
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.SIGNING)
    assert sees(CLERK, draft)
    with pytest.raises(services.NotPossible):
        written(draft, abstract="Khác")
    with pytest.raises(services.NotPossible):
        services.drop(draft_id=draft.pk, officer=cast.actor(HANDLER))
    with pytest.raises(services.NotPossible):
        asked(draft)


def test_all_are_asked_at_once_and_nobody_twice():
    draft = begun()
    made = asked(draft, desk(FINANCE), f"vt-{post(URBAN, 'chuyen-vien-2')}", desk("so-xay-dung"))
    assert len(made) == 3 and [inbox(each) for each in made] == [1, 1, 1]
    assert asked(draft, desk(FINANCE)) == []
    assert sees(OTHER_HEAD, draft) and sees(OTHER_HANDLER, draft)
    assert happened(draft) == ["opened", "circulated"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"desks": ()}, "desks"),
        ({"desks": ("dv-0",)}, "desks"),
        ({"desks": ("vt-²",)}, "desks"),
        ({"desks": ("dv-1",) * 201}, "desks"),
        ({}, "due"),
    ],
)
def test_asking_that_cannot_be_is_refused_by_field(wrong: dict[str, Any], field: str):
    draft = begun()
    said: dict[str, Any] = {"desks": (desk(FINANCE),), "question": "", "due_at": None} | wrong
    if field == "due":
        said["due_at"] = clock.now() - timedelta(minutes=1)
    with pytest.raises(services.Missing) as refused:
        services.circulate(draft_id=draft.pk, officer=cast.actor(HANDLER), **said)
    assert list(refused.value.errors) == [field] and not DraftOpinion.objects.exists()


def test_an_opinion_is_given_once_and_takes_the_question_from_the_inbox():
    draft = begun()
    (opinion,) = asked(draft)
    given = answered(opinion)
    assert (given.verdict, given.words, inbox(opinion)) == ("remarks", "Bổ sung Điều 4", 0)
    assert answered(opinion, verdict="agreed").verdict == "remarks"
    assert happened(draft) == ["opened", "circulated", "opinion"]


def test_who_does_not_simply_agree_says_why_and_strangers_say_nothing():
    (opinion,) = asked(begun())
    with pytest.raises(services.Missing):
        answered(opinion, verdict="opposed", words=" ")
    with pytest.raises(services.Missing):
        answered(opinion, verdict="lapsed")
    with pytest.raises(services.NoSuchDraft):
        answered(opinion, username=OTHER_HANDLER)
    opinion.refresh_from_db()
    assert opinion.given_at is None and inbox(opinion) == 1
    assert answered(opinion, verdict="agreed", words="").verdict == "agreed"


def test_who_was_asked_sees_that_version_and_later_ones_and_only_their_own_opinion():
    draft = begun()
    written(draft, abstract="Bản hai")
    mine, _other = asked(draft, desk(FINANCE), f"vt-{post(URBAN, 'chuyen-vien-2')}")
    written(draft, abstract="Bản ba")
    page = queries.draft_page(cast.actor(OTHER_HEAD), draft.pk)
    assert page is not None and not page.writes and not page.gathers
    assert [each.number for each in page.versions] == [3, 2] and [each.pk for each in page.opinions] == [mine.pk]
    own = queries.draft_page(cast.actor(HANDLER), draft.pk)
    assert own is not None and len(own.versions) == 3 and len(own.opinions) == 2


def test_ending_the_asking_early_and_dropping_take_every_question_back():
    draft = begun()
    first, second = asked(draft, desk(FINANCE), f"vt-{post(URBAN, 'chuyen-vien-2')}")
    answered(first)
    assert services.close_asking(draft_id=draft.pk, officer=cast.actor(HEAD)) == 1
    second.refresh_from_db()
    assert second.verdict == "lapsed" and inbox(second) == 0
    assert services.close_asking(draft_id=draft.pk, officer=cast.actor(HEAD)) == 0
    (third,) = asked(draft)
    services.drop(draft_id=draft.pk, officer=cast.actor(HANDLER), reason="Không cần nữa")
    with pytest.raises(services.NotPossible):
        answered(third)
    assert inbox(third) == 0


def test_a_dropped_draft_is_taken_up_again_with_all_it_had():
    draft = begun()
    for _time in range(2):
        services.drop(draft_id=draft.pk, officer=cast.actor(HANDLER), reason="Trùng")
    with pytest.raises(services.NotPossible):
        written(draft, abstract="Khác")
    for _time in range(2):
        services.reopen(draft_id=draft.pk, officer=cast.actor(HEAD))
    assert written(draft, abstract="Khác").number == 2
    assert happened(draft) == ["opened", "dropped", "reopened", "written"]


def test_looking_is_on_record_apart():
    draft = begun()
    services.read(draft_id=draft.pk, officer=cast.actor(CHAIR))
    assert happened(draft) == ["opened"] and len(timeline(("draft-read", draft.pk))) == 1
    with pytest.raises(services.NoSuchDraft):
        services.read(draft_id=draft.pk, officer=cast.actor(OTHER_HEAD))
    with pytest.raises(services.NoSuchDraft):
        services.read(draft_id=draft.pk, officer=cast.actor(CHAIR), version=7)


def test_leaders_sign_for_the_committee_and_heads_by_order_of_its_chair():
    offered = {each.post.key: each.signer for each in drafts_policy.signers_for(by_key(AGENCY), by_key(URBAN))}
    assert offered["chu-tich"].capacity() == ("TM. Ủy ban nhân dân", "Chủ tịch")
    assert offered["pho-chu-tich"].capacity() == ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch")
    assert offered["pho-chu-tich"].name == "Hoàng Thị Thanh"
    assert offered["truong-phong"].capacity()[0] == "TL. Chủ tịch"


def taken(opinion: DraftOpinion, how: str = "part", words: str = "Sửa Điều 4", username: str = HANDLER) -> DraftOpinion:
    return services.say_taken(
        draft_id=opinion.draft_id, opinion_id=opinion.pk, taken=how, words=words, officer=cast.actor(username)
    )


def test_what_was_done_with_an_opinion_is_said_by_who_writes_and_replaced_until_it_is_presented():
    draft = begun()
    opinion = answered(*asked(draft))
    first = taken(opinion)
    assert (first.taken, first.taken_words, first.taken_by_id) == ("part", "Sửa Điều 4", cast.account(HANDLER).pk)
    taken(opinion)
    assert happened(draft).count("opinion_taken") == 1, "the same is put down once"
    assert taken(opinion, "whole", " ", HEAD).taken_words == "" and happened(draft).count("opinion_taken") == 2
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.SIGNING)
    with pytest.raises(NotPossible):
        taken(opinion, "not", "Ngoài phạm vi")
    own = queries.draft_page(cast.actor(OTHER_HEAD), draft.pk)
    assert own is not None and [each.taken for each in own.opinions] == ["whole"]


def test_what_is_not_taken_over_as_a_whole_has_a_reason():
    opinion = answered(*asked(begun()))
    for how, words, field in (("part", " ", "words"), ("not", "", "words"), ("", "x", "taken"), ("x", "x", "taken")):
        with pytest.raises(Missing) as refused:
            taken(opinion, how, words)
        assert list(refused.value.errors) == [field]
    opinion.refresh_from_db()
    assert (opinion.taken, opinion.taken_at) == ("", None)


def test_only_who_writes_says_what_was_done_and_only_with_what_was_given():
    draft = begun()
    given, waiting = asked(draft, desk(FINANCE), f"vt-{post(URBAN, 'chuyen-vien-2')}")
    answered(given)
    with pytest.raises(NotPossible):
        taken(waiting)
    for username, error in ((OTHER_HEAD, NotYours), (OTHER_HANDLER, NotYours), ("vanthu.tinh", NoSuchDraft)):
        with pytest.raises(error):
            taken(given, username=username)
    with pytest.raises(NoSuchDraft):
        services.say_taken(
            draft_id=begun().pk, opinion_id=given.pk, taken="whole", words="", officer=cast.actor(HANDLER)
        )
    services.close_asking(draft_id=draft.pk, officer=cast.actor(HANDLER))
    with pytest.raises(NotPossible):
        taken(waiting)
    assert not DraftOpinion.objects.exclude(taken="").exists()


@pytest.mark.parametrize("wrong", [{"taken": "part"}, {"taken": "whole"}, {"taken_words": "x"}])
def test_the_database_keeps_no_half_of_what_was_done(wrong: dict[str, str]):
    opinion = answered(*asked(begun()))
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftOpinion.objects.filter(pk=opinion.pk).update(**wrong)
