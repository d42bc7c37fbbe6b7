"""The shoumi command, one file per verb; each verb imports what it needs when it runs.

A verb's module has `add_arguments(parser)` and `run(args) -> int`, the exit status.  Errors of the tree
are printed in the user's language, one line for each fault, and end with their branch's status
(`engine/errors.py`).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final

from shoumi import __version__
from shoumi.engine.errors import ShoumiError

VERBS: Final = (
    ("run", "bring up console, worker and witness on this machine"),
    ("worker", "do the background work of an installation"),
    ("witness", "cosign the ledger's checkpoints with a key of its own"),
    ("scan", "find registered secrets, customer records and identifiers in files"),
    ("index", "make and keep the indexes that a scan matches with"),
    ("verify", "verify an evidence package, offline"),
    ("trace", "read from a picture or PDF which issued copy it comes from"),
    ("doctor", "check a deployment and say what to do"),
    ("manage", "run a Django command with Shoumi's settings"),
)

_INTERRUPTED: Final = 130  # as shells report a program ended by Ctrl-C
_USAGE: Final = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the verb named first in `argv` (default: the command line); return the exit status."""
    try:
        status = _dispatch(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone; nothing more to tell it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help"}:
        print(_help())
        return 0 if words else _USAGE
    if words[0] == "--version":
        print(f"shoumi {__version__}")
        return 0
    verb, *rest = words
    if verb not in dict(VERBS):
        from shoumi.cli.speaking import NO_VERB, language, printable

        print(f"shoumi: {printable(NO_VERB.in_language(language()).format(verb=verb))}", file=sys.stderr)
        return _USAGE
    return _run(verb, rest)


def _help() -> str:
    lines = [f"  {verb:<12} {text}" for verb, text in VERBS]
    usage = "usage: shoumi VERB [options]\n\nKeeps a company's trade secrets, and proves that it kept them."
    return "\n".join([usage, "", *lines, "", "`shoumi VERB --help` tells the options of a verb."])


def _run(verb: str, words: list[str]) -> int:
    module = importlib.import_module(f"shoumi.cli.{verb}")
    parser = argparse.ArgumentParser(
        prog=f"shoumi {verb}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    try:
        status: int = module.run(parser.parse_args(words))
    except ShoumiError as error:
        from shoumi.cli.speaking import faults, note, told

        for each in (told(error), *faults(error)):
            note(each, verb)
        return error.exit_status
    return status
