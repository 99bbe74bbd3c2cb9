"""Any gateway that takes a message by one HTTP POST: which body, which header, what its answers mean is declared."""

import hmac
import json
import os
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from typing import IO, Annotated, Any, Literal
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, JsonValue

from lienthong.foundation.definitions.registry import Shape, Text
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.expressions import BadExpression, evaluate, holds, template
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.trials import check
from lienthong.notifications.gateways import Gateway, NotTaken, Outgoing, Refused, Report, Taken, Unavailable, register

MOST = 65_536
"""Bytes of an answer that are read."""

_OF_ALL = {401, 403, 404, 429}
"""Answers that are no matter of the one message: who we are, where it is, how much we send."""

OF_MESSAGE: Mapping[str, Any] = {
    "id": "1024",
    "to": "0905123456",
    "international": "84905123456",
    "recipient": "Nguyễn Văn An",
    "kind": "dossier-received",
    "title": "Hồ sơ đã được tiếp nhận",
    "text": "Ho so da duoc tiep nhan",
    "link": "https://dichvucong.example/ho-so-cua-toi/1/",
    "data": None,
    "secret": "s3cret",
}
OF_ANSWER: Mapping[str, Any] = {"status": 200, "answer": None}
OF_REPORT: Mapping[str, Any] = {"said": None}


def _reading(names: Mapping[str, Any]) -> Callable[[str], str]:
    def checked(source: str) -> str:
        for why in check(FieldList((), names), source) if source else ():
            raise ValueError(why)
        return source

    return checked


def _filled_in(body: JsonValue) -> JsonValue:
    for text in _texts(body):
        try:
            sources = template(text).sources
        except BadExpression as error:
            raise ValueError(str(error)) from None
        for source in sources:
            _reading(OF_MESSAGE)(source)
    return body


def _texts(body: JsonValue) -> Iterator[str]:
    match body:
        case str():
            yield body
        case dict():
            for each in body.values():
                yield from _texts(each)
        case list():
            for each in body:
                yield from _texts(each)


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}):
        return url
    raise ValueError(_("must begin with https://: messages and the secret would travel unprotected"))


OfAnswer = Annotated[str, AfterValidator(_reading(OF_ANSWER))]
OfReport = Annotated[str, AfterValidator(_reading(OF_REPORT))]
Filled = Annotated[JsonValue, AfterValidator(_filled_in)]
EnvironmentName = Annotated[str, Field(pattern=r"^GATEWAY_[A-Z0-9_]+$")]


class Secret(Shape):
    """What proves who calls. Only its name is declared; the secret itself is in the environment of the processes."""

    environment: EnvironmentName = Field(description="The variable it is in, GATEWAY_…")
    header: str = Field("", description="The header it is sent in; empty: none, the body reads it as ${secret}")
    prefix: str = Field("", description="What stands before it in the header, as “Bearer ”")

    @property
    def value(self) -> str:
        return os.environ.get(self.environment, "")


class Reports(Shape):
    """How the gateway reports to /thong-bao/bao-nhan/<channel>/ what became of a message. `said` is what it sends."""

    secret: Secret = Field(description="What it must send in a header")
    reference: OfReport = Field(description="How the gateway calls the message")
    delivered: OfReport = Field(description="Whether the message arrived")
    failed: OfReport = Field("false", description="Whether it will never arrive")


class HttpOptions(Shape):
    url: Annotated[Text, AfterValidator(_safe)]
    sends: Literal["json", "form"] = Field("json", description="How the body is written")
    headers: dict[str, str] = Field({}, description="Sent with every message")
    secret: Secret | None = None
    body: dict[str, Filled] = Field(description="Texts with ${id}, ${to}, ${international}, ${text}, ${title}, ${link}")
    accepted: OfAnswer = Field("status >= 200 && status < 300", description="Whether the answer means: taken")
    refused: OfAnswer = Field("false", description="Whether the answer means: never")
    reference: OfAnswer = Field("", description="How the gateway calls the message")
    knows_repeats: bool = Field(False, description="Whether it sends a message only once when it gets its id twice")
    timeout: float = Field(15, gt=0, le=60, description="Seconds")
    reports: Reports | None = None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The secret is for the declared address alone."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


@register
class HttpGateway(Gateway):
    key = "http"
    reaches = ("mobile", "email")
    Options = HttpOptions

    options: HttpOptions

    def __init__(self, options: HttpOptions) -> None:
        super().__init__(options)
        self.knows_repeats = options.knows_repeats

    def send(self, message: Outgoing) -> Taken:
        if lacking := self.lacks():
            raise Unavailable(lacking)
        status, answer = self._post(message)
        names = {"status": status, "answer": answer}
        if holds(self.options.refused, names):
            raise Refused(_told(status, answer))
        if not holds(self.options.accepted, names):
            raise (Unavailable if status in _OF_ALL or status >= 500 else NotTaken)(_told(status, answer))
        reference = evaluate(self.options.reference, names) if self.options.reference else None
        return Taken(reference=expressions.written(reference)[:200])

    def report(self, headers: Mapping[str, str], said: Mapping[str, Any]) -> Report | None:
        reports = self.options.reports
        if reports is None or not _proved(reports.secret, headers):
            return None
        names = {"said": dict(said)}
        reference = expressions.written(evaluate(reports.reference, names))
        delivered, failed = holds(reports.delivered, names), holds(reports.failed, names)
        if not reference or not (delivered or failed):
            return None
        return Report(reference, delivered, json.dumps(said, ensure_ascii=False)[:300] if failed else "")

    def lacks(self) -> str:
        reports = self.options.reports
        secrets = [self.options.secret, reports.secret if reports else None]
        missing = [each.environment for each in secrets if each and not each.value]
        return f"{missing[0]} is not set" if missing else ""

    def _post(self, message: Outgoing) -> tuple[int, Any]:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked
            self.options.url, self._body(message), self._headers(), method="POST"
        )
        try:
            with urllib.request.build_opener(_NoRedirects).open(request, timeout=self.options.timeout) as answer:
                return answer.status, _read(answer)
        except HTTPError as answer:
            with answer:
                return answer.code, _read(answer)
        except (OSError, HTTPException) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error

    def _headers(self) -> dict[str, str]:
        kind = "application/json" if self.options.sends == "json" else "application/x-www-form-urlencoded"
        secret = self.options.secret
        proof = {secret.header: secret.prefix + secret.value} if secret and secret.header else {}
        return {"Content-Type": kind, "Accept": "application/json", **self.options.headers, **proof}

    def _body(self, message: Outgoing) -> bytes:
        secret = self.options.secret
        names = {
            "id": message.id,
            "to": message.to,
            "international": f"84{message.to[1:]}" if message.to.startswith("0") else message.to,
            "recipient": message.recipient,
            "kind": message.kind,
            "title": message.title,
            "text": message.text,
            "link": message.link,
            "data": dict(message.data),
            "secret": secret.value if secret else "",
        }
        body = {key: _with(value, names) for key, value in self.options.body.items()}
        if self.options.sends == "form":
            return urlencode({key: value for key, value in body.items() if value is not None}).encode()
        return json.dumps(body, ensure_ascii=False).encode()


def _with(body: JsonValue, names: Mapping[str, Any]) -> JsonValue:
    match body:
        case str():
            return template(body).render(names)
        case dict():
            return {key: _with(value, names) for key, value in body.items()}
        case list():
            return [_with(value, names) for value in body]
        case _:
            return body


def _read(answer: Any) -> Any:
    """The answer as JSON; its text where it is none."""
    text = answer.read(MOST).decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _told(status: int, answer: Any) -> str:
    said = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return f"HTTP {status}: {said[:300]}"


def _proved(secret: Secret, headers: Mapping[str, str]) -> bool:
    given = headers.get(secret.header, "") if secret.header else ""
    return bool(secret.value) and hmac.compare_digest(given.encode(), f"{secret.prefix}{secret.value}".encode())
