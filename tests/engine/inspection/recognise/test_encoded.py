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
    assert list(decoded([Part(PartKind.TEXT, text)], {0: [0]})) == []


def test_much_of_it_is_read_up_to_a_bound():
    run = encoded("x" * 40_000)
    found = list(decoded([Part(PartKind.TEXT, "base64\n" + f"{run}\n" * 50)], {0: [0]}))
    assert 0 < sum(len(each.plain) for each in found) <= 1 << 20


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=20, max_size=60))
def test_any_text_comes_back(text):
    (found,) = decoded([Part(PartKind.TEXT, f"base64: {encoded(text)}")], {0: [0]})
    assert found.plain == text


def lines_of(run: str, width: int, between: str = "\n") -> str:
    return between.join(run[at : at + width] for at in range(0, len(run), width))


@pytest.mark.parametrize("width", [24, 60, 64, 76])
@pytest.mark.parametrize("between", ["\n", "\r\n", "\n    "])
def test_a_token_across_the_lines_of_a_message_is_found_where_it_stands(recogniser, width, between):
    token = make.filled("ghp_<w36>", random.Random(9))  # noqa: S311 - test data
    run = lines_of(encoded(f"# 环境变量 {'x' * 41}\nexport TOKEN={token}\n最后一行"), width, between)
    text = f"Content-Transfer-Encoding: base64\n\n{run}\n\n--boundary"
    ((name, told),) = hidden(recogniser, text)
    assert name.startswith("world.github")
    assert token[2:-2] in base64.b64decode("".join(told.split()) + "===").decode(errors="replace")


def test_a_value_of_several_lines_bears_the_name_of_its_key(recogniser):
    password = make.filled("<w30>", random.Random(7))  # noqa: S311 - test data
    run = encoded(password)
    text = SECRET.format(
        user=encoded("application"), password=f"|\n    {lines_of(run, 24, chr(10) + '    ')}"
    )
    assert [each[0] for each in hidden(recogniser, text)] == ["world.assigned_password"]


def test_lines_that_are_no_text_together_are_read_one_by_one(recogniser):
    token = make.filled("ghp_<w36>", random.Random(4))  # noqa: S311 - test data
    run = encoded(f"TOKEN={token}")
    other = base64.b64encode(bytes(range(128, 128 + 46))).decode()
    assert len(run) == len(other)
    for text in (f"base64\n{run}\n{other}\n", f"base64\n{other}\n{run}\n"):
        ((name, told),) = hidden(recogniser, text)
        assert name.startswith("world.github")
        assert token[2:-2] in base64.b64decode(told + "===").decode()


def test_it_is_found_behind_the_beginning_of_a_long_part_too(recogniser):
    token = make.filled("ghp_<w36>", random.Random(4))  # noqa: S311 - test data
    run = encoded(f"TOKEN={token}")
    far = "内" * (5 << 20)
    ((name, _told),) = hidden(recogniser, f"{far}base64: {run}")
    assert name.startswith("world.github")
    assert hidden(recogniser, f"{far}base64{far}{run}") == [], "nothing near it speaks of it"


def test_what_follows_line_upon_line_is_told_apart(recogniser):
    chance = random.Random(12)  # noqa: S311 - test data
    tokens = [make.filled("ghp_<w36>", chance) for _number in range(3)]
    blocks = [
        lines_of(encoded(f"{'y' * 30} TOKEN={token}"), width)
        for token, width in zip(tokens, (40, 60, 28), strict=True)
    ]
    found = hidden(recogniser, "base64\n" + "\n".join(blocks))
    told = [base64.b64decode("".join(text.split()) + "===").decode(errors="replace") for _name, text in found]
    assert [token[2:-2] in text for token, text in zip(tokens, told, strict=True)] == [True] * 3


@given(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=60, max_size=300),
    st.integers(6, 19).map(lambda number: number * 4),
)
def test_any_text_comes_back_from_lines(text, width):
    run = lines_of(encoded(text), width)
    (found,) = decoded([Part(PartKind.TEXT, f"base64:\n{run}\n\n")], {0: [0]})
    assert found.plain == text
