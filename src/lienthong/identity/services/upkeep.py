"""What is swept away at night: counts of wrong guesses, values and sessions that have run out."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from lienthong.foundation import clock
from lienthong.identity import cache
from lienthong.identity.models import Guesses

KEPT = timedelta(days=1)
"""Of guesses; longer than any of them counts."""


def tidy() -> None:
    """May be repeated, and interrupted anywhere."""
    now = clock.now()
    Guesses.objects.filter(last_at__lt=now - KEPT).delete()
    while cache.clear_expired():
        pass
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
