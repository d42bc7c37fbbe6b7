"""Recording third parties and the signed confidentiality agreements with them.

Follows the seed guide 五(二)5.  An agreement is added, never edited.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_opening_record, files_adopt
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource
from shoumi.server.register.models import ConfidentialityAgreement, ThirdParty
from shoumi.server.register.queries.operations.resources import third_party_resource


class ThirdPartyFaultyError(InputError):
    """No name, or no such third party."""

    code = "register.third_party_faulty"
    message = "Name the third party."


class ThirdPartyTwiceError(ConflictError):
    """The department has it already."""

    code = "register.third_party_twice"
    message = "This department has a third party of that name already."


class ThirdPartyChangedError(ConflictError):
    """Somebody saved it in the meantime."""

    code = "register.third_party_changed"
    message = "Somebody else changed this third party in the meantime. Look at it again."


class AgreementFaultyError(InputError):
    """Something of the agreement is missing."""

    code = "register.agreement_faulty"
    message = "An agreement names parties, a day and a level, and does not end before it begins."


def third_party_save(  # noqa: PLR0913 - the fields of a record, each named
    *,
    actor: User,
    department: Department,
    name: str,
    registration_number: str = "",
    contact: str = "",
    third_party: ThirdParty | None = None,
    expected_version: int | None = None,
) -> ThirdParty:
    """Record a third party of a department, or change its name, number and contact.

    Raises:
        ThirdPartyFaultyError: no name.
        ThirdPartyTwiceError: the department has one of that name.
        ThirdPartyChangedError: `expected_version` is not the present one.
        NotPermittedError: the gate refuses.
    """
    if third_party is not None:
        gate.require(actor, Action.PARTNER_EDIT, third_party_resource(third_party))
    gate.require(actor, Action.PARTNER_EDIT, department_resource(department))
    if not name.strip():
        raise ThirdPartyFaultyError
    new = third_party is None
    try:
        with transaction.atomic():
            if third_party is None:
                row = ThirdParty(created_at=clock().now(), version=0)
            else:
                row = ThirdParty.objects.select_for_update(no_key=True).get(pk=third_party.pk)
                if expected_version is not None and row.version != expected_version:
                    raise ThirdPartyChangedError
            row.department, row.name = department, name.strip()[:200]
            row.registration_number, row.contact = registration_number.strip()[:60], contact.strip()[:200]
            row.version += 1
            row.save(force_insert=new)
            append(
                RegisterTag.THIRD_PARTY_CREATED if new else RegisterTag.THIRD_PARTY_CHANGED,
                actor=actor.ledger_actor,
                subject=row.ledger_subject,
                detail={"name": row.name, "registration_number": row.registration_number},
            )
    except IntegrityError:
        raise ThirdPartyTwiceError from None
    return row


def agreement_record(  # noqa: PLR0913 - the fields of a record, each named
    *,
    actor: User,
    third_party_id: UUID,
    file: StoredFile | UploadedFile,
    parties: str,
    signed_on: date,
    level: int,
    valid_until: date | None = None,
) -> ConfidentialityAgreement:
    """Record a signed agreement with its file.

    Raises:
        ThirdPartyFaultyError: there is no such third party.
        AgreementFaultyError: parties are missing, the level is none, or it ends before it begins.
        NotPermittedError: the gate refuses.
    """
    row = ThirdParty.objects.select_related("department").filter(pk=third_party_id).first()
    if row is None:
        raise ThirdPartyFaultyError
    gate.require(actor, Action.PARTNER_EDIT, third_party_resource(row))
    levels = {value for value, _name in ConfidentialityAgreement._meta.get_field("level").choices}  # noqa: SLF001 - documented
    if not parties.strip() or level not in levels or (valid_until and valid_until < signed_on):
        raise AgreementFaultyError
    (stored,) = files_adopt(actor=actor, chosen=[file])
    with transaction.atomic():
        agreement = ConfidentialityAgreement.objects.create(
            third_party=row,
            file=stored,
            parties=parties.strip()[:400],
            signed_on=signed_on,
            valid_until=valid_until,
            level=level,
            recorded_by=actor,
            recorded_at=clock().now(),
        )
        append(
            RegisterTag.AGREEMENT_RECORDED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={
                "agreement": str(agreement.pk),
                "sha256": stored.sha256,
                "signed_on": signed_on.isoformat(),
                "valid_until": valid_until.isoformat() if valid_until else "",
                "level": level,
            },
        )
    return agreement


def agreement_open(*, actor: User, agreement_id: UUID) -> StoredFile:
    """Return the file of an agreement to be streamed, after the gate and the ledger have had their say.

    Raises:
        ThirdPartyFaultyError: there is no such agreement.
        NotPermittedError: the gate refuses.
    """
    rows = ConfidentialityAgreement.objects.select_related("third_party__department", "file")
    row = rows.filter(pk=agreement_id).first()
    if row is None:
        raise ThirdPartyFaultyError
    gate.require(actor, Action.PARTNER_VIEW, third_party_resource(row.third_party))
    with transaction.atomic():
        file_opening_record(actor=actor, stored=row.file, purpose="download")
    return row.file
