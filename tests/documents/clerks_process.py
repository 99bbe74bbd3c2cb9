"""What `test_killed_while_issuing.py` kills: one process imports everything once and forks for every line on its input,
`STEP COUNT HOW`, somebody who carries all letters through from presenting to issue.

Whoever it is begins to count what they ask of database and disk at the first STEP they come to, and at COUNT say so: to
be killed there (HOW is "still"), or wherever they have come to meanwhile ("busy"). Who comes to the end says that.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import django
from django.conf import settings

STEPS = ("present", "check", "sign", "issue")
RECIPIENTS = ("ubnd-tinh", "huyen-dak-glong", "huyen-dak-song")
FORMS = UUID("5b1e4f0c-3f5b-4a56-9d0c-5a7b6f1f9a11")
"""Of the clerk's forms: whoever goes on with a letter sends the same one."""
FOLDER = "LT_TEST_FOLDER"


class Moments:
    """Every statement, every commit, every file that is to be on the disk for good, from a step on."""

    def __init__(self, step: str, count: int, how: str) -> None:
        self.step, self.left, self.how = step, count, how
        self.counts = False

    def come_to(self, step: str) -> None:
        self.counts = self.counts or step == self.step

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.pass_one()
        return execute(*asked)

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: self(function, *given)

    def pass_one(self) -> None:
        self.left -= self.counts
        if self.counts and self.left == 0:
            say("here")
            while self.how == "still":
                signal.pause()


def say(what: str) -> None:
    os.write(1, f"{os.getpid()} {what}\n".encode())


def carry_all_through(moments: Moments) -> None:
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper

    from lienthong.documents.models import Draft
    from tests import cast

    BaseDatabaseWrapper._commit = moments.before(BaseDatabaseWrapper._commit)  # type: ignore[method-assign,assignment]
    os.fsync = moments.before(os.fsync)
    with cast.on_monday(), connection.execute_wrapper(moments):
        for made in Draft.objects.exclude(state=Draft.State.ISSUED).order_by("pk"):
            carry_through(made, moments)
    say("done")


def carry_through(made: Any, moments: Moments) -> None:
    """From wherever it stands."""
    from lienthong.documents.circuit import services
    from lienthong.documents.circuit.rules import Part
    from lienthong.documents.models import Draft, SigningRound
    from lienthong.documents.rules.sending import Recipient
    from lienthong.foundation.organisations.queries import by_key
    from tests import cast
    from tests.documents import drafted
    from tests.documents.conftest import CHAIR, CLERK

    if made.state == Draft.State.WRITING:
        moments.come_to("present")
        drafted.presented(made)
    made.refresh_from_db()
    under_way = SigningRound.objects.get(draft=made)
    if not drafted.turn_of(under_way, Part.CHECK).outcome:
        moments.come_to("check")
        drafted.checked(under_way)
    if made.state == Draft.State.SIGNING:
        moments.come_to("sign")
        services.sign(turn_id=drafted.turn_of(under_way).pk, officer=cast.actor(CHAIR))
    moments.come_to("issue")
    to = [Recipient(by_key(key).name, by_key(key).id) for key in RECIPIENTS]
    dispatch = services.Dispatch(dated=date(2025, 3, 3), recipients=to)
    form = uuid5(FORMS, str(made.pk))
    services.issue_signed(draft_id=made.pk, dispatch=dispatch, officer=cast.actor(CLERK), key=form)


def main() -> None:
    django.setup()
    backend = {"BACKEND": "lienthong.foundation.files.storage.DurableStorage"}
    settings.STORAGES = settings.STORAGES | {"default": {**backend, "OPTIONS": {"location": os.environ[FOLDER]}}}
    from lienthong.signing import form_fields, pades  # noqa: F401  takes a second, which nobody who is killed should pay
    from tests.documents import drafted  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if not os.fork():
            step, count, how = line.split()
            try:
                carry_all_through(Moments(step, int(count), how))
            finally:
                say("ended")
                os._exit(0)


if __name__ == "__main__":
    main()
