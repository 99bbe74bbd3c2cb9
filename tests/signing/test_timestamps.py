"""Timestamps by an authority outside."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from lienthong.foundation import clock
from lienthong.signing import plugins, services
from lienthong.signing.definition import PluginChoice
from lienthong.signing.models import SigningRecord
from lienthong.signing.plugins import BadOptions
from lienthong.signing.timestamps import NoTimestamp, TimestampAuthority, timestamp_authorities
from lienthong.signing.verification import TimeSource
from tests.signing.people import AT, CHAIRMAN, LATER, paper

STAMPED = AT + timedelta(seconds=2)


@cache
def tsa() -> tuple[DummyTimeStamper, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dịch vụ cấp dấu thời gian")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2060, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(private),
        fixed_dt=STAMPED,
    )
    return stamper, certificate


def answer(request: bytes) -> bytes:
    return asyncio.run(tsa()[0].async_request_tsa_response(tsp.TimeStampReq.load(request))).dump()


class NearAuthority(TimestampAuthority):
    key = "near"

    class Options(plugins.Options):
        trusted: bool = True
        silent: bool = False

    options: Options
    available = True
    asked: ClassVar[int] = 0

    def exchange(self, request: bytes) -> bytes:
        type(self).asked += 1
        return b"0" if self.options.silent else answer(request)

    def roots(self) -> list[bytes]:
        return [tsa()[1].public_bytes(Encoding.DER)] if self.options.trusted else []


@pytest.fixture
def near(settings) -> Iterator[None]:
    settings.SIGNING = {"timestamp": {"plugin": "near"}}
    with timestamp_authorities.registered(NearAuthority):
        yield


def signed() -> bytes:
    return services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT)


@pytest.mark.django_db
def test_a_timestamp_proves_when_a_signature_was_made(near):
    pdf = signed()
    with clock.at(LATER):
        [report] = services.verify_pdf(pdf)
    assert report.genuine and report.time_source is TimeSource.TIMESTAMP and report.signed_at == STAMPED
    assert SigningRecord.objects.get().timestamped


@pytest.mark.django_db
def test_a_timestamp_of_an_unknown_authority_proves_nothing(near, settings):
    pdf = signed()
    settings.SIGNING = {"timestamp": {"plugin": "near", "options": {"trusted": False}}}
    with clock.at(LATER):
        [report] = services.verify_pdf(pdf)
    assert report.genuine and report.time_source is TimeSource.RECORD and report.signed_at == AT


@pytest.mark.django_db
def test_when_the_authority_answers_nonsense_nothing_is_signed(near, settings):
    settings.SIGNING = {"timestamp": {"plugin": "near", "options": {"silent": True}}}
    with pytest.raises(NoTimestamp):
        signed()
    assert not SigningRecord.objects.exists()


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            wanted = self.headers["Content-Type"] == "application/timestamp-query"
            allowed = self.headers["Authorization"] == "Basic dGluaDptYXQ="
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200 if wanted and allowed else 403)
            self.end_headers()
            self.wfile.write(answer(body) if wanted and allowed else b"")

        def log_message(self, *args: object) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}/"
    http.shutdown()
    http.server_close()


def over_http(address: str, **options) -> dict:
    pem = tsa()[1].public_bytes(Encoding.PEM).decode()
    return {"plugin": "http", "options": {"address": address, "roots": [pem], "timeout": 2, **options}}


@pytest.mark.django_db
def test_an_authority_is_asked_over_http_with_a_password(server, settings, monkeypatch):
    monkeypatch.setenv("SIGNING_TSA", "mat")
    settings.SIGNING = {"timestamp": over_http(server, username="tinh", password_in="SIGNING_TSA")}
    pdf = signed()
    with clock.at(LATER):
        assert services.verify_pdf(pdf)[0].time_source is TimeSource.TIMESTAMP


@pytest.mark.django_db
def test_an_authority_that_refuses_or_is_away_is_said_and_nothing_is_signed(server, settings):
    for choice in (over_http(server, username="x"), over_http("http://127.0.0.1:9/")):
        settings.SIGNING = {"timestamp": choice}
        with pytest.raises(NoTimestamp) as refusal:
            signed()
        assert refusal.value.way_out
    assert not SigningRecord.objects.exists()


@pytest.mark.parametrize("options", [{"address": "ftp://x"}, {}, {"address": "http://x", "roots": ["no certificate"]}])
def test_wrong_options_are_refused(options):
    with pytest.raises(BadOptions):
        timestamp_authorities.make(PluginChoice(plugin="http", options=options))


def test_without_an_authority_no_timestamp_is_given():
    none = timestamp_authorities.make(PluginChoice(plugin="none"))
    assert not none.available and none.roots() == []
    with pytest.raises(NoTimestamp):
        none.exchange(b"")
