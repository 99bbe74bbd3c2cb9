import gettext
import json
import logging
import logging.config
import os
import sys
import threading
from pathlib import Path

import pytest

from lienthong.runtime import catalogues, fingerprint, health
from lienthong.runtime.health import State
from lienthong.runtime.logs import JsonLine, logging_settings

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "dossier"
msgstr "hồ sơ"
"""


@pytest.fixture
def package(tmp_path):
    for room in ("cases", "foundation/ledger"):
        catalogue = tmp_path / room / "locale" / "vi" / "LC_MESSAGES" / "django.po"
        catalogue.parent.mkdir(parents=True)
        catalogue.write_text(PO, encoding="utf-8")
    return tmp_path


def test_catalogues_are_compiled_when_their_text_is_newer(package):
    assert len(catalogues.compile_stale(package)) == 2
    assert catalogues.compile_stale(package) == []
    source = package / "cases/locale/vi/LC_MESSAGES/django.po"
    source.write_text(PO.replace("hồ sơ", "bộ hồ sơ"), encoding="utf-8")
    os.utime(source, (2_000_000_000, 2_000_000_000))
    assert catalogues.compile_stale(package) == [source]
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("dossier") == "bộ hồ sơ"


def test_many_may_compile_at_once(package):
    workers = [threading.Thread(target=catalogues.compile_stale, args=[package]) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    folder = package / "cases/locale/vi/LC_MESSAGES"
    assert catalogues.stale(package) == []
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]


def test_a_fingerprint_changes_with_what_matters_only(tmp_path):
    (tmp_path / "a").mkdir()
    source = tmp_path / "a" / "rules.py"
    source.write_text("1")
    os.utime(source, (1, 1))
    before = fingerprint.of([tmp_path], "dak_nong")
    (tmp_path / "a" / "__pycache__").mkdir()
    (tmp_path / "a" / "__pycache__" / "rules.pyc").touch()
    (tmp_path / "a" / "django.mo").touch()
    assert fingerprint.of([tmp_path], "dak_nong") == before
    assert fingerprint.of([tmp_path], "dak_lak") != before
    os.utime(source, (2, 2))
    assert fingerprint.of([tmp_path], "dak_nong") != before


def test_a_check_that_fails_itself_counts_as_broken():
    def look():
        return Path("/no/such/file").read_text()

    (finding,) = health.Check("Key", look, needs_settings=False, needs_database=False).findings()
    assert finding.state is State.BROKEN and "No such file" in finding.what


def test_a_check_may_find_several_things():
    check = health.Check(
        "Key", lambda: [health.fine("a"), health.broken("b", mend="c")], needs_settings=False, needs_database=False
    )
    assert [finding.state for finding in check.findings()] == [State.FINE, State.BROKEN]


def test_a_line_of_the_log_is_json_with_what_was_given_and_what_went_wrong():
    try:
        raise ValueError("hết giấy")
    except ValueError:
        details = (ValueError, sys.exc_info()[1], sys.exc_info()[2])
    record = logging.LogRecord("lienthong.papers", logging.ERROR, "f.py", 1, "no paper for %s", ("hồ sơ 1",), details)
    record.dossier = Path("a/b")
    line = JsonLine().format(record)
    assert "\n" not in line
    written = json.loads(line)
    assert written["message"] == "no paper for hồ sơ 1" and written["level"] == "error"
    assert written["dossier"] == "a/b" and "hết giấy" in written["exception"]
    logging.config.dictConfig({**logging_settings(as_json=True), "loggers": {}, "root": {}})
