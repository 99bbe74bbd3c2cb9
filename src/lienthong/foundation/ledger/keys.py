"""The key that seals the ledger: its private half in LT_HOME/keys/ledger.pem, its public half in the database.

An installation makes its first key by itself. Every machine that seals needs a copy of the file; a machine without it
leaves the sealing to the others. Keep a copy where the database's backups are not.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.ledger import rules
from lienthong.foundation.ledger.models import Block, Key
from lienthong.settings.environment import environment

_SEALING = 0x6C656467  # "ledg", the advisory lock of sealers and changes of key


class KeyUnusable(DomainError):
    code = "ledger.key_unusable"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`id` is the beginning of the public half's SHA-256."""

    id: str
    public: bytes
    private: Ed25519PrivateKey


def folder() -> Path:
    return environment.home / "keys"


def signing_key() -> SigningKey:
    """The key in use, which must be on this machine. The first call in the life of a ledger makes it.

    Raises KeyUnusable when the ledger has a key that is not here.
    """
    in_use = newest() or _first()
    held = held_key()
    if held is None or held.id != in_use.id:
        raise KeyUnusable(
            _("The ledger is sealed with the key %(key)s, which is not in %(file)s."),
            way_out=_("Copy that file from the machine or the backup that has it. If it is lost, make a new key."),
            key=in_use.id,
            file=str(_file()),
        )
    return held


def held_key() -> SigningKey | None:
    """The private key on this machine. A change of key that was interrupted is finished here."""
    in_use, held = newest(), _load(_file())
    if in_use and (held is None or held.id != in_use.id):
        successor = _load(_successor_file())
        if successor and successor.id == in_use.id:
            _successor_file().replace(_file())
            return successor
    return held


def newest() -> Key | None:
    return Key.objects.order_by("-number").first()


def change_key(*, lost: bool = False) -> SigningKey:
    """Seal with a new key from now on. The old private key is destroyed; what it sealed stays valid.

    Raises KeyUnusable when the old key is not on this machine, unless it is `lost` for good.
    """
    with _one_at_a_time():
        old = None if lost else signing_key()
        new = _generate()
        _successor_file().unlink(missing_ok=True)
        _write(new, _successor_file())
        _append(new, old)
    return signing_key()


def verified(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def try_to_be_the_only_one() -> bool:
    """Whether this transaction is the one that seals until its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALING])
        alone: bool = cursor.fetchone()[0]
    return alone


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALING])
        yield


def _first() -> Key:
    with _one_at_a_time():
        return newest() or _append(_load(_file()) or _make(), None)


def _append(new: SigningKey, old: SigningKey | None) -> Key:
    before = newest()
    last_block = Block.objects.order_by("-number").values_list("number", flat=True).first() or 0
    message = rules.key_change(new.public, bytes(before.public) if before else None, last_block + 1)
    return Key.objects.create(
        id=new.id,
        number=before.number + 1 if before else 1,
        public=new.public,
        from_block=last_block + 1,
        signed_by_itself=new.private.sign(message),
        signed_by_previous=old.private.sign(message) if old else None,
        taken_at=clock.now(),
    )


def _file() -> Path:
    return folder() / "ledger.pem"


def _successor_file() -> Path:
    return folder() / "ledger.next.pem"


def _make() -> SigningKey:
    """Of several processes that start at once one makes the key, and all use it."""
    with suppress(FileExistsError):
        _write(_generate(), _file())
    made = _load(_file())
    assert made
    return made


def _generate() -> SigningKey:
    return _named(Ed25519PrivateKey.generate())


def _named(private: Ed25519PrivateKey) -> SigningKey:
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(sha256(public).hexdigest()[:16], public, private)


def _load(path: Path) -> SigningKey | None:
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        private = load_pem_private_key(pem, password=None)
    except ValueError:
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(
            _("The file %(file)s is damaged: it holds no key of the ledger."),
            way_out=_("Copy that file from the machine or the backup that has it. If it is lost, make a new key."),
            file=str(path),
        )
    return _named(private)


def _write(key: SigningKey, path: Path) -> None:
    """Appears whole or not at all, readable for its owner only. Raises FileExistsError rather than replace a key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".ledger-") as draft:  # made with mode 0600
        draft.write(key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        draft.flush()
        os.fsync(draft.fileno())
        os.link(draft.name, path)
