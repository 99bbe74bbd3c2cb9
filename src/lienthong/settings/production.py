"""A real installation: `lt serve` and `lt work`. Refuses to start when that would not be safe (see checks.py)."""

from django.core.exceptions import ImproperlyConfigured

from lienthong.runtime.home import Home
from lienthong.runtime.logs import logging_settings
from lienthong.settings import checks
from lienthong.settings.base import *  # noqa: F403
from lienthong.settings.environment import environment

if faults := checks.of_production(environment, Home(environment.home)):
    raise ImproperlyConfigured(checks.explain(faults))

DEMO = False
DEBUG = False
SECRET_KEY = environment.secret
ALLOWED_HOSTS = environment.host_names
CSRF_TRUSTED_ORIGINS = [environment.origin.rstrip("/")]

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if environment.trust_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

STORAGES = {
    "default": {"BACKEND": "lienthong.foundation.files.storage.DurableStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if server := environment.mail_server:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, security = server
    EMAIL_USE_TLS, EMAIL_USE_SSL = security == "starttls", security == "tls"
    EMAIL_TIMEOUT = 20
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.mail_from
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = environment.home / "mail"

LOGGING = logging_settings(as_json=True)
