"""Everything that stands between a draft and its submission, listed at once and step by step.

Follows the seed guide 四(一) to 四(四): three elements with evidence, exclusions, factors, period, scope.
Reads only; `services.proposals` refuses to submit while a fault is listed, warnings never refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import (
    ExclusionAnswer,
    ExclusionVerdict,
    Pack,
    Suggestion,
    check_exclusions,
    parse_period,
    period_end,
    suggest_level,
)
from shoumi.server.register.models import ElementJudgement, ScopeEntry, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.choosing import clearances
from shoumi.server.register.queries.customer_information import faults_of_depth
from shoumi.server.register.queries.hints import content_signs
from shoumi.server.register.queries.standards import ALL_STAFF, LevelStandard, standard_for
from shoumi.server.register.values import Fault

STEPS = 5


def language() -> str:
    """Return the language tag in which a pack's texts are to be shown now."""
    return get_language() or "en"


def faults_of(secret: TradeSecret, today: date) -> list[Fault]:
    """Return every fault of a draft, in the order of the steps; `today` is the day where the entity sits."""
    return [
        *_identity(secret),
        *_holdings(secret),
        *_elements(secret),
        *faults_of_depth(secret),
        *_exclusions(secret, today),
        *_grading(secret),
        *_limits(secret, today),
    ]


def warnings_of(secret: TradeSecret) -> list[Fault]:
    """Return what a careful reader would ask about; none of it refuses a submission."""
    found = [Fault(1, "name", "content_in_name", sign) for sign in content_signs(secret.name)]
    found += [
        Fault(1, "description", "content_in_description", sign) for sign in content_signs(secret.description)
    ]
    standard = standard_for(secret)
    if standard:
        named = [
            row.person for row in secret.scope.filter(kind=ScopeEntry.Kind.PERSONS).select_related("person")
        ]
        cleared = clearances(person.pk for person in named)
        below = [str(person) for person in named if cleared.get(person.pk, 0) < standard.level.rank]
        if below:
            text = _("The posts of these persons are cleared for a lower level: %(names)s.") % {
                "names": ", ".join(below)
            }
            found.append(Fault(5, "scope", "clearance_below", text))
    return found


def suggestion_for(secret: TradeSecret) -> Suggestion:
    """Return the level that the factors graded so far speak for, with its explanation."""
    scores = {row.factor: row.score for row in secret.factors.all()}
    return suggest_level(pack_of(secret), scores)


def exclusions_verdict(secret: TradeSecret, today: date) -> ExclusionVerdict:
    """Return what the answers to the exclusions mean today."""
    pack = pack_of(secret)
    answers = {
        row.exclusion: ExclusionAnswer({"yes": True, "no": False}.get(row.answer), row.fields)
        for row in secret.exclusions.all()
    }
    return check_exclusions(pack, answers, today)


def _identity(secret: TradeSecret) -> Iterator[Fault]:
    wanted = {
        "national_security": (
            secret.national_security == "no",
            _("Answer the question about national security."),
        ),
        "name": (bool(secret.name.strip()), _("Give the secret a name.")),
        "description": (bool(secret.description.strip()), _("Describe the secret without telling it.")),
        "category": (bool(secret.category), _("Choose a category.")),
        "custodian": (secret.custodian_id is not None, _("Name a custodian.")),
        "necessity": (bool(secret.necessity.strip()), _("Say why it must be kept secret at all.")),
    }
    for field, (given, text) in wanted.items():
        if not given:
            yield Fault(1, field, f"{field}_missing", text)


def _holdings(secret: TradeSecret) -> Iterator[Fault]:
    if not secret.files.exists() and not secret.carriers.exists():
        yield Fault(
            2, "files", "holding_missing", _("Add at least one file or another carrier of the secret.")
        )


def _elements(secret: TradeSecret) -> Iterator[Fault]:
    rows = {row.element: row for row in secret.elements.prefetch_related("evidence")}
    for element in ElementJudgement.Element:
        row = rows.get(element.value)
        field, names = f"element_{element.value}", {"element": element.label}
        if row is None or not row.verdict:
            yield Fault(3, field, "verdict_missing", _("%(element)s: give a verdict.") % names)
        elif row.verdict != ElementJudgement.Verdict.MET:
            text = _("%(element)s: not found to be met. Without all three elements it is not a trade secret.")
            yield Fault(3, field, "element_not_met", text % names)
        if row is None or not row.reason.strip():
            yield Fault(3, field, "reason_missing", _("%(element)s: give the reason of the verdict.") % names)
        if row is None or not any(piece.text.strip() or piece.file_id for piece in row.evidence.all()):
            text = _("%(element)s: add at least one piece of evidence, in words or as a file.")
            yield Fault(3, field, "evidence_missing", text % names)


def _exclusions(secret: TradeSecret, today: date) -> Iterator[Fault]:
    verdict, tongue = exclusions_verdict(secret, today), language()
    for exclusion in verdict.unanswered:
        text = _("Answer: %(question)s") % {"question": exclusion.question.in_language(tongue)}
        yield Fault(3, f"exclusion_{exclusion.id}", "exclusion_unanswered", text)
    for fault in verdict.faults:
        values = {"field": fault.field.names.in_language(tongue)}
        text = _("%(field)s is missing.") if fault.fault == "missing" else _("%(field)s has another form.")
        yield Fault(
            3, f"exclusion_{fault.exclusion.id}_{fault.field.id}", f"field_{fault.fault}", text % values
        )
    for exclusion in verdict.excluded:
        text = _("“%(name)s” applies, so it is not a trade secret.") % {
            "name": exclusion.names.in_language(tongue)
        }
        yield Fault(3, f"exclusion_{exclusion.id}", "excluded", text)


def _grading(secret: TradeSecret) -> Iterator[Fault]:
    pack, tongue = pack_of(secret), language()
    rows = {row.factor: row for row in secret.factors.all()}
    for factor in pack.factors:
        row = rows.get(factor.id)
        name = {"factor": factor.names.in_language(tongue)}
        if row is None or row.score is None:
            if factor.required:
                yield Fault(
                    4, f"factor_{factor.id}", "grade_missing", _("%(factor)s: choose a grade.") % name
                )
        elif not row.reason.strip():
            yield Fault(
                4, f"factor_{factor.id}", "grade_reason_missing", _("%(factor)s: give the reason.") % name
            )
    if standard_for(secret) is None:
        yield Fault(4, "level", "level_missing", _("Choose a level."))
        return
    suggestion = suggestion_for(secret)
    if suggestion.level and suggestion.level.id != secret.level and not secret.level_reason.strip():
        values = {"suggested": suggestion.level.names.in_language(tongue)}
        text = _("The factors speak for “%(suggested)s”; say why you chose another level.") % values
        yield Fault(4, "level_reason", "level_reason_missing", text)


def _limits(secret: TradeSecret, today: date) -> Iterator[Fault]:
    standard = standard_for(secret)
    yield from _period(secret, standard, today)
    kinds = set(secret.scope.values_list("kind", flat=True))
    if not kinds:
        yield Fault(5, "scope", "scope_missing", _("Say who may know: departments, posts or persons."))
    if standard is None:
        return
    yield from scope_faults(pack_of(secret), standard, kinds, secret.scope_reason)


def scope_faults(pack: Pack, standard: LevelStandard, kinds: set[str], reason: str) -> Iterator[Fault]:
    """Yield what is wrong with a scope made of `kinds` at the level of `standard`."""
    tongue = language()
    level = standard.level.names.in_language(tongue)
    wider = kinds - set(standard.scope_allowed)
    if ALL_STAFF in wider:
        text = _("“%(level)s” is never open to all staff; name departments, posts or persons.") % {
            "level": level
        }
        yield Fault(5, "scope", "scope_all_staff", text)
    elif wider and not reason.strip():
        named = {kind.id: kind.names.in_language(tongue) for kind in pack.scope_kinds}
        values = {"level": level, "kinds": ", ".join(sorted(named.get(kind, kind) for kind in wider))}
        text = _("By default “%(level)s” is not opened to %(kinds)s; say why it must be here.") % values
        yield Fault(5, "scope_reason", "scope_reason_missing", text)


def _period(secret: TradeSecret, standard: LevelStandard | None, today: date) -> Iterator[Fault]:
    if not secret.period:
        yield Fault(5, "period", "period_missing", _("Set the confidentiality period."))
        return
    yield from period_faults(secret.period, secret.publication_event, secret.period_starts_on or today, today)
    differs = standard is not None and secret.period != standard.period.code
    if differs and not secret.period_reason.strip():
        text = _("The period differs from the default of this level; say why.")
        yield Fault(5, "period_reason", "period_reason_missing", text)


def period_faults(code: str, event: str, start: date, today: date) -> Iterator[Fault]:
    """Yield what is wrong with the period `code` that begins on `start`."""
    try:
        period = parse_period(code)
        end = period_end(start, period)
    except InputError:
        yield Fault(5, "period", "period_form", _("This is no confidentiality period."))
        return
    if end is not None and end < today:
        yield Fault(5, "period", "period_past", _("The period would be over already."))
    if period.code == "until_publication" and not event.strip():
        yield Fault(
            5, "publication_event", "publication_missing", _("Say which publication ends the period.")
        )
