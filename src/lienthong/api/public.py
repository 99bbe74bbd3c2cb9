"""What the APIs for everybody share: how they read what is asked, and how they answer."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.problems import Invalid
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody

SECONDS = 60
"""How long an answer may be kept on the way."""

Answer = TypeVar("Answer", bound=HttpResponse)


class WrongQuery(DomainError):
    code = "api.wrong_query"
    status = 400


def only(request: HttpRequest, known: Iterable[str]) -> None:
    """A name that is not known is refused: a misspelt filter would give everything."""
    for name in request.GET:
        if name not in known:
            raise WrongQuery(_("There is no parameter “%(name)s” here."), name=name[:60])


def limit(text: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise WrongQuery(_("limit is a whole number from 1 on."))
    return min(int(text), most)


def cursor(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise WrongQuery(_("cursor is taken from the link to the next page."))
    return int(text)


def among(request: HttpRequest, body: RegisterBody, keys: Iterable[str]) -> dict[str, list[Any]]:
    """Filters by fields, with the values that they have in answers."""
    found = {}
    for key in keys:
        if key in request.GET:
            field = body.leaves[key].field
            try:
                value = field.parse(request.GET[key], context())
            except Invalid as error:
                why = "; ".join(str(problem) for problem in error.problems.values())
                raise WrongQuery(_("%(name)s: %(why)s"), name=key, why=why) from error
            found[key] = [next(iter(field.to_columns(value).values()))]
    return found


def for_everybody(answer: Answer) -> Answer:
    """Pages of others may read it too: it is open data, and no cookie counts here."""
    answer["Access-Control-Allow-Origin"] = "*"
    if answer.status_code == 200:
        answer["Cache-Control"] = f"public, max-age={SECONDS}"
    return answer
