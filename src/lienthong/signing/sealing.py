"""Private keys in the database are sealed: whoever reads the tables without the installation's secret reads nothing."""

import os
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

_VERSION = b"\x01"
_NONCE = 12


class KeySealedElsewhere(DomainError):
    code = "signing.key_sealed_elsewhere"
    status = 500


def seal(key: bytes, *, belongs_to: str) -> bytes:
    """AES-256-GCM under a key that HKDF derives from SECRET_KEY. It opens only for the same `belongs_to`."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(_sealing_key(settings.SECRET_KEY)).encrypt(nonce, key, belongs_to.encode())


def unseal(sealed: bytes, *, belongs_to: str) -> bytes:
    """Raises KeySealedElsewhere when neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS opens it."""
    nonce, box = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    for secret in _secrets():
        try:
            return AESGCM(_sealing_key(secret)).decrypt(nonce, box, belongs_to.encode())
        except InvalidTag:
            continue
    raise KeySealedElsewhere(
        _("The signing keys of this installation were sealed with another secret."),
        way_out=_("Put the former secret back, or name it among the fallback secrets."),
    )


def _secrets() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from map(str, settings.SECRET_KEY_FALLBACKS)


def _sealing_key(secret: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"lienthong.signing.keys").derive(secret.encode())
