"""The demonstration on one's own machine, as `lt up` runs it: a key of its own, no TLS, known accounts."""

from lienthong.runtime.home import Home
from lienthong.runtime.logs import logging_settings
from lienthong.settings.base import *  # noqa: F403
from lienthong.settings.environment import environment

DEMO = True
DEBUG = environment.debug
SECRET_KEY = environment.secret or Home(environment.home).secret()
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]", *environment.host_names]

STORAGES = {
    "default": {"BACKEND": "lienthong.foundation.files.storage.DurableStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = environment.home / "mail"

LOGGING = logging_settings(as_json=False)
