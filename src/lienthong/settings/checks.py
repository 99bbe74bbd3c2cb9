"""What a production installation must not be: said before it starts, and by `lt doctor`, each with how to mend it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lienthong.runtime.home import Home
from lienthong.settings.environment import Environment

SHORTEST_SECRET = 50
FEWEST_CHARACTERS = 10  # different ones: a long row of one letter is no secret
NEVER_SECRET = ("only-for-tests", "django-insecure", "change-me", "changeme", "secret-key")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and what to do about it. `setting` names what to change."""

    setting: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.problem} {self.mend}"


def of_production(environment: Environment, home: Home) -> list[Fault]:
    """Why this installation may not serve the public; empty when it may."""
    return [
        *_of_secret(environment.secret, home),
        *_of_origin(environment),
        *_of_hosts(environment),
        *_of_mode(environment, home),
        *_of_mail(environment),
    ]


def of_settings(values: Mapping[str, Any]) -> list[Fault]:
    """The same for Django's settings as they finally are, whoever changed them."""
    must_be_true = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT")
    faults = [
        Fault(name, "must be True: cookies and pages would travel unprotected.", "Remove what turns it off.")
        for name in must_be_true
        if not values.get(name)
    ]
    if values.get("DEBUG"):
        faults.append(Fault("DEBUG", "shows the program's inside to every visitor.", "Remove what turns it on."))
    if not values.get("SECURE_HSTS_SECONDS"):
        faults.append(Fault("SECURE_HSTS_SECONDS", "is 0.", "Remove what changes it."))
    if "*" in values.get("ALLOWED_HOSTS", []):
        faults.append(Fault("ALLOWED_HOSTS", "holds the wildcard *.", "Name the hosts in LT_HOSTS."))
    return faults


def warnings_of(environment: Environment) -> list[Fault]:
    """What is allowed in production and yet worth a thought."""
    found = []
    if not environment.database_url:
        found.append(
            Fault(
                "LT_DATABASE_URL",
                "is empty: the database runs inside this program, on this machine alone.",
                "A server of its own can be backed up and replicated: set LT_DATABASE_URL.",
            )
        )
    if not environment.smtp_url:
        found.append(
            Fault("LT_SMTP_URL", "is empty: e-mail is only written to LT_HOME/mail.", "Set it to your mail server.")
        )
    if not environment.clamd_socket:
        found.append(
            Fault(
                "LT_CLAMD_SOCKET",
                "is empty: uploaded files are not scanned for viruses.",
                "Install clamav-daemon and set it to /run/clamav/clamd.ctl.",
            )
        )
    return found


def explain(faults: list[Fault]) -> str:
    lines = "\n".join(f"  - {fault}" for fault in faults)
    return f"This installation may not serve the public yet:\n{lines}"


def _of_secret(secret: str, home: Home) -> Iterator[Fault]:
    mend = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
    if not secret:
        yield Fault("LT_SECRET", "is missing.", mend)
    elif len(secret) < SHORTEST_SECRET:
        yield Fault("LT_SECRET", f"has {len(secret)} characters, fewer than {SHORTEST_SECRET}.", mend)
    elif len(set(secret)) < FEWEST_CHARACTERS or secret.lower().startswith(NEVER_SECRET):
        yield Fault("LT_SECRET", "can be guessed.", mend)
    elif (home.root / "secret").exists() and home.secret() == secret:
        yield Fault("LT_SECRET", "is the one of the demonstration.", mend)


def _of_origin(environment: Environment) -> Iterator[Fault]:
    mend = "Set it to what people type, as https://dichvucong.example.gov.vn"
    origin = environment.origin
    parts = urlsplit(origin)
    if not origin:
        yield Fault("LT_ORIGIN", "is missing.", mend)
    elif parts.scheme != "https":
        yield Fault("LT_ORIGIN", f"is {origin}: pages and cookies would travel unprotected.", mend)
    elif not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        yield Fault("LT_ORIGIN", f"is {origin}, not a bare address.", mend)


def _of_hosts(environment: Environment) -> Iterator[Fault]:
    mend = "Name each host the site answers to, separated by commas."
    names = environment.host_names
    origin = urlsplit(environment.origin).hostname
    if not names:
        yield Fault("LT_HOSTS", "is missing.", mend)
    elif any("*" in name for name in names):
        yield Fault("LT_HOSTS", "holds a wildcard: anybody could make links to other sites in our name.", mend)
    elif origin and not any(origin == name or (name.startswith(".") and origin.endswith(name)) for name in names):
        yield Fault("LT_HOSTS", f"does not hold {origin}, the host of LT_ORIGIN.", mend)


def _of_mode(environment: Environment, home: Home) -> Iterator[Fault]:
    if environment.debug:
        yield Fault("LT_DEBUG", "shows the program's inside to every visitor.", "Remove it.")
    if environment.demo:
        yield Fault("LT_DEMO", "makes accounts whose passwords everybody knows.", "Remove it.")
    elif home.demonstration.exists():
        yield Fault(
            "LT_HOME",
            f"{home.root} was filled by `lt up` with demonstration accounts, whose passwords everybody knows.",
            "Give production a folder and a database of its own.",
        )


def _of_mail(environment: Environment) -> Iterator[Fault]:
    try:
        server = environment.mail_server
    except ValueError as error:
        yield Fault("LT_SMTP_URL", "cannot be understood.", f"{error}.")
        return
    if server and not environment.mail_from:
        yield Fault("LT_MAIL_FROM", "is missing.", "Set the sender, as Cổng dịch vụ công <no-reply@example.gov.vn>.")
