"""The key that seals: one for all processes, private, and exchangeable."""

import stat
from pathlib import Path

import pytest

from lienthong.foundation.ledger import keys, sealing, verification
from lienthong.foundation.ledger.models import Key
from lienthong.foundation.ledger.verification import What
from lienthong.settings.environment import environment
from tests.foundation.ledger.helpers import happened, tamper

pytestmark = pytest.mark.django_db


def test_the_private_key_is_for_its_owner_only(own_keys: Path):
    keys.signing_key()
    assert stat.S_IMODE((own_keys / "ledger.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o700
    assert [path.name for path in own_keys.iterdir()] == ["ledger.pem"]


def test_a_machine_without_the_key_does_not_seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    happened()
    sealing.seal_now()
    happened()
    monkeypatch.setattr(environment, "home", tmp_path / "another machine")
    with pytest.raises(keys.KeyUnusable, match=r"ledger\.pem") as refused:
        sealing.seal_now()
    assert refused.value.way_out
    report = verification.verify()
    assert report.sound and not report.anchored and report.unsealed == 1


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", bytes(64)])
def test_a_damaged_key_file_is_not_replaced_in_silence(own_keys: Path, content: bytes):
    own_keys.mkdir()
    (own_keys / "ledger.pem").write_bytes(content)
    with pytest.raises(keys.KeyUnusable, match=r"ledger\.pem"):
        keys.signing_key()
    assert (own_keys / "ledger.pem").read_bytes() == content


def test_a_new_key_takes_over_and_what_the_old_one_sealed_stays_valid(own_keys: Path):
    happened()
    sealing.seal_now()
    old, new = keys.signing_key(), keys.change_key()
    assert old.id != new.id == keys.signing_key().id
    happened()
    sealing.seal_now()
    newest = keys.change_key()
    assert keys.change_key().id != newest.id
    report = verification.verify()
    assert (report.sound, report.anchored, report.blocks) == (True, True, 2), report.findings
    assert [path.name for path in own_keys.iterdir()] == ["ledger.pem"]


def test_a_retired_key_seals_nothing_any_more(own_keys: Path):
    happened()
    sealing.seal_now()
    old = keys.signing_key()
    keys.change_key()
    happened()
    sealing.seal_now()
    message = f"key = '{old.id}'"
    tamper(f"UPDATE ledger_block SET {message} WHERE number = 2", "ledger_block")
    assert [found.what for found in verification.verify().findings] == [What.SIGNATURE_WRONG]


def test_a_change_that_was_interrupted_is_finished_by_the_next_process(own_keys: Path):
    old = keys.signing_key()
    keeper = (own_keys / "ledger.pem").read_bytes()
    new = keys.change_key()
    (own_keys / "ledger.pem").rename(own_keys / "ledger.next.pem")
    (own_keys / "ledger.pem").write_bytes(keeper)
    assert keys.signing_key().id == new.id != old.id


def test_a_change_that_was_interrupted_before_it_counted_changes_nothing(own_keys: Path):
    old = keys.signing_key()
    keys._write(keys._generate(), own_keys / "ledger.next.pem")
    assert keys.signing_key().id == old.id
    assert keys.change_key().id != old.id
    assert verification.verify().sound


def test_a_lost_key_is_replaced_when_somebody_says_so(own_keys: Path):
    happened()
    sealing.seal_now()
    (own_keys / "ledger.pem").unlink()
    with pytest.raises(keys.KeyUnusable):
        keys.change_key()
    keys.change_key(lost=True)
    happened()
    sealing.seal_now()
    report = verification.verify()
    assert report.sound and report.anchored and report.blocks == 2


def test_a_predecessor_slipped_in_by_an_intruder_is_noticed(own_keys: Path):
    """His key may vouch for ours, but ours has never vouched for his."""
    happened()
    sealing.seal_now()
    tamper("UPDATE ledger_key SET number = 2", "ledger_key")
    forged = keys._generate()
    Key.objects.create(
        id=forged.id,
        number=1,
        public=forged.public,
        from_block=1,
        signed_by_itself=forged.private.sign(b""),
        signed_by_previous=None,
        taken_at="2020-01-01T00:00:00Z",
    )
    assert What.KEY_WRONG in [found.what for found in verification.verify().findings]
