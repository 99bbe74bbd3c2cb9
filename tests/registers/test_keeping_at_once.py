"""Files of entries and left-out columns outside of any test's transaction: several at once, the operator's command."""

from contextlib import nullcontext
from functools import partial

from typer.testing import CliRunner

from lienthong.cli import commands, installation
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.registers import services
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.retention import tidying
from tests import cast
from tests.at_once import at_once
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_files import WITH_FILES, entered, uploaded
from tests.registers.test_tables import columns
from tests.registers.test_tidying import left_out, narrowed


def test_of_two_entries_that_name_one_upload_at_once_the_second_is_told(committed):
    with cast.on_monday():
        publish(WITH_FILES)
        officer = officer_of("case-handler", GIA_NGHIA)
        scan = uploaded(officer)
    outcomes = at_once(*(partial(entered, officer, so=f"{n}/GPXD", quyet_dinh={"id": scan}) for n in (1, 2)))
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert len(refused) == 1 and isinstance(refused[0], NotAccepted), outcomes
    assert EntryFile.objects.count() == 1


def test_the_command_shows_what_it_would_do_and_asks(committed, monkeypatch):
    monkeypatch.setattr(installation, "ready", lambda what: nullcontext())
    with cast.on_monday():
        publish()
        narrowed()
        run = partial(CliRunner().invoke, commands(), ["registers", "tidy"])
        assert "giay-phep-thu" in run(input="n\n").output
        assert "dien_tich" in columns("register_giay_phep_thu")
        assert run(input="y\n").exit_code == 0
        assert "dien_tich" not in columns("register_giay_phep_thu")
        assert "Nothing is left out" in run().output


def test_of_two_who_tidy_at_once_beside_one_who_enters_none_fails(committed):
    with cast.on_monday():
        publish()
        narrowed()
        found = left_out()
    raw = {key: value for key, value in permit().items() if key != "dien_tich"}
    enter = partial(services.enter, register=KEY, raw=raw, officer=officer_of("case-handler", GIA_NGHIA))
    outcomes = at_once(partial(tidying.drop, found), partial(tidying.drop, found), enter)
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    assert outcomes.count(True) == 1
