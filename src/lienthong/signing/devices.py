"""Signature devices: what holds the keys that officials and organisations sign with."""

import string
from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar

from pydantic import Field, SecretStr, field_validator

from lienthong.signing import plugins
from lienthong.signing.plugins import Registry
from lienthong.signing.rules import Seal, Signer


class Credential(ABC):
    """A key ready to sign for one signer. `chain`: the certificates above its own, issuer first, root last;
    `revocation_lists`: those in force that tell of the certificates, where they are at hand. All DER."""

    certificate: bytes
    chain: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...] = ()

    @abstractmethod
    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest, without using the database: it is called from inside an event loop.

        The answer is an ECDSA-Sig-Value in DER or an RSA signature by PKCS #1 v1.5, as the certificate's key is.
        Raises DomainError when the device refuses or cannot be reached.
        """


class SignatureDevice(ABC):
    """One way of keeping keys: in this installation, in a hardware module, at a trust service.

    Every device must pass the contract of tests/signing/device_contract.py.
    """

    key: ClassVar[str]
    wants_pin: ClassVar[bool] = False
    """Whether whoever signs enters a PIN for each deed."""
    Options: ClassVar[type[plugins.Options]] = plugins.Options

    def __init__(self, options: plugins.Options) -> None:
        self.options = options

    @abstractmethod
    def credential(self, signer: Signer | Seal, *, at: datetime, pin: SecretStr | None = None) -> Credential:
        """What this signer signs with at `at`; the same certificate as long as it is valid and not revoked.

        `pin` was entered for this one deed: the device keeps it no longer than the credential lives.

        Raises DomainError when the signer has no key here.
        """


devices: Registry[SignatureDevice] = Registry()

_NAMES = frozenset({"account_id", "post_id", "organisation_identifier"})


class KeyNames(plugins.Options):
    """How keys are called where somebody else keeps them."""

    person_key: str = Field("{account_id}-{post_id}", description="What a person's key is called")
    seal_key: str = Field("{organisation_identifier}", description="What an organisation's key is called")

    @field_validator("person_key", "seal_key")
    @classmethod
    def _can_be_filled(cls, value: str) -> str:
        named = {name for _text, name, *_more in string.Formatter().parse(value) if name is not None}
        if not named <= _NAMES:
            raise ValueError(f"there is only {', '.join(sorted(_NAMES))}")
        return value

    def key_of(self, signer: Signer | Seal) -> str:
        if isinstance(signer, Signer):
            return self.person_key.format(
                account_id=signer.account_id,
                post_id=signer.post_id,
                organisation_identifier=signer.organisation_identifier,
            )
        return self.seal_key.format(account_id="", post_id="", organisation_identifier=signer.organisation_identifier)
