"""Where a finding stands is shown covered, and only of the content that was inspected."""

from __future__ import annotations

import hashlib
import json

import pytest

from shoumi.sandbox.scanning.contexts import context_of

TEXT = "开户行：城东支行\n账号 6200112233445566 户名某某公司，请勿转发。"
CONTENT = TEXT.encode()
START = TEXT.index("6200")


def context(content=CONTENT, **changes):
    location = {"line": 2, "start": START, "end": START + 16}
    parameters = {
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "name": "a.txt",
        "ocr": [],
        "member": "",
        "location": location,
        "words": ["账号"],
        "reveal": False,
        **changes,
    }
    told, facts = context_of(content, parameters)
    assert facts == {}
    return json.loads(told)


def test_all_but_the_words_that_spoke_for_it_is_covered():
    told = context()
    assert told["before"].endswith("账号 ")
    assert told["text"] == "620**********566"
    shown = "".join(told.values())
    for hidden in ("城东", "户名", "公司", "0112233"):
        assert hidden not in shown
    assert len(shown) == len(TEXT)


def test_revealed_it_stands_there_whole():
    assert "".join(context(reveal=True).values()) == TEXT


@pytest.mark.parametrize(
    "changes",
    [
        {"content": CONTENT + b" "},
        {"member": "other.txt"},
        {"location": {"line": 3, "start": START, "end": START + 16}},
    ],
    ids=["content", "member", "place"],
)
def test_of_anything_else_nothing_is_shown(changes):
    assert context(reveal=True, **changes) is None
