"""Documents that amend, replace, cancel or correct earlier ones (NĐ 30/2020 art. 18)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents import services
from lienthong.documents.models import Arrival, Issue, Relation
from lienthong.documents.rules.relations import Earlier, How, with_those_before, wrong_with_relation
from lienthong.documents.rules.sending import Recipient
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CLERK
from tests.documents.test_outgoing import IN, OUT, PROVINCE_CLERK, filled, issued, taken_in

BEFORE = Earlier("01/QĐ-UBND", "quyet-dinh", date(2025, 3, 1))
TODAY = date(2025, 3, 3)


def decided(*to: str, **other: object) -> Issue:
    return issued(*to, **{"kind": "quyet-dinh", "symbol": "QĐ-UBND", **other})


def changing(earlier: Issue, how: How, *to: str, **other: object) -> Issue:
    return decided(*(to or ("huyen-cu-jut",)), relations=((earlier.pk, how),), **other)


def arrival_at(key: str, made: Issue) -> Arrival:
    return Arrival.objects.get(document=made.document_id, organisation=by_key(key).id)


@pytest.mark.parametrize(
    ("how", "earlier", "kind", "said"),
    [
        (How.REPLACES, BEFORE, "quyet-dinh", None),
        (How.AMENDS, BEFORE, "quyet-dinh", None),
        (How.AMENDS, BEFORE, "cong-van", "same type"),
        (How.REPLACES, BEFORE, "thong-bao", "same type"),
        (How.CORRECTS, BEFORE, "cong-van", None),
        (How.CORRECTS, BEFORE, "quyet-dinh", "official letter"),
        (How.CANCELS, BEFORE, "thong-bao", None),
        (How.CANCELS, replace(BEFORE, ended=True), "quyet-dinh", "replaced or cancelled"),
        (How.AMENDS, replace(BEFORE, recalled=True), "quyet-dinh", "recalled"),
        (How.REPLACES, replace(BEFORE, recalled=True), "quyet-dinh", None),
        (How.REPLACES, replace(BEFORE, dated=date(2025, 3, 4)), "quyet-dinh", "dated before"),
    ],
)
def test_what_changes_what_by_which_form(how: How, earlier: Earlier, kind: str, said: str | None):
    from django.utils.translation import override

    with override("en"):
        wrong = wrong_with_relation(how, earlier, kind=kind, dated=TODAY)
    assert (wrong is None) == (said is None) and (said or "") in str(wrong or "")


recipients = st.builds(Recipient, st.text("ABab", min_size=1, max_size=2), st.none() | st.integers(1, 4))


@given(st.lists(recipients), st.lists(recipients))
def test_everybody_who_got_the_earlier_one_gets_the_new_one_once(chosen: list[Recipient], before: list[Recipient]):
    both = with_those_before(chosen, before)
    added = [each.called for each in both[len(chosen) :]]
    assert both[: len(chosen)] == chosen and len(set(added)) == len(added)
    assert set(added) == {each.called for each in before} - {each.called for each in chosen}


@pytest.mark.django_db
def test_who_got_the_old_one_gets_the_new_one_and_sees_on_the_old_one_that_it_is_replaced():
    old = decided()
    taken_in(arrival_at(AGENCY, old))
    new = changing(old, How.REPLACES)
    names = [each.name for each in new.sendings.all()]
    assert names == [by_key("huyen-cu-jut").name, "Văn phòng Chính phủ", by_key(AGENCY).name]
    page = client_of(CLERK).get(f"{IN}{arrival_at(AGENCY, old).pk}/").content.decode()
    assert "Được thay thế bởi 02/QĐ-UBND" in page and f"{IN}{arrival_at(AGENCY, new).pk}/" in page
    page = client_of(CLERK).get(f"{IN}{arrival_at(AGENCY, new).pk}/").content.decode()
    assert "Thay thế" in page and f"{IN}{arrival_at(AGENCY, old).pk}/" in page
    sender = client_of(PROVINCE_CLERK)
    assert f"{OUT}{new.pk}/" in sender.get(f"{OUT}{old.pk}/").content.decode()
    assert f"{OUT}{old.pk}/" in sender.get(f"{OUT}{new.pk}/").content.decode()
    kinds = [entry.kind for entry in timeline(("outgoing-document", old.pk))]
    assert kinds == ["documents.issued", "documents.changed"]


@pytest.mark.django_db
def test_who_sent_the_old_one_back_does_not_get_the_new_one():
    old = decided()
    services.send_back(arrival_id=arrival_at(AGENCY, old).pk, officer=cast.actor(CLERK), reason="Gửi nhầm")
    new = changing(old, How.AMENDS)
    assert not Arrival.objects.filter(document=new.document_id, organisation=by_key(AGENCY).id).exists()


@pytest.mark.django_db
def test_a_document_ends_once_until_what_ended_it_is_recalled():
    old = decided()
    new = changing(old, How.REPLACES)
    for how in How:
        with pytest.raises(services.NotComplete) as told:
            changing(old, how, kind="cong-van" if how is How.CORRECTS else "quyet-dinh")
        assert list(told.value.errors) == ["relation"]
    assert Issue.objects.count() == 2, "no number is lost"
    services.recall(issue_id=new.pk, officer=cast.actor(PROVINCE_CLERK), reason="Ban hành nhầm")
    assert "Được thay thế" not in client_of(CLERK).get(f"{IN}{arrival_at(AGENCY, old).pk}/").content.decode()
    assert changing(old, How.REPLACES).number == 3
    assert Relation.objects.filter(in_force=True).count() == 1


@pytest.mark.django_db
def test_nobody_changes_a_document_of_another_agency():
    old = decided()
    for pk in (old.pk, 10**17):
        with pytest.raises(NotFound):
            services.issue(
                agency_id=by_key(AGENCY).id,
                new=services.NewIssue("UBND", TODAY, "quyet-dinh", "Thay thế", relations=((pk, How.REPLACES),)),
                recipients=[Recipient("Bộ Tài chính", copies=1)],
                officer=cast.actor(CLERK),
                key=old.key,
            )
    assert Issue.objects.count() == 1


@pytest.mark.django_db
def test_the_form_begins_with_what_is_changed_and_keeps_its_words_when_refused():
    old, clerk = decided(), client_of(PROVINCE_CLERK)
    assert f"?quan-he=replaces:{old.pk}" in clerk.get(f"{OUT}{old.pk}/").content.decode()
    page = clerk.get(f"{OUT}phat-hanh/?quan-he=replaces:{old.pk}").content.decode()
    assert "01/QĐ-UBND" in page and '<option value="quyet-dinh" selected' in page and by_key(AGENCY).name in page
    said = {"quan-he": f"replaces:{old.pk}", "ky-hieu": "QĐ-UBND"}
    refused = clerk.post(f"{OUT}phat-hanh/", filled(**said))
    assert refused.status_code == 422 and f'value="replaces:{old.pk}"' in refused.content.decode()
    made = clerk.post(f"{OUT}phat-hanh/", filled(**said, loai="quyet-dinh"))
    assert made.status_code == 302 and Relation.objects.get().earlier_id == old.pk
    assert f"?quan-he=replaces:{old.pk}" not in clerk.get(f"{OUT}{old.pk}/").content.decode()
    letter = clerk.get(f"{OUT}phat-hanh/?quan-he=corrects:{old.pk}").content.decode()
    assert '<option value="cong-van" selected' in letter


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["", "x", "replaces", "replaces:²", "replaces:" + "9" * 30, "replaces:0", "\0:1"])
def test_forged_relations_are_answered(forged: str):
    clerk = client_of(PROVINCE_CLERK)
    assert clerk.get(f"{OUT}phat-hanh/", {"quan-he": forged}).status_code == 200
    assert clerk.post(f"{OUT}phat-hanh/", filled(**{"quan-he": forged})).status_code in (302, 404)


@pytest.mark.django_db
def test_what_is_related_costs_a_fixed_number_of_queries():
    old = decided()
    changing(old, How.AMENDS)
    clerk = client_of(CLERK)
    address = f"{IN}{arrival_at(AGENCY, old).pk}/"
    one = queries_of(lambda: clerk.get(address))
    for _number in range(3):
        changing(old, How.AMENDS)
    assert queries_of(lambda: clerk.get(address)) == one
