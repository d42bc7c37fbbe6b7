"""`shoumi manage passwordlink NAME`: prints a link through which a user sets a password.

For an installation without e-mail.  Whoever sits at this console could read the data anyway.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shoumi.server.accounts.models import User
from shoumi.server.accounts.services import password_link


class Command(BaseCommand):
    """Prints the link; it works once and for a limited time."""

    help = "Print a link through which the user sets a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the user."""
        parser.add_argument("username")

    def handle(self, **options: Any) -> None:
        """Print the link."""
        user = User.objects.filter(username__iexact=options["username"], is_active=True).first()
        if user is None:
            raise CommandError("There is no open account with this sign-in name.")
        self.stdout.write(password_link(user=user))
