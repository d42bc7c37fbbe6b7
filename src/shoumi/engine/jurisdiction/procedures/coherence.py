"""Whether one step is whole in itself: a list has items, a form has signers, a due day can always be counted.

Our own rule, the same for steps of the packs and for those a company adds.  Whether a step fits the rest of
its pack is `steps`' and `changes`' task.
"""

from __future__ import annotations

from collections.abc import Iterator

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.procedures.values import CaseStep, DueRule, EvidenceKind

_LISTS = (EvidenceKind.CHECKLIST, EvidenceKind.MEASURED)


def incoherent(step: CaseStep) -> Iterator[tuple[str, Phrase]]:
    """Yield what does not go together in a step, each with the key where it stands."""
    if (step.evidence in _LISTS) != bool(step.items):
        yield "items", Phrase("a list has items, and nothing else has")
    if (step.evidence is EvidenceKind.MEASURED) != bool(step.measured_from):
        yield "measured_from", Phrase("a measured time starts from a day, and nothing else does")
    if (step.evidence is EvidenceKind.FORM) != bool(step.signers):
        yield "signers", Phrase("a form has signers, and nothing else has")
    if step.refusable and not step.signers:
        yield "refusable", Phrase("only a signature can be refused")
    if step.persons < 1:
        yield "persons", Phrase("somebody must do it")
    yield from _incoherent_days(step)


def _incoherent_days(step: CaseStep) -> Iterator[tuple[str, Phrase]]:
    if step.repeat and (step.gates or len(step.due) != 1 or step.due[0].days != 0):
        yield "repeat", Phrase("what comes again has a day and stands in no way")
    for key, rules in (("due", step.due), ("measured_from", step.measured_from)):
        if any(bool(rule.when) == (rule is rules[-1]) for rule in rules):
            yield key, Phrase("of several due days, the last is for every other case")
    for rule in (*step.due, *((step.repeat.until,) if step.repeat else ())):
        if not counted(rule):
            yield "due", Phrase("a due day is counted in days, in hours or by a clock")


def counted(due: DueRule) -> bool:
    """Return whether a due day is counted in exactly one way."""
    return sum((due.days is not None, due.hours is not None, bool(due.clock))) == 1
