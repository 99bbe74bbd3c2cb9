"""What every kind of installation shares."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from psycopg.conninfo import conninfo_to_dict

from lienthong.settings.environment import environment

django_stubs_ext.monkeypatch()  # lets fields, lookups and managers say of which type they are

PACKAGE = Path(__file__).resolve().parents[1]


def database(url: str) -> dict[str, Any]:
    """Django's description of the PostgreSQL database that a libpq address names."""
    parts = dict(conninfo_to_dict(url))
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    described: dict[str, Any] = {name: parts.pop(part, "") or "" for name, part in known.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
        **described,
    }


DATABASES = {"default": database(environment.database_url or "dbname=lienthong")}

INSTALLED_APPS = [
    "lienthong.foundation.organisations",
    "lienthong.foundation.calendars",
    "lienthong.foundation.numbering",
    "lienthong.foundation.sheets",
    "lienthong.foundation.geometry",
    "lienthong.foundation.fields",
    "lienthong.foundation.definitions",
    "lienthong.foundation.ledger",
    "lienthong.foundation.files",
    "lienthong.foundation.papers",
    "lienthong.identity",
    "lienthong.work",
    "lienthong.signing",
    "lienthong.notifications",
    "lienthong.personal",
    "lienthong.procedures",
    "lienthong.cases",
    "lienthong.queueing",
    "lienthong.registers",
    "lienthong.documents",
    "lienthong.directives",
    "lienthong.meetings",
    "lienthong.portal",
    "lienthong.workspace",
    "lienthong.simulation",
    "lienthong.ui",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lienthong.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lienthong.foundation.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "lienthong.settings.urls"
WSGI_APPLICATION = "lienthong.settings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lienthong.foundation.organisations.context.of_province",
                "lienthong.identity.context.of_person",
                "lienthong.notifications.context.of_notifications",
            ],
        },
    }
]

AUTH_USER_MODEL = "identity.Account"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["lienthong.identity.backends.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600

CACHES = {"default": {"BACKEND": "lienthong.identity.cache.SharedCache"}}
SESSION_ENGINE = "lienthong.identity.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "identity:home"
DESK_ADDRESS = "workspace:inbox"
CITIZEN_ADDRESS = "portal:mine"
OFFICERS_NEED_SECOND_FACTOR = environment.officers_second_factor

ACCOUNT_ADAPTER = "lienthong.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USER_DISPLAY = str
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "identity:account"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"signup": "60/h/ip", "login": None}
ACCOUNT_FORMS = {
    "login": "lienthong.identity.forms.SignIn",
    "reauthenticate": "lienthong.identity.forms.Reauthenticate",
    "change_password": "lienthong.identity.forms.ChangePassword",
    "set_password": "lienthong.identity.forms.SetPassword",
    "reset_password": "lienthong.identity.forms.ResetPassword",
    "reset_password_from_key": "lienthong.identity.forms.ResetPasswordKey",
    "add_email": "lienthong.identity.forms.ChangeEmail",
}

MFA_ADAPTER = "lienthong.identity.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "lienthong.identity.forms.AuthenticateByCode",
    "reauthenticate": "lienthong.identity.forms.ReauthenticateByCode",
    "activate_totp": "lienthong.identity.forms.ActivateApp",
    "add_webauthn": "lienthong.identity.forms.AddKey",
    "edit_webauthn": "lienthong.identity.forms.RenameKey",
    "authenticate_webauthn": "lienthong.identity.forms.AuthenticateByKey",
    "login_webauthn": "lienthong.identity.forms.SignInByKey",
    "reauthenticate_webauthn": "lienthong.identity.forms.ReauthenticateByKey",
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

ORIGIN = environment.origin or "http://localhost:8000"
"""The address people type; links in papers, mail and QR codes begin with it."""

DEMO = False
"""Whether this is a demonstration: only then are there accounts whose password everybody knows."""

STATIC_URL = "/static/"
STATIC_ROOT = environment.home / "static"
MEDIA_ROOT = environment.home / "files"
MESSAGES_ROOT = environment.home / "messages"
"""Where SMS and Zalo messages are written while no gateway is declared for them."""

FILE_UPLOAD_HANDLERS = [
    "lienthong.portal.receiving.CutAtTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # tables in forms have many cells; fields.forms refuses more

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
