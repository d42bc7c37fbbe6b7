"""Records visits of authorities: notice of secrecy, papers handed over, the receipt or its refusal.

Follows the seed guide 五(六)3.  No secret paper is handed over before a notice names it, and no visit
is closed before each notice has its receipt or two witnesses of its refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from shoumi.engine.jurisdiction.agreements import Assembled
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.printing import PrintingFailedError, pdf_of
from shoumi.server.files.services import file_opening_record, file_store, files_adopt
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import AuthorityNotice, AuthorityPaper, AuthorityVisit
from shoumi.server.partners.queries.authorities import notice_for
from shoumi.server.partners.services.errors import (
    AuthorityVisitClosedError,
    HandoutError,
    NoticeMissingError,
    NoticeNothingError,
    ReceiptError,
    ReceiptMissingError,
)
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import department_resource
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.register.models import TradeSecret

WITNESSES = 2
TEXTS = {"authority": True, "subject": True, "order": False, "officials": True}


@dataclass(frozen=True, slots=True)
class AuthorityWish:
    """A visit as it is written down."""

    department: Department
    authority: str
    subject: str
    officials: str
    day: date
    order: str = ""
    accompanied: Sequence[Person] = ()


def authority_visit_open(*, actor: User, wish: AuthorityWish) -> AuthorityVisit:
    """Record that an authority inspects something.

    Raises:
        NotPermittedError: the actor keeps no partners for the department.
        FieldMissingError: authority, subject or officials are not told.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(wish.department))
    texts = {
        name: text_of(AuthorityVisit, name, getattr(wish, name), required=required)
        for name, required in TEXTS.items()
    }
    with transaction.atomic():
        visit = AuthorityVisit.objects.create(
            department=wish.department, day=wish.day, opened_by=actor, opened_at=clock().now(), **texts
        )
        visit.accompanied.set(wish.accompanied)
        record(
            PartnerTag.AUTHORITY_VISIT_OPENED,
            actor=actor,
            subject=visit.ledger_subject,
            detail={
                "authority": visit.authority,
                "day": visit.day.isoformat(),
                "accompanied": [person.ledger_subject for person in wish.accompanied],
            },
        )
    return visit


def authority_paper_add(  # noqa: PLR0913 - the parts of a paper
    *,
    actor: User,
    visit: AuthorityVisit,
    title: str,
    way: str,
    copies: int = 1,
    secret: TradeSecret | None = None,
) -> AuthorityPaper:
    """Enter a paper that the authority asks for; it is handed over by a step of its own.

    Raises:
        NotPermittedError, AuthorityVisitClosedError, FieldMissingError: each as it says.
    """
    with transaction.atomic():
        row = _open(actor, visit)
        return AuthorityPaper.objects.create(
            visit=row,
            title=text_of(AuthorityPaper, "title", title, required=True),
            way=AuthorityPaper.Way(way),
            copies=copies,
            secret=secret,
        )


def authority_notice_give(*, actor: User, visit: AuthorityVisit) -> AuthorityNotice:
    """Make and give the notice that names every secret paper not named yet.

    Raises:
        NotPermittedError, AuthorityVisitClosedError: each as it says.
        NoticeNothingError: there is no such paper.
        AgreementIncompleteError, PrintingFailedError: each as it says.
    """
    with transaction.atomic():
        row = _open(actor, visit)
        papers = list(
            row.papers.filter(secret__isnull=False, notice__isnull=True).select_related("secret__entity")
        )
        if not papers:
            raise NoticeNothingError
        made = notice_for(row, papers)
        stored = file_store(
            actor=actor, name=f"{made.title}.pdf", chunks=[_pdf(row, made)], media_type="application/pdf"
        )
        notice = AuthorityNotice.objects.create(
            visit=row, file=stored, given_at=clock().now(), given_by=actor
        )
        AuthorityPaper.objects.filter(pk__in=[paper.pk for paper in papers]).update(notice=notice)
        record(
            PartnerTag.AUTHORITY_NOTICE_GIVEN,
            actor=actor,
            subject=row.ledger_subject,
            detail={
                "notice": str(notice.pk),
                "sha256": stored.sha256,
                "text_sha256": made.sha256,
                "secrets": sorted({paper.secret.number or "" for paper in papers if paper.secret}),
            },
        )
    return notice


def authority_paper_hand(*, actor: User, paper: AuthorityPaper) -> AuthorityPaper:
    """Record that a paper was shown, copied or taken.

    Raises:
        NotPermittedError, AuthorityVisitClosedError: each as it says.
        NoticeMissingError: it holds a trade secret that no notice names.
        HandoutError: it was handed over already.
    """
    with transaction.atomic():
        visit = _open(actor, paper.visit)
        row = AuthorityPaper.objects.select_for_update(no_key=True).get(pk=paper.pk)
        if row.handed_at is not None:
            raise HandoutError
        if row.secret_id is not None and row.notice_id is None:
            raise NoticeMissingError(paper=row.title)
        row.handed_at = clock().now()
        row.save(update_fields=["handed_at"])
        record(
            PartnerTag.AUTHORITY_PAPER_HANDED,
            actor=actor,
            subject=visit.ledger_subject,
            detail={
                "paper": str(row.pk),
                "way": row.way,
                "copies": row.copies,
                "secret": bool(row.secret_id),
            },
        )
    return row


def authority_paper_return(*, actor: User, paper: AuthorityPaper) -> AuthorityPaper:
    """Record that a paper which was taken along is back; also after the visit is closed.

    Raises:
        NotPermittedError: the actor keeps no partners for the department.
        HandoutError: it was not taken, or is back already.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(paper.visit.department))
    with transaction.atomic():
        row = AuthorityPaper.objects.select_for_update(no_key=True).get(pk=paper.pk)
        if row.handed_at is None or row.way != row.Way.TAKEN or row.returned_at is not None:
            raise HandoutError
        row.returned_at = clock().now()
        row.save(update_fields=["returned_at"])
        record(
            PartnerTag.AUTHORITY_PAPER_RETURNED,
            actor=actor,
            subject=paper.visit.ledger_subject,
            detail={"paper": str(row.pk)},
        )
    return row


def authority_receipt_keep(
    *, actor: User, notice: AuthorityNotice, file: StoredFile | UploadedFile
) -> AuthorityNotice:
    """Keep the receipt that the authority signed.

    Raises:
        NotPermittedError, AuthorityVisitClosedError: each as it says.
        ReceiptError: it is settled already.
    """
    gate.require(actor, Action.PARTNER_EDIT, department_resource(notice.visit.department))
    (stored,) = files_adopt(actor=actor, chosen=[file])
    with transaction.atomic():
        row = _unsettled(actor, notice)
        row.receipt, row.settled_at = stored, clock().now()
        row.save()
        record(
            PartnerTag.AUTHORITY_RECEIPT_KEPT,
            actor=actor,
            subject=row.visit.ledger_subject,
            detail={"notice": str(row.pk), "sha256": stored.sha256},
        )
    return row


def authority_receipt_refuse(
    *, actor: User, notice: AuthorityNotice, reason: str, witnesses: Sequence[Person]
) -> AuthorityNotice:
    """Record that the authority refused to sign, in the presence of two witnesses.

    Raises:
        NotPermittedError, AuthorityVisitClosedError: each as it says.
        ReceiptError: it is settled already, or reason or witnesses are missing.
    """
    words = text_of(AuthorityNotice, "refusal", reason)
    if not words or len({person.pk for person in witnesses}) < WITNESSES:
        raise ReceiptError
    with transaction.atomic():
        row = _unsettled(actor, notice)
        row.refusal, row.settled_at = words, clock().now()
        row.save()
        row.witnesses.set(witnesses)
        record(
            PartnerTag.AUTHORITY_RECEIPT_REFUSED,
            actor=actor,
            subject=row.visit.ledger_subject,
            detail={
                "notice": str(row.pk),
                "reason": words,
                "witnesses": sorted(person.ledger_subject for person in witnesses),
            },
        )
    return row


def authority_visit_close(*, actor: User, visit: AuthorityVisit, expected_version: int) -> AuthorityVisit:
    """Close a visit; papers that were taken along may still come back.

    Raises:
        NotPermittedError, RecordChangedError, AuthorityVisitClosedError: each as it says.
        ReceiptMissingError: a notice has neither receipt nor refusal.
    """
    with transaction.atomic():
        row = _open(actor, visit, expected_version)
        if row.notices.filter(settled_at__isnull=True).exists():
            raise ReceiptMissingError
        row.closed_at = clock().now()
        row.version += 1
        row.save()
        record(
            PartnerTag.AUTHORITY_VISIT_CLOSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"papers": row.papers.filter(handed_at__isnull=False).count()},
        )
    return row


def authority_file_open(*, actor: User, notice: AuthorityNotice, receipt: bool) -> StoredFile | None:
    """Return the notice or its receipt to be streamed, after the gate and the ledger have had their say.

    Raises:
        NotPermittedError: the actor opens no papers of outsiders there.
    """
    gate.require(actor, Action.PARTNER_OPEN, department_resource(notice.visit.department))
    stored = notice.receipt if receipt else notice.file
    if stored is not None:
        with transaction.atomic():
            file_opening_record(actor=actor, stored=stored, purpose="download")
    return stored


def _open(actor: User, visit: AuthorityVisit, expected_version: int | None = None) -> AuthorityVisit:
    gate.require(actor, Action.PARTNER_EDIT, department_resource(visit.department))
    row = locked(AuthorityVisit, visit.pk, expected_version)
    if row.closed_at is not None:
        raise AuthorityVisitClosedError
    return row


def _unsettled(actor: User, notice: AuthorityNotice) -> AuthorityNotice:
    _open(actor, notice.visit)
    row = AuthorityNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if row.settled_at is not None:
        raise ReceiptError
    return row


def _pdf(visit: AuthorityVisit, made: Assembled) -> bytes:
    language = visit.department.entity.pack
    with override({"cn": "zh-hans", "jp": "ja"}[language]):
        source = render_to_string(
            "partners/print/notice.html",
            {
                "made": made,
                "entity": visit.department.entity,
                "language_tag": {"cn": "zh-Hans", "jp": "ja"}[language],
                "lines": {name: getattr(made, name).split("\n") for name in ("opening", "closing")},
                "clauses": [(clause, clause.text.split("\n")) for clause in made.clauses],
            },
        )
    try:
        return pdf_of(source)
    except OSError as error:
        raise PrintingFailedError from error
