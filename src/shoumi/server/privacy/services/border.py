"""Records on which ground personal data may be seen from another country.

Whose rule: the ways of the pack's `personal_data.yaml`.  Whether one holds is for legal to judge.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Country, LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import record, text_of
from shoumi.server.privacy.models import ExportBasis
from shoumi.server.privacy.queries.words import table_of
from shoumi.server.privacy.services.errors import DayError, WordUnknownError


def export_basis_record(  # noqa: PLR0913 - the fields of the form
    *, actor: User, entity: LegalEntity, to_country: str, way: str, reference: str, last_day: date
) -> ExportBasis:
    """Record a ground for one country.

    Raises:
        NotPermittedError, WordUnknownError, DayError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.PRIVACY_MANAGE, entity_resource(entity))
    if way not in table_of(entity).ways:
        raise WordUnknownError(word=way)
    if to_country not in Country.values or to_country == entity.country:
        raise WordUnknownError(word=to_country)
    if last_day < today_of(entity):
        raise DayError
    row = ExportBasis(
        entity=entity,
        to_country=to_country,
        way=way,
        reference=text_of(ExportBasis, "reference", reference, required=True),
        recorded_by=actor,
        recorded_at=clock().now(),
        last_day=last_day,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        record(
            LedgerTag.PRIVACY_EXPORT_BASIS_RECORDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"to": to_country, "way": way, "last_day": last_day.isoformat()},
        )
    return row
