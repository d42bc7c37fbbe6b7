"""Reads the rules in `cedar/`, checks them against the schema, and tells in words what each one says.

The language is Cedar (https://www.cedarpolicy.com); every rule carries `@id` and `@reason`.
It evaluates nothing; `decision` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import cedarpy

from shoumi.engine.errors import ConfigurationError
from shoumi.engine.policy.actions import Action
from shoumi.engine.policy.values import Obligation

SCHEMA_FILE = "schema.cedarschema"
DUTIES_FILE = "duties.cedar"

# Reasons that no rule gives; they are explained like the rules.
NO_RULE = "no-rule-permits"
FAULT = "rule-not-evaluable"
PURPOSE_MISSING = "purpose-missing"
_OWN_REASONS: Mapping[str, str] = {
    NO_RULE: "No rule permits this.",
    FAULT: "The rules could not be evaluated; the fault has been reported.",
    PURPOSE_MISSING: "A reason has to be given first.",
}


class PolicyRulesError(ConfigurationError):
    """The rules themselves are at fault; nothing is permitted until they are mended."""

    code = "policy.rules_faulty"
    message = "The policy rules are not valid: {faults}"


class ReasonUnknownError(ConfigurationError):
    """Somebody asked to explain a reason that no rule has."""

    code = "policy.reason_unknown"
    message = "No policy rule has the id {reason}."


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as far as it can be told without evaluating it."""

    id: str
    forbids: bool
    reason: str  # English, one sentence
    obligation: str  # empty but for duties
    actions: frozenset[str]  # names; empty: every action


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts of the rules: by file name, so that a fault can name its file."""

    schema: str
    rules: Mapping[str, str]
    duties: str


@lru_cache(maxsize=1)
def shipped_sources() -> Sources:
    """Return the texts that are part of the product."""
    folder = files("shoumi.engine.policy").joinpath("cedar")
    texts = {
        item.name: item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".cedar")
    }
    duties = texts.pop(DUTIES_FILE)
    schema = folder.joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    return Sources(schema=schema, rules=dict(sorted(texts.items())), duties=duties)


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules that `text` holds, in its order.

    Raises:
        PolicyRulesError: the text is not Cedar.
    """
    return tuple(map(_rule, _parsed(text)))


def _parsed(text: str) -> list[dict[str, Any]]:
    """Return the rules of `text` in Cedar's JSON, in its order.

    Raises:
        PolicyRulesError: the text is not Cedar.
    """
    try:
        policies: dict[str, dict[str, Any]] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    except ValueError as error:
        raise PolicyRulesError(faults=str(error)) from error
    return [policies[name] for name in sorted(policies, key=lambda name: (len(name), name))]


def _rule(policy: dict[str, Any]) -> Rule:
    annotations: dict[str, str | None] = policy.get("annotations", {})
    action: dict[str, Any] = policy["action"]
    named: list[dict[str, str]] = action.get("entities") or ([action["entity"]] if "entity" in action else [])
    return Rule(
        id=annotations.get("id") or "",
        forbids=policy["effect"] == "forbid",
        reason=annotations.get("reason") or "",
        obligation=annotations.get("obligation") or "",
        actions=frozenset(item["id"] for item in named),
    )


def check_policies(sources: Sources | None = None) -> tuple[str, ...]:
    """Return every fault of the rules in plain words, or nothing if there is none.

    Found are: texts that are not Cedar; misspelt attributes and actions, and types that do not fit (by the
    schema); rules without id or reason; ids used twice; duties without a known obligation; actions that are
    not in the schema; and actions that no rule permits to anyone.
    """
    sources = sources or shipped_sources()
    faults: list[str] = []
    seen: dict[str, str] = {}
    permitted: set[str] = set()
    for name, text in (*sources.rules.items(), (DUTIES_FILE, sources.duties)):
        try:
            rules = read_rules(text)
            result = cedarpy.validate_policies(text, sources.schema)
        except (PolicyRulesError, ValueError) as error:
            faults.append(f"{name}: {error}")
            continue
        faults += [f"{name}: {error}" for error in result.errors]
        faults += _rule_faults(name, rules, seen)
        if name != DUTIES_FILE:
            permitted.update(action for rule in rules if not rule.forbids for action in rule.actions)
    faults += _action_faults(sources.schema, permitted)
    return tuple(faults)


def _rule_faults(name: str, rules: Iterable[Rule], seen: dict[str, str]) -> list[str]:
    faults: list[str] = []
    for place, rule in enumerate(rules, start=1):
        label = f"{name}: rule {place} ({rule.id or 'without id'})"
        if not rule.id:
            faults.append(f"{label} has no @id")
        elif rule.id in seen or rule.id in _OWN_REASONS:
            faults.append(f"{label} has an id that is used already in {seen.get(rule.id, 'the program')}")
        seen.setdefault(rule.id, name)
        if not rule.reason.endswith("."):
            faults.append(f"{label} has no @reason that is a sentence")
        if name == DUTIES_FILE and rule.obligation not in set(Obligation):
            faults.append(f"{label} has no known @obligation")
        if name == DUTIES_FILE and rule.forbids:
            faults.append(f"{label} forbids, but duties only add obligations")
    return faults


def _action_faults(schema: str, permitted: set[str]) -> list[str]:
    faults = [f"action {action} is permitted to nobody" for action in Action if action not in permitted]
    return faults + [f"action {item} is not in {SCHEMA_FILE}" for item in Action if f'"{item}"' not in schema]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules ready to be asked."""

    schema: cedarpy.Schema
    duties: cedarpy.PolicySet
    rules: Mapping[str, Rule]
    policies: Sequence[dict[str, Any]]  # what permits and forbids, in Cedar's JSON
    _concerned: dict[str, cedarpy.PolicySet] = field(default_factory=dict, repr=False, compare=False)

    def permissions(self, action: str) -> cedarpy.PolicySet:
        """Return the rules that name `action`, or no action: no other can permit or forbid it.

        A tenth of all; asking them alone is that much cheaper.  The schema groups no actions, so that a rule
        concerns just those that it names.
        """
        if action not in self._concerned:
            concerned = [
                each for each in self.policies if action in (named := _rule(each).actions) or not named
            ]
            numbered = {f"policy{place}": each for place, each in enumerate(concerned)}
            text = json.dumps({"staticPolicies": numbered, "templates": {}, "templateLinks": []})
            self._concerned[action] = cedarpy.PolicySet.from_str(cedarpy.policies_from_json_str(text))
        return self._concerned[action]


def build_rule_book(sources: Sources) -> RuleBook:
    """Return the parsed rules, without checking them against the schema.

    Raises:
        PolicyRulesError: a text is not Cedar.
    """
    policies = _parsed("\n".join(sources.rules.values()))
    try:
        return RuleBook(
            schema=cedarpy.Schema.from_str(sources.schema),
            duties=cedarpy.PolicySet.from_str(sources.duties),
            rules={rule.id: rule for rule in (*map(_rule, policies), *read_rules(sources.duties))},
            policies=policies,
        )
    except ValueError as error:
        raise PolicyRulesError(faults=str(error)) from error


@lru_cache(maxsize=1)
def shipped_rule_book() -> RuleBook:
    """Return the product's own rules, read and checked once per process (tens of milliseconds).

    Raises:
        PolicyRulesError: the rules have faults; the error lists them all.
    """
    faults = check_policies()
    if faults:
        raise PolicyRulesError(faults="; ".join(faults))
    return build_rule_book(shipped_sources())


def explain(reason: str) -> str:
    """Return the English sentence behind a reason of a decision.

    Raises:
        ReasonUnknownError: no rule has this id.
    """
    if reason in _OWN_REASONS:
        return _OWN_REASONS[reason]
    rule = shipped_rule_book().rules.get(reason)
    if rule is None:
        raise ReasonUnknownError(reason=reason)
    return rule.reason


def who_may(action: Action) -> tuple[str, ...]:
    """Return the ids of the rules that permit `action` to somebody, to tell whoever may not."""
    rules = shipped_rule_book().rules.values()
    return tuple(
        rule.id for rule in rules if not rule.forbids and not rule.obligation and action in rule.actions
    )


def all_reasons() -> Mapping[str, str]:
    """Return every reason a decision can carry, with its English sentence; the console translates them."""
    return {**_OWN_REASONS, **{rule.id: rule.reason for rule in shipped_rule_book().rules.values()}}
