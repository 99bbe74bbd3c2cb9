"""What the machine that seals remembers outside the database."""

import pytest

from lienthong.foundation.ledger import heads, sealing, verification
from lienthong.foundation.ledger.verification import Finding, What
from tests.foundation.ledger.helpers import happened, tamper

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def blocks(empty_ledger: None) -> None:
    """Three blocks of one entry."""
    for _ in range(3):
        happened()
        sealing.seal_now()


def findings() -> list[Finding]:
    return verification.verify().findings


def test_the_last_blocks_cut_off_are_noticed_by_the_machine_that_sealed_them(blocks: None):
    tamper("DELETE FROM ledger_block WHERE number > 1", "ledger_block")
    assert findings() == [Finding(What.BLOCKS_MISSING, block=4)]
    heads.accept_the_present()
    assert findings() == []


def test_another_chain_of_the_same_length_is_noticed_by_the_machine_that_sealed_the_first(blocks: None):
    tamper("DELETE FROM ledger_block WHERE number > 1", "ledger_block")
    remembered = heads.remembered()
    sealing.seal_now()
    happened()
    sealing.seal_now()
    assert remembered and remembered.number == 3
    assert What.CHAIN_BROKEN in [found.what for found in findings()]
