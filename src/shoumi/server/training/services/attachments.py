"""Opens the files behind courses and trainings for who looks after them; each opening is in the ledger."""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource


def training_file_open(*, actor: User, stored: StoredFile, entity: LegalEntity) -> StoredFile:
    """Return the file after writing down that it was opened.

    Raises:
        NotPermittedError: the actor does not see the training of this entity.
    """
    gate.require(actor, Action.TRAINING_VIEW, entity_resource(entity))
    with transaction.atomic():
        file_opening_record(actor=actor, stored=stored, purpose="training")
    return stored
