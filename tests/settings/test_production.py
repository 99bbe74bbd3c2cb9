"""Production refuses to start while it would not be safe, one plain line for each reason."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.runtime.home import Home, write_json
from lienthong.settings import checks
from lienthong.settings.environment import Environment

FIT = {
    "secret": "q7Zx-" + "0123456789abcdefghij" * 3,
    "hosts": "dichvucong.daknong.gov.vn",
    "origin": "https://dichvucong.daknong.gov.vn",
}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def faults(home, **changes):
    return {fault.setting for fault in checks.of_production(Environment(home=home.root, **{**FIT, **changes}), home)}


def test_a_complete_installation_may_serve(home):
    assert faults(home) == set()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"secret": ""}, "LT_SECRET"),
        ({"secret": "short"}, "LT_SECRET"),
        ({"secret": "a" * 60}, "LT_SECRET"),
        ({"secret": "only-for-tests-" + "0123456789" * 5}, "LT_SECRET"),
        ({"secret": "django-insecure-" + "0123456789" * 5}, "LT_SECRET"),
        ({"origin": ""}, "LT_ORIGIN"),
        ({"origin": "http://dichvucong.daknong.gov.vn"}, "LT_ORIGIN"),
        ({"origin": "dichvucong.daknong.gov.vn"}, "LT_ORIGIN"),
        ({"origin": "https://dichvucong.daknong.gov.vn/cong"}, "LT_ORIGIN"),
        ({"hosts": ""}, "LT_HOSTS"),
        ({"hosts": "*"}, "LT_HOSTS"),
        ({"hosts": "dichvucong.daknong.gov.vn, *.vn"}, "LT_HOSTS"),
        ({"hosts": "other.gov.vn"}, "LT_HOSTS"),
        ({"debug": True}, "LT_DEBUG"),
        ({"demo": True}, "LT_DEMO"),
        ({"smtp_url": "mail.daknong.gov.vn"}, "LT_SMTP_URL"),
        ({"smtp_url": "smtp://mail.daknong.gov.vn"}, "LT_MAIL_FROM"),
    ],
)
def test_what_is_not_safe_is_refused_and_named(home, changes, named):
    assert faults(home, **changes) == {named}


def test_the_key_of_the_demonstration_is_no_key_of_production(home):
    assert faults(home, secret=home.secret()) == {"LT_SECRET"}


def test_an_installation_with_demonstration_accounts_may_not_serve(home):
    write_json(home.demonstration, {"accounts": []})
    assert faults(home) == {"LT_HOME"}


def test_a_domain_may_be_named_with_all_below_it(home):
    assert faults(home, hosts=".daknong.gov.vn") == set()
    assert faults(home, hosts=".ak-nong.gov.vn") == {"LT_HOSTS"}


@given(st.text(max_size=checks.SHORTEST_SECRET - 1))
@settings(max_examples=50)
def test_no_short_text_is_a_secret(text):
    home = Home(Environment().home)
    assert any(
        fault.setting == "LT_SECRET" for fault in checks.of_production(Environment(**{**FIT, "secret": text}), home)
    )


def test_every_reason_says_how_to_mend_it(home):
    bare = Environment(home=home.root, secret="", hosts="", origin="", debug=True, demo=True, smtp_url="x")
    found = checks.of_production(bare, home)
    assert len(found) == 6 and all(fault.problem and fault.mend for fault in found)
    assert len(checks.explain(found).splitlines()) == 7


def test_whoever_weakens_the_settings_afterwards_is_found_out():
    sound = {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 1,
        "ALLOWED_HOSTS": ["x"],
    }
    assert checks.of_settings(sound) == []
    weaker = [{name: False} for name in sound if name != "ALLOWED_HOSTS"] + [{"DEBUG": True}, {"ALLOWED_HOSTS": ["*"]}]
    for change in weaker:
        assert [fault.setting for fault in checks.of_settings(sound | change)] == list(change)


def load(module, home, **environment):
    """The settings as a new process sees them, as JSON; or what it says when it refuses."""
    lines = (
        f"import importlib, json; m = importlib.import_module('lienthong.settings.{module}')\n"
        "print(json.dumps({n: getattr(m, n) for n in dir(m) if n.isupper()}, default=str))"
    )
    own = {name: value for name, value in os.environ.items() if not name.startswith("LT_")}
    given = {f"LT_{name.upper()}": str(value) for name, value in {"home": home.root, **environment}.items()}
    done = subprocess.run([sys.executable, "-c", lines], env=own | given, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


def test_production_protects_cookies_and_pages(home):
    values = load("production", home, **FIT)
    assert checks.of_settings(values) == []
    assert values["SECRET_KEY"] == FIT["secret"] and values["DEBUG"] is False and values["DEMO"] is False
    assert values["SESSION_COOKIE_NAME"].startswith("__Host-") and values["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert "Manifest" in values["STORAGES"]["staticfiles"]["BACKEND"]
    assert values["EMAIL_FILE_PATH"] == str(home.root / "mail")
    assert "SECURE_PROXY_SSL_HEADER" not in values  # nobody can pretend to come over TLS


def test_a_proxy_is_believed_only_where_that_is_said_and_mail_goes_to_the_server(home):
    values = load("production", home, **FIT, trust_proxy=1, mail_from="a@b.vn", smtp_url="smtps://u:p@m.vn")
    assert values["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert values["EMAIL_USE_SSL"] is True and values["EMAIL_PORT"] == 465 and values["EMAIL_HOST_USER"] == "u"
    assert values["DEFAULT_FROM_EMAIL"] == "a@b.vn"


def test_production_that_is_not_set_up_does_not_start(home):
    said = load("production", home)
    assert all(name in said for name in ("LT_SECRET: is missing", "LT_ORIGIN: is missing", "LT_HOSTS: is missing"))


def test_a_demonstration_needs_no_setting_and_keeps_its_key(home):
    values = load("demo", home)
    assert values["SECRET_KEY"] == home.secret()
    assert values["DEMO"] is True and values["DEBUG"] is False
    assert "localhost" in values["ALLOWED_HOSTS"] and "*" not in values["ALLOWED_HOSTS"]
