"""Records that a file of a case is opened, before its first byte is sent."""

from __future__ import annotations

from django.db import transaction

from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record
from shoumi.server.lifecycle.models import PersonCase
from shoumi.server.people.border import border_of


def case_file_open(*, actor: User, case: PersonCase, stored: StoredFile) -> StoredFile:
    """Return the file after writing down who opens it; the caller has asked the gate.

    Raises:
        BorderError: the actor sits in another country than the person, and no basis for that is on record.
    """
    border_of(actor).require(case.person)
    with transaction.atomic():
        file_opening_record(actor=actor, stored=stored, purpose=case.number)
    return stored
