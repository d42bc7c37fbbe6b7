"""Refuses values that name nothing: a person, a place, a file, a level or a period that is not there.

A draft may be incomplete; it may not point at nothing, nor at a file that is not its editor's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import ExclusionAnswer, Pack, check_exclusions, parse_period
from shoumi.engine.jurisdiction.periods import period_end
from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.people.models import Department, Person, Post
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Carrier, ElementJudgement, ScopeEntry, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.standards import level_of
from shoumi.server.register.values import ElementValue, ExclusionValue, Identity, Limits

TARGETS: dict[str, type[Model]] = {"departments": Department, "posts": Post, "persons": Person}


class NothingNamedError(InputError):
    """A value names something that is not there."""

    code = "register.nothing_named"
    message = "There is no {what} “{value}”."


def verify_identity(secret: TradeSecret, identity: Identity) -> None:
    """Return if category and custodian exist."""
    known = {category.id for category in pack_of(secret).categories}
    if identity.category and identity.category not in known:
        raise NothingNamedError(what="category", value=identity.category)
    verify_row(Person, identity.custodian, "person")


def verify_row(model: type[Model], key: object, what: str) -> None:
    """Return if `key` is empty or the key of a row of `model`."""
    if key in {None, ""}:
        return
    try:
        there = model._default_manager.filter(pk=key).exists()  # noqa: SLF001 - Django's public, if underscored, API
    except (ValueError, ValidationError):
        there = False
    if not there:
        raise NothingNamedError(what=what, value=str(key))


def verify_carrier(kind: str, keeper: object) -> None:
    """Return if the kind is known and the keeper exists."""
    if kind not in Carrier.Kind.values:
        raise NothingNamedError(what="kind of carrier", value=kind)
    verify_row(Person, keeper, "person")


def verify_element(value: ElementValue) -> None:
    """Return if element and verdict are known words."""
    if value.element not in ElementJudgement.Element.values:
        raise NothingNamedError(what="element", value=value.element)
    if value.verdict and value.verdict not in ElementJudgement.Verdict.values:
        raise NothingNamedError(what="verdict", value=value.verdict)


def verify_exclusions(secret: TradeSecret, answers: Iterable[ExclusionValue]) -> None:
    """Return if every answer belongs to a question of the pack and is yes, no or not given."""
    given = {value.exclusion: ExclusionAnswer(None, dict(value.fields)) for value in answers}
    check_exclusions(pack_of(secret), given, today_of(secret.entity))
    for value in answers:
        if value.answer not in {"", "yes", "no"}:
            raise NothingNamedError(what="answer", value=value.answer)


def verify_level(pack: Pack, level_id: str) -> None:
    """Return if the level is empty or one of the pack's."""
    if level_id and level_of(pack, level_id) is None:
        raise NothingNamedError(what="level", value=level_id)


def verify_limits(secret: TradeSecret, limits: Limits) -> None:
    """Return if the period can be read and every line of the scope names something that exists."""
    if limits.period:
        period_end(secret.period_starts_on or today_of(secret.entity), parse_period(limits.period))
    for line in limits.scope:
        if line.kind not in ScopeEntry.Kind.values:
            raise NothingNamedError(what="kind of scope", value=line.kind)
        model = TARGETS.get(line.kind)
        if model is not None:
            if not line.target:
                raise NothingNamedError(what=line.kind, value="")
            verify_row(model, line.target, line.kind)


def verify_files(actor: User, files: Iterable[UUID], kept: Iterable[UUID] = ()) -> None:
    """Return if every file is ready and either the actor's own or among those that are `kept`."""
    wanted = set(files) - set(kept)
    own = set(
        StoredFile.objects.filter(pk__in=wanted, owner=actor, state=FileState.READY).values_list(
            "pk", flat=True
        )
    )
    for key in wanted - own:
        raise NothingNamedError(what="file", value=str(key))
