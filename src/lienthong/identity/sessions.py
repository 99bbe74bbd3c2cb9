"""Sessions in the database, as Django keeps them; each request reads one, by a statement that is built once."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from lienthong.foundation import rows


class SessionStore(DatabaseStore):
    """SESSION_ENGINE = "lienthong.identity.sessions"."""

    def _get_session_from_db(self) -> Session | None:
        found = rows.fetch(Session, "session_key = %s AND expire_date > now()", self.session_key)
        if not found:
            self._session_key = None
            return None
        return found[0]
