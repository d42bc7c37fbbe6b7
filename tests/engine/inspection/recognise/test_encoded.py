"""Base64: what it hides is found where it stands, in Kubernetes secrets also when short."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import identifiers as make

from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.recognise.encoded import ENCODING, decoded
from shoumi.engine.inspection.values import Part, PartKind


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser.load()


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def hidden(recogniser, text: str) -> list[tuple[str, str]]:
    found = recogniser.findings([Part(PartKind.TEXT, text)])
    return [(each.id, each.text) for each in found if (ENCODING, "base64") in each.explanation.facts]


SECRET = (
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  user: {user}\n  db-password: {password}\n"
)


def test_a_short_password_in_a_kubernetes_secret_is_found(recogniser):
    password = encoded(make.filled("<w14>", random.Random(7)))  # noqa: S311 - test data
    text = SECRET.format(user=encoded("application"), password=password)
    assert hidden(recogniser, text) == [("world.assigned_password", password)]
    assert hidden(recogniser, text.replace("kind: Secret", "kind: ConfigMap")) == []


def test_a_token_within_encoded_text_is_told_at_its_own_place(recogniser):
    chance = random.Random(3)  # noqa: S311 - test data
    token = make.filled("ghp_<w36>", chance)
    run = encoded(f"first line of a file\nexport TOKEN={token}\nlast line")
    ((name, text),) = hidden(recogniser, f"# base64 of .env\nENV={run}\n")
    assert name.startswith("world.github")
    assert token[1:-1] in base64.b64decode(text).decode()
    assert len(text) < len(run)


def test_a_customer_within_encoded_text_is_found(recogniser):
    number = make.resident_id(random.Random(5))  # noqa: S311 - test data
    (found,) = hidden(recogniser, f'{{"auth": "{encoded(f"姓名：某某 身份证号：{number}")}"}}')
    assert found[0] == "cn.resident_id"


@pytest.mark.parametrize(
    "text",
    [
        "base64 " + "ab" * 40,
        "base64 " + base64.b64encode(bytes(range(200, 256))).decode(),
        "base64 " + "/usr/lib/python3/dist-packages/abc",
    ],
)
def test_what_is_no_text_within_is_left_alone(text):
    assert list(decoded([Part(PartKind.TEXT, text)], [0])) == []


def test_much_of_it_is_read_up_to_a_bound():
    run = encoded("x" * 40_000)
    found = list(decoded([Part(PartKind.TEXT, "base64\n" + f"{run}\n" * 50)], [0]))
    assert 0 < sum(len(each.plain) for each in found) <= 1 << 20


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=20, max_size=60))
def test_any_text_comes_back(text):
    (found,) = decoded([Part(PartKind.TEXT, f"base64: {encoded(text)}")], [0])
    assert found.plain == text
