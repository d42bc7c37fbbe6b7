"""Keeps originals of what was exchanged with partners, and hands them out by right, in their very bytes.

Follows the seed guide 五(六)1.  The head is read in the sandbox, as mails may be hostile; what cannot be read
is kept all the same.  Nothing here changes or deletes an original.
"""

from __future__ import annotations

import json
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.inspection.exchanges import HEADS
from shoumi.engine.policy import Action
from shoumi.sandbox import Limits, call
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.agreements.sealing import seal, unseal
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open, file_opening_record, files_adopt
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Original, Partner
from shoumi.server.partners.services.errors import OriginalTwiceError
from shoumi.server.people.queries import department_resource
from shoumi.server.people.services.editing import record
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.resources import secret_resource

LIMITS: Final = Limits(seconds=30, memory_bytes=2 << 30, answer_bytes=8 << 20)
READER: Final = "shoumi.engine.inspection.exchanges:heads_of"
KNOWN: Final = frozenset({*HEADS, "First", "Last"})


def original_keep(
    *,
    actor: User,
    partner: Partner,
    medium: str,
    file: StoredFile | UploadedFile,
    secret: TradeSecret | None = None,
) -> Original:
    """Keep an original with what its head says; its hash goes into the ledger.

    Raises:
        NotPermittedError: the actor does not keep this partner, or may not see the secret.
        OriginalTwiceError: this file is kept already.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(partner.third_party.department))
    if secret is not None:
        gate.require(actor, Action.SECRET_VIEW_METADATA, secret_resource(secret))
    (stored,) = files_adopt(actor=actor, chosen=[file])
    if Original.objects.filter(partner=partner, file__sha256=stored.sha256).exists():
        raise OriginalTwiceError
    facts = head_of(stored)
    with transaction.atomic():
        original = Original.objects.create(
            partner=partner,
            secret=secret,
            medium=Original.Medium(medium),
            file=stored,
            facts=seal(facts),
            kept_by=actor,
            kept_at=clock().now(),
        )
        record(
            PartnerTag.ORIGINAL_KEPT,
            actor=actor,
            subject=original.ledger_subject,
            detail={
                "partner": partner.ledger_subject,
                "medium": original.medium,
                "sha256": stored.sha256,
                "size_bytes": stored.size_bytes,
                "secret": secret.number or "" if secret else "",
            },
        )
    return original


def original_open(*, actor: User, original: Original) -> StoredFile:
    """Return the file to be streamed as it was received, after the gate and the ledger have had their say.

    Raises:
        NotPermittedError: the actor opens no papers of this partner, or not the content of its secret.
    """
    _require_opening(actor, original)
    with transaction.atomic():
        file_opening_record(actor=actor, stored=original.file, purpose="download")
    return original.file


def original_facts(*, actor: User, original: Original) -> dict[str, str]:
    """Return what the head of an original says.

    Raises:
        NotPermittedError: as for `original_open`.
    """
    _require_opening(actor, original)
    return {name: str(value) for name, value in unseal(original.facts).items()}


def head_of(stored: StoredFile) -> dict[str, str]:
    """Return what the head of a mail, or the first and last time of a chat, says; read in the sandbox."""
    with file_open(stored) as reader:
        content = reader.read()
    try:
        answer = call(READER, content, {"name": stored.name}, limits=LIMITS)
    except InputError as error:
        return {"unreadable": error.code}
    return {name: str(value) for name, value in json.loads(answer.content).items() if name in KNOWN}


def _require_opening(actor: User, original: Original) -> None:
    department = original.partner.third_party.department
    gate.require(actor, Action.PARTNER_OPEN, department_resource(department))
    if original.secret is not None:
        gate.require(actor, Action.SECRET_OPEN_CONTENT, secret_resource(original.secret))
