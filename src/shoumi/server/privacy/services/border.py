"""Records on which ground personal data may be seen from another country, and ends such a ground.

Whose rule: the ways of the pack's `personal_data.yaml`, each with what must be on record before: an
assessment, a filing, an approval.  Whether a ground holds is for legal to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Country, LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import writing
from shoumi.server.privacy.models import ExportBasis
from shoumi.server.privacy.queries.words import table_of
from shoumi.server.privacy.services.errors import (
    DayError,
    EndedError,
    ProofMissingError,
    WordUnknownError,
)

PROOFS = {
    "assessment": ("assessed_on", gettext_lazy("assessment")),
    "filing": ("filed_on", gettext_lazy("filing")),
    "approval": ("approved_on", gettext_lazy("approval")),
}


@dataclass(frozen=True, slots=True)
class BasisWish:
    """A ground for one country, with the number and the day of each record that it rests on."""

    to_country: str
    way: str
    reference: str
    last_day: date
    assessment: str = ""
    assessed_on: date | None = None
    filing: str = ""
    filed_on: date | None = None
    approval: str = ""
    approved_on: date | None = None
    document: StoredFile | None = None


def export_basis_record(*, actor: User, entity: LegalEntity, wish: BasisWish) -> ExportBasis:
    """Record a ground for one country.

    Raises:
        NotPermittedError, WordUnknownError, DayError, FieldMissingError, FieldTooLongError: each as it says.
        ProofMissingError: the way needs a record that was not given.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MANAGE,
        resource=entity_resource(entity),
        tag=LedgerTag.PRIVACY_EXPORT_BASIS_RECORDED,
    ) as entry:
        way = table_of(entity).ways.get(wish.way)
        if way is None:
            raise WordUnknownError(word=wish.way)
        if wish.to_country not in Country.values or wish.to_country == entity.country:
            raise WordUnknownError(word=wish.to_country)
        today = today_of(entity)
        days = [getattr(wish, field) for field, _word in PROOFS.values()]
        if wish.last_day < today or any(day is not None and day > today for day in days):
            raise DayError
        missing = [
            str(word)
            for name, (field, word) in PROOFS.items()
            if name in way.needs and not (getattr(wish, name).strip() and getattr(wish, field))
        ]
        if missing:
            raise ProofMissingError(needs=" · ".join(missing))
        row = ExportBasis(
            entity=entity,
            to_country=wish.to_country,
            way=wish.way,
            reference=text_of(ExportBasis, "reference", wish.reference, required=True),
            recorded_by=actor,
            recorded_at=clock().now(),
            last_day=wish.last_day,
            document=wish.document,
            **{name: text_of(ExportBasis, name, getattr(wish, name)) for name in PROOFS},
            **{field: getattr(wish, field) for field, _word in PROOFS.values()},
        )
        row.save(force_insert=True)
        entry.subject = row.ledger_subject
        entry.detail = {
            "to": row.to_country,
            "way": row.way,
            "last_day": row.last_day.isoformat(),
            "proofs": {name: getattr(row, name) for name in PROOFS if getattr(row, name)},
            "document_sha256": row.document.sha256 if row.document else "",
        }
    return row


def export_basis_end(*, actor: User, basis: ExportBasis, reason: str) -> ExportBasis:
    """End a ground before its last day: from now on who looks from there sees nobody unmasked by it.

    Raises:
        NotPermittedError, EndedError, FieldMissingError, FieldTooLongError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PRIVACY_MANAGE,
        resource=entity_resource(basis.entity),
        tag=LedgerTag.PRIVACY_EXPORT_BASIS_ENDED,
    ) as entry:
        row = locked(ExportBasis, basis.pk, None)
        if row.ended_at is not None:
            raise EndedError(name=row.reference)
        row.end_reason = text_of(ExportBasis, "end_reason", reason, required=True)
        row.ended_at = clock().now()
        row.save()
        entry.subject, entry.detail = row.ledger_subject, {"reason": row.end_reason}
    return row
