"""What `lt test` decides before pytest begins."""

import os
import stat

import pytest

from lienthong.cli import browser, debian, testing

APT = """#!/bin/sh
[ "$1" = install ] && { printf '#!/bin/sh\\n' > "$FOLDER/chromium"; chmod +x "$FOLDER/chromium"; }
echo "apt-get $*"
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without a browser, on which apt-get can install one."""
    monkeypatch.delenv("LT_CHROMIUM", raising=False)
    monkeypatch.setenv("FOLDER", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(browser, "NAMES", ("chromium",))
    monkeypatch.setattr(browser, "MAC", ())
    monkeypatch.setattr(browser.shutil, "which", lambda name: found(tmp_path / name))
    monkeypatch.setattr(browser, "is_root", lambda: True)
    apt = tmp_path / "apt-get"
    apt.write_text(APT)
    apt.chmod(0o755)
    return tmp_path


def found(program):
    return str(program) if program.exists() and program.stat().st_mode & stat.S_IXUSR else None


def test_a_missing_browser_is_installed_by_root(machine):
    assert browser.find_or_install(machine / "log") == str(machine / "chromium")
    assert (machine / "log").read_text().splitlines()[0] == "apt-get update -qq"


def test_a_browser_that_is_there_is_used_as_it_is(machine):
    (machine / "chromium").touch(0o755)
    assert browser.find_or_install(machine / "log") == str(machine / "chromium")
    assert not (machine / "log").exists()


def test_who_may_not_install_is_told_how(machine, monkeypatch, capsys):
    monkeypatch.setattr(browser, "is_root", lambda: False)
    assert browser.find_or_install(machine / "log") == ""
    said = capsys.readouterr().err
    assert "apt-get install chromium" in said and "skipped" in said


def test_a_failing_installation_is_said_with_its_reason(machine, capsys):
    (machine / "apt-get").write_text("#!/bin/sh\necho 'E: no network' ; exit 100\n")
    assert browser.find_or_install(machine / "log") == ""
    assert "no network" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["", "/opt/chrome"])
def test_whoever_names_a_browser_or_none_is_obeyed(machine, monkeypatch, value):
    monkeypatch.setenv("LT_CHROMIUM", value)
    assert browser.find_or_install(machine / "log") == value
    assert not (machine / "chromium").exists()


PROGRAMS = dict.fromkeys(("ogr2ogr", "ocrmypdf", "soffice", "pdfsig", "certutil"), "") | {
    "tesseract": "echo eng; echo vie"
}


def put(machine, **programs: str) -> None:
    for name, said in programs.items():
        (machine / name).write_text(f"#!/bin/sh\n{said}\n")
        (machine / name).chmod(0o755)


def test_what_tests_need_is_installed_at_once_by_root(machine):
    put(machine, **PROGRAMS)
    token = machine / "softhsm2-util"
    put(machine, **{"apt-get": f'echo "apt-get $*"; [ "$1" = update ] || {{ touch {token}; chmod +x {token}; }}'})
    assert debian.give_what_tests_need(machine / "log") == []
    said = (machine / "log").read_text().splitlines()
    assert said == ["apt-get update -qq", "apt-get install -y -qq --no-install-recommends softhsm2"]
    assert debian.give_what_tests_need(machine / "log") == []
    assert (machine / "log").read_text().splitlines() == said, "what is there is left alone"


def test_who_may_not_install_what_tests_need_is_told_what_is_skipped(machine, monkeypatch, capsys):
    monkeypatch.setattr(debian, "is_root", lambda: False)
    put(machine, **PROGRAMS | {"tesseract": "echo eng"})
    missing = debian.give_what_tests_need(machine / "log")
    assert [each.packages for each in missing] == [("ocrmypdf", "tesseract-ocr-vie"), ("softhsm2",)]
    said = capsys.readouterr().err
    assert "apt-get install softhsm2" in said and "tesseract-ocr-vie" in said and "gdal-bin" not in said
    assert not (machine / "log").exists()


def test_tests_run_in_one_process_a_core_unless_something_else_was_said():
    assert testing.parallel([])[:2] == ["-n", str(min(os.cpu_count() or 1, testing.MOST_PROCESSES))]
    assert testing.parallel(["-x", "-k", "pause"])[0] == "-n"
    for arguments in (["-n0"], ["-n", "3"], ["--pdb"], [__file__], [f"{__file__}::test_it"]):
        assert testing.parallel(arguments) == []


def test_tests_know_nothing_of_the_installation_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("LT_SECRET", "of production")
    monkeypatch.setenv("LT_BENCH_DOSSIERS", "1000")
    env = testing.environment_of(tmp_path, "postgresql:///x", testing.TEST_SETTINGS)
    assert {name: value for name, value in env.items() if name.startswith("LT_")} == {
        "LT_HOME": str(tmp_path),
        "LT_DATABASE_URL": "postgresql:///x",
        "LT_BENCH_DOSSIERS": "1000",
    }
