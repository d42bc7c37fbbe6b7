"""Which rule holds on a day, and where a concept stands in the statute on the day of an act.

Source: the packs' `rules.yaml` and `concepts.yaml`.  An answer always carries how well it is known.  No
conclusion of law is drawn: the caller shows a citation and what is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.pack import Pack, Provision, Rule
from shoumi.engine.jurisdiction.values import Status


class UnknownRuleError(InputError):
    """The pack has no such rule."""

    code = "jurisdiction.unknown_rule"
    message = "The pack “{pack}” has no rule {rule}."


class RuleNotInForceError(InputError):
    """The rule is known but does not hold on that day."""

    code = "jurisdiction.rule_not_in_force"
    message = "The rule {rule} does not hold on {day}; as recorded it holds {periods}."


class UnknownConceptError(InputError):
    """The pack does not know the concept."""

    code = "jurisdiction.unknown_concept"
    message = "The pack “{pack}” does not know the concept {concept}."


class NoProvisionError(InputError):
    """The library does not reach to the day of the act."""

    code = "jurisdiction.no_provision"
    message = "No provision for {concept} is recorded on {day}; the library holds {periods}."


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule on a day, with what must be shown beside it."""

    rule: Rule
    day: date
    caveats: tuple[str, ...]  # English; empty only if the text was read and its days are sure

    @property
    def status(self) -> Status:
        """How well the rule is known; doubtful days make it unconfirmed."""
        return self.rule.status if self.rule.period.confirmed else Status.UNCONFIRMED


def rule_at(pack: Pack, rule_id: str, day: date) -> RuleAnswer:
    """Return the version of a rule that holds on `day`.

    Raises:
        UnknownRuleError: the pack has no rule of that id.
        RuleNotInForceError: no version of it holds on that day.
    """
    versions = [rule for rule in pack.rules if rule.id == rule_id]
    if not versions:
        raise UnknownRuleError(pack=pack.id, rule=rule_id)
    for rule in versions:
        if rule.period.covers(day):
            doubt = {Status.PRIMARY: (), Status.SECONDARY: ("known from copies or reports only",)}
            known = doubt.get(rule.status, ("not confirmed",))
            note = (rule.status_note.en,) if rule.status_note else ()
            return RuleAnswer(rule=rule, day=day, caveats=known + note + rule.period.caveats)
    raise RuleNotInForceError(rule=rule_id, day=day.isoformat(), periods=_told(versions))


def article_of(pack: Pack, concept: str, act_day: date, *, act_until: date | None = None) -> Provision:
    """Return where `concept` stands in the statute for an act on `act_day`.

    `act_until` is the last day of an act that went on; where the country says so, an act that runs over a
    change of the law follows the later text.

    Raises:
        UnknownConceptError: the pack does not know the concept.
        NoProvisionError: nothing is recorded for that day; no guess is made.
    """
    provisions = [item for item in pack.provisions if item.concept == concept]
    if not provisions:
        raise UnknownConceptError(pack=pack.id, concept=concept)
    goes_on = act_until is not None and pack.continuing_acts == "later"
    day = max(act_day, act_until) if goes_on and act_until else act_day
    for provision in provisions:
        if provision.period.covers(day):
            return provision
    raise NoProvisionError(concept=concept, day=day.isoformat(), periods=_told(provisions))


def _told(versions: list[Rule] | list[Provision]) -> str:
    return "; ".join(
        f"from {version.period.start or 'a day not recorded'} until {version.period.end or 'further notice'}"
        for version in versions
    )
