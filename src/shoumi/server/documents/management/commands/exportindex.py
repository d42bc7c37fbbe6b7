"""`shoumi manage exportindex NAME`: hands an index to the command line, for `shoumi scan --index NAME`.

Writes the index and, apart from it, its key in a file that nobody else may read.  Whoever holds both can tell
whether a text stands in the index.  The ledger keeps that it was handed out; what was declassified later
stays recognisable with this copy until it is handed out again.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shoumi.engine.errors import ShoumiError
from shoumi.sandbox.scanning import IndexShelf
from shoumi.server.documents.services.exporting import index_export


class Command(BaseCommand):
    """Copies an index and its key to where `shoumi scan` looks for them."""

    help = "Hand an index (`secrets`, or the name of a table's) to the command line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask which index, and where to."""
        parser.add_argument("name")
        parser.add_argument("--index-directory", type=Path, help="default: SHOUMI_INDEX_DIRECTORY")
        parser.add_argument("--key-directory", type=Path, help="default: SHOUMI_INDEX_KEY_DIRECTORY")

    def handle(self, **options: Any) -> None:
        """Write both files."""
        shelf = IndexShelf.of_environment(options["index_directory"], options["key_directory"])
        try:
            target = index_export(name=options["name"], shelf=shelf, account=str(os.getuid()))
        except ShoumiError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{target.path}\n{target.key}")
