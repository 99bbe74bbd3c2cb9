"""To whom a document goes: groups that open into single agencies, own groups, agencies that are looked for."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents import policy
from lienthong.documents.definition import RECIPIENT_GROUP
from lienthong.documents.models import (
    Arrival,
    DocumentFile,
    Draft,
    GroupMember,
    Issue,
    RecipientGroup,
    SigningTurn,
    WaitingFile,
)
from lienthong.documents.rules.sending import Recipient, agencies_named
from lienthong.documents.services.recipients import MOST_GROUPS, NoGroup, keep_group
from lienthong.documents.views.recipients import DRAFTED
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CLERK, URBAN
from tests.documents.drafted import draft, presented, signed
from tests.documents.test_outgoing import OUT, PROVINCE_CLERK, filled
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db
FORM = OUT + "phat-hanh/"


def pressed(client: Client, **other: object) -> str:
    answer = client.post(FORM, filled(**{"noi-nhan": [], "noi-nhan-khac": "", **other}))
    assert answer.status_code == 200 and not Issue.objects.exists()
    return answer.content.decode()


def ticked(page: str) -> list[str]:
    return re.findall(r'name="noi-nhan" value="([^"]+)" checked', page)


def test_a_group_opens_into_agencies_of_which_single_ones_are_taken_out():
    clerk = client_of(PROVINCE_CLERK)
    page = pressed(clerk, _nhom="ubnd-cap-huyen", **{"noi-nhan": [AGENCY]})
    chosen = ticked(page)
    assert len(chosen) >= 8 and chosen.count(AGENCY) == 1
    left = [key for key in chosen if key != AGENCY]
    assert clerk.post(FORM, filled(**{"noi-nhan": left, "noi-nhan-khac": ""})).status_code == 302
    assert {each.organisation.key for each in Arrival.objects.select_related("organisation")} == set(left)


def test_declared_groups_hold_whom_they_say():
    sender, city = by_key("ubnd-tinh"), by_key(AGENCY)
    groups = {each.body.key: each.body for each in RECIPIENT_GROUP.all()}
    reached = policy.can_be_sent_to()

    def held(key: str, by: str) -> set[str]:
        return {node.level for node in reached if groups[key].holds(node, by_key(by))}

    assert held("ubnd-cap-huyen", "ubnd-tinh") == {"district"} and held("cac-so-ban-nganh", AGENCY) == {"province"}
    assert not groups["cac-so-ban-nganh"].holds(sender, city)
    assert all(city.id in node.path for node in reached if groups["ubnd-cap-xa-truc-thuoc"].holds(node, city))


def test_an_agency_is_found_by_words_of_its_name_without_accents():
    clerk = client_of(PROVINCE_CLERK)
    page = pressed(clerk, _tim="1", **{"tim-noi-nhan": "gia nghia thanh pho"})
    assert f'value="{AGENCY}"> ' in page and ticked(page) == []
    page = pressed(clerk, _tim="1", **{"tim-noi-nhan": "gia nghia", "noi-nhan": [AGENCY]})
    assert ticked(page) == [AGENCY] and f'value="{AGENCY}"> ' not in page
    assert "không có văn thư" in pressed(clerk, _tim="1", **{"tim-noi-nhan": "xyz"}).lower()


def test_own_groups_are_kept_used_changed_and_deleted_by_their_clerk_only():
    clerk = client_of(PROVINCE_CLERK)
    said = {"noi-nhan": [AGENCY, "huyen-cu-jut"], "noi-nhan-khac": "Bộ Tài chính\nbộ tài chính", "ten-nhom": "Họp vốn"}
    for _time in range(2):
        pressed(clerk, **{"_luu-nhom": "1"}, **said)
    group = RecipientGroup.objects.get()
    assert [each.name for each in group.members.all()][-1] == "Bộ Tài chính" and GroupMember.objects.count() == 3
    page = pressed(clerk, _nhom=f"own:{group.pk}")
    assert ticked(page) == [AGENCY, "huyen-cu-jut"] and "Bộ Tài chính" in page
    other = client_of(CLERK)
    assert "Họp vốn" not in other.get(FORM).content.decode()
    other.post(FORM, filled(**{"_xoa-nhom": str(group.pk), "co-quan": AGENCY}))
    assert RecipientGroup.objects.exists()
    pressed(clerk, **{"_xoa-nhom": str(group.pk)})
    assert not RecipientGroup.objects.exists() and not GroupMember.objects.exists()


def test_a_group_without_name_or_members_is_not_kept_and_there_is_an_end_to_them():
    clerk, some = cast.actor(PROVINCE_CLERK), [Recipient("Bộ Tài chính")]
    for name, recipients in ((" ", some), ("A", []), ("A", [Recipient(str(n)) for n in range(1001)])):
        with pytest.raises(NoGroup):
            keep_group(name=name, recipients=recipients, officer=clerk)
    for number in range(MOST_GROUPS):
        keep_group(name=f"Nhóm {number}", recipients=some, officer=clerk)
    with pytest.raises(NoGroup):
        keep_group(name="Thừa", recipients=some, officer=clerk)
    assert keep_group(name="Nhóm 1", recipients=some, officer=clerk)


def test_files_wait_in_the_form_while_recipients_are_chosen():
    clerk, key = client_of(PROVINCE_CLERK), str(uuid4())
    page = pressed(clerk, _lan=key, _nhom="ubnd-cap-huyen")
    assert "công văn.pdf" in page and WaitingFile.objects.count() == 1
    last = {"_lan": key, "noi-nhan": [AGENCY], "tep": SimpleUploadedFile("phụ lục.pdf", samples.pdf_saying("Phụ lục"))}
    assert clerk.post(FORM, filled(**last)).status_code == 302
    assert [each.file.name for each in DocumentFile.objects.all()] == ["công văn.pdf", "phụ lục.pdf"]
    assert not WaitingFile.objects.exists()
    assert clerk.post(FORM, filled(**last)).status_code == 302 and Issue.objects.count() == 1


def test_a_file_that_waits_is_taken_out_again():
    clerk, key = client_of(PROVINCE_CLERK), str(uuid4())
    pressed(clerk, _lan=key, _tim="1")
    waiting = WaitingFile.objects.get()
    pressed(clerk, _lan=key, _bo=str(waiting.pk), tep=[])
    assert not WaitingFile.objects.exists()


def numbering(turn: SigningTurn) -> str:
    return f"/ban-lam-viec/van-ban/trinh-ky/{turn.draft_id}/phat-hanh/"


def named(turn: SigningTurn, *recipients: tuple[str, str | None]) -> str:
    """The page on which a draft gets its number, once the draft was planned for these."""
    plan = [{"name": name, "organisation_id": by_key(key).id if key else None, "copies": 0} for name, key in recipients]
    Draft.objects.filter(pk=turn.draft_id).update(recipients=plan)
    return numbering(turn)


def test_who_numbers_a_draft_begins_with_whom_it_names_and_chooses_as_in_the_other_form():
    clerk = client_of(CLERK)
    address = named(
        signed(), ("Uỷ ban tỉnh", "ubnd-tinh"), ("Bộ Tài chính", None), ("Phòng", URBAN), ("Tự gửi", AGENCY)
    )
    page = clerk.get(address).content.decode()
    assert ticked(page) == ["ubnd-tinh"]
    assert "Bộ Tài chính\nPhòng\n</textarea>" in page, "a unit without a clerk of its own gets it on paper"
    form = {"_lan": str(uuid4()), "noi-nhan": ["ubnd-tinh"], "noi-nhan-khac": "Bộ Tài chính"}
    page = clerk.post(address, {**form, "_tim": "1", "tim-noi-nhan": "cu jut"}).content.decode()
    assert 'value="huyen-cu-jut"> ' in page and ticked(page) == ["ubnd-tinh"]
    page = clerk.post(address, {**form, "_bo-het": "1"}).content.decode()
    assert ticked(page) == [] and "Bộ Tài chính\n</textarea>" not in page
    page = clerk.post(address, {"_lan": form["_lan"], "_nhom": DRAFTED}).content.decode()
    assert ticked(page) == ["ubnd-tinh"], "whom the draft names is one press away again"
    assert not Issue.objects.exists()


def test_without_a_plan_a_draft_goes_to_the_agencies_that_its_lines_name():
    turn = signed(presented(draft(recipients=("Như trên", "Ủy ban nhân dân huyện Cư Jút (để phối hợp)"))))
    page = client_of(CLERK).get(named(turn)).content.decode()
    assert ticked(page) == ["so-xay-dung", "huyen-cu-jut"]


@given(st.lists(st.text(max_size=40), max_size=6))
def test_lines_that_name_no_agency_send_nothing(lines: list[str]):
    nodes = [by_key("ubnd-tinh")]
    assert agencies_named([*lines, "Như trên", "Lưu: VT"], nodes) == []
    assert agencies_named([*lines, f"- {nodes[0].name.upper()} (báo cáo);"], nodes) == [nodes[0].id]


def test_appendices_wait_while_recipients_are_chosen_and_are_marked_at_the_end():
    clerk, turn, key = client_of(CLERK), signed(), str(uuid4())
    appendix = SimpleUploadedFile("phụ lục.pdf", samples.pdf_saying("Phụ lục"))
    page = clerk.post(numbering(turn), {"_lan": key, "_nhom": "ubnd-cap-huyen", "tep": appendix}).content.decode()
    assert "phụ lục.pdf" in page and WaitingFile.objects.count() == 1
    sent = {"_lan": key, "noi-nhan": ["ubnd-tinh"], "ngay-van-ban": "2030-01-01"}
    assert clerk.post(numbering(turn), sent).status_code == 422 and WaitingFile.objects.count() == 1
    assert clerk.post(numbering(turn), {**sent, "ngay-van-ban": "2025-03-03"}).status_code == 302
    assert [each.file.name for each in DocumentFile.objects.filter(role="appendix")] == ["phụ lục.pdf"]
    assert not WaitingFile.objects.exists()


def test_the_forms_ask_a_fixed_number_of_queries():
    province, city, turn = client_of(PROVINCE_CLERK), client_of(CLERK), signed()

    def asked() -> tuple[int, int]:
        return queries_of(lambda: province.get(FORM)), queries_of(lambda: city.get(numbering(turn)))

    officers = [cast.actor(PROVINCE_CLERK), cast.actor(CLERK)]
    for officer in officers:
        keep_group(name="Một", recipients=[Recipient("Bộ Tài chính")], officer=officer)
    one = asked()
    named(turn, ("Uỷ ban tỉnh", "ubnd-tinh"), *((f"Bộ {number}", None) for number in range(9)))
    for officer in officers:
        for number in range(4):
            keep_group(name=str(number), recipients=[Recipient(str(n)) for n in range(9)], officer=officer)
    assert asked() == one
