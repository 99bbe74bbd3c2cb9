"""A device with a PKCS #11 library: a hardware module on the server, a token or a card. Its keys never leave it.

Needs the extra `pkcs11` (python-pkcs11); nothing of it is loaded before the device is chosen.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext_lazy as _
from pydantic import Field, SecretStr, field_validator

from lienthong.foundation.errors import DomainError
from lienthong.signing.devices import Credential, KeyNames, SignatureDevice, devices
from lienthong.signing.rules import Seal, Signer

if TYPE_CHECKING:
    import pkcs11

_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of a SHA-256 digest up to the digest (RFC 8017, 9.2)."""

_LONGEST_CHAIN = 6

_one_at_a_time = threading.Lock()
"""Who has entered a PIN is known to the library for the whole process: nobody else may come in meanwhile."""


class NoDevice(DomainError):
    code = "signing.no_device"
    status = 503


class NoKeyOnDevice(DomainError):
    code = "signing.no_key_on_device"


class WrongPin(DomainError):
    code = "signing.wrong_pin"


@devices.register
class Pkcs11Device(SignatureDevice):
    """Key and certificate of a signer have one label on the token; `person_key` and `seal_key` say which.

    The certificates above lie on the token too, or in `chain`.
    """

    key = "pkcs11"
    wants_pin = True

    class Options(KeyNames):
        library: str = Field(pattern=r"^/", description="Path of the module that came with the device")
        token: str = Field(min_length=1, max_length=32, description="Label of the token")
        chain: list[str] = Field(default_factory=list, description="Certificates above those of the signers, PEM")

        @field_validator("chain")
        @classmethod
        def _pem(cls, value: list[str]) -> list[str]:
            for pem in value:
                x509.load_pem_x509_certificate(pem.encode())
            return value

    options: Options

    def credential(self, signer: Signer | Seal, *, at: datetime, pin: SecretStr | None = None) -> Credential:
        label = self.options.key_of(signer)
        with self._opened() as session:
            found = list(_certificates(session))
        own = next((each for name, each in found if name == label and _valid(each, at)), None)
        if own is None:
            raise NoKeyOnDevice(
                _("The signing device holds no certificate “%(label)s” that is valid."),
                way_out=_("Check which device is connected, and whether the certificate has run out."),
                label=label,
            )
        others = [x509.load_pem_x509_certificate(pem.encode()) for pem in self.options.chain]
        above = _above(own, [*(each for _name, each in found), *others])
        return Pkcs11Credential(
            certificate=own.public_bytes(Encoding.DER),
            chain=tuple(each.public_bytes(Encoding.DER) for each in above),
            _device=self,
            _label=label,
            _pin=pin,
        )

    def sign_digest(self, digest: bytes, *, label: str, pin: SecretStr | None) -> bytes:
        """Raises NoDevice, NoKeyOnDevice, WrongPin."""
        import pkcs11

        if not pin:
            raise WrongPin(_("Enter the PIN of your signing device."))
        with self._opened(pin) as session:
            try:
                key: Any = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
            except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned) as error:
                raise NoKeyOnDevice(_("The signing device holds no single key “%(label)s”."), label=label) from error
            if key.key_type == pkcs11.KeyType.EC:
                return _der(bytes(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)))
            return bytes(key.sign(_SHA256_INFO + digest, mechanism=pkcs11.Mechanism.RSA_PKCS))

    @contextmanager
    def _opened(self, pin: SecretStr | None = None) -> Iterator["pkcs11.Session"]:
        """A session, with the rights of who knows the PIN where one is given; it ends with the block."""
        try:
            import pkcs11
        except ImportError as error:
            raise NoDevice(
                _("This system cannot use signing devices."), way_out=_("Install it with the extra “pkcs11”.")
            ) from error
        refused = (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid)
        locked = (pkcs11.PinLocked, pkcs11.exceptions.PinExpired, pkcs11.exceptions.UserPinNotInitialized)
        with _one_at_a_time:
            try:
                token = pkcs11.lib(self.options.library).get_token(token_label=self.options.token)
                session = token.open(user_pin=pin.get_secret_value()) if pin else token.open()
            except refused:
                raise WrongPin(_("The PIN is wrong."), way_out=_("Too many wrong ones lock the device.")) from None
            except locked:
                raise WrongPin(
                    _("The PIN of the signing device is locked or has run out."),
                    way_out=_("Who issued the device can unlock it."),
                ) from None
            except (pkcs11.PKCS11Error, RuntimeError, ValueError):
                raise NoDevice(
                    _("The signing device cannot be reached."), way_out=_("Connect it and try again.")
                ) from None
            try:
                with session:
                    yield session
            except pkcs11.PKCS11Error as error:
                raise NoDevice(_("The signing device refused to sign."), way_out=_("Try again.")) from error


@dataclass(frozen=True, kw_only=True)
class Pkcs11Credential(Credential):
    """Holds the PIN as long as it lives: one deed of one person. It is not shown when this is printed."""

    certificate: bytes
    chain: tuple[bytes, ...]
    _device: Pkcs11Device
    _label: str
    _pin: SecretStr | None = field(repr=False)

    def sign_digest(self, digest: bytes) -> bytes:
        return self._device.sign_digest(digest, label=self._label, pin=self._pin)


def _certificates(session: "pkcs11.Session") -> Iterator[tuple[str, x509.Certificate]]:
    import pkcs11

    for each in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}):
        content: Any = each[pkcs11.Attribute.VALUE]
        yield str(each[pkcs11.Attribute.LABEL]), x509.load_der_x509_certificate(bytes(content))


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _above(lowest: x509.Certificate, known: list[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates above one, as far as they are known; the root last."""
    above: list[x509.Certificate] = []
    last = lowest
    while last.issuer != last.subject and len(above) < _LONGEST_CHAIN:
        issuer = next((each for each in known if _issued(last, each)), None)
        if issuer is None:
            break
        above.append(issuer)
        last = issuer
    return above


def _issued(lower: x509.Certificate, upper: x509.Certificate) -> bool:
    try:
        lower.verify_directly_issued_by(upper)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _der(signature: bytes) -> bytes:
    """An ECDSA signature as certificates know it; PKCS #11 gives r and s side by side."""
    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
