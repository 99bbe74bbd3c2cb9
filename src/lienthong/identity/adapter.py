"""What the sign-in library (django-allauth) asks of the house: its ways, its words, its pages."""

import base64
import logging
import secrets
from typing import Any, cast

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.organisations.queries import province
from lienthong.identity import rules, services
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of

log = logging.getLogger(__name__)

WRONG = _("The name or the password is not right.")
"""One answer to a wrong name and to a wrong password: which of them is wrong is nobody's business."""

WRONG_CODE = _("This code is not right, or no longer. Wait for the next one and type it again.")


SAME_ADDRESS = _("This is the address you have already.")

WAYS = {
    "reauthenticate": _("With the password"),
    "mfa_reauthenticate": _("With a code of the authenticator app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("With a security key"),
}
"""How people show that it is still them."""


class MailNotSent(DomainError):
    code = "identity.mail_not_sent"
    status = 503


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": _("There were too many wrong tries. Wait five minutes, then try again."),
        "rate_limited": _("There were too many tries. Wait five minutes, then try again."),
        "same_as_current": SAME_ADDRESS,
        "duplicate_email": SAME_ADDRESS,
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Also closed accounts, whose owner is told so: the password was right."""
        name = credentials.get("username") or credentials.get("email") or ""
        address = rules.network_of(self.get_client_ip(request))
        try:
            return services.account_with(name=name, password=credentials.get("password", ""), address=address)
        except services.TooManyGuesses as error:
            raise ValidationError(error.in_full, code=error.code) from error

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        found = self.authenticate(context.request, username=cast(Account, user).username, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        return [{**way, "description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very site: people end where they believe to be."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Officers to their desk, others to their page."""
        officer = isinstance(actor_of(cast(Account, request.user)), Officer)
        return resolve_url(settings.DESK_ADDRESS if officer else settings.CITIZEN_ADDRESS)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("identity:account")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Raises MailNotSent, to known and unknown addresses alike."""
        try:
            super().send_mail(template_prefix, email, {**context, "portal": portal_name()})
        except OSError as error:  # smtplib's errors are OSErrors
            log.exception("a message could not be sent: %s", template_prefix)
            raise MailNotSent(
                _("The message could not be sent."), way_out=_("Please try again in a few minutes.")
            ) from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What has happened has happened, whether or not the message about it can be sent."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except MailNotSent:
            log.warning("a person was not told of a change of their account")


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your e-mail address first: we have sent you a message with a link."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a key first."),
        "cannot_delete_authenticator": _("Officers need a second factor here. Set up another one first."),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return cast(Account, user).username

    def get_totp_issuer(self) -> str:
        return portal_name()

    def build_totp_svg(self, url: str) -> str:
        """Drawn with attributes only, so that it may stand in a page that allows no styles of its own."""
        code = segno.make(url, error="m", micro=False)
        return str(code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True, svgclass=None))

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that nobody knows when the installation's key was lost: no code fits it, recovery is by people."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor was kept under another LT_SECRET: its owner cannot use it")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the account has another second factor, or needs none."""
        if not getattr(settings, "OFFICERS_NEED_SECOND_FACTOR", False):
            return True
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        ).exclude(pk=authenticator.pk)
        return others.exists() or not isinstance(actor_of(authenticator.user), Officer)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Key %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": portal_name()}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        account = cast(Account, user)
        entity = cast("dict[str, Any]", super().get_public_key_credential_user_entity(user))
        return {**entity, "name": account.username, "display_name": account.full_name}


def portal_name() -> str:
    """What the site is called, in messages and on people's devices."""
    try:
        return province().portal_name
    except NotFound:
        return "Liên Thông"


def _box() -> MultiFernet:
    """Opens what any of the installation's keys has closed, closes with the present one."""
    secrets_kept = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(str(secret))) for secret in secrets_kept])


def _derived(secret: str) -> bytes:
    made = HKDF(SHA256(), length=32, salt=None, info=b"lienthong.identity.second-factor").derive(secret.encode())
    return base64.urlsafe_b64encode(made)
