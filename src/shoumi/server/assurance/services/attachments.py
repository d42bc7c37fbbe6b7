"""Opening a file behind a record: one ledger entry, so that it is known who saw which proof."""

from __future__ import annotations

from django.db import transaction

from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record


def attachment_open(*, actor: User, stored: StoredFile) -> None:
    """Write down that `actor` opens a file; the caller asked whether they may see its record."""
    with transaction.atomic():
        file_opening_record(actor=actor, stored=stored, purpose="assurance")
