"""What is declared, and how it came to be so, as administrators and auditors read it."""

import pytest
from django.test import Client
from django.utils.translation import override

from lienthong.foundation.definitions import history
from lienthong.foundation.definitions.registry import in_order
from lienthong.foundation.definitions.rules import differences
from lienthong.foundation.definitions.yaml import read
from lienthong.workspace.views import definitions
from tests import cast
from tests.cases import dossiers
from tests.workspace.conftest import desk, page, text

pytestmark = pytest.mark.django_db

PAGES = [
    ("definitions", ()),
    ("definitions_of", ("procedure",)),
    ("definition", ("procedure", dossiers.PERMIT)),
    ("definition_file", ("procedure", dossiers.PERMIT, 1)),
]


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_administrators_and_auditors_read_declarations_and_nobody_else(name, args):
    there = page(name, *args)
    for username, status in (("quantri", 200), ("kiemsoat", 200), (cast.LEADER, 403), (cast.AN, 403)):
        assert desk(username).get(there).status_code == status
        assert desk(username).post(there).status_code in {403, 405}
    assert Client().get(there).status_code == 302


def test_every_kind_is_listed_and_leads_to_what_is_declared():
    shown = text(desk("quantri").get(page("definitions")))
    for kind in in_order():
        assert page("definitions_of", kind.key) in shown
    listed = text(desk("quantri").get(page("definitions_of", "procedure")))
    assert "Cấp giấy phép xây dựng" in listed and page("definition", "procedure", dossiers.PERMIT) in listed


def test_a_version_is_a_file_that_can_be_published_again():
    answer = desk("quantri").get(page("definition_file", "procedure", dossiers.PERMIT, 1))
    assert f'filename="{dossiers.PERMIT}.1.yaml"' in answer["Content-Disposition"]
    assert read(text(answer)).value["key"] == dossiers.PERMIT


def test_a_change_reads_as_what_where_before_and_after(monkeypatch):
    old = {
        "name": "Cũ",
        "limit": "3 days",
        "steps": [{"key": "a", "name": "A"}, {"key": "b", "name": "B"}],
        "fees": [1],
    }
    new = {
        "name": "Mới",
        "steps": [{"key": "b", "name": "B"}, {"key": "c", "name": "C <b>"}],
        "fees": [1, 2],
        "online": True,
    }
    with override("vi"):
        changes = [definitions._change(each) for each in differences(old, new)]
    said = {change.place: (change.what, change.old, change.new) for change in changes}
    assert said == {
        "name": ("Sửa", "Cũ", "Mới"),
        "limit": ("Bỏ", "3 days", ""),
        "steps › a": ("Bỏ", "key: a\nname: A", ""),
        "steps › c": ("Thêm", "", 'key: c\nname: "C <b>"'),
        "fees": ("Sửa", "– 1", "– 1\n– 2"),
        "online": ("Thêm", "", "true"),
    }
    version = history.versions(definitions._kind("procedure"), dossiers.PERMIT)[0]
    from dataclasses import replace

    newer = replace(version, version=2, note="Đổi tên", differences=tuple(differences(old, new)))
    monkeypatch.setattr(history, "versions", lambda *given: (newer, version))
    shown = text(desk("quantri").get(page("definition", "procedure", dossiers.PERMIT)))
    assert "Phiên bản 2" in shown and "6 thay đổi" in shown and "C &lt;b&gt;" in shown and "Đổi tên" in shown


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("definitions_of", ("khong-co",)),
        ("definition", ("procedure", "khong-co")),
        ("definition", ("khong-co", dossiers.PERMIT)),
        ("definition_file", ("procedure", dossiers.PERMIT, 2)),
        ("definition_file", ("procedure", dossiers.PERMIT, 10**30)),
    ],
)
def test_what_is_not_declared_is_not_there(name, args):
    assert desk("quantri").get(page(name, *args)).status_code == 404


@pytest.mark.parametrize("after", ["%00", "x" * 3000, "zzz"])
def test_a_place_in_a_list_that_is_none_shows_an_empty_list_at_worst(after):
    assert desk("quantri").get(page("definitions_of", "procedure") + f"?sau={after}").status_code == 200


def test_long_lists_have_pages(monkeypatch):
    monkeypatch.setattr(definitions, "PAGE", 3)
    client, seen, there = desk("quantri"), [], "?"
    while there:
        answer = client.get(page("definitions_of", "role") + there)
        seen += [row.key for row in answer.context["rows"]]
        there = answer.context["next"]
    assert seen == sorted(seen) and len(seen) == len(set(seen)) == 10
