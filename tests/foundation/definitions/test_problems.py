"""What is wrong in a file is said with file, line, place, and in words for the person who wrote it."""

from pathlib import Path

import pytest
from django.utils import translation

from lienthong.foundation.definitions import loading, services
from tests.foundation.definitions.lending import CENTRAL, TERMS

pytestmark = pytest.mark.django_db


def problems(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [str(problem) for problem in services.plan([folder]).problems]


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("days: ten", "days: 10", "10 steps[0].days: must be a whole number"),
        ("days: 91", "days: 10", "10 steps[0].days: must be at most 90"),
        ("days: 31", "days: 10", "10 steps[0].days: a clerk lends for 30 days at most"),
        ("role: leadre", "role: leader", "12 steps[1].role: must be one of: clerk, leader, archivist; is it “leader”?"),
        ("", "    role: leader\n", "11 steps[1].role: is missing"),
        ("rol: leader", "role: leader", "12 steps[1].rol: there is no such field; is it “role”?"),
        ("key: Duyệt", "key: duyet", "11 steps[1].key: may have only small letters without accents"),
        ("since: 2021-02-30", "days: 10", "10 steps[0].since: must be a day written year-month-day"),
        ("since: 2021", "days: 10", "10 steps[0].since: must be a day written year-month-day"),
        ("since: [2021-01-01]", "days: 10", "10 steps[0].since: must be a day written year-month-day"),
        ("name: 2021", "name: Mượn hồ sơ trong cơ quan", "3 name: must be text: put it in quotes"),
        ("name:", "name: Mượn hồ sơ trong cơ quan", "3 name: must not be empty"),
        ("name: ''", "name: Mượn hồ sơ trong cơ quan", "3 name: must not be empty"),
        ("", "effective_from: 2021-01-01\n", "1 effective_from: is missing"),
        ("effective_to: 2020-01-01", "renewals: 1", "1: effective_to is before effective_from"),
        ("effective-to: 2022-01-01", "renewals: 1", "6 effective-to: there is no such field; is it “effective_to”?"),
        ("archive: kho-tam", "archive: kho-trung-tam", "5 archive: there is no archive “kho-tam”; is it “kho-trung-"),
        ("archive: elsewhere", "archive: kho-trung-tam", "5 archive: there is no archive “elsewhere”"),
        ("delivery: {by: post, days: x}", "days: 10", "10 steps[0].delivery.days: must be a whole number"),
        ("delivery: {by: post, day: 2}", "days: 10", "10 steps[0].delivery.day: there is no such field; is it “days”?"),
        ("delivery: {by: pots, days: 2}", "days: 10", "10 steps[0].delivery.by: must be one of: post, hand; is it"),
        ("delivery: {days: 2}", "days: 10", "10 steps[0].delivery.by: is missing"),
        ("labelled: {a: {b: c}}", "renewals: 1", "6 labelled.a: must be text"),
        ("label: {}", "renewals: 1", "6 label: there is no such field; is it “labelled”?"),
        ("penalty: some", "renewals: 1", "6 penalty: must be a whole number, or must be one of: none"),
        ("before: [{key: a, rol: clerk}]", "renewals: 1", "6 before[0].rol: there is no such field; is it “role”?"),
        ("kind: loan-term", "kind: loan-terms", "1 kind: There is no kind “loan-term”; is it “loan-terms”?"),
        ("kind: 7", "kind: loan-terms", "1 kind: There is no kind “7”; the kinds are: archive, loan-terms."),
        ("", "kind: loan-terms\n", "1: The field “kind” is missing"),
        ("role: clerk\n    role: clerk", "role: clerk", "10: “role” is written twice: the first one is on line 9."),
        ("\trole: clerk", "    role: clerk", "9: Indent with spaces"),
    ],
)  # fmt: skip
def test_a_problem_is_said_at_its_line(folder: Path, wrong: str, right: str, said: str):
    assert right in TERMS
    found = problems(folder, central=CENTRAL, terms=TERMS.replace(right, wrong, 1))
    assert any(problem.startswith(f"terms.yaml:{said}") for problem in found), found


def test_lines_are_those_of_the_file_in_later_documents_too(folder: Path):
    both = f"# terms\n---\n{CENTRAL}---\n{TERMS.replace('days: 10', 'days: x')}"
    assert problems(folder, both=both) == ["both.yaml:20 steps[0].days: must be a whole number"]


def test_every_problem_of_every_file_is_said_at_once(folder: Path):
    found = problems(
        folder,
        a=CENTRAL.replace("metres: 3", "metres: -3").replace("code: A1", "cod: A1"),
        b=TERMS.replace("role: clerk", "role: x").replace("days: 10", "dys: 10"),
        c="a: 'b\n",
        d="- a\n",
        e="# nothing declared here\n",
    )
    assert [problem.partition(": ")[0] for problem in found] == [
        "a.yaml:6 shelves[0].code",
        "a.yaml:6 shelves[0].cod",
        "a.yaml:7 shelves[1].metres",
        "b.yaml:9 steps[0].role",
        "b.yaml:10 steps[0].dys",
        "c.yaml:1",
        "d.yaml:1",
    ]


def test_a_reference_to_what_is_broken_itself_is_no_problem_of_its_own(folder: Path):
    found = problems(folder, a=CENTRAL.replace("metres: 3", "metres: x"), b=TERMS)
    assert found == ["a.yaml:7 shelves[1].metres: must be a number"]


def test_one_thing_is_declared_once(folder: Path):
    (folder / "deep").mkdir()
    (folder / "deep" / "again.yml").write_text("\n" + CENTRAL, encoding="utf-8")
    assert problems(folder, z=CENTRAL) == [
        "deep/again.yml:3 key: the archive “kho-trung-tam” is declared twice: also in z.yaml:2"
    ]


def test_among_several_folders_files_are_said_with_theirs(folder: Path):
    library = folder.with_name("library")
    library.mkdir()
    (library / "a.yaml").write_text("a: [b", encoding="utf-8")
    (folder / "a.yaml").write_text("a: [b", encoding="utf-8")
    assert [problem.file for problem in services.plan([library, folder]).problems] == [
        "dak_nong/a.yaml",
        "library/a.yaml",
    ]


def test_a_file_that_is_not_text_or_too_large_or_unreachable_is_refused_by_name(folder: Path):
    (folder / "a.yaml").write_bytes("name: Sở".encode("utf-16"))
    (folder / "b.yaml").write_bytes(b"#" * (loading.LARGEST_FILE + 1))
    (folder / "c.yaml").symlink_to(folder / "nowhere.yaml")
    (folder / ".hidden.yaml").write_text("a: [")
    assert [said.partition(": ")[2] for said in problems(folder)] == [
        "This file is not UTF-8 text: save it again with the encoding UTF-8.",
        "This file is larger than 2 MB: split it.",
        "This file cannot be opened (No such file or directory).",
    ]


def test_a_folder_that_is_not_there_is_said(folder: Path):
    with pytest.raises(loading.FolderNotFound, match=r"There is no folder .*/dak_lak\."):
        services.plan([folder.with_name("dak_lak")])


def test_problems_are_said_in_vietnamese(folder: Path):
    with translation.override("vi"):
        found = problems(folder, central=CENTRAL, terms=TERMS.replace("role: leader", "rol: leader"))
    assert found == [
        "terms.yaml:11 steps[1].role: thiếu",
        "terms.yaml:12 steps[1].rol: không có trường này; có phải “role”?",
    ]


def test_text_written_in_a_browser_is_checked_like_a_file(folder: Path):
    plan = services.plan_text(TERMS, folder="dak_nong", file="terms.yaml")
    assert [str(problem) for problem in plan.problems] == ["terms.yaml:5 archive: there is no archive “kho-trung-tam”"]
    assert services.plan_text("a: \ud800", folder="dak_nong", file="x.yaml").problems
