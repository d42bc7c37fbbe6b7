"""Heads of mails and times of chats, from ours and from broken bytes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.exchanges import HEADS, heads_of

MAIL = (
    b"From: Lu <lu@example.com>\r\nTo: test@example.com\r\n"
    b"Subject: =?utf-8?b?54On57uT5puy57q/?=\r\nMessage-ID: <1@example.com>\r\n\r\nFrom: nobody\r\n"
)


def told(content, name):
    return json.loads(heads_of(content, {"name": name})[0])


def test_the_head_of_a_mail_counts_and_not_its_body():
    assert told(MAIL, "a.eml") == {
        "From": "Lu <lu@example.com>",
        "To": "test@example.com",
        "Subject": "烧结曲线",
        "Message-Id": "<1@example.com>",
    }


def test_a_chat_tells_its_first_and_last_time():
    chat = "2026-02-27 10:01 甲\n收到了吗\n2026年2月28日 18:30 乙\n收到\n".encode()
    assert told(chat, "chat.txt") == {
        "First": "2026-02-27 10:01",
        "Last": "2026年2月28日 18:30",
    }


@given(st.binary(max_size=400))
def test_whatever_comes_is_answered(content):
    assert set(told(content, "x.eml")) <= {*HEADS, "First", "Last"}
