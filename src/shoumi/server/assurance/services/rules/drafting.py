"""Drafts of rule documents: started from the template with the company's data, edited clause by clause.

Follows the guide 三: rules are made from how the company really works.  The template's words stay beside each
clause, so that a departure can be seen and carries its reason.  Approved words are never edited; a new
version is begun instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.documents import DocumentTemplate, document_template, filled
from shoumi.engine.jurisdiction.governance import load_governance
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import (
    LANGUAGES,
    RuleAudience,
    RuleClause,
    RuleDocument,
    RuleVersion,
)
from shoumi.server.assurance.queries.facts import facts_of
from shoumi.server.assurance.queries.rules import IN_WORK, rule_resource
from shoumi.server.assurance.services.writing import StandsTwiceError, lines_of
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity, Post
from shoumi.server.people.services.editing import RecordUnknownError, locked, text_of
from shoumi.server.people.services.writing import Entry, counted, writing

State = RuleVersion.State
EDITABLE = (State.DRAFT, State.RETURNED)
OWN = "own-"  # begins the keys of the company's own clauses


class RuleLanguageError(InputError):
    """Rules are made in Chinese or Japanese."""

    code = "assurance.rule_language"
    message = "Rule documents are made in Chinese or Japanese, not in {language}."


class RuleStateError(ConflictError):
    """The version is not in a state in which this can be done."""

    code = "assurance.rule_state"
    message = "This cannot be done now: the version stands at “{state}”."


class DepartureReasonError(InputError):
    """A clause departs from the template without a reason."""

    code = "assurance.departure_reason"
    message = "Say why the clause departs from the template."


class AudienceError(InputError):
    """A rule binds somebody within its own legal entity."""

    code = "assurance.audience"
    message = "Name whom the rule binds, within its own legal entity."


@dataclass(frozen=True, slots=True)
class AudienceValue:
    """Whom a rule binds: the whole entity, some departments with all below them, some posts."""

    everybody: bool = False
    departments: Sequence[Department] = ()
    posts: Sequence[Post] = ()


def document_start(*, actor: User, entity: LegalEntity, code: str, language: str) -> RuleVersion:
    """Begin a rule document from its template, filled from the company's own data, as version 1.

    Raises:
        NotPermittedError, UnknownDocumentError, RuleLanguageError, StandsTwiceError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.RULE_EDIT,
        resource=resources.rule("new", published=False, places={entity.scope}),
        tag=LedgerTag.ASSURANCE_RULE_DRAFTED,
    ) as entry:
        if language not in dict(LANGUAGES):
            raise RuleLanguageError(language=language)
        template = document_template(entity.pack, code)
        if RuleDocument.objects.filter(entity=entity, code=code, language=language).exists():
            raise StandsTwiceError
        document = RuleDocument.objects.create(
            entity=entity, code=code, language=language, created_at=clock().now()
        )
        version = _version_made(document, 1, template, actor)
        RuleClause.objects.bulk_create(_clauses_made(version, template))
        RuleAudience.objects.create(version=version, entity=entity)
        _negligence_looked_up(version)
        entry.subject = version.ledger_subject
        entry.detail = {"document": code, "language": language, "template": template.edition}
    return version


def version_next(*, actor: User, document: RuleDocument) -> RuleVersion:
    """Begin the next version from the newest one, with the company's data of today.

    A clause that did not depart takes the template's words anew; one that did keeps its own, beside the
    template's new ones.

    Raises:
        NotPermittedError, StandsTwiceError: each as it says; there is one version in work at a time.
    """
    entity = document.entity
    with writing(
        actor=actor,
        action=Action.RULE_EDIT,
        resource=resources.rule("new", published=False, places={entity.scope}),
        tag=LedgerTag.ASSURANCE_RULE_DRAFTED,
    ) as entry:
        locked(RuleDocument, document.pk, None)
        if document.versions.filter(state__in=IN_WORK).exists():
            raise StandsTwiceError
        former = document.versions.order_by("-ordinal").first()
        if former is None:
            raise RecordUnknownError
        template = document_template(entity.pack, document.code)
        version = _version_made(document, former.ordinal + 1, template, actor, title=former.title)
        RuleClause.objects.bulk_create(_clauses_carried(version, former, template))
        RuleAudience.objects.bulk_create(
            RuleAudience(
                version=version, entity_id=row.entity_id, department_id=row.department_id, post_id=row.post_id
            )
            for row in former.audience.all()
        )
        _negligence_looked_up(version)
        entry.subject = version.ledger_subject
        entry.detail = {"document": document.code, "follows": str(former.pk), "template": template.edition}
    return version


def clause_save(  # noqa: PLR0913 - the parts of a clause, each named
    *,
    actor: User,
    version_id: UUID,
    expected_version: int,
    key: str,
    heading: str,
    text: str,
    reason: str = "",
) -> RuleVersion:
    """Write a clause anew; where it departs from the template it carries the reason.

    Raises:
        NotPermittedError, RuleStateError, RecordChangedError, RecordUnknownError, DepartureReasonError: each
            as it says.
    """
    with editing_rule(actor, version_id, expected_version) as (version, entry):
        clause = version.clauses.filter(key=key).first()
        if clause is None:
            raise RecordUnknownError
        clause.heading = text_of(RuleClause, "heading", heading, required=True)
        clause.text = lines_of(RuleClause, "text", text)
        clause.reason = text_of(RuleClause, "reason", reason)
        if clause.departs and not clause.reason:
            raise DepartureReasonError
        clause.save()
        entry.detail = {"event": "clause", "clause": key, "departs": clause.departs}
    return version


def clause_add(  # noqa: PLR0913 - the parts of a clause, each named
    *, actor: User, version_id: UUID, expected_version: int, heading: str, text: str, reason: str
) -> RuleVersion:
    """Add a clause of the company's own at the end, with the reason."""
    with editing_rule(actor, version_id, expected_version) as (version, entry):
        key = f"{OWN}{uuid4().hex[:12]}"
        RuleClause.objects.create(
            version=version,
            ordinal=version.clauses.count() + 1,
            key=key,
            heading=text_of(RuleClause, "heading", heading, required=True),
            text=lines_of(RuleClause, "text", text),
            reason=text_of(RuleClause, "reason", reason, required=True),
        )
        entry.detail = {"event": "clause_added", "clause": key}
    return version


def clause_remove(
    *, actor: User, version_id: UUID, expected_version: int, key: str, reason: str
) -> RuleVersion:
    """Take a clause out, with the reason; the ledger keeps that it was there."""
    with editing_rule(actor, version_id, expected_version) as (version, entry):
        clause = version.clauses.filter(key=key).first()
        if clause is None:
            raise RecordUnknownError
        reason = text_of(RuleClause, "reason", reason, required=True)
        clause.delete()
        for ordinal, row in enumerate(version.clauses.order_by("ordinal"), 1):
            if row.ordinal != ordinal:
                row.ordinal = ordinal
                row.save(update_fields=["ordinal"])
        entry.detail = {"event": "clause_removed", "clause": key, "reason": reason}
    return version


def clause_move(*, actor: User, version_id: UUID, expected_version: int, key: str, up: bool) -> RuleVersion:
    """Move a clause one place up or down."""
    with editing_rule(actor, version_id, expected_version) as (version, entry):
        rows = list(version.clauses.order_by("ordinal"))
        place = next((number for number, row in enumerate(rows) if row.key == key), None)
        if place is None:
            raise RecordUnknownError
        other = place + (-1 if up else 1)
        if 0 <= other < len(rows):
            rows[place].ordinal, rows[other].ordinal = rows[other].ordinal, rows[place].ordinal
            RuleClause.objects.bulk_update([rows[place], rows[other]], ["ordinal"])
        entry.detail = {"event": "clause_moved", "clause": key, "up": up}
    return version


def audience_set(
    *, actor: User, version_id: UUID, expected_version: int, audience: AudienceValue
) -> RuleVersion:
    """Say whom the version binds.

    Raises:
        NotPermittedError, RuleStateError, RecordChangedError, AudienceError: each as it says.
    """
    with editing_rule(actor, version_id, expected_version) as (version, entry):
        entity = version.document.entity
        outside = [item for item in audience.departments if item.entity_id != entity.pk]
        outside += [item for item in audience.posts if item.department.entity_id != entity.pk]
        if outside or not (audience.everybody or audience.departments or audience.posts):
            raise AudienceError
        version.audience.all().delete()
        rows = [RuleAudience(version=version, entity=entity)] if audience.everybody else []
        if not audience.everybody:
            rows += [RuleAudience(version=version, department=item) for item in audience.departments]
            rows += [RuleAudience(version=version, post=item) for item in audience.posts]
        RuleAudience.objects.bulk_create(rows)
        entry.detail = {
            "event": "audience",
            "everybody": audience.everybody,
            "departments": sorted(str(row.department_id) for row in rows if row.department_id),
            "posts": sorted(str(row.post_id) for row in rows if row.post_id),
        }
    return version


@contextmanager
def editing_rule(actor: User, version_id: UUID, expected_version: int) -> Iterator[tuple[RuleVersion, Entry]]:
    """Yield an editable version, locked; on leaving, remember who worked on it and count it."""
    found = version_found(version_id)
    with writing(
        actor=actor,
        action=Action.RULE_EDIT,
        resource=rule_resource(found),
        tag=LedgerTag.ASSURANCE_RULE_SAVED,
    ) as entry:
        version = locked(RuleVersion, version_id, expected_version)
        verify_state(version, EDITABLE)
        entry.subject = version.ledger_subject
        yield version, entry
        if str(actor.pk) not in version.worked_on_by:
            version.worked_on_by = [*version.worked_on_by, str(actor.pk)]
        _negligence_looked_up(version, save=False)
        counted(version)


def version_found(version_id: UUID) -> RuleVersion:
    """Return a version with its document and entity.

    Raises:
        RecordUnknownError: there is none.
    """
    rows = RuleVersion.objects.select_related("document__entity")
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise RecordUnknownError
    return version


def verify_state(version: RuleVersion, states: Sequence[str]) -> None:
    """Return if the version stands at one of `states`.

    Raises:
        RuleStateError: it does not.
    """
    if version.state not in states:
        raise RuleStateError(state=State(version.state).label)


def _version_made(
    document: RuleDocument, ordinal: int, template: DocumentTemplate, actor: User, title: str = ""
) -> RuleVersion:
    return RuleVersion.objects.create(
        document=document,
        ordinal=ordinal,
        title=title or template.names.in_language(document.language),
        template=template.edition,
        drafted_by=actor,
        worked_on_by=[str(actor.pk)],
        created_at=clock().now(),
    )


def _clauses_made(version: RuleVersion, template: DocumentTemplate) -> list[RuleClause]:
    language = version.document.language
    facts = facts_of(version.document.entity, language)
    return [
        RuleClause(
            version=version,
            ordinal=ordinal,
            key=clause.id,
            part=clause.part,
            heading=clause.heading.in_language(language),
            text=(words := filled(clause.text.in_language(language), facts).strip()),
            template_text=words,
        )
        for ordinal, clause in enumerate(template.clauses, 1)
    ]


def _clauses_carried(
    version: RuleVersion, former: RuleVersion, template: DocumentTemplate
) -> list[RuleClause]:
    fresh = {clause.key: clause for clause in _clauses_made(version, template)}
    carried = []
    for ordinal, old in enumerate(former.clauses.order_by("ordinal"), 1):
        new = fresh.get(old.key)
        clause = RuleClause(
            version=version,
            ordinal=ordinal,
            key=old.key,
            part=old.part,
            heading=old.heading,
            text=old.text,
            template_text=new.text if new else "",
            reason=old.reason,
        )
        if new is not None and not old.departs:
            clause.text, clause.reason = new.text, ""
        carried.append(clause)
    return carried


def _negligence_looked_up(version: RuleVersion, *, save: bool = True) -> None:
    """Look in the words whether a clause names leaks by negligence as a breach, and keep the answer."""
    document = version.document
    governance = load_governance(document.entity.pack)
    for clause in version.clauses.all():
        named = governance.names_negligence(clause.text, document.language)
        if clause.negligence != named:
            RuleClause.objects.filter(pk=clause.pk).update(negligence=named)
    version.negligence = version.clauses.filter(negligence=True).exists()
    if save:
        version.save(update_fields=["negligence"])
