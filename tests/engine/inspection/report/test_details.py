"""Every reason that a reader notes for a closed file has its words in each language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import shoumi
from shoumi.engine.inspection.report.details import FORMS, detail_in

ROOT = Path(shoumi.__file__).parent
CALLS = {"ClosedError", "SpentError", "Unreadable", "closed"}


def noted() -> set[str]:
    """Return each phrase with which a reader closes a file, a digit standing for every field."""
    found = set()
    for folder in ("engine/inspection", "sandbox", "connectors/cluster"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and called(node) in CALLS:
                    details = [
                        *node.args[1:2],
                        *[each.value for each in node.keywords if each.arg == "detail"],
                    ]
                    found |= {text for each in details if " " in (text := phrase(each))}
    return found


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def phrase(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in node.values)
    return ""


@pytest.mark.parametrize("language", ["zh-hans", "ja"])
def test_every_reason_is_told_in_the_readers_language(language):
    phrases = noted() - {"more than 7 7"}  # what is counted: the names of limits, asked below
    assert len(phrases) > 40
    assert {each for each in phrases if not re.search("[\u3040-\u9fff]", detail_in(language, each))} == set()
    for what in ("characters", "parts", "pictures", "picture_bytes", "members", "pages", "scan_pages"):
        assert what not in detail_in(language, f"more than 200 {what}")


def test_fields_are_kept_and_what_has_no_form_stays():
    assert detail_in("zh", "2 of 31 pages cannot be read") == "共 31 页，其中 2 页无法读取"
    assert detail_in("ja", "BadZipFile") == "BadZipFile"
    assert detail_in("en", "an encrypted mail") == "an encrypted mail"


def test_each_form_has_its_fields_in_each_language():
    for texts in FORMS:
        fields = [set(re.findall(r"{(\w+)}", text)) for text in (texts.zh, texts.ja, texts.en)]
        assert fields[0] == fields[1] == fields[2]
