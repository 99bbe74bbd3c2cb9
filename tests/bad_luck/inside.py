"""Questions about an installation, asked in a process of its own: `python -m tests.bad_luck.inside QUESTION`."""

import json
import sys
from collections import defaultdict
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402

from lienthong.cases.models import Dossier, Paper  # noqa: E402
from lienthong.foundation.ledger.queries import search  # noqa: E402
from lienthong.identity.models import Account  # noqa: E402
from lienthong.simulation import engine, invariants  # noqa: E402
from lienthong.simulation.events import DAY_PASSED  # noqa: E402
from tests import cast  # noqa: E402
from tests.cases import dossiers  # noqa: E402

FAILED = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1"


def clerk() -> dict[str, Any]:
    """The headers of a clerk who is signed in, and an application to hand in."""
    account = Account.objects.get(username=cast.CLERK)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    secret = _get_new_csrf_string()
    headers = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={secret}",
        "X-CSRFToken": secret,
        "Content-Type": "application/json",
        "Host": "localhost",
    }
    body = {"procedure": dossiers.PERMIT, "competent": dossiers.GIA_NGHIA, "data": dossiers.HOUSE}
    return {"headers": headers, "body": json.dumps(body)}


def verdict(*keys: str) -> dict[str, Any]:
    """What became of everything: broken promises, parts of days, dossiers by key, failed jobs, papers not made."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED)
        failed = dict(cursor.fetchall())
    asked = Dossier.objects.filter(draft_key__in=keys)
    return {
        "broken": {v.invariant.name: v.offenders for v in invariants.look() if v.offenders},
        "runs": runs(),
        "dossiers": Dossier.objects.filter(parent=None).count(),
        "handed_in": {str(key): id for key, id in asked.values_list("draft_key", "pk")},
        "failed_jobs": failed,
        "papers": Paper.objects.count(),
        "papers_without_file": Paper.objects.filter(state=Paper.State.ISSUED).count(),
        "told_twice": told_twice(),
    }


def runs() -> dict[str, dict[str, int]]:
    """Of each simulation that there was: how many parts of days are over, how many different ones, how many a day."""
    passed: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for entry in search(kind=str(DAY_PASSED), size=engine._MOST_PARTS).entries:
        passed[str(entry.subject[1])].append(tuple(entry.data[name] for name in ("day", "troupe", "part")))
    return {
        number: {
            "parts": len(parts),
            "different": len(set(parts)),
            "a_day": len({part for part in parts if part[0] == parts[0][0]}),
        }
        for number, parts in passed.items()
    }


def told_twice() -> int:
    """Deliveries of one message by one channel to one place, beyond the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM notifications_delivery"
            " GROUP BY notification_id, channel) AS told"
        )
        twice: int = cursor.fetchone()[0]
    return int(twice)


if __name__ == "__main__":
    question, *arguments = sys.argv[1:]
    answers = {"clerk": clerk, "verdict": verdict}
    sys.stdout.write(f"{json.dumps(answers[question](*arguments))}\n")  # type: ignore[operator]
