"""What a province declares of signing: the device, the timestamp authority, its own authority, whom it believes."""

import binascii
import ssl
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, field_validator, model_validator

from lienthong.foundation.definitions.registry import Body, Catalogue, Kind, Problem, Shape
from lienthong.foundation.errors import DomainError
from lienthong.signing.rules import Level


class PluginChoice(Shape):
    """Which plug-in of a kind, with the options of that plug-in."""

    plugin: str = Field(description="Its key")
    options: dict[str, Any] = Field(default_factory=dict, description="What the plug-in is told")


class SigningArrangement(Body):
    """How an installation signs, and whose signatures it believes."""

    device: PluginChoice = Field(PluginChoice(plugin="soft-token"), description="What holds the keys")
    timestamp: PluginChoice = Field(PluginChoice(plugin="none"), description="Who confirms when a signature was made")
    level: Literal["", "B", "T", "LT", "LTA"] = Field(
        "",
        description="Of new signatures (ETSI EN 319 142-1); empty: T where there is a timestamp authority, else B",
    )
    authority_name: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        "Liên Thông", description="Organisation named in the certificates of this installation's authorities"
    )
    revocation_address: str = Field(
        "", description="Public address of the revocation list, written into certificates; empty: they name none"
    )
    revocation_list_days: Annotated[int, Field(ge=1, le=60)] = Field(
        7, description="Within how many days a newer revocation list is there"
    )
    trusted_roots: tuple[str, ...] = Field(
        (),
        description="Root certificates, PEM, of authorities outside that are believed too; whether certificates under "
        "them were revoked is not asked",
    )

    @field_validator("trusted_roots")
    @classmethod
    def _are_of_authorities(cls, roots: tuple[str, ...]) -> tuple[str, ...]:
        for pem in roots:
            _require_authority(pem)
        return roots

    @model_validator(mode="after")
    def _has_the_time(self) -> "SigningArrangement":
        if self.wanted_level >= Level.T and self.timestamp.plugin == "none":
            raise ValueError(_("signatures of this level need a timestamp authority"))
        return self

    @property
    def wanted_level(self) -> Level:
        return Level[self.level or ("B" if self.timestamp.plugin == "none" else "T")]

    def roots(self) -> list[bytes]:
        """DER."""
        return [ssl.PEM_cert_to_DER_cert(pem.strip()) for pem in self.trusted_roots]


def _require_authority(pem: str) -> None:
    try:
        found = x509.load_der_x509_certificate(ssl.PEM_cert_to_DER_cert(pem.strip()))
        is_authority = found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, binascii.Error, x509.ExtensionNotFound) as error:
        raise ValueError(_("is no certificate in PEM")) from error
    if not is_authority:
        raise ValueError(_("is no certificate of an authority"))


def check(body: SigningArrangement, _catalogue: Catalogue) -> Iterator[Problem]:
    from lienthong.signing.devices import devices
    from lienthong.signing.timestamps import timestamp_authorities

    for name, registry, choice in (
        ("device", devices, body.device),
        ("timestamp", timestamp_authorities, body.timestamp),
    ):
        try:
            registry.make(choice)
        except DomainError as refusal:
            yield Problem((name,), str(refusal))


SIGNING = Kind("signing", SigningArrangement, title=gettext_lazy("arrangement of digital signatures"), check=check)

_UNDECLARED = {"key": "ky-so", "name": "Ký số", "effective_from": date(2018, 1, 1)}


def arrangement() -> SigningArrangement:
    """The one in force; Django's setting SIGNING goes before it."""
    if given := getattr(settings, "SIGNING", None):
        return SigningArrangement.model_validate({**_UNDECLARED, **given})
    declared = SIGNING.all()
    return declared[0].body if declared else SigningArrangement.model_validate(_UNDECLARED)
