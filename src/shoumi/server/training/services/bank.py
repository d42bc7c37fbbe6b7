"""Writes the bank of questions of a legal entity: brought in from the pack, the company's own, ended.

A question is never rewritten: a change ends it and puts another in its place, and published versions of
courses keep theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import RecordUnknownError, locked, text_of
from shoumi.server.people.services.writing import counted, writing
from shoumi.server.training.models import BankQuestion
from shoumi.server.training.queries.courses import question_of, table_of
from shoumi.server.training.services.writing import TrainingStateError, verify_parts

FEWEST_OPTIONS = 2
MOST_OPTIONS = 8
OWN = "OWN-"


class OptionsError(InputError):
    """The options do not make a question."""

    code = "training.options"
    message = "A question has 2 to 8 different options, of which at least one is right and one is not."


class UnknownLeakError(InputError):
    """The pack has no such type of leak."""

    code = "training.unknown_leak"
    message = "This type of leak is not known here."


@dataclass(frozen=True, slots=True)
class QuestionText:
    """One question as somebody writes it."""

    part: str
    text: str
    options: tuple[str, ...]
    right: frozenset[int]  # counted from 0
    explanation: str
    source: str
    leak: str = ""

    def verify(self) -> None:
        """Return if the options make a question.

        Raises:
            OptionsError: they do not.
        """
        count = len(self.options)
        fit = FEWEST_OPTIONS <= count <= MOST_OPTIONS and len(set(self.options)) == count
        if not fit or not 0 < len(self.right) < count or not self.right <= set(range(count)):
            raise OptionsError


def bank_fill(entity: LegalEntity) -> int:
    """Bring in what the pack has and the bank has not, within the caller's transaction; return how many.

    A pack's question that was ended here is not brought in again unless its words have changed.
    """
    table = table_of(entity)
    kept: dict[str, list[str]] = {}
    for row in BankQuestion.objects.filter(entity=entity, from_pack=True):
        kept.setdefault(row.code, []).append(question_of(row).digest)
    today, now, new = today_of(entity), clock().now(), []
    for question in table.questions:
        if question.digest in kept.get(question.id, ()):
            continue
        BankQuestion.objects.filter(entity=entity, code=question.id, ended_on=None).update(ended_on=today)
        new.append(
            BankQuestion(
                entity=entity,
                code=question.id,
                language=table.language,
                part=question.part,
                leak=question.leak,
                text=question.text,
                options=list(question.options),
                right=sorted(question.right),
                explanation=question.explanation,
                source=question.source,
                rule=question.rule,
                from_pack=True,
                created_at=now,
            )
        )
    BankQuestion.objects.bulk_create(new)
    return len(new)


def bank_bring_in(*, actor: User, entity: LegalEntity) -> int:
    """Bring in the questions of the pack that the bank lacks; return how many there were.

    Raises:
        NotPermittedError: the actor does not write courses of this entity.
    """
    with _changing(actor, entity) as entry:
        count = bank_fill(entity)
        entry.subject = entity.ledger_subject
        entry.detail = {"brought_in": count}
    return count


def question_add(*, actor: User, entity: LegalEntity, language: str, words: QuestionText) -> BankQuestion:
    """Add a question of the company's own.

    Raises:
        NotPermittedError, OptionsError, UnknownPartError, UnknownLeakError, FieldMissingError: as each says.
    """
    with _changing(actor, entity) as entry:
        LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)  # one number after the other
        count = (
            BankQuestion.objects.filter(entity=entity, code__startswith=OWN).values("code").distinct().count()
        )
        row = _made(entity, f"{OWN}{count + 1:03}", language, words)
        row.save(force_insert=True)
        entry.subject = entity.ledger_subject
        entry.detail = {"question": row.code, "sha256": question_of(row).digest}
    return row


def question_change(
    *, actor: User, question_id: UUID, expected_version: int, words: QuestionText
) -> BankQuestion:
    """Put other words in the place of a question.  Raises as `question_add`, and `RecordChangedError`."""
    found = _found(question_id)
    with _changing(actor, found.entity) as entry:
        former = _ended(found, expected_version)
        row = _made(found.entity, former.code, former.language, words)
        row.from_pack = False
        row.rule = former.rule
        row.save(force_insert=True)
        entry.subject = found.entity.ledger_subject
        entry.detail = {"question": row.code, "sha256": question_of(row).digest}
    return row


def question_end(*, actor: User, question_id: UUID, expected_version: int) -> BankQuestion:
    """Ask a question no more; published versions that have it keep it."""
    found = _found(question_id)
    with _changing(actor, found.entity) as entry:
        row = _ended(found, expected_version)
        entry.subject = found.entity.ledger_subject
        entry.detail = {"question": row.code, "ended": True}
    return row


def _changing(actor: User, entity: LegalEntity):  # noqa: ANN202 - what `writing` returns
    return writing(
        actor=actor,
        action=Action.TRAINING_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.TRAINING_QUESTION_CHANGED,
    )


def _found(question_id: UUID) -> BankQuestion:
    row = BankQuestion.objects.select_related("entity").filter(pk=question_id).first()
    if row is None:
        raise RecordUnknownError
    return row


def _ended(found: BankQuestion, expected_version: int) -> BankQuestion:
    row = locked(BankQuestion, found.pk, expected_version)
    if row.ended_on is not None:
        raise TrainingStateError
    row.ended_on = today_of(found.entity)
    counted(row)
    return row


def _made(entity: LegalEntity, code: str, language: str, words: QuestionText) -> BankQuestion:
    words.verify()
    table = table_of(entity)
    if words.leak and words.leak not in {leak.id for leak in table.leaks}:
        raise UnknownLeakError
    return BankQuestion(
        entity=entity,
        code=code,
        language=language,
        part=verify_parts(table, [words.part])[0],
        leak=words.leak,
        text=text_of(BankQuestion, "text", words.text, required=True),
        options=[" ".join(option.split()) for option in words.options],
        right=sorted(words.right),
        explanation=text_of(BankQuestion, "explanation", words.explanation, required=True),
        source=text_of(BankQuestion, "source", words.source),
        created_at=clock().now(),
    )
