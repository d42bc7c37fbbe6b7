"""`shoumi trace`: reads from pictures and PDFs which issued copy they come from.

Prints, for each file, the copy id found, how clearly, and where.  It names nobody: who received a copy is
told by the console, to those who may know, with a reason that the ledger keeps.
Nothing found is not proof of nothing: the hidden mark can be removed, and small or coarse pictures lose it.

--key FILE holds one key a line, 64 hexadecimal digits; without it, the keys of the installation on this
machine are used.  --ids FILE holds issued copy ids, one a line, 12 hexadecimal digits: a damaged mark is then
compared with them.  The installation's own ids are used when its keys are.

Exit status: 0 an id was found in at least one file, 1 in none, 2 a file or list cannot be read (whatever was
found in the others is printed), 5 something is not installed or not set up.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shoumi.engine.errors import ConfigurationError, InputError, ShoumiError

if TYPE_CHECKING:  # numpy need not be installed for --help
    from shoumi.engine.marking.tiles import Finding

MOST_LIST_BYTES: Final = 64 * 1024 * 1024

_FOUND, _NOTHING, _UNREADABLE = 0, 1, 2
_KEY = re.compile(r"[0-9a-fA-F]{64}")
_ID = re.compile(r"[0-9a-fA-F]{12}")


class TraceListUnreadableError(InputError):
    """The file given with --key or --ids cannot be used."""

    code = "input.trace_list_unreadable"
    message = "{path} cannot be read: {reason}."


class TraceFileUnreadableError(InputError):
    """A file to be traced cannot be opened."""

    code = "input.trace_file_unreadable"
    message = "{path} cannot be read: {reason}."


class TraceKeysMissingError(ConfigurationError):
    """Neither was a key file named, nor is there an installation that has handed out copies."""

    code = "configuration.trace_keys_missing"
    message = "There are no keys: give --key FILE, or run this as the account of an installation."


@dataclass(frozen=True, slots=True)
class Means:
    """What the search is done with."""

    keys: tuple[bytes, ...]
    issued: tuple[int, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="PNG, JPEG, WebP or PDF")
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="keys to read with, one a line in hexadecimal"
    )
    parser.add_argument("--ids", type=Path, metavar="FILE", help="issued copy ids, one a line in hexadecimal")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Trace every file; return the exit status.

    Raises:
        TraceListUnreadableError: status 2.
        TraceKeysMissingError: status 5.
    """
    means = _means(args.key, args.ids)
    outcomes = [_outcome(path, means) for path in args.files]
    if args.json:
        print(json.dumps({"files": outcomes}, ensure_ascii=False, indent=2))
    else:
        for outcome in outcomes:
            _print(outcome)
    if any("error" in outcome for outcome in outcomes):
        return _UNREADABLE
    return _FOUND if any(outcome["found"] for outcome in outcomes) else _NOTHING


def _means(key: Path | None, ids: Path | None) -> Means:
    issued = tuple(int(line, 16) for line in _lines(ids, _ID)) if ids else ()
    if key:
        return Means(tuple(bytes.fromhex(line) for line in _lines(key, _KEY)), issued)
    keys, own = _installation()
    if not keys:
        raise TraceKeysMissingError
    return Means(keys, issued or own)


def _installation() -> tuple[tuple[bytes, ...], tuple[int, ...]]:
    """Return the keys and issued ids of the installation on this machine; nothing where there is none."""
    try:
        import django
    except ImportError:
        return (), ()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoumi.server.project.settings")
    django.setup()
    from django.db import DatabaseError

    from shoumi.server.register.queries.copies import issued_ids
    from shoumi.server.register.services.tile_keys import tile_keys_open

    try:
        return tuple(tile_keys_open()), tuple(issued_ids())
    except DatabaseError:  # there is a database without our tables, or none that answers
        return (), ()


def _lines(path: Path, form: re.Pattern[str]) -> list[str]:
    """Return the words of a list, without empty lines and what follows a number sign.

    Raises:
        TraceListUnreadableError: it cannot be read, is empty, or a line has another form.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_LIST_BYTES + 1)
        text = raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise TraceListUnreadableError(path=str(path), reason=_reason(error)) from error
    if len(raw) > MOST_LIST_BYTES:
        raise TraceListUnreadableError(path=str(path), reason="it is too long")
    words = []
    for number, line in enumerate(text.splitlines(), 1):
        word = line.split("#", 1)[0].strip()
        if word and not form.fullmatch(word):
            raise TraceListUnreadableError(path=str(path), reason=f"line {number} has another form")
        words += [word] if word else []
    if not words:
        raise TraceListUnreadableError(path=str(path), reason="it is empty")
    return words


def _outcome(path: Path, means: Means) -> dict[str, Any]:
    """Return what was found in one file, or why it could not be read."""
    outcome: dict[str, Any] = {"file": str(path), "found": []}
    try:
        found, looked = _trace(path, means)
    except ShoumiError as error:
        return {**outcome, "error": {"code": error.code, "detail": error.detail}}
    return {**outcome, "found": found, "looked_at": looked}


def _trace(path: Path, means: Means) -> tuple[list[dict[str, Any]], int]:
    """Return what was found, page by page, and how many pages were looked at; the first id found ends it.

    Raises:
        TraceFileUnreadableError: the file cannot be opened or is too large.
        and the leaves that `connectors.pages` names.
    """
    from shoumi.connectors.pages import grey_pages
    from shoumi.engine.marking.tiles import findings
    from shoumi.engine.marking.tiles.pictures import MOST_BYTES, grey_array

    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise TraceFileUnreadableError(path=str(path), reason=_reason(error)) from error
    if len(content) > MOST_BYTES:
        raise TraceFileUnreadableError(path=str(path), reason="it is too large")
    number = 0
    for page in grey_pages(content):
        number = page.number
        grey = grey_array(page.levels, page.width, page.height)
        found = findings(grey, page.factor, means.keys, means.issued)
        if found:
            return [_described(each, page.number) for each in found], number
    return [], number


def _described(finding: Finding, page: int) -> dict[str, Any]:
    described: dict[str, Any] = {
        "copy_id": finding.copy_code,
        "how": str(finding.how),
        "sync": round(finding.sync, 1),
        "page": page,
        "chip_pixels": round(finding.chip, 2),
        "turn_degrees": round(finding.turn, 1),
    }
    if finding.score is not None and finding.margin is not None:
        described |= {
            "score": round(finding.score, 1),
            "margin": round(finding.margin, 1),
            "among": finding.among,
        }
    return described


def _print(outcome: dict[str, Any]) -> None:
    name = "".join(each if each.isprintable() else "?" for each in outcome["file"])
    if "error" in outcome:
        print(f"shoumi trace: {name}: {outcome['error']['detail']}", file=sys.stderr)
        return
    if not outcome["found"]:
        looked = outcome["looked_at"]
        print(f"{name}: nothing found on {looked} page(s); this does not prove that there was no mark")
    for found in outcome["found"]:
        sure = f"sync {found['sync']} sigma, check holds"
        if "score" in found:
            sure = (
                f"a lead only: closest of {found['among']} issued, {found['score']} sigma, "
                f"{found['margin']} ahead of the second"
            )
        print(
            f"{name}: copy {found['copy_id']}  ({sure}; page {found['page']}, "
            f"chip {found['chip_pixels']} px, turned {found['turn_degrees']} degrees)"
        )


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
