"""Keeps the console's words in three languages: gathers them, merges them into the catalogues, compiles.

    messages.py            gather and merge: new words appear empty, unused ones go, nothing is guessed
    messages.py --check    write nothing; fail if a catalogue is stale, incomplete or has other placeholders
    messages.py --compile  make the binary catalogues where they are older than the texts (needs msgfmt only)

Gathered are calls of gettext in Python and templates, the messages of the error tree, the sentences behind
policy reasons, the fixed phrases that fill error fields, and what the settings mean.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polib

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT / "src" / "shoumi" / "server"
LOCALE = SERVER / "locale"
LANGUAGES = ("zh_Hans", "ja", "en")
PLURALS = {
    "zh_Hans": "nplurals=1; plural=0;",
    "ja": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
}
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
    "_",
    "_now",  # gettext beside a lazy `_`
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}")
PART_FIELDS = {"reason", "what"}  # fields of errors that hold fixed English phrases
ERROR_PART = "error part"  # as in console.error_texts
POLICY_REASON = "policy reason"
SETTING = "setting"  # as in console.views.settings


def catalogue(language: str) -> Path:
    """Return where the texts of a language stand."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


# --- gathering


def gathered() -> polib.POFile:
    """Return every message of the console, each once, in the order of files."""
    import polib

    with tempfile.TemporaryDirectory() as scratch:
        pot = polib.pofile(_extracted(Path(scratch)))
    known = {(entry.msgctxt, entry.msgid) for entry in pot}
    for context, text in [*_error_texts(), *_policy_reasons(), *_error_parts(), *_settings()]:
        if (context, text) not in known:
            known.add((context, text))
            pot.append(polib.POEntry(msgctxt=context, msgid=text, occurrences=[(f"({context})", "")]))
    pot.sort(key=lambda entry: (str(entry.occurrences[:1]), entry.msgctxt or "", entry.msgid))
    return pot


def _extracted(scratch: Path) -> str:
    """Return what xgettext finds, as the text of a catalogue; templates are turned into code first."""
    import django
    from django.utils.translation.template import templatize

    django.setup()
    names = []
    for path in sorted([*SERVER.rglob("*.py"), *(SERVER / "templates").rglob("*.*")]):
        if "migrations" in path.parts or path.suffix not in {".py", ".html", ".txt"}:
            continue
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(SERVER))
        target = scratch / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text if path.suffix == ".py" else templatize(text, origin=name), encoding="utf-8")
        names.append(name)
    command = [
        "xgettext",
        "--language=Python",
        "--from-code=UTF-8",
        "--add-location=file",
        "--output=-",
        "--no-wrap",
    ]
    command += [f"--keyword={word}" for word in KEYWORDS] + ["--add-comments=Translators"]
    done = subprocess.run([*command, *names], cwd=scratch, capture_output=True, text=True, check=True)
    return done.stdout.replace("charset=CHARSET", "charset=UTF-8")


def _error_texts() -> Iterator[tuple[str, str]]:
    """Yield code and message of each error."""
    import shoumi
    from shoumi.server.console.error_texts import every_error

    for module in pkgutil.walk_packages(shoumi.__path__, "shoumi."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for kind in sorted(every_error(), key=lambda kind: kind.code):
        yield kind.code, kind.message


def _policy_reasons() -> Iterator[tuple[str, str]]:
    """Yield the sentence behind each reason of a decision."""
    from shoumi.engine.policy import all_reasons

    for text in all_reasons().values():
        yield POLICY_REASON, text


def _settings() -> Iterator[tuple[str, str]]:
    """Yield what each setting of the installation means."""
    from shoumi.server.project.config import Config

    for field in Config.model_fields.values():
        yield SETTING, field.description or ""


def _error_parts() -> Iterator[tuple[str, str]]:
    """Yield the phrases with which pages and commands fill error fields: fixed ones, and forms of others."""
    folders = ("server", "connectors", "cli", "sandbox", "engine/inspection", "engine/jurisdiction")
    for path in sorted(path for folder in folders for path in (ROOT / "src/shoumi" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if _called(node).endswith("Error"):
                yield from ((ERROR_PART, text) for text in _phrases(node.keywords))
            elif _called(node) == "Phrase":
                yield ERROR_PART, ast.literal_eval(node.args[0])


def _called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _phrases(keywords: Iterable[ast.keyword]) -> Iterator[str]:
    """Yield the constant texts among the fields that hold phrases."""
    for keyword in keywords:
        text = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg in PART_FIELDS and isinstance(text, str) and text:
            yield text


# --- merging and checking


def merged(pot: polib.POFile, language: str) -> polib.POFile:
    """Return the catalogue of `language` with just the messages of `pot`, keeping what is translated."""
    import polib

    path = catalogue(language)
    old = polib.pofile(str(path), wrapwidth=110) if path.exists() else polib.POFile()
    kept = {(entry.msgctxt, entry.msgid, entry.msgid_plural): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=110)
    new.metadata = {
        "Project-Id-Version": "Shoumi",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for entry in pot:
        found = kept.get((entry.msgctxt, entry.msgid, entry.msgid_plural))
        places = sorted({place for place, _line in entry.occurrences})
        fresh = polib.POEntry(
            msgctxt=entry.msgctxt,
            msgid=entry.msgid,
            msgid_plural=entry.msgid_plural,
            comment=entry.comment,
            occurrences=[(place, "") for place in places],
            flags=[flag for flag in entry.flags if flag != "fuzzy"],
        )
        _fill(fresh, found, language)
        new.append(fresh)
    return new


def _fill(fresh: polib.POEntry, found: polib.POEntry | None, language: str) -> None:
    """Take over the translation; English is its own source unless somebody worded it anew."""
    if fresh.msgid_plural:
        count = 2 if language == "en" else 1
        source = (fresh.msgid, fresh.msgid_plural)
        old = found.msgstr_plural if found else {}
        fresh.msgstr_plural = {
            i: old.get(i, "") or (source[i] if language == "en" else "") for i in range(count)
        }
    else:
        fresh.msgstr = (found.msgstr if found else "") or (fresh.msgid if language == "en" else "")


def faults_of(book: polib.POFile, language: str) -> list[str]:
    """Return what is missing or wrong in a catalogue, one line each."""
    faults = []
    for entry in book:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(text.strip() for text in texts):
            faults.append(f"{language}: not translated: {entry.msgid!r}")
            continue
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        faults.extend(
            f"{language}: other placeholders: {entry.msgid!r} → {text!r}"
            for text in texts
            if set(PLACEHOLDER.findall(text)) != wanted and not (language == "en" and entry.msgid_plural)
        )
    return faults


def compile_all() -> int:
    """Make the binary catalogues that are older than their texts; return msgfmt's status."""
    for language in LANGUAGES:
        source = catalogue(language)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            done = subprocess.run(["msgfmt", "--output-file", str(target), str(source)], check=False)
            if done.returncode:
                return done.returncode
    return 0


def main() -> int:
    """Do what the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on any gap")
    parser.add_argument("--compile", action="store_true", help="only make the binary catalogues")
    chosen = parser.parse_args()
    if chosen.compile:
        return compile_all()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("SHOUMI_DATA_DIRECTORY", scratch)
        os.environ["DJANGO_SETTINGS_MODULE"] = "shoumi.server.project.settings"
        pot = gathered()
    faults = []
    for language in LANGUAGES:
        book = merged(pot, language)
        path = catalogue(language)
        faults += faults_of(book, language)
        if chosen.check:
            if not path.exists() or path.read_text(encoding="utf-8") != str(book) + "\n":
                faults.append(f"{language}: stale; run `make messages`")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(book) + "\n", encoding="utf-8")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    sys.stdout.write(f"{len(pot)} messages, {len(faults)} faults\n")
    if not chosen.check:
        return compile_all()
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
