"""`shoumi manage bootstrap`: makes the first secrecy officer and the first leader of a new installation.

Every later grant needs two persons; these two are the first two.  Refused once any role has been granted.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from shoumi.engine.errors import ShoumiError
from shoumi.server.accounts.services import installation_found, password_link, user_open


class Command(BaseCommand):
    """Founds the installation and prints a link for each of the two to set a password."""

    help = (
        "Make the first secrecy officer and the first leader; each sets a password through the printed link."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the two persons."""
        for role in ("officer", "leader"):
            parser.add_argument(f"--{role}", required=True, metavar="SIGN-IN-NAME")
            parser.add_argument(f"--{role}-name", required=True, metavar="NAME")
            parser.add_argument(f"--{role}-email", default="", metavar="ADDRESS")
        parser.add_argument("--language", choices=["zh-hans", "ja", "en"], default="zh-hans")

    def handle(self, **options: Any) -> None:
        """Make both or neither."""
        try:
            with transaction.atomic():
                users = [
                    user_open(
                        actor=None,
                        username=options[role],
                        display_name=options[f"{role}_name"],
                        email=options[f"{role}_email"],
                        language=options["language"],
                    )
                    for role in ("officer", "leader")
                ]
                installation_found(officer=users[0], leader=users[1])
        except ShoumiError as error:
            raise CommandError(error.detail) from error
        for user in users:
            self.stdout.write(f"{user.username}: {password_link(user=user)}")
