"""Whatever is done to sealed entries behind our back is found and named."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.ledger import keys, rules, sealing, verification
from lienthong.foundation.ledger.models import Block
from lienthong.foundation.ledger.verification import Finding, What
from tests.foundation.ledger.helpers import happened, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries() -> list[int]:
    """Nine entries in three blocks, and one that is not sealed yet."""
    numbers = []
    for _ in range(3):
        numbers += [happened(code=f"Hồ sơ {subject}", subject_id=subject) for subject in range(3)]
        sealing.seal_now()
    happened()
    return numbers


def findings() -> list[Finding]:
    report = verification.verify()
    assert report.wrong == len(report.findings)
    return report.findings


def test_an_untouched_ledger_is_sound(entries: list[int]):
    report = verification.verify()
    assert (report.sound, report.anchored, report.blocks, report.entries, report.unsealed) == (True, True, 3, 9, 1)


def test_an_empty_ledger_is_sound():
    assert verification.verify().sound


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "kind = 'tests.happened_again'",
        "subject_type = 'thing '",
        "subject_id = subject_id + 1",
        "account_id = NULL",
        "post_id = 1",
        "organisation_id = 0",
        """data = '{"code": "Hồ sơ 9"}'""",
        """data = data || '{"more": null}'""",
        """data = '{"code": 1.0}'""",
        "data = (repeat('[', 5000) || repeat(']', 5000))::jsonb",
        "data = ('1' || repeat('0', 6000))::jsonb",
    ],
)
def test_every_change_of_an_entry_is_named(entries: list[int], change: str):
    tamper(f"UPDATE ledger_entry SET {change} WHERE id = {entries[4]}")
    (found,) = findings()
    assert (found.what, found.block, found.entry) == (What.ALTERED, 2, entries[4])
    assert found.kind == ("tests.happened_again" if "kind =" in change else "tests.happened")


def test_numbers_that_python_would_round_are_told_apart():
    one = (1, datetime(2026, 1, 1, tzinfo=UTC), "k", "s", 1, None, None, None, '{"a": 0.1}')
    other = (*one[:-1], '{"a": 0.1000000000000000000001}')
    text = (*one[:-1], '{"a": "0.1"}')
    assert len({rules.digest(row) for row in (one, other, text)}) == 3


def test_a_removed_entry_is_named(entries: list[int]):
    tamper(f"DELETE FROM ledger_entry WHERE id IN ({entries[0]}, {entries[8]})")
    assert findings() == [Finding(What.REMOVED, 1, entries[0]), Finding(What.REMOVED, 3, entries[8])]


def test_an_inserted_entry_is_named(entries: list[int]):
    tamper(
        f"INSERT INTO ledger_entry (id, at, kind, subject_type, subject_id, data)"
        f" SELECT 0, at, kind, subject_type, subject_id, data FROM ledger_entry WHERE id = {entries[0]}"
        f" UNION ALL SELECT id, at + interval '1 day', kind, subject_type, subject_id, data"
        f" FROM ledger_entry WHERE id = {entries[5]}"
    )
    assert findings() == [
        Finding(What.INSERTED, 1, 0, "tests.happened"),
        Finding(What.INSERTED, 2, entries[5], "tests.happened"),
    ]


def test_a_block_missing_in_the_middle_is_noticed(entries: list[int]):
    tamper("DELETE FROM ledger_block WHERE number = 2", "ledger_block")
    assert findings() == [Finding(What.BLOCKS_MISSING, block=3)]


def test_the_first_block_missing_is_noticed(entries: list[int]):
    tamper("DELETE FROM ledger_block WHERE number = 1", "ledger_block")
    assert findings() == [Finding(What.BLOCKS_MISSING, block=2)]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("signature = decode(repeat('00', 64), 'hex')", {What.SIGNATURE_WRONG}),
        ("signature = ''", {What.SIGNATURE_WRONG}),
        ("key = 'unknown'", {What.SIGNATURE_WRONG, What.CHAIN_BROKEN}),
        ("sealed_at = sealed_at - interval '1 day'", {What.SIGNATURE_WRONG, What.CHAIN_BROKEN}),
        ("to_id = to_id - 1", {What.SIGNATURE_WRONG, What.CHAIN_BROKEN, What.REMOVED}),
        ("previous = decode(repeat('00', 32), 'hex')", {What.SIGNATURE_WRONG, What.CHAIN_BROKEN}),
        ("digests = overlay(digests placing '\\x00'::bytea from 10)", {What.BLOCK_ALTERED, What.ALTERED}),
        ("digests = substring(digests from 1 for 80)", {What.BLOCK_ALTERED, What.INSERTED}),
        ("digests = substring(digests from 1 for 79)", {What.BLOCK_ALTERED, What.INSERTED}),
        ("digests = ''", {What.BLOCK_ALTERED, What.INSERTED}),
    ],
)
def test_a_changed_block_is_noticed(entries: list[int], change: str, what: set[What]):
    tamper(f"UPDATE ledger_block SET {change} WHERE number = 2", "ledger_block")
    found = findings()
    assert {finding.what for finding in found} == what
    assert {finding.block for finding in found} <= {2, 3}


def test_an_intruder_who_seals_everything_anew_with_another_key_is_noticed(entries: list[int]):
    """The whole chain is consistent, but the key file of this machine does not vouch for it."""
    tamper(f"UPDATE ledger_entry SET account_id = 1 WHERE id = {entries[4]}")
    forge_chain(keys._named(Ed25519PrivateKey.generate()))
    forged = keys.newest()
    assert forged
    assert findings() == [Finding(What.KEY_WRONG, key=forged.id)]


def test_a_key_that_no_other_confirms_is_noticed(entries: list[int]):
    tamper("UPDATE ledger_key SET public = decode(repeat('01', 32), 'hex')", "ledger_key")
    assert {finding.what for finding in findings()} == {What.KEY_WRONG, What.SIGNATURE_WRONG}


def test_every_finding_is_told_at_once_and_in_words(entries: list[int]):
    tamper(f"DELETE FROM ledger_entry WHERE id < {entries[3]}")
    told: list[Finding] = []
    steps: list[tuple[int, int]] = []
    report = verification.verify(lambda *step: steps.append(step), on_finding=told.append)
    assert told == report.findings
    assert str(entries[0]) in str(told[0])
    assert steps == [(entries[2], entries[8]), (entries[5], entries[8]), (entries[8], entries[8])]
    assert all(str(Finding(what, 1, 2, "kind", "key")) for what in What)


digests = st.lists(st.tuples(st.integers(0, 30), st.binary(min_size=32, max_size=32)), unique_by=lambda item: item[0])


@given(digests.map(sorted))
def test_digests_are_unpacked_as_they_were_packed(items: list[rules.Digest]):
    assert rules.unpack(rules.pack(items)) == items


@given(digests.map(sorted), st.data())
def test_the_root_changes_with_any_digest(items: list[rules.Digest], data: st.DataObject):
    packed = rules.pack(items)
    if packed:
        place = data.draw(st.integers(0, len(packed) - 1))
        changed = bytearray(packed)
        changed[place] ^= 1
        assert rules.root(bytes(changed)) != rules.root(packed)


def test_the_root_is_the_one_of_rfc_6962():
    """Leaves of 40 bytes; the odd one is carried up: H(1, H(1, a, b), c)."""
    leaves = [rules.pack([(number, bytes([number]) * 32)]) for number in range(3)]
    a, b, c = (sha256(b"\0" + leaf).digest() for leaf in leaves)
    assert rules.root(b"".join(leaves)) == sha256(b"\1" + sha256(b"\1" + a + b).digest() + c).digest()
    assert rules.root(b"") == sha256().digest()


ids = st.lists(st.integers(1, 20), unique=True).map(sorted)


@given(ids, ids, st.sets(st.integers(1, 20)))
def test_a_comparison_names_exactly_what_differs(sealed: list[int], present: list[int], altered: set[int]):
    def row(number: int, kind: str = "k") -> rules.Row:
        return (number, datetime(2026, 1, 1, tzinfo=UTC), kind, "thing", 1, None, None, None, "{}")

    now = [row(number, "other" if number in altered else "k") for number in present]
    found = {(item.what, item.entry) for item in rules.differences([rules.digest(row(n)) for n in sealed], now)}
    assert found == (
        {("removed", n) for n in sealed if n not in present}
        | {("inserted", n) for n in present if n not in sealed}
        | {("altered", n) for n in present if n in sealed and n in altered}
    )


def forge_chain(key: keys.SigningKey) -> None:
    """Seal all blocks anew, as somebody with every right in the database but without our private key would."""
    tamper("TRUNCATE ledger_key", "ledger_key")
    blocks = list(Block.objects.order_by("number"))
    tamper("TRUNCATE ledger_block", "ledger_block")
    keys._append(key, None)
    previous = rules.NO_BLOCK
    for block in blocks:
        with connection.cursor() as cursor:
            cursor.execute(sealing._SELECT, [block.from_id - 1, block.to_id, sealing.BLOCK_SIZE])
            block.digests = rules.pack(rules.digest(row) for row in cursor)
        block.root, block.previous, block.key = rules.root(block.digests), previous, key.id
        block.signature = key.private.sign(block.header.signed_bytes())
        block.save(force_insert=True)
        previous = block.header.hash()
