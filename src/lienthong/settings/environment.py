"""What an installation can set, each as an environment variable LT_<NAME>."""

from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[3]

PostgresChoice = Literal["auto", "system", "embedded"]


class MailServer(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    security: Literal["none", "starttls", "tls"]


def absolute(path: Path) -> Path:
    return path.expanduser().absolute()


class Environment(BaseSettings):
    """The settings of an installation. The reference page `docs/reference/settings.md` is made from this class."""

    model_config = SettingsConfigDict(env_prefix="LT_", extra="ignore")

    home: Annotated[Path, AfterValidator(absolute)] = Field(
        CHECKOUT / "var", description="Folder of everything this installation keeps: database, files, keys."
    )
    database_url: str = Field(
        "",
        description="A PostgreSQL server of version 15 or newer. Empty: one is run in LT_HOME by the program itself.",
    )
    postgres: PostgresChoice = Field(
        "auto",
        description="Which PostgreSQL the program runs when LT_DATABASE_URL is empty: the one of the system, the "
        "embedded one that comes with the program, or auto: the system's when it is version 15 or newer, else "
        "the embedded one.",
    )
    secret: str = Field(
        "", description="Key that signs sessions and links, at least 50 random characters. Required in production."
    )
    hosts: str = Field("", description="Names the site answers to, separated by commas. Required in production.")
    origin: str = Field(
        "", description="The address people type, https://… . Required in production: links and QR codes carry it."
    )
    trust_proxy: bool = Field(
        False,
        description="True when a web server of yours stands before the program, ends TLS, and itself sets the headers "
        "X-Forwarded-Proto and X-Forwarded-For (so that no visitor can set them).",
    )
    province: str = Field(
        "dak_nong", description="Folder of the province's declarations, or the name of one that comes with the program."
    )
    debug: bool = Field(False, description="Django's debug pages. Refused in production.")
    demo: bool = Field(
        False, description="Demonstration accounts and dossiers; `lt up` turns it on. Refused in production."
    )
    mail_from: str = Field("", description="Sender of the system's e-mail.")
    smtp_url: str = Field(
        "",
        description="smtp://user:password@host:port of the mail server (smtps:// for TLS from the start, "
        "smtp+plain:// without TLS); empty: mail is written to LT_HOME/mail.",
    )
    clamd_socket: str = Field(
        "", description="Socket of the ClamAV daemon that scans uploaded files; empty: files are not scanned."
    )
    officers_second_factor: bool = Field(
        False, description="True when whoever holds a post must sign in with a second factor: a code or a security key."
    )
    upload_limit_mb: int = Field(20, ge=1, le=1024, description="Largest file a person may attach, in megabytes.")

    @property
    def host_names(self) -> list[str]:
        return [name.strip() for name in self.hosts.split(",") if name.strip()]

    @property
    def mail_server(self) -> MailServer | None:
        """The parts of `smtp_url`; None when it is empty. Raises ValueError when it cannot be understood."""
        if not self.smtp_url:
            return None
        parts = urlsplit(self.smtp_url)
        kinds: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
            "smtp": ("starttls", 587),
            "smtps": ("tls", 465),
            "smtp+plain": ("none", 25),
        }
        if parts.scheme not in kinds or not parts.hostname:
            raise ValueError("LT_SMTP_URL must look like smtp://user:password@host:port")
        security, port = kinds[parts.scheme]
        return MailServer(
            parts.hostname, parts.port or port, unquote(parts.username or ""), unquote(parts.password or ""), security
        )


environment = Environment()
