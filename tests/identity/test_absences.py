"""Away from work: another acts in the post, sees its work, and nobody else gets anything by it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.cases import services as cases
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.models import Entry
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.models import Absence, Posting
from lienthong.foundation.organisations.queries import acting_in, named_holders
from lienthong.identity.actors import Officer
from lienthong.identity.services import absences
from tests import cast
from tests.cases import dossiers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = cast.MONDAY.date()


@pytest.fixture(autouse=True)
def monday():
    with clock.at(cast.MONDAY):
        yield


def officer(username: str) -> Officer:
    actor = cast.actor(username)
    assert isinstance(actor, Officer)
    return actor


def away(username: str, substitute: str, first=TODAY, last=TODAY + 4 * DAY) -> Absence:
    actor = officer(username)
    return absences.go_away(
        officer=actor,
        post_id=actor.acting.id,
        substitute_id=officer(substitute).account_id,
        first_day=first,
        last_day=last,
        reason="Nghỉ phép",
    )


def test_who_stands_in_does_the_work_of_the_post_in_the_own_name() -> None:
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    head, handler = officer(cast.HEAD), officer(cast.HANDLER)
    assert cases.post_for(head, visit, _step(dossier, visit)) is None
    away(cast.HANDLER, cast.HEAD)
    standing = officer(cast.HEAD)
    held = cases.post_for(standing, visit, _step(dossier, visit))
    assert held is not None and held.id == handler.acting.id and held.standing_in
    assert standing.acting.id == head.acting.id, "one's own post stays the one acted in"
    dossiers.act(dossier, cast.HEAD, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu bản vẽ")
    entry = Entry.objects.filter(kind="cases.supplement_requested").latest("id")
    assert entry.account_id == head.account_id
    assert officer(cast.HANDLER).post_ids == handler.post_ids, "who is away loses nothing"


def test_an_absence_counts_on_its_days_only_and_as_long_as_the_post_is_held() -> None:
    posts = officer(cast.HEAD).post_ids
    absence = away(cast.HANDLER, cast.HEAD, first=TODAY + DAY, last=TODAY + 2 * DAY)
    counted = []
    for days in range(4):
        with clock.at(cast.MONDAY + days * DAY):
            counted.append(officer(cast.HEAD).post_ids != posts)
    assert counted == [False, True, True, False]
    Posting.objects.filter(account_id=absence.account_id).update(valid_to=TODAY)
    with clock.at(cast.MONDAY + DAY):
        assert officer(cast.HEAD).post_ids == posts


def test_nobody_stands_in_who_may_not() -> None:
    actor = officer(cast.HANDLER)
    rest = {"officer": actor, "first_day": TODAY, "last_day": TODAY}
    with pytest.raises(absences.NoSubstitute):
        absences.go_away(**rest, post_id=actor.acting.id, substitute_id=cast.actor(cast.AN).account_id)
    with pytest.raises(absences.NoSubstitute):
        absences.go_away(**rest, post_id=actor.acting.id, substitute_id=actor.account_id)
    with pytest.raises(NotFound):
        absences.go_away(**rest, post_id=officer(cast.LEADER).acting.id, substitute_id=officer(cast.HEAD).account_id)
    for first, last in [(TODAY - DAY, TODAY), (TODAY + DAY, TODAY), (TODAY, TODAY + 400 * DAY)]:
        with pytest.raises(absences.AbsenceDaysWrong):
            away(cast.HANDLER, cast.HEAD, first, last)
    away(cast.HANDLER, cast.HEAD)
    with pytest.raises(absences.AwayAlready):
        away(cast.HANDLER, cast.HEAD, TODAY + DAY, TODAY + DAY)
    with pytest.raises(NotFound):
        standing = officer(cast.HEAD)
        absences.go_away(
            officer=standing,
            post_id=actor.acting.id,
            substitute_id=officer(cast.LEADER).account_id,
            first_day=TODAY,
            last_day=TODAY,
        )


def test_who_comes_back_early_is_stood_in_for_no_more() -> None:
    posts = officer(cast.HEAD).post_ids
    absence = away(cast.HANDLER, cast.HEAD)
    with pytest.raises(NotFound):
        absences.come_back(officer=officer(cast.HEAD), absence_id=absence.pk)
    with clock.at(cast.MONDAY + 2 * DAY):
        absences.come_back(officer=officer(cast.HANDLER), absence_id=absence.pk)
        assert officer(cast.HEAD).post_ids == posts
    absence.refresh_from_db()
    assert absence.valid_to == TODAY + DAY, "what was stays known"
    to_come = away(cast.HANDLER, cast.HEAD, TODAY + 9 * DAY, TODAY + 9 * DAY)
    absences.come_back(officer=officer(cast.HANDLER), absence_id=to_come.pk)
    assert not Absence.objects.filter(pk=to_come.pk).exists()


def test_the_page_says_who_stands_in_and_tells_mistakes_beside_the_field() -> None:
    client = Client()
    client.force_login(cast.account(cast.HANDLER))
    actor, head = officer(cast.HANDLER), officer(cast.HEAD)
    where = reverse("identity:away")
    filled = {"who": f"{actor.acting.id}-{head.account_id}", "first_day": TODAY.isoformat(), "last_day": ""}
    refused = client.post(where, filled)
    assert refused.status_code == 422 and "id_last_day_error" in refused.content.decode()
    client.post(where, {**filled, "last_day": TODAY.isoformat()})
    shown = client.get(where).content.decode()
    assert head.name in shown
    client.post(reverse("identity:back", args=[Absence.objects.get().pk]))
    assert head.name not in client.get(where).content.decode().split("<form")[0]


# leaders, for whom their office says so

OFFICE, CHAIR, DEPUTY = "thu.vanthu", "dung.chutich", cast.LEADER


def entered(by: str = OFFICE, who: str = CHAIR, substitute: str = DEPUTY, **other) -> Absence:
    leader = officer(who)
    said = {"first_day": TODAY, "last_day": TODAY + 2 * DAY, **other}
    return absences.enter_absence(
        officer=officer(by),
        post_id=leader.acting.id,
        account_id=leader.account_id,
        substitute_id=officer(substitute).account_id,
        **said,
    )


def test_the_office_enters_that_a_leader_is_away_and_another_leader_stands_in() -> None:
    absence = entered()
    standing = officer(DEPUTY)
    assert next(post for post in standing.posts if post.id == absence.post_id).standing_in
    entry = Entry.objects.filter(kind="identity.absence_begun").latest("id")
    assert (entry.account_id, entry.subject_id) == (officer(OFFICE).account_id, officer(CHAIR).account_id)
    assert [each.pk for each in absences.absences_entered_by(officer(OFFICE))] == [absence.pk]
    absences.come_back(officer=officer(OFFICE), absence_id=absence.pk)
    assert len(officer(DEPUTY).posts) == 1


def test_nobody_gets_the_powers_of_a_leader_but_another_leader() -> None:
    with pytest.raises(absences.NoSubstitute):
        entered(substitute=OFFICE)
    with pytest.raises(absences.NoSubstitute):
        entered(substitute=cast.HEAD)
    with pytest.raises(absences.NoSubstitute):
        entered(substitute=CHAIR)
    for stranger in (cast.HEAD, "vanthu.tinh", DEPUTY):
        with pytest.raises(NotFound):
            entered(by=stranger)
    with pytest.raises(NotFound):
        entered(who=cast.HEAD)
    assert not Absence.objects.exists()


def test_only_the_office_of_the_leader_ends_the_absence() -> None:
    absence = entered()
    for stranger in (cast.HEAD, "vanthu.tinh", DEPUTY):
        with pytest.raises(NotFound):
            absences.come_back(officer=officer(stranger), absence_id=absence.pk)
    absences.come_back(officer=officer(CHAIR), absence_id=absence.pk)
    assert not Absence.objects.exists()


def test_the_page_of_the_office_and_who_may_open_it() -> None:
    client, chair = Client(), officer(CHAIR)
    client.force_login(cast.account(OFFICE))
    where = reverse("identity:leaders_away")
    filled = {
        "who": f"{chair.acting.id}-{chair.account_id}-{officer(DEPUTY).account_id}",
        "first_day": TODAY.isoformat(),
        "last_day": TODAY.isoformat(),
    }
    for odd in ("", "1-2-3", "\x00", "²-1-1", f"{'9' * 30}-1-1"):
        assert client.post(where, {**filled, "who": odd}).status_code == 422
    assert client.post(where, {**filled, "last_day": "9999-12-31"}).status_code == 422
    assert client.post(where, filled).status_code == 302
    ends = reverse("identity:back", args=[Absence.objects.get().pk])
    assert ends in client.get(where).content.decode()
    back = client.post(ends, {"cua": "lanh-dao"})
    assert back["Location"] == where
    client.force_login(cast.account(cast.HEAD))
    assert client.get(where).status_code == 403


def test_whoever_chooses_a_person_is_told_who_is_away_and_who_stands_in() -> None:
    away(cast.HANDLER, cast.HEAD)
    said = "Trần Thị Mai (vắng đến 07/03/2025, người thay: Nguyễn Mạnh Hùng)"
    post = officer(cast.HANDLER).acting.id
    assert named_holders([post])[post] == [(officer(cast.HANDLER).account_id, said)]
    with clock.at(cast.MONDAY + 6 * DAY):
        assert named_holders([post])[post][0][1] == "Trần Thị Mai"


def test_what_is_done_for_another_says_so_for_ever() -> None:
    dossier = dossiers.in_hand()
    away(cast.HANDLER, cast.HEAD)
    dossiers.act(dossier, cast.HEAD, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu bản vẽ")
    entry = timeline(("dossier", dossier.pk))[-1]
    assert (entry.stood_in, entry.post_id) == (True, officer(cast.HANDLER).acting.id)
    client = Client()
    client.force_login(cast.account(cast.HEAD))
    shown = client.get(reverse("workspace:dossier", args=[dossier.pk])).content.decode()
    assert "Nguyễn Mạnh Hùng, thay Chuyên viên" in shown
    assert not any(each.stood_in for each in timeline(("dossier", dossier.pk))[:-1])


def test_who_stands_in_is_reached_by_what_lies_with_the_post() -> None:
    handler, head = officer(cast.HANDLER), officer(cast.HEAD)
    assert acting_in([handler.acting.id]) == {handler.acting.id: {handler.account_id}}
    away(cast.HANDLER, cast.HEAD)
    assert acting_in([handler.acting.id]) == {handler.acting.id: {handler.account_id, head.account_id}}


def _step(dossier, visit):
    return dossiers.PROCEDURE.pinned(dossier.procedure_id).process.step(visit.step)
