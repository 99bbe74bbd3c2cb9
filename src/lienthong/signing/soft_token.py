"""The device of the house: keys in this installation's database, certificates of its own authority."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from pydantic import Field, SecretStr

from lienthong.signing import authority, certificates, plugins
from lienthong.signing.definition import arrangement
from lienthong.signing.devices import Credential, SignatureDevice, devices
from lienthong.signing.rules import Level, Seal, Signer


@dataclass(frozen=True, kw_only=True)
class SoftCredential(Credential):
    certificate: bytes
    chain: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...]
    _key: certificates.PrivateKey

    def sign_digest(self, digest: bytes) -> bytes:
        return self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))


@devices.register
class SoftToken(SignatureDevice):
    """Gives a signer key and certificate at the first signature. Whom it signs for, the caller has made sure of."""

    key = "soft-token"

    class Options(plugins.Options):
        certificate_years: int = Field(3, ge=1, le=5)

    options: Options

    def credential(self, signer: Signer | Seal, *, at: datetime, pin: SecretStr | None = None) -> Credential:
        row = authority.certificate_for(signer, years=self.options.certificate_years, at=at)
        chain = tuple(certificates.der(above) for above in authority.chain_of(row.authority))
        lists = authority.revocation_lists(row.authority, at=at) if arrangement().wanted_level >= Level.LT else ()
        return SoftCredential(
            certificate=bytes(row.certificate), chain=chain, revocation_lists=lists, _key=authority.load_key(row)
        )
