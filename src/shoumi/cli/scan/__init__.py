"""`shoumi scan`: finds registered secrets, customer records, markings and identifiers in files of any kind.

Looks into every regular file below the given paths, into archives and attachments too, and changes nothing.
Links are not followed.  What could not be looked into is told like anything found.  Findings are masked.

--since STATE keeps what was inspected: a scan that was killed continues, and files whose content has not
changed are not inspected again.  It holds no unmasked text; with --reveal it is left alone.
--index NAME uses an index of rows or fingerprints (see `shoumi index`): a name, or a path with a slash.

Exit status: 0 nothing to do, 10 warn, 11 justify, 12 seal, 13 quarantine, 14 block, by the most severe
verdict of any file; 2 bad input, 4 the state is in use, 5 not set up, 6 unavailable, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from shoumi.cli.scan.progress import Progress
from shoumi.cli.speaking import language, say
from shoumi.engine.errors import InputError
from shoumi.engine.inspection.report import JSONLReport, Report, SARIFReport, Summary, TableReport
from shoumi.engine.inspection.verdict import (
    Action,
    Facts,
    Person,
    Place,
    Policy,
    Reach,
    default_policy,
    read_policy,
)
from shoumi.engine.inspection.verdict.loading import MOST_BYTES
from shoumi.engine.jurisdiction.values import Texts
from shoumi.sandbox.letters import LANGUAGES
from shoumi.sandbox.scanning import IndexShelf, LocalEngine, Scan, ScanState, Setting, Skips, shown, walk
from shoumi.sandbox.scanning.local import Engine
from shoumi.sandbox.scanning.running import Outcome
from shoumi.sandbox.workers import WorkersFailedError

STATUSES: Final = {
    Action.ALLOW: 0,
    Action.WARN: 10,
    Action.JUSTIFY: 11,
    Action.SEAL: 12,
    Action.QUARANTINE: 13,
    Action.BLOCK: 14,
}


BEGUN_ANEW: Final = Texts(
    "{path} 由其他检查方式产生，所有文件将重新检查。",
    "{path} は別の条件で作られたため、すべてのファイルを改めて確認します。",
    "{path} was made with other means; every file is inspected anew.",
)
INTERRUPTED: Final = Texts("已中断。", "中断しました。", "interrupted.")
CONTINUE: Final = Texts(
    "已中断；用 --since {path} 可继续。",
    "中断しました。--since {path} を付けると続きから始めます。",
    "interrupted; continue with --since {path}.",
)


class ScanPathMissingError(InputError):
    """A path to be scanned is not there."""

    code = "input.scan_path_missing"
    message = "There is nothing at {path}."


class PolicyUnreadableError(InputError):
    """The file given with --policy cannot be used."""

    code = "input.policy_unreadable"
    message = "{path} cannot be read: {reason}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or folder")
    parser.add_argument("--format", choices=("table", "jsonl", "sarif"), default="table")
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="rules of your own (docs/formats/scan-policy.md)"
    )
    parser.add_argument(
        "--index", action="append", default=[], metavar="NAME", help="an index to match with; may be repeated"
    )
    parser.add_argument(
        "--public", action="append", default=[], metavar="NAME", help="an index of text that may be copied"
    )
    parser.add_argument("--index-directory", type=Path, metavar="DIR", help="default: SHOUMI_INDEX_DIRECTORY")
    parser.add_argument(
        "--key-directory", type=Path, metavar="DIR", help="default: SHOUMI_INDEX_KEY_DIRECTORY"
    )
    parser.add_argument("--jobs", type=_positive, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument(
        "--engine", metavar="ray://HOST:PORT", help="let a Ray cluster inspect; see the guide"
    )
    parser.add_argument("--results", type=Path, metavar="DIR", help="write Parquet and jsonl there too")
    parser.add_argument(
        "--since", type=Path, metavar="STATE", help="continue from, and add to, this state file"
    )
    parser.add_argument("--ocr", action="store_true", help="read pictures and scanned pages too (slow)")
    parser.add_argument("--reveal", action="store_true", help="show what was found unmasked")
    parser.add_argument(
        "--place", type=Place, choices=tuple(Place), default=Place.SHARE, help="for the rules"
    )
    parser.add_argument(
        "--reach", type=Reach, choices=tuple(Reach), default=Reach.INSIDE, help="for the rules"
    )
    parser.add_argument(
        "--person",
        type=Person,
        choices=tuple(Person),
        default=Person.UNKNOWN,
        help="who holds the files, for the rules",
    )


def run(args: argparse.Namespace) -> int:
    """Scan; return the exit status.

    Raises:
        ScanPathMissingError, PolicyUnreadableError, PolicyFaultsError, IndexMissingError: status 2.
        StateFormError: status 2.  StateBusyError: status 4.
        IndexKeyMissingError, IndexKeyExposedError: status 5.
    """
    for path in args.paths:
        if not path.exists():
            raise ScanPathMissingError(path=shown(path))
    policy = _policy(args.policy)
    shelf = IndexShelf.of_environment(args.index_directory, args.key_directory)
    setting = Setting(
        indexes=tuple(shelf.find(name) for name in args.index),
        public=tuple(shelf.find(name) for name in args.public),
        ocr=LANGUAGES if args.ocr else (),
        reveal=args.reveal,
    )
    for index in (*setting.indexes, *setting.public):
        index.read_key()
    with ExitStack() as stack:
        state = stack.enter_context(ScanState(args.since, setting.digest())) if args.since else None
        if state and state.begun_anew:
            say(BEGUN_ANEW, "scan", path=shown(args.since))
        skips = Skips(never=frozenset({state.identity}) if state else frozenset())
        progress = stack.enter_context(
            Progress(sys.stderr, _measured(args.paths, skips), language=language())
        )
        facts = Facts(place=args.place, reach=args.reach, persons=frozenset({args.person}))
        engine = _engine(args, setting)
        masked = None if args.reveal else state  # what is kept is masked, and what is shown is not
        scan = stack.enter_context(Scan(engine, policy, facts, state=masked, done=progress.step))
        try:
            return _report(args, scan.run(walk(args.paths, skips)), skips, progress)
        except WorkersFailedError:
            _explain(setting)
            raise
        except KeyboardInterrupt:
            progress.close()
            kept = state and not args.reveal
            say(CONTINUE if kept else INTERRUPTED, "scan", path=shown(args.since) if kept else "")
            raise


def _engine(args: argparse.Namespace, setting: Setting) -> Engine:
    if not args.engine:
        return LocalEngine(setting, args.jobs)
    from shoumi.connectors.cluster import connect  # Ray is heavy, and only in the extra

    return connect(args.engine, setting)


def _report(args: argparse.Namespace, outcomes: Iterator[Outcome], skips: Skips, progress: Progress) -> int:
    """Write the report as the outcomes come; return the exit status."""
    began = time.monotonic()
    summary = Summary()
    reports = [_written_to_stdout(args.format, progress)]
    if args.results:
        from shoumi.connectors.cluster.results import ResultFiles

        reports.append(ResultFiles(args.results))
    for record, findings in outcomes:
        summary.add(record, findings)
        for report in reports:
            report.file(record, findings)
    progress.close()
    summary.skipped = skips.count
    summary.seconds = time.monotonic() - began
    for report in reports:
        report.end(summary)
    return STATUSES[summary.worst]


def _written_to_stdout(form: str, progress: Progress) -> Report:
    def write(text: str) -> None:
        progress.clear()
        sys.stdout.write(text)

    if form == "table":
        _reconfigure(errors="backslashreplace")
        return TableReport(write, language())
    _reconfigure(encoding="utf-8")
    return JSONLReport(write) if form == "jsonl" else SARIFReport(write)


def _reconfigure(**how: str) -> None:
    change = getattr(sys.stdout, "reconfigure", None)
    if change:
        change(**how)


def _policy(path: Path | None) -> Policy:
    if path is None:
        return default_policy()
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise PolicyUnreadableError(path=shown(path), reason="it is not UTF-8") from error
    except OSError as error:
        raise PolicyUnreadableError(path=shown(path), reason=error.strerror or str(error)) from error
    if len(raw) > MOST_BYTES:
        raise PolicyUnreadableError(path=shown(path), reason="it is too long")
    return read_policy(shown(path), text)


def _measured(paths: Iterable[Path], skips: Skips) -> tuple[int, int]:
    """Return how many files and bytes there are, if somebody is watching; listing them twice costs little."""
    if not sys.stderr.isatty():
        return 0, 0
    files = size = 0
    for candidate in walk(paths, Skips(never=skips.never)):
        files += 1
        size += candidate.size
    return files, size


def _explain(setting: Setting) -> None:
    """Raise what is wrong with an index, if that is why no worker started."""
    from shoumi.sandbox.scanning.opening import opened

    opened(setting.indexes, setting.public)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
