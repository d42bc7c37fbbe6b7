"""`shoumi manage`: Django's own commands (migrate, makemigrations, bootstrap ...) with our settings.

Everything behind the verb is handed to Django unchanged.
"""

from __future__ import annotations

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the rest of the line as it is."""
    parser.add_argument("command", nargs=argparse.REMAINDER, help="a Django command and its options")


def run(args: argparse.Namespace) -> int:
    """Run the Django command and return 0; Django itself exits when it fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoumi.server.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["shoumi manage", *args.command])
    return 0
