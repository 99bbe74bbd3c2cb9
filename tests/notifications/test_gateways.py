"""Every gateway keeps the contract; the one over HTTP is tried on a real server."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core import mail
from pydantic import ValidationError

from lienthong.notifications.gateways import Gateway, NotTaken, Refused, Report, Unavailable, file
from lienthong.notifications.gateways.file import FileGateway, FileOptions
from lienthong.notifications.gateways.http import HttpGateway, HttpOptions
from lienthong.notifications.gateways.mail import MailGateway, MailOptions
from tests.notifications.gateway_contract import MESSAGE, GatewayContract


class TestFiles(GatewayContract):
    @pytest.fixture
    def gateway(self) -> Gateway:
        return FileGateway(FileOptions())

    def texts(self) -> list[str]:
        return [each.text for each in file.written("sms")]

    def test_nobody_else_may_read_the_files(self, gateway: Gateway, settings: Any):
        gateway.send(self.message)
        (written,) = Path(settings.MESSAGES_ROOT).rglob("*.json")
        assert written.stat().st_mode & 0o077 == 0 and written.parent.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
class TestMail(GatewayContract):
    address = "an@thu.example"

    @pytest.fixture
    def gateway(self) -> Gateway:
        return MailGateway(MailOptions())

    def texts(self) -> list[str]:
        """A mail program shows one of two with the same Message-ID."""
        letters = {letter.extra_headers["Message-ID"]: letter for letter in mail.outbox}
        return [str(letter.body) for letter in letters.values()]


class Server:
    """A gateway's server as it may stand on the internet; `answer` is the next status and body."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answer: tuple[int, Any] = (200, {"code": "100", "id": "sms-1"})
        self.redirects = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.requests.append(({key.lower(): value for key, value in self.headers.items()}, body))
                status, said = outer.answer
                self.send_response(status)
                if outer.redirects:
                    self.send_header("Location", outer.redirects)
                self.end_headers()
                self.wfile.write((said if isinstance(said, str) else json.dumps(said)).encode())

            do_GET = do_POST  # noqa: N815 - what the server calls

            def log_message(self, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.requests]


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def options(server: Server, **changes: Any) -> HttpOptions:
    declared = {
        "url": server.url,
        "secret": {"environment": "GATEWAY_SMS", "header": "Authorization", "prefix": "Bearer "},
        "body": {"to": "${international}", "content": "${text}", "request": {"id": "${id}"}, "brand": "DAKNONG"},
        "accepted": "answer.code == '100'",
        "refused": "answer.code in ['104', '118']",
        "reference": "answer.id",
        "timeout": 2,
        **changes,
    }
    return HttpOptions.model_validate(declared)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_SMS", "s3cret")
    monkeypatch.setenv("GATEWAY_SMS_REPORTS", "r3port")


class TestHttp(GatewayContract):
    @pytest.fixture
    def gateway(self, server: Server) -> Gateway:
        self.server = server
        return HttpGateway(options(server))

    def texts(self) -> list[str]:
        return [body["content"] for body in self.server.bodies]

    def test_the_body_and_the_secret_are_those_declared(self, gateway: Gateway):
        assert gateway.send(MESSAGE).reference == "sms-1"
        ((headers, _body),) = self.server.requests
        assert headers["authorization"] == "Bearer s3cret" and headers["content-type"] == "application/json"
        assert self.server.bodies == [
            {"to": "84905412768", "content": MESSAGE.text, "request": {"id": "1024"}, "brand": "DAKNONG"}
        ]

    def test_what_the_gateway_says_never_to_take_is_refused(self, gateway: Gateway):
        self.server.answer = (200, {"code": "118", "message": "so dien thoai sai"})
        with pytest.raises(Refused, match="so dien thoai sai"):
            gateway.send(MESSAGE)

    def test_what_it_does_not_take_now_may_go_later(self, gateway: Gateway):
        self.server.answer = (200, {"code": "99"})
        with pytest.raises(NotTaken):
            gateway.send(MESSAGE)

    @pytest.mark.parametrize("answer", [(500, "<html>"), (401, {"code": "101"}), (429, "")])
    def test_trouble_that_is_not_of_the_message_leaves_the_gateway_alone(self, gateway: Gateway, answer: Any):
        self.server.answer = answer
        with pytest.raises(Unavailable, match=f"HTTP {answer[0]}"):
            gateway.send(MESSAGE)

    def test_a_server_that_is_not_there_is_unavailable(self, server: Server):
        gateway = HttpGateway(options(server, url="http://127.0.0.1:9/send"))
        with pytest.raises(Unavailable):
            gateway.send(MESSAGE)

    def test_the_secret_follows_no_redirect(self, gateway: Gateway, server: Server):
        server.answer, server.redirects = (302, ""), server.url + "/elsewhere"
        with pytest.raises(NotTaken):
            gateway.send(MESSAGE)
        assert len(server.requests) == 1

    def test_nothing_is_sent_without_the_secret(self, gateway: Gateway, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.delenv("GATEWAY_SMS")
        assert gateway.lacks() == "GATEWAY_SMS is not set"
        with pytest.raises(Unavailable, match="GATEWAY_SMS"):
            gateway.send(MESSAGE)
        assert self.server.requests == []

    def test_a_form_is_sent_where_that_is_declared(self, server: Server):
        form = options(server, sends="form", body={"ApiKey": "${secret}", "Phone": "${to}", "Content": "${text}"})
        HttpGateway(form).send(MESSAGE)
        ((_headers, body),) = server.requests
        assert parse_qs(body) == {"ApiKey": ["s3cret"], "Phone": ["0905412768"], "Content": [MESSAGE.text]}

    def test_a_gateway_with_templates_of_its_own_gets_the_data(self, server: Server):
        declared = options(server, body={"template": "${kind}", "data": {"ma_ho_so": "${data.code}"}})
        HttpGateway(declared).send(MESSAGE)
        assert server.bodies == [{"template": "dossier-received", "data": {"ma_ho_so": "H16-1"}}]


REPORTS = {
    "secret": {"environment": "GATEWAY_SMS_REPORTS", "header": "X-Token"},
    "reference": "said.id",
    "delivered": "said.status == 'delivered'",
    "failed": "said.status == 'failed'",
}


def test_a_report_is_believed_with_the_right_secret_only(server: Server):
    gateway = HttpGateway(options(server, reports=REPORTS))
    said = {"id": "sms-1", "status": "delivered"}
    assert gateway.report({"X-Token": "r3port"}, said) == Report("sms-1", True)
    for wrong in ({}, {"X-Token": ""}, {"X-Token": "R3port"}):
        assert gateway.report(wrong, said) is None
    assert gateway.report({"X-Token": "r3port"}, {"id": "sms-1", "status": "queued"}) is None
    failed = gateway.report({"X-Token": "r3port"}, {"id": "sms-1", "status": "failed"})
    assert failed and not failed.delivered and "failed" in failed.failed


def test_an_unset_secret_proves_nothing(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GATEWAY_SMS_REPORTS", "")
    gateway = HttpGateway(options(server, reports=REPORTS))
    assert gateway.report({"X-Token": ""}, {"id": "sms-1", "status": "delivered"}) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"url": "http://sms.example/send"}, "https://"),
        ({"secret": {"environment": "LT_SECRET", "header": "X"}}, "pattern"),
        ({"body": {"to": "${phone}"}}, "phone"),
        ({"body": {"to": "${to"}}, "}"),
        ({"accepted": "anwser.code == 1"}, "anwser"),
        ({"timeout": 600}, "60"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_sent(server: Server, changes: Any, why: str):
    with pytest.raises(ValidationError, match=why):
        options(server, **changes)


def test_a_text_is_never_an_expression(server: Server):
    HttpGateway(options(server)).send(replace(MESSAGE, text="${secret} ${1 + 1}"))
    assert server.bodies[0]["content"] == "${secret} ${1 + 1}"
