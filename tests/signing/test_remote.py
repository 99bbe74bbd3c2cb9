"""Keys at a remote signing service, over real HTTP: the API of the Cloud Signature Consortium."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import translation
from pydantic import SecretStr

from lienthong.signing import authority, certificates, services
from lienthong.signing.definition import PluginChoice
from lienthong.signing.devices import devices
from lienthong.signing.hardware import NoKeyOnDevice, WrongPin
from lienthong.signing.models import SigningRecord
from lienthong.signing.plugins import BadOptions
from lienthong.signing.remote import NoService
from lienthong.signing.rules import Period, Signer
from tests.signing.device_contract import DeviceContract
from tests.signing.people import AT, CHAIRMAN, CLERK, COMMITTEE, LATER, paper
from tests.signing.test_verification import only_report

pytestmark = pytest.mark.django_db
PIN, TOKEN = "20253107", "a token of the province"


class Service(ThreadingHTTPServer):
    """A trust service with the keys of three signers. `asked`: every call with what was said."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Caller)
        self.keys: dict[str, tuple[Any, list[bytes]]] = {}
        self.allowed: dict[str, list[str]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer: bytes | None = None
        self.detour = ""


class Caller(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, *said: object) -> None:
        """Nothing is written."""

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        method = self.path.removeprefix("/csc/v1/")
        self.server.asked.append((method, said))
        if self.server.detour:
            self.send_response(302)
            self.send_header("Location", self.server.detour)
            self.end_headers()
        elif self.server.answer is not None:
            self._say(200, self.server.answer)
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._refuse("invalid_token", "")
        elif said["credentialID"] not in self.server.keys:
            self._refuse("invalid_request", "Invalid parameter credentialID")
        else:
            getattr(self, method.replace("/", "_"))(said, *self.server.keys[said["credentialID"]])

    def credentials_info(self, said: dict[str, Any], _key: object, chain: list[bytes]) -> None:
        found = [base64.b64encode(each).decode() for each in chain]
        self._say(200, json.dumps({"cert": {"status": "valid", "certificates": found}}).encode())

    def credentials_authorize(self, said: dict[str, Any], _key: object, _chain: object) -> None:
        if said.get("PIN") != PIN:
            self._refuse("invalid_pin", "The PIN is invalid")
            return
        sad = f"sad-{len(self.server.allowed)}"
        self.server.allowed[sad] = said["hash"]
        self._say(200, json.dumps({"SAD": sad, "expiresIn": 60}).encode())

    def signatures_signHash(self, said: dict[str, Any], key: Any, _chain: object) -> None:
        if self.server.allowed.pop(said["SAD"], None) != said["hash"]:
            self._refuse("invalid_request", "Invalid parameter SAD")
            return
        digest, prehashed = base64.b64decode(said["hash"][0]), Prehashed(hashes.SHA256())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            signature = key.sign(digest, ec.ECDSA(prehashed))
        else:
            signature = key.sign(digest, padding.PKCS1v15(), prehashed)
        self._say(200, json.dumps({"signatures": [base64.b64encode(signature).decode()]}).encode())

    def _refuse(self, error: str, words: str) -> None:
        self._say(400, json.dumps({"error": error, "error_description": words}).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service(monkeypatch) -> Iterator[Service]:
    monkeypatch.setenv("SIGNING_SERVICE", TOKEN)
    with Service() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        issuing = authority.certificate_for(CHAIRMAN, years=3, at=AT).authority
        above = [each.public_bytes(Encoding.DER) for each in authority.chain_of(issuing)]
        for signatory in (CHAIRMAN, CLERK, COMMITTEE):
            is_person = isinstance(signatory, Signer)
            name = f"{signatory.account_id}-{signatory.post_id}" if is_person else signatory.organisation_identifier
            key = (
                rsa.generate_private_key(65537, 2048) if signatory is CLERK else ec.generate_private_key(ec.SECP256R1())
            )
            made = certificates.signer_certificate(
                certificates.subject_of(signatory),
                key,
                Period(AT.replace(month=1), AT.replace(year=2027)),
                certificates.Issuer(authority.load_key(issuing), authority.load(issuing)),
                revocation_address="",
            )
            server.keys[name] = (key, [made.public_bytes(Encoding.DER), *above])
        yield server
        server.shutdown()


def chosen(service: Service, **other: object) -> PluginChoice:
    address = f"http://127.0.0.1:{service.server_port}/csc/v1"
    return PluginChoice(plugin="remote", options={"address": address, "token_in": "SIGNING_SERVICE", **other})


class WithPin:
    def __init__(self, device) -> None:
        self._device = device

    def credential(self, signer, *, at):
        return self._device.credential(signer, at=at, pin=SecretStr(PIN))


class TestRemoteService(DeviceContract):
    @pytest.fixture
    def device(self, service: Service):
        return WithPin(devices.make(chosen(service)))


@pytest.mark.parametrize("signer", [CHAIRMAN, CLERK, COMMITTEE])
def test_a_paper_signed_by_the_service_is_genuine_with_either_kind_of_key(service, settings, signer):
    settings.SIGNING = {"device": chosen(service).model_dump()}
    pdf = services.sign_pdf(paper(), signer=signer, reason="", at=AT, pin=SecretStr(PIN))
    assert only_report(pdf, LATER).genuine and SigningRecord.objects.get().device == "remote"
    assert services.wants_pin()


@pytest.mark.parametrize("pin", [None, "", "1", "9" * 300])
def test_without_the_right_pin_nothing_is_signed(service, settings, pin):
    settings.SIGNING = {"device": chosen(service).model_dump()}
    with pytest.raises(WrongPin):
        services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT, pin=SecretStr(pin) if pin is not None else None)
    assert not SigningRecord.objects.exists()
    assert not [method for method, _said in service.asked if method == "signatures/signHash"]


def test_an_authorisation_is_for_one_digest(service):
    credential = devices.make(chosen(service)).credential(CHAIRMAN, at=AT, pin=SecretStr(PIN))
    for digest in (b"a" * 32, b"b" * 32):
        credential.sign_digest(digest)
    wanted = [said for method, said in service.asked if method == "credentials/authorize"]
    assert [each["numSignatures"] for each in wanted] == [1, 1] and wanted[0]["hash"] != wanted[1]["hash"]
    assert PIN not in repr(credential) and not service.allowed


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b"<html>", b'{"cert": {"certificates": ["AAAA"]}}', b"x" * 9999])
def test_whatever_a_service_answers_is_no_error_of_ours(service, settings, answer):
    settings.SIGNING = {"device": chosen(service).model_dump()}
    service.answer = answer
    with pytest.raises(NoService) as refusal, translation.override("vi"):
        services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT, pin=SecretStr(PIN))
    assert refusal.value.way_out and not SigningRecord.objects.exists()


def test_nobody_leads_token_and_pin_elsewhere(service, settings):
    settings.SIGNING = {"device": chosen(service).model_dump()}
    service.detour = f"http://127.0.0.1:{service.server_port}/elsewhere"
    with pytest.raises(NoService):
        services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT, pin=SecretStr(PIN))
    assert [method for method, _said in service.asked] == ["credentials/info"]


def test_a_service_that_is_away_or_refuses_the_province_is_said(service, settings, monkeypatch):
    monkeypatch.setenv("SIGNING_SERVICE", "another")
    device = devices.make(chosen(service))
    with pytest.raises(NoService):
        device.credential(CHAIRMAN, at=AT)
    with pytest.raises(NoService):
        devices.make(chosen(service, address="http://127.0.0.1:9/csc/v1")).credential(CHAIRMAN, at=AT)


def test_a_key_that_is_not_there_or_has_run_out_is_said(service):
    device = devices.make(chosen(service, person_key="nobody-{account_id}"))
    with pytest.raises(NoKeyOnDevice):
        device.credential(CHAIRMAN, at=AT)
    with pytest.raises(NoKeyOnDevice):
        devices.make(chosen(service)).credential(CHAIRMAN, at=AT.replace(year=2031))


@pytest.mark.parametrize(
    "wrong", [{"address": "http://kyso.example.vn/csc/v1"}, {"token_in": "PATH"}, {"seal_key": "{x}"}]
)
def test_wrong_options_are_refused(service, wrong):
    """A PIN never travels in the clear."""
    with pytest.raises(BadOptions):
        devices.make(chosen(service, **wrong))
