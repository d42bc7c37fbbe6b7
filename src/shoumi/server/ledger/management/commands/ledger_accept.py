"""`shoumi manage ledger_accept KIND`: believes the key or certificate that a witness or authority has now.

For the day a witness or an authority gets a new key on purpose; until then its answers are refused and the
light stays amber.  Compare the fingerprint that is printed with the one its owner tells you.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shoumi.server.ledger.models import LedgerParty
from shoumi.server.ledger.parties import party_accept
from shoumi.server.ledger.ports import ports


class Command(BaseCommand):
    """Accepts a new key of a party, after showing its fingerprint."""

    help = "Believe the present key of the witness, or certificate of a time-stamp authority."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("kind", choices=LedgerParty.Kind.values)
        parser.add_argument("--fingerprint", default="", help="accept only this SHA-256; without it, show it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Show the fingerprint, or accept the party if it is the one given."""
        kind = LedgerParty.Kind(options["kind"])
        name, material = self._present(kind)
        fingerprint = hashlib.sha256(material.encode()).hexdigest()
        if not options["fingerprint"]:
            self.stdout.write(f"{name}\nSHA-256 {fingerprint}\nTo accept it: add --fingerprint {fingerprint}")
            return
        if options["fingerprint"].lower() != fingerprint:
            text = f"{name} now has the fingerprint {fingerprint}, not the one given."
            raise CommandError(text)
        party_accept(kind, name=name, material=material, actor="system:command")
        self.stdout.write(f"{name} is believed with this key from now on; the ledger says so.")

    @staticmethod
    def _present(kind: LedgerParty.Kind) -> tuple[str, str]:
        """Return the party's name and what it shows now."""
        known = ports()
        if kind == LedgerParty.Kind.WITNESS:
            if known.witness is None:
                raise CommandError("No witness is configured.")
            key = known.witness().verifier_key()
            return key.name, str(key)
        reach = known.internal if kind == LedgerParty.Kind.INTERNAL_AUTHORITY else known.external
        if reach is None:
            raise CommandError("No such authority is configured.")
        authority = reach()
        return authority.name, authority.certificates.decode("ascii")
