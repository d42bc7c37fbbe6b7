"""The rules of the house that a machine can see."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "shoumi"
FORBIDDEN_NAMES = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "shared",
    "core",
    "base",
    "lib",
    "manager",
    "managers",
}
LONGEST = 400


def modules(*folders: str) -> list[Path]:
    """Return every Python file that people write."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_400_lines():
    texts = [
        *modules("src", "tests", "benchmarks", "scripts"),
        *SOURCE.rglob("*.html"),
        *(SOURCE / "server/static/shoumi").rglob("*.js"),
    ]
    long = {
        named(path): count
        for path in texts
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_no_module_has_a_name_that_says_nothing():
    parts = {
        named(path)
        for path in modules("src")
        for part in path.relative_to(SOURCE).with_suffix("").parts
        if part in FORBIDDEN_NAMES
    }
    assert not parts


def test_every_module_opens_with_a_docstring():
    silent = [
        named(path)
        for path in modules("src", "tests", "benchmarks", "scripts")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree_of(path))
    ]
    assert not silent


def test_every_engine_and_connector_test_mirrors_a_module():
    strays = []
    for folder in ("engine", "connectors"):
        for path in sorted((ROOT / "tests" / folder).rglob("test_*.py")):
            twin = SOURCE / path.relative_to(ROOT / "tests").with_name(path.name.removeprefix("test_"))
            if not (
                twin.exists() or twin.with_suffix("").is_dir() or twin.parent.with_suffix(".py").exists()
            ):
                strays.append(named(path))
    assert not strays


def test_only_the_clock_reads_the_time():
    reading = re.compile(
        r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time|timezone\.now|timezone\.localdate)\("
    )
    readers = [
        named(path)
        for path in modules("src")
        if path != SOURCE / "engine/clock.py" and reading.search(path.read_text(encoding="utf-8"))
    ]
    assert not readers


def test_no_article_of_law_outside_the_packs():
    article = re.compile(r"第\s*[0-9〇一二三四五六七八九十百]+\s*条")
    found = [
        named(path)
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".html", ".js", ".cedar"}
        and "packs" not in path.parts
        and "vendor" not in path.parts
        and article.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_packs_hold_no_code():
    code = [named(path) for path in (SOURCE / "packs").rglob("*.py") if tree_of(path).body[1:]]
    assert not code


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError|pytest\.mark\.skip\b")
    left = [
        named(path)
        for path in modules("src", "tests", "benchmarks", "scripts")
        if path != Path(__file__).resolve() and marks.search(path.read_text(encoding="utf-8"))
    ]
    assert not left


def test_a_locked_row_may_still_be_named_by_others():
    """PostgreSQL's plain FOR UPDATE stops all who write a row about it, and they may hold the ledger."""
    locking = re.compile(r"select_for_update\((?![^()]*(?:\([^()]*\))?[^()]*no_key=True)")
    locks = [
        named(path)
        for path in modules("src/shoumi/server")
        if locking.search(path.read_text(encoding="utf-8"))
    ]
    assert not locks


def test_no_registry_address_is_committed():
    address = re.compile(
        r'"resolved"\s*:\s*"http|index[-]url|extra[-]index|registry\s*=\s*http|^deb http', re.MULTILINE
    )
    files = [
        ROOT / "package.json",
        ROOT / "package-lock.json",
        ROOT / "Makefile",
        ROOT / ".npmrc",
        *(ROOT / "requirements").glob("*.txt"),
        *(ROOT / "scripts").iterdir(),
    ]
    assert not [
        named(path) for path in files if path.is_file() and address.search(path.read_text(encoding="utf-8"))
    ]


def test_pages_forms_and_interfaces_write_through_services_only():
    writing = re.compile(
        r"\.objects\.(create|bulk_create|get_or_create|update_or_create|update)\(|(?<!self)\.save\(|\.delete\("
    )
    writers = [
        named(path)
        for path in modules("src/shoumi/server")
        if {"views", "forms", "api", "urls", "queries"}
        & {path.stem, *path.relative_to(SOURCE / "server").parts}
        and writing.search(path.read_text(encoding="utf-8"))
    ]
    assert not writers


@pytest.mark.parametrize("language", ["zh-CN", "ja", ""])
def test_there_is_a_readme_in_each_language(language):
    name = f"README.{language}.md" if language else "README.md"
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "make run" in text
    assert "make test" in text
