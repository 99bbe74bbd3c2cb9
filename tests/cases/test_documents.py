"""Papers that are here already: kept by themselves, used again without a copy, seen by nobody else."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.cases import jobs, services
from lienthong.cases.models import Component, Document, Dossier, Draft, DraftFile
from lienthong.cases.queries.documents import NoSuchDocument, document_of, documents_of, offered
from lienthong.cases.services import documents
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.identity.services import mandates
from lienthong.procedures.definition import PROCEDURE
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.cases.mandates import QUAN, between
from tests.cases.test_representing import submitted as submitted_for
from tests.portal.test_dossiers import finished

pytestmark = pytest.mark.django_db

LAND = "quyen-su-dung-dat"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def handed_in(username: str = cast.AN, **changes) -> Dossier:
    """A dossier whose papers are among those of its applicant, as the worker would have done."""
    dossier = dossiers.submitted(username, **changes)
    documents.keep_handed_in(dossier.pk)
    return dossier


def kept(username: str = cast.AN, type: str = LAND, **said) -> Document:
    with transaction.atomic():
        file = dossiers.stored(username, name="so-do.jpg")
        facts = documents.PaperFacts(name="Sổ đỏ nhà tôi", type=type, **said)
        return documents.keep(person=cast.actor(username), file=file, facts=facts)


def begun(username: str = cast.AN) -> Draft:
    return services.start_draft(procedure_key=dossiers.PERMIT, applicant=cast.actor(username))


def land() -> list:
    return [each for each in PROCEDURE.current(dossiers.PERMIT).body.components if each.key == "giay-to-dat"]


def offers(username: str = cast.AN, mandate=None) -> list[int]:
    return [each.pk for each in offered(cast.actor(username), mandate, land()).get("giay-to-dat", [])]


def names(username: str, text: str = "") -> list[str]:
    return [each.name for each in documents_of(cast.actor(username), text)]


# what is kept by itself


def test_what_was_handed_in_is_kept_with_its_kind_and_dossier_also_when_told_twice():
    dossier = handed_in()
    documents.keep_handed_in(dossier.pk)
    found = {each.component: each for each in Document.objects.filter(dossier=dossier)}
    assert set(found) == {"giay-to-dat", "ban-ve"}
    assert found["giay-to-dat"].type == LAND and found["giay-to-dat"].kind.startswith("Một trong những giấy tờ")
    assert found["ban-ve"].type == ""


def test_the_worker_is_told_of_what_is_handed_in_and_of_results():
    dossier = dossiers.submitted()
    jobs.keep_handed_in(timeline(("dossier", dossier.pk))[0])
    assert Document.objects.filter(dossier=dossier).count() == 2


def test_a_result_is_kept_with_number_and_day():
    dossier = finished()
    for entry in timeline(("dossier", dossier.pk)):
        if entry.kind == "cases.signed":
            jobs.keep_results(entry)
            jobs.keep_results(entry)
    result = Document.objects.get(origin="result")
    assert result.type == "giay-phep-xay-dung" and result.number == "1" and result.issued_on == cast.MONDAY.date()
    assert result.file_id == result.paper.file_id


def test_what_a_clerk_takes_in_at_the_counter_is_not_the_clerks():
    dossier = dossiers.submitted(cast.CLERK)
    assert dossier.channel == Dossier.Channel.DIRECT
    documents.keep_handed_in(dossier.pk)
    assert not Document.objects.exists()


# who sees it


def test_nobody_sees_the_papers_of_others():
    document = kept()
    for username in (cast.BICH, cast.CLERK, "quantri", "kiemsoat"):
        person = cast.actor(username)
        assert documents_of(person) == []
        for act in (
            lambda person=person: document_of(person, document.pk),
            lambda person=person: documents.remove(person=person, document_id=document.pk),
            lambda person=person: documents.describe(
                person=person, document_id=document.pk, facts=documents.PaperFacts(name="x")
            ),
        ):
            with pytest.raises(NoSuchDocument):
                act()
    assert Document.objects.filter(pk=document.pk, name="Sổ đỏ nhà tôi").exists()


def test_papers_are_found_without_marks_by_name_kind_and_number():
    kept(number="CD 123456")
    handed_in()
    assert names(cast.AN, "so do nha") == ["Sổ đỏ nhà tôi"]
    assert names(cast.AN, "quyền sử dụng") == ["ban-ve.jpg", "Sổ đỏ nhà tôi"]
    assert names(cast.AN, "123456") == ["Sổ đỏ nhà tôi"]
    assert names(cast.AN, "hộ chiếu") == []


def test_a_page_of_papers_costs_the_same_however_many_there_are():
    handed_in()
    few = queries_of(lambda: documents_of(cast.actor(cast.AN)))
    for _more in range(4):
        handed_in()
    assert queries_of(lambda: documents_of(cast.actor(cast.AN))) == few


# keeping, naming, removing


def test_the_same_content_is_kept_once_and_no_second_file_stays():
    first = kept()
    files = StoredFile.objects.count()
    assert kept().pk == first.pk and StoredFile.objects.count() == files


def test_removing_a_kept_paper_forgets_its_file_unless_a_draft_has_it():
    document = kept()
    documents.remove(person=cast.actor(cast.AN), document_id=document.pk)
    assert not StoredFile.objects.filter(pk=document.file_id).exists()
    document, draft = kept(), begun()
    documents.reuse(key=draft.key, applicant=cast.actor(cast.AN), component="giay-to-dat", document_id=document.pk)
    documents.remove(person=cast.actor(cast.AN), document_id=document.pk)
    assert StoredFile.objects.filter(pk=document.file_id).exists() and draft.files.count() == 1


def test_taking_a_reused_paper_off_a_draft_does_not_lose_it():
    document, draft, an = kept(), begun(), cast.actor(cast.AN)
    attached = documents.reuse(key=draft.key, applicant=an, component="giay-to-dat", document_id=document.pk)
    services.detach(key=draft.key, applicant=an, draft_file_id=attached.pk)
    assert StoredFile.objects.filter(pk=document.file_id).exists()


def test_of_what_was_handed_in_only_the_name_can_be_changed_and_nothing_removed():
    handed_in()
    an, document = cast.actor(cast.AN), Document.objects.get(component="giay-to-dat")
    facts = documents.PaperFacts(name="Giấy đất", type="tuy-than", number="9")
    changed = documents.describe(person=an, document_id=document.pk, facts=facts)
    assert (changed.name, changed.type, changed.number) == ("Giấy đất", LAND, "")
    with pytest.raises(documents.NotKept):
        documents.remove(person=an, document_id=document.pk)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "  "},
        {"name": "x", "type": "khong-co"},
        {"name": "x", "issued_on": cast.MONDAY.date(), "valid_until": cast.MONDAY.date() - timedelta(days=1)},
    ],
)
def test_a_paper_is_described_sensibly(said):
    with pytest.raises(documents.NotKept):
        documents.describe(person=cast.actor(cast.AN), document_id=kept().pk, facts=documents.PaperFacts(**said))


def test_so_many_papers_may_be_kept(monkeypatch):
    monkeypatch.setattr(documents, "MOST_KEPT", 1)
    kept()
    file = dossiers.stored(cast.AN, name="khac.jpg")
    StoredFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
    file.refresh_from_db()
    with pytest.raises(documents.NotKept), transaction.atomic():
        documents.keep(person=cast.actor(cast.AN), file=file, facts=documents.PaperFacts(name="x"))


def test_the_database_keeps_where_a_paper_is_from():
    document = kept()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(origin="result")


# using it again


def test_a_paper_that_fits_is_offered_and_attached_without_a_copy_and_the_dossier_knows_it():
    first = handed_in()
    document = Document.objects.get(component="giay-to-dat")
    assert offers() == [document.pk]
    an, draft = cast.actor(cast.AN), begun()
    stored = StoredFile.objects.count()
    for _twice in range(2):
        documents.reuse(key=draft.key, applicant=an, component="giay-to-dat", document_id=document.pk)
    attached = DraftFile.objects.get()
    assert attached.reused and attached.file_id == document.file_id and StoredFile.objects.count() == stored
    file = dossiers.stored()
    services.attach(key=draft.key, applicant=an, component="ban-ve", file=file)
    services.save_draft(
        key=draft.key, applicant=an, raw=dossiers.house(), competent_id=first.competent_id, returned=services.Return()
    )
    dossier = services.submit_draft(key=draft.key, applicant=an)
    told = dict(Component.objects.filter(dossier=dossier).values_list("component", "reused"))
    assert told == {"giay-to-dat": True, "ban-ve": False}
    documents.keep_handed_in(dossier.pk)
    assert Document.objects.filter(dossier=dossier).count() == 1


def test_a_result_of_this_system_replaces_a_component_of_its_type():
    dossier = finished()
    for paper in dossier.papers.filter(kind="result"):
        documents.keep_result(paper.pk)
    document = Document.objects.get(origin="result")
    Document.objects.filter(pk=document.pk).update(type=LAND)
    kept()
    assert offers()[0] == document.pk
    draft = begun()
    attached = documents.reuse(
        key=draft.key, applicant=cast.actor(cast.AN), component="giay-to-dat", document_id=document.pk
    )
    assert attached.result == document.paper and attached.reused


def test_what_ended_and_what_is_of_another_type_or_person_is_not_offered_and_cannot_be_used():
    ended = kept(valid_until=cast.MONDAY.date() - timedelta(days=1))
    other = kept(cast.BICH)
    assert offers() == []
    draft = begun()
    for document_id in (ended.pk, other.pk, 10**9):
        with pytest.raises(documents.NotKept):
            documents.reuse(
                key=draft.key, applicant=cast.actor(cast.AN), component="giay-to-dat", document_id=document_id
            )
    Document.objects.filter(pk=ended.pk).update(valid_until=None)
    with pytest.raises(documents.NotKept):
        documents.reuse(key=draft.key, applicant=cast.actor(cast.AN), component="ban-ve", document_id=ended.pk)
    assert not DraftFile.objects.exists()


def test_an_infected_paper_is_not_used_again():
    document = kept()
    StoredFile.objects.filter(pk=document.file_id).update(scan="infected")
    assert offers() == []


# for another


def test_papers_of_the_represented_are_not_shown_to_who_never_had_them():
    mandate = between()
    kept(cast.AN)
    handed_in(cast.AN)
    assert offers(cast.BICH, mandate) == []
    dossier = submitted_for(mandate)
    documents.keep_handed_in(dossier.pk)
    mine = Document.objects.get(dossier=dossier, component="giay-to-dat")
    assert offers(cast.BICH, mandate) == [mine.pk]
    assert offers(cast.BICH) == []
    assert mine.pk in [each.pk for each in documents_of(cast.actor(cast.AN))]


def test_a_reused_paper_needs_the_mandate_still():
    mandate, document = between(), kept(cast.BICH)
    draft = services.start_draft(procedure_key=dossiers.PERMIT, applicant=cast.actor(cast.BICH), mandate_id=mandate.pk)
    mandates.revoke(actor=cast.actor(cast.AN), mandate_id=mandate.pk)
    from lienthong.cases.services.representing import MandateEnded

    with pytest.raises(MandateEnded):
        documents.reuse(
            key=draft.key, applicant=cast.actor(cast.BICH), component="giay-to-dat", document_id=document.pk
        )


def test_strangers_see_nothing_of_a_company():
    assert names(QUAN) == []


def test_what_was_there_before_there_was_a_place_for_it_is_brought_over():
    migration = import_module("lienthong.cases.migrations.0007_represented")
    finished()
    dossiers.submitted(cast.CLERK)
    with connection.cursor() as cursor:
        cursor.execute(migration.WHAT_WAS_HANDED_IN)
        cursor.execute(migration.WHAT_WAS_RECEIVED)
    found = Document.objects.filter(account=cast.account(cast.AN))
    assert sorted(found.values_list("origin", flat=True)) == ["handed-in", "handed-in", "result"]
    assert Document.objects.count() == 3
    assert found.get(origin="result").number == "1"
