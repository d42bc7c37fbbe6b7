"""`shoumi manage directory_sync FILE --as NAME`: shows what a directory would change; `--apply` does it.

The file is YAML: `entity`, `url`, `base`, `filter`, `bind_dn`, `password`, `ca_file`, `limit`, and, from our
names to theirs, `attributes`.  It holds a password, so it is for its owner alone.  Persons are named by
number; a fault tells the place of its entry.
"""

from __future__ import annotations

import stat
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from shoumi.connectors.directory import DirectorySource, entries
from shoumi.engine.errors import ShoumiError
from shoumi.server.accounts.models import User
from shoumi.server.people.models import LegalEntity
from shoumi.server.provisioning.queries.filters import ENTERPRISE
from shoumi.server.provisioning.services.directory import ATTRIBUTES, Fault, sync_apply, sync_plan

FIELDS = ("url", "base", "filter", "bind_dn", "password", "ca_file", "limit")


class Command(BaseCommand):
    """Compares a directory with the accounts of a legal entity."""

    help = "Show who would join, change and leave by a directory (LDAP); --apply does it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the description, for whom it is done, and whether it is."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="actor", required=True, help="sign-in name of somebody in HR")
        parser.add_argument("--apply", action="store_true", help="do it; otherwise it is shown only")
        parser.add_argument("--most-leavers", type=int, help="how many may leave at once")

    def handle(self, **options: Any) -> None:
        """Print the plan, and carry it out where asked."""
        wanted = self._described(options["file"])
        actor = User.objects.filter(username__iexact=options["actor"], is_active=True).first()
        entity = LegalEntity.objects.filter(code=wanted.get("entity")).first()
        if actor is None or entity is None:
            raise CommandError("There is no such open sign-in, or no such legal entity.")
        attributes = {**ATTRIBUTES, **(wanted.get("attributes") or {})}
        source = DirectorySource(**{name: wanted[name] for name in FIELDS if name in wanted})
        try:
            found = entries(source, filter(None, attributes.values()))
            plan = sync_plan(actor=actor, entity=entity, found=found, attributes=attributes)
            for resource in plan.joiners:
                self.stdout.write(f"+ {resource[ENTERPRISE]['employeeNumber']}")
            for row, _resource in plan.changes:
                self.stdout.write(f"~ {row.person.number}")
            for row in plan.leavers:
                self.stdout.write(f"- {row.person.number}")
            self._faults(plan.faults)
            if options["apply"]:
                most = options["most_leavers"]
                self._faults(sync_apply(actor=actor, entity=entity, plan=plan, most_leavers=most))
        except ShoumiError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{len(plan.joiners)} join, {len(plan.changes)} change, {len(plan.leavers)} leave, "
            f"{len(plan.faults)} unclear{'' if options['apply'] else '; nothing was done'}"
        )

    def _faults(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.stdout.write(f"! {fault.place}: {fault.code} {fault.detail}")

    @staticmethod
    def _described(path: Path) -> dict[str, Any]:
        try:
            if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise CommandError("The file holds a password: chmod 600 it.")
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise CommandError("The file cannot be read.") from error
        if not isinstance(found, dict):
            raise CommandError("The file is no mapping of fields.")
        return found
