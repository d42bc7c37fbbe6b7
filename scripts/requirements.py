"""Prints, by group, how many acceptance sentences are proved by a test that names their id.

The sentences stand in `docs/reference/requirements.csv`; a test names them with
`@pytest.mark.requirement("IDN-01")`.  Reads the tests as text, runs none of them; an unknown id is an error.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def sentences() -> dict[str, dict[str, str]]:
    """Return the acceptance sentences by id, in the order of the file."""
    with (ROOT / "docs/reference/requirements.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def claims() -> dict[str, list[str]]:
    """Return, by id, the places `file:line` of the tests that name it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "requirement"
            ):
                for argument in node.args:
                    if isinstance(argument, ast.Constant):
                        found[str(argument.value)].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def main() -> int:
    """Print the table; with `--open GROUP` list what is still open there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="only check that the ids exist")
    parser.add_argument("--open", metavar="GROUP", help="list the sentences of a group that no test names")
    options = parser.parse_args()
    known, named = sentences(), claims()
    unknown = sorted(set(named) - set(known))
    for identifier in unknown:
        sys.stderr.write(f"{named[identifier][0]}: no acceptance sentence is called {identifier}\n")
    if unknown:
        return 1
    if options.open:
        for identifier, row in known.items():
            if row["group"] == options.open and identifier not in named:
                sys.stdout.write(f"{identifier:8} {row['acceptance']}\n")
        return 0
    if options.quiet:
        return 0
    groups: dict[str, list[str]] = defaultdict(list)
    for identifier, row in known.items():
        groups[row["group"]].append(identifier)
    sys.stdout.write(f"{'group':6} {'proved':>6} {'of':>4}  title\n")
    for group, members in groups.items():
        proved = sum(1 for identifier in members if identifier in named)
        sys.stdout.write(f"{group:6} {proved:6} {len(members):4}  {known[members[0]]['group_title']}\n")
    sys.stdout.write(f"{'all':6} {len(named):6} {len(known):4}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
