"""Tests: a real PostgreSQL, fast passwords, mail kept in memory, nothing outside reachable."""

from lienthong.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-tests-" + "0" * 40
DEMO = True
DEFINITIONS_RECHECK_SECONDS = float("inf")  # one process: nobody else publishes behind its back
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "tests.files_in_memory.FilesInMemory"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405 - it would scan static files for every client
