"""Private keys in the tables are of no use without the installation's secret."""

import pytest
from django.test import override_settings

from lienthong.signing.sealing import KeySealedElsewhere, seal, unseal


def test_a_sealed_key_opens_for_what_it_belongs_to_and_shows_nothing():
    sealed = seal(b"a private key", belongs_to="1a2b")
    assert unseal(sealed, belongs_to="1a2b") == b"a private key"
    assert b"private" not in sealed and seal(b"a private key", belongs_to="1a2b") != sealed


def test_a_key_moved_to_another_row_does_not_open():
    with pytest.raises(KeySealedElsewhere):
        unseal(seal(b"key", belongs_to="1a2b"), belongs_to="3c4d")


def test_another_secret_does_not_open_it_and_the_error_says_what_to_do():
    sealed = seal(b"key", belongs_to="1a2b")
    with override_settings(SECRET_KEY="quite another secret"), pytest.raises(KeySealedElsewhere) as refusal:
        unseal(sealed, belongs_to="1a2b")
    assert refusal.value.way_out


def test_after_a_change_of_secret_the_former_one_still_opens_it(settings):
    sealed, former = seal(b"key", belongs_to="1a2b"), settings.SECRET_KEY
    with override_settings(SECRET_KEY="a new secret", SECRET_KEY_FALLBACKS=[former]):
        assert unseal(sealed, belongs_to="1a2b") == b"key"


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_a_changed_byte_is_noticed(position):
    sealed = bytearray(seal(b"key", belongs_to="1a2b"))
    sealed[position] ^= 1
    if position == 0:
        assert unseal(bytes(sealed), belongs_to="1a2b") == b"key"
        return
    with pytest.raises(KeySealedElsewhere):
        unseal(bytes(sealed), belongs_to="1a2b")
