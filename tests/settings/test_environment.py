from pathlib import Path

import pytest
from pydantic import ValidationError

from lienthong.settings.environment import Environment


def test_a_relative_home_is_taken_from_where_the_command_was_given(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Environment(home="data").home == tmp_path / "data"
    assert Environment(home="~/data").home == Path.home() / "data"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://mail.vn", ("mail.vn", 587, "", "", "starttls")),
        ("smtps://an:p%40ss@mail.vn:4650", ("mail.vn", 4650, "an", "p@ss", "tls")),
        ("smtp+plain://localhost:2525", ("localhost", 2525, "", "", "none")),
    ],
)
def test_the_mail_server_is_read_from_its_address(url, server):
    assert Environment(smtp_url=url).mail_server == server


@pytest.mark.parametrize("url", ["mail.vn", "http://mail.vn", "smtp://", "smtp://mail.vn:port"])
def test_an_address_that_is_no_mail_server_is_refused(url):
    with pytest.raises(ValueError, match=r"LT_SMTP_URL|[Pp]ort"):
        assert Environment(smtp_url=url).mail_server


def test_hosts_are_separated_by_commas():
    assert Environment(hosts=" a.vn, ,b.vn ").host_names == ["a.vn", "b.vn"]


def test_an_unknown_kind_of_postgresql_is_refused():
    with pytest.raises(ValidationError):
        Environment(postgres="mysql")


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Environment.model_fields.values())
