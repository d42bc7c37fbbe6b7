"""Writes `docs/reference/` from the code: settings, errors, ledger tags, commands, identifiers.

`--check` writes nothing and fails when a page is stale.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs`; do not edit. -->\n\n"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _column in head), *rows]
    return (
        "\n".join(
            "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
            for line in lines
        )
        + "\n"
    )


def settings_page() -> str:
    """Return the page of settings, from the typed configuration."""
    from shoumi.server.project.config import Config

    rows = (
        (
            "`DATABASE_URL`" if name == "database_url" else f"`SHOUMI_{name.upper()}`",
            "" if str(field.default) in {"", "**********"} else f"`{field.default}`",
            field.description or "",
        )
        for name, field in Config.model_fields.items()
    )
    return "# Settings\n\nRead from the environment at start; all faults are listed at once.\n\n" + _table(
        ("name", "default", "meaning"), rows
    )


def errors_page() -> str:
    """Return the page of errors, from the tree of classes."""
    from shoumi.engine.errors import ShoumiError

    _import_everything()

    def leaves(branch: type[ShoumiError]) -> Iterator[type[ShoumiError]]:
        for child in branch.__subclasses__():
            yield child
            yield from leaves(child)

    found = sorted(
        {error.code: error for error in leaves(ShoumiError) if error.__module__.startswith("shoumi.")}.items()
    )
    rows = ((f"`{code}`", str(error.exit_status), error.message) for code, error in found)
    return "# Errors\n\nThe code is stable; the API returns it and the console translates it.\n\n" + _table(
        ("code", "exit status", "text"), rows
    )


def tags_page() -> str:
    """Return the page of ledger tags."""
    from shoumi.server.ledger.tags import every_tag

    rows = ((f"`{tag.value}`", tag.name) for tag in every_tag())
    return "# Ledger tags\n\nEach entry has one, as `area:object:event`.\n\n" + _table(
        ("tag", "name in code"), rows
    )


def commands_page() -> str:
    """Return the page of commands, from the parsers of the verbs."""
    from shoumi.cli import VERBS

    text = "# Commands\n"
    for verb, _text in VERBS:
        module = importlib.import_module(f"shoumi.cli.{verb}")
        parser = argparse.ArgumentParser(
            prog=f"shoumi {verb}", formatter_class=lambda prog: argparse.HelpFormatter(prog, width=100)
        )
        module.add_arguments(parser)
        text += f"\n## shoumi {verb}\n\n{(module.__doc__ or '').strip()}\n\n```\n{parser.format_help()}```\n"
    return text


def workflows_page() -> str:
    """Return the page of state tables with their diagrams."""
    from shoumi.engine import workflow

    return workflow.workflows_page()


def identifiers_page() -> str:
    """Return the page of what is recognised, from the packs."""
    from shoumi.engine.inspection.recognise import load_catalogue

    rows = (
        (
            f"`{kind.id}`",
            kind.names.zh,
            kind.names.ja,
            kind.names.en,
            kind.check or "",
            "yes" if kind.needs_context else "some forms" if kind.weak else "",
            f"{kind.score:.2f}–{kind.score_with_context:.2f}",
            kind.source,
            str(kind.status),
        )
        for kind in sorted(load_catalogue().kinds, key=lambda kind: kind.id)
    )
    return (
        "# Identifiers, credentials and markings\n\n"
        "Each entry of the packs, with the check that its finds have passed, whether a word beside it or at "
        "the head of its column must name it, its score without and with such a word, and its source. "
        "A status of `secondary` means that a report was read and not the text, `unconfirmed` neither.\n\n"
    ) + _table(("id", "zh", "ja", "en", "check", "needs context", "score", "source", "status"), rows)


def _import_everything() -> None:
    """Import every module, so that every error class exists."""
    import shoumi

    for module in pkgutil.walk_packages(shoumi.__path__, "shoumi."):
        if not {"migrations", "management", "settings_test", "__main__", "wsgi"} & set(
            module.name.split(".")
        ):
            importlib.import_module(module.name)


WRITERS: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "ledger-tags.md": tags_page,
    "commands.md": commands_page,
    "workflows.md": workflows_page,
    "identifiers.md": identifiers_page,
}


def main() -> int:
    """Write the pages, or with `--check` compare them."""
    checking = "--check" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        for name in [name for name in os.environ if name.startswith("SHOUMI_") or name == "DATABASE_URL"]:
            del os.environ[name]
        os.environ |= {
            "SHOUMI_DATA_DIRECTORY": scratch,
            "DJANGO_SETTINGS_MODULE": "shoumi.server.project.settings",
        }
        import django

        django.setup()
        stale = []
        for name, write in WRITERS.items():
            text = NOTE + write()
            if checking:
                if not (PAGES / name).exists() or (PAGES / name).read_text(encoding="utf-8") != text:
                    stale.append(name)
            else:
                (PAGES / name).write_text(text, encoding="utf-8")
    for name in stale:
        sys.stderr.write(f"docs/reference/{name} is stale: run make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
