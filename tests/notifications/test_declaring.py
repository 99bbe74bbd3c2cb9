"""Wordings and channels as a province declares them: mistakes are told by file and line before anything is sent."""

import pytest
from django.utils import translation

from lienthong.notifications import kinds
from lienthong.notifications.definition import TEMPLATE
from tests.notifications.messages import declare, problems, told

pytestmark = pytest.mark.django_db

TEXT = """
kind: message-template
key: dossier-received
name: Đã tiếp nhận
effective_from: 2018-06-21
title: Đã nhận ${code}
text: Hẹn trả ${due}
short: Da nhan ${code}
"""

CHANNEL = """
kind: message-channel
key: sms
name: Tin nhắn SMS
effective_from: 2020-01-01
reaches: mobile
gateway:
  uses: http
  options:
    url: https://sms.example/send
    body: {to: "${to}", content: "${text}"}
"""


def test_every_kind_of_message_is_worded_in_both_languages():
    worded = {each.key: each.body for each in TEMPLATE.all()}
    assert worded.keys() == {kind.key for kind in kinds.all_kinds()}
    assert all(body.short and body.in_english and body.in_english.short for body in worded.values())


def test_a_province_words_it_in_its_own_way():
    declare(TEXT)
    message = told()
    assert message and message.text == "Hẹn trả 16:30 24/03/2025"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "why"),
    [
        ("key: dossier-received", "key: dossier-receved", 3, "dossier-received"),
        ("${due}", "${deu}", 7, "due"),
        ("${due}", "${code + 1}", 7, "kinds of values"),
        ("${due}", "${due", 7, "closing"),
        ("short: Da nhan ${code}", f"short: {'Da nhan ' * 21}", 8, "160"),
        ("title: Đã nhận ${code}", "titel: Đã nhận", 6, "title"),
    ],
)
def test_a_mistake_in_a_wording_is_told_by_its_line(right: str, wrong: str, line: int, why: str):
    with translation.override("en"):
        found = problems(TEXT.replace(right, wrong))
    assert any(each.startswith(f"test.yaml:{line} ") and why in each for each in found), found


@pytest.mark.parametrize(
    ("right", "wrong", "line", "why"),
    [
        ("uses: http", "uses: htpp", 8, "http"),
        ("https://sms", "http://sms", 10, "https://"),
        ("${to}", "${phone}", 11, "phone"),
        ("    body:", "    bodi:", 11, "body"),
        ("uses: http", "uses: mail", 6, "email"),
    ],
)
def test_a_mistake_in_a_channel_is_told_by_its_line(right: str, wrong: str, line: int, why: str):
    with translation.override("en"):
        found = problems(CHANNEL.replace(right, wrong))
    assert any(each.startswith(f"test.yaml:{line} ") and why in each for each in found), found


def test_a_gateway_over_http_is_added_by_a_declaration_alone():
    assert problems(CHANNEL) == []
