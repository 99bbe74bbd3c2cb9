"""A remote signing service: keys lie at a trust service, which signs digests for who proves by a PIN to be their owner.

Speaks the API of the Cloud Signature Consortium, version 1.0.4.0: credentials/info, credentials/authorize,
signatures/signHash. What services ask for beside a PIN (a confirmation on the telephone, an OTP) is not supported.
"""

import base64
import binascii
import json
import os
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext_lazy as _
from pydantic import Field, SecretStr

from lienthong.foundation.errors import DomainError
from lienthong.signing.devices import Credential, KeyNames, SignatureDevice, devices
from lienthong.signing.hardware import NoKeyOnDevice, WrongPin
from lienthong.signing.rules import Seal, Signer

_MOST = 262_144
"""Bytes that an answer may have; a chain of certificates has some 10,000."""
_SHA256 = "2.16.840.1.101.3.4.2.1"
_RSA, _ECDSA = "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"
_OF_THE_KEY = {"invalid_pin", "invalid_otp", "pin_locked"}


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """Token and PIN go to the address that was declared and nowhere else."""

    def redirect_request(self, *said: Any, **named: Any) -> None:
        return None


_straight = urllib.request.build_opener(_NoDetour)


class NoService(DomainError):
    code = "signing.no_service"
    status = 503


@devices.register
class RemoteService(SignatureDevice):
    """The credential of a signer bears at the service the name that `person_key` or `seal_key` gives."""

    key = "remote"
    wants_pin = True

    class Options(KeyNames):
        address: str = Field(pattern=r"^https://|^http://(localhost|127\.0\.0\.1)[:/]", description="Up to …/csc/v1")
        token_in: str = Field(
            pattern=r"^SIGNING_[A-Z0-9_]+$", description="The environment variable of the access token, SIGNING_…"
        )
        timeout: float = Field(20, gt=0, le=120, description="Seconds")

    options: Options

    def credential(self, signer: Signer | Seal, *, at: datetime, pin: SecretStr | None = None) -> Credential:
        name = self.options.key_of(signer)
        said = self.ask("credentials/info", {"credentialID": name, "certificates": "chain"})
        certificates = _certificates(said)
        if not certificates or not _is_valid(certificates[0], at):
            raise NoKeyOnDevice(
                _("The signing service knows no certificate “%(label)s” that is valid."),
                way_out=_("Ask who issued it whether it has run out or was revoked."),
                label=name,
            )
        own, *above = (each.public_bytes(Encoding.DER) for each in certificates)
        is_ec = isinstance(certificates[0].public_key(), ec.EllipticCurvePublicKey)
        return RemoteCredential(certificate=own, chain=tuple(above), _service=self, _name=name, _is_ec=is_ec, _pin=pin)

    def ask(self, method: str, said: dict[str, Any]) -> dict[str, Any]:
        """Raises NoService, WrongPin, NoKeyOnDevice."""
        wanted = urllib.request.Request(  # noqa: S310 (scheme checked)
            f"{self.options.address.rstrip('/')}/{method}", data=json.dumps(said).encode(), method="POST"
        )
        wanted.add_header("Content-Type", "application/json")
        wanted.add_header("Authorization", f"Bearer {os.environ.get(self.options.token_in, '')}")
        try:
            with _straight.open(wanted, timeout=self.options.timeout) as answer:
                found = json.loads(answer.read(_MOST))
        except HTTPError as refused:
            raise _refusal(refused) from refused
        except (URLError, TimeoutError, OSError, ValueError) as error:
            raise _unreachable() from error
        if not isinstance(found, dict):
            raise _unreachable()
        return found


@dataclass(frozen=True, kw_only=True)
class RemoteCredential(Credential):
    """Holds the PIN as long as it lives: one deed of one person. It is not shown when this is printed."""

    certificate: bytes
    chain: tuple[bytes, ...]
    _service: RemoteService
    _name: str
    _is_ec: bool
    _pin: SecretStr | None = field(repr=False)

    def sign_digest(self, digest: bytes) -> bytes:
        """Each digest is authorised by itself, so that nothing else can be signed with the authorisation."""
        if not self._pin:
            raise WrongPin(_("Enter the PIN of your signing service."))
        hashed = [base64.b64encode(digest).decode()]
        allowed = self._service.ask(
            "credentials/authorize",
            {"credentialID": self._name, "numSignatures": 1, "hash": hashed, "PIN": self._pin.get_secret_value()},
        )
        signed = self._service.ask(
            "signatures/signHash",
            {
                "credentialID": self._name,
                "SAD": str(allowed.get("SAD", "")),
                "hash": hashed,
                "hashAlgo": _SHA256,
                "signAlgo": _ECDSA if self._is_ec else _RSA,
            },
        )
        try:
            return base64.b64decode(signed["signatures"][0], validate=True)
        except (KeyError, IndexError, TypeError, binascii.Error) as error:
            raise _unreachable() from error


def _certificates(said: dict[str, Any]) -> list[x509.Certificate]:
    """Its own first, then those above."""
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(each)) for each in said["cert"]["certificates"][:8]]
    except (KeyError, TypeError, ValueError) as error:
        raise _unreachable() from error


def _is_valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _refusal(refused: HTTPError) -> DomainError:
    """A service says what is wrong as {"error": "invalid_pin", "error_description": "…"}."""
    try:
        said = json.loads(refused.read(_MOST))
        error = str(said.get("error", "")) if isinstance(said, dict) else ""
        words = str(said.get("error_description", "")) if isinstance(said, dict) else ""
    except (OSError, ValueError):
        error = words = ""
    if error in _OF_THE_KEY or (error == "invalid_request" and "PIN" in words):
        return WrongPin(_("The PIN is wrong."), way_out=_("Too many wrong ones lock the device."))
    if error == "invalid_request" and "credentialID" in words:
        return NoKeyOnDevice(_("The signing service does not know your key."))
    return _unreachable()


def _unreachable() -> NoService:
    return NoService(
        _("The signing service does not answer as it should."), way_out=_("Nothing was signed. Try again in a minute.")
    )
