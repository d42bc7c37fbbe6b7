"""Records partners, changes and ends them, and files the signed agreements with them.

Follows the seed guide 五(六)1: an agreement is registered with its five parts, its number and its place.
The signed paper itself is the register's, which checks it before every disclosure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Filing, Partner
from shoumi.server.partners.queries.outsourcing import assessed_until
from shoumi.server.partners.services.errors import (
    FilingError,
    ManagerError,
    OutsourcingUnassessedError,
    PartnerOverError,
    PartnerTwiceError,
)
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import department_resource, today_of
from shoumi.server.people.services.editing import FieldMissingError, locked, record, text_of
from shoumi.server.register.models import ConfidentialityAgreement, ThirdParty
from shoumi.server.register.services.third_parties import third_party_save

TEXTS = ("work", "manager_name", "manager_contact")
PARTS = ("content", "period", "duties", "liability", "filed_where")


@dataclass(frozen=True, slots=True)
class PartnerWish:
    """A partner as it is written on the form."""

    department: Department
    kind: str
    name: str
    registration_number: str = ""
    contact: str = ""
    work: str = ""
    manager_name: str = ""
    manager_contact: str = ""


@dataclass(frozen=True, slots=True)
class FilingWish:
    """The registration of an agreement."""

    number: str
    form: str
    content: str
    period: str
    duties: str
    liability: str
    filed_where: str


def partner_record(*, actor: User, wish: PartnerWish) -> Partner:
    """Record a partner; a third party of that name that the register has already becomes this partner.

    Raises:
        NotPermittedError: the actor does not keep partners for the department.
        PartnerTwiceError: the department has this partner already.
        FieldMissingError: no name, or a sender of workers without its responsible person.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(wish.department))
    _verify(wish)
    with transaction.atomic():
        known = ThirdParty.objects.filter(department=wish.department, name=wish.name.strip()).first()
        if known is not None and Partner.objects.filter(third_party=known).exists():
            raise PartnerTwiceError(name=wish.name.strip())
        partner = Partner.objects.create(
            third_party=_third_party(actor, wish, known),
            kind=wish.kind,
            **_texts(wish),
            recorded_by=actor,
            recorded_at=clock().now(),
        )
        record(
            PartnerTag.PARTNER_RECORDED,
            actor=actor,
            subject=partner.ledger_subject,
            detail={"kind": partner.kind, "third_party": partner.third_party.ledger_subject},
        )
    return partner


def partner_change(*, actor: User, partner: Partner, expected_version: int, wish: PartnerWish) -> Partner:
    """Change what is recorded of a partner.

    Raises:
        NotPermittedError, RecordChangedError, FieldMissingError: each as it says.
        ThirdPartyTwiceError: the department has another one of that name.
    """
    department = partner.third_party.department
    gate.require(actor, Action.PARTNER_EDIT, department_resource(department))
    _verify(wish)
    with transaction.atomic():
        row = locked(Partner, partner.pk, expected_version)
        _third_party(actor, wish, row.third_party)
        values = {"kind": wish.kind, **_texts(wish)}
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, values[name])
        row.version += 1
        row.save()
        record(
            PartnerTag.PARTNER_CHANGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"parts": sorted(changed)},
        )
    return row


def partner_manager_set(
    *, actor: User, partner: Partner, expected_version: int, manager: User | None
) -> Partner:
    """Let the responsible person of a partner in by a sign-in of their own; None takes it back.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        ManagerError: the sign-in belongs to somebody of the company.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(partner.third_party.department))
    if manager is not None and Person.objects.filter(user=manager, engagements__kind="employee").exists():
        raise ManagerError
    with transaction.atomic():
        row = locked(Partner, partner.pk, expected_version)
        row.manager = manager
        row.version += 1
        row.save()
        record(
            PartnerTag.PARTNER_CHANGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"parts": ["manager"], "manager": manager.ledger_actor if manager else ""},
        )
    return row


def partner_end(*, actor: User, partner: Partner, expected_version: int, day: date, reason: str) -> Partner:
    """End the work with a partner; from that day on nothing is disclosed to it.

    Raises:
        NotPermittedError, RecordChangedError, FieldMissingError: each as it says.
        PartnerOverError: it has ended already.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(partner.third_party.department))
    with transaction.atomic():
        row = locked(Partner, partner.pk, expected_version)
        if row.ended_on is not None:
            raise PartnerOverError(day=row.ended_on.isoformat())
        row.end_reason = text_of(Partner, "end_reason", reason, required=True)
        row.ended_on = day
        row.version += 1
        row.save()
        record(
            PartnerTag.PARTNER_ENDED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"day": day.isoformat(), "reason": row.end_reason},
        )
    return row


def agreement_file(
    *, actor: User, partner: Partner, agreement: ConfidentialityAgreement, wish: FilingWish
) -> Filing:
    """Register a signed agreement with its five parts; without a number it gets the next of its year.

    Raises:
        NotPermittedError: the actor does not keep this partner.
        FieldMissingError: one of the five parts, or where the paper lies, is not told.
        OutsourcingUnassessedError: a contractor or agency before the risk assessment is agreed to.
        FilingError: the agreement is another party's, is filed already, or the number is taken.
    """
    department = partner.third_party.department
    gate.require(actor, Action.PARTNER_EDIT, department_resource(department))
    if partner.sends_workers and not assessed_until(partner, today_of(department.entity)):
        raise OutsourcingUnassessedError(partner=str(partner))
    if agreement.third_party_id != partner.third_party_id or wish.form not in Filing.Form.values:
        raise FilingError
    parts = {name: text_of(Filing, name, getattr(wish, name), required=True) for name in PARTS}
    today = today_of(department.entity)
    try:
        with transaction.atomic():
            locked(Partner, partner.pk, None)
            filing = Filing.objects.create(
                partner=partner,
                agreement=agreement,
                number=text_of(Filing, "number", wish.number) or _next_number(today.year),
                form=wish.form,
                filed_on=today,
                filed_by=actor,
                **parts,
            )
            record(
                PartnerTag.AGREEMENT_FILED,
                actor=actor,
                subject=partner.ledger_subject,
                detail={"agreement": str(agreement.pk), "number": filing.number, "form": filing.form},
            )
    except IntegrityError:
        raise FilingError from None
    return filing


def _next_number(year: int) -> str:
    head = f"CA-{year}-"
    last = Filing.objects.filter(number__regex=rf"^{head}[0-9]{{4}}$").aggregate(last=Max("number"))["last"]
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:04}"


def _verify(wish: PartnerWish) -> None:
    sends = wish.kind in {Partner.Kind.CONTRACTOR, Partner.Kind.AGENCY}
    if wish.kind not in Partner.Kind.values or (sends and not wish.manager_name.strip()):
        name = "manager_name" if sends else "kind"
        raise FieldMissingError(field=str(Partner._meta.get_field(name).verbose_name))  # noqa: SLF001 - documented


def _texts(wish: PartnerWish) -> dict[str, str]:
    return {name: text_of(Partner, name, getattr(wish, name)) for name in TEXTS}


def _third_party(actor: User, wish: PartnerWish, known: ThirdParty | None) -> ThirdParty:
    return third_party_save(
        actor=actor,
        department=wish.department,
        name=wish.name,
        registration_number=wish.registration_number or (known.registration_number if known else ""),
        contact=wish.contact or (known.contact if known else ""),
        third_party=known,
    )
