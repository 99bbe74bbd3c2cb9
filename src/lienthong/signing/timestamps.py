"""Timestamp authorities (RFC 3161): with one, a signature proves when it was made (PAdES B-T instead of B-B)."""

import base64
import os
import ssl
import urllib.request
from abc import ABC, abstractmethod
from typing import ClassVar
from urllib.error import URLError

from django.utils.translation import gettext_lazy as _
from pydantic import Field, field_validator

from lienthong.foundation.errors import DomainError
from lienthong.signing import plugins
from lienthong.signing.plugins import Registry

_MOST = 65536
"""Bytes an answer may have; real ones have some 6,000."""


class NoTimestamp(DomainError):
    code = "signing.no_timestamp"
    status = 503


class TimestampAuthority(ABC):
    key: ClassVar[str]
    Options: ClassVar[type[plugins.Options]] = plugins.Options

    def __init__(self, options: plugins.Options) -> None:
        self.options = options

    @property
    @abstractmethod
    def available(self) -> bool:
        """Whether signatures get a timestamp at all."""

    @abstractmethod
    def exchange(self, request: bytes) -> bytes:
        """Answer a TimeStampReq with a TimeStampResp, both DER. Raises NoTimestamp."""

    def roots(self) -> list[bytes]:
        """The certificates (DER) that a timestamp's chain must end in to be believed."""
        return []


timestamp_authorities: Registry[TimestampAuthority] = Registry()


@timestamp_authorities.register
class NoAuthority(TimestampAuthority):
    """The house's default: none. The moment of a signature is then proved by the signing record."""

    key = "none"

    @property
    def available(self) -> bool:
        return False

    def exchange(self, request: bytes) -> bytes:
        raise NoTimestamp(_("No timestamp authority is set up."))


@timestamp_authorities.register
class HttpAuthority(TimestampAuthority):
    """A timestamp authority reached over HTTP (RFC 3161, 3.4)."""

    key = "http"

    class Options(plugins.Options):
        address: str = Field(pattern=r"^https?://")
        username: str = ""
        password_in: str = Field(
            "", pattern=r"^(SIGNING_[A-Z0-9_]+)?$", description="The environment variable of the password, SIGNING_…"
        )
        timeout: float = Field(5, gt=0, le=60, description="Seconds")
        roots: list[str] = Field(default_factory=list, description="Certificates believed in, PEM")

        @field_validator("roots")
        @classmethod
        def _pem(cls, value: list[str]) -> list[str]:
            for pem in value:
                ssl.PEM_cert_to_DER_cert(pem)
            return value

    options: Options

    @property
    def available(self) -> bool:
        return True

    def exchange(self, request: bytes) -> bytes:
        message = urllib.request.Request(self.options.address, data=request, method="POST")  # noqa: S310 (scheme checked)
        message.add_header("Content-Type", "application/timestamp-query")
        if self.options.username:
            password = os.environ.get(self.options.password_in, "") if self.options.password_in else ""
            pair = f"{self.options.username}:{password}".encode()
            message.add_header("Authorization", "Basic " + base64.b64encode(pair).decode())
        try:
            with urllib.request.urlopen(message, timeout=self.options.timeout) as answer:  # noqa: S310 (scheme checked)
                return bytes(answer.read(_MOST))
        except (URLError, TimeoutError, OSError) as error:
            raise NoTimestamp(
                _("The timestamp authority does not answer."), way_out=_("Try again in a few minutes.")
            ) from error

    def roots(self) -> list[bytes]:
        return [ssl.PEM_cert_to_DER_cert(pem) for pem in self.options.roots]
