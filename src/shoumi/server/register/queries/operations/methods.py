"""Which methods fit a thing that is destroyed, scrapped or repaired, and what each must record.

Follows the packs' `destruction.yaml` (seed guide 五(二)7) and the guide's 五(三), 五(四): before a repair or
scrapping the medium is removed, or its content backed up and erased.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.server.register.models import Operation, OperationLine
from shoumi.server.register.queries.standards import pack_for

Kind = Operation.Kind


@dataclass(frozen=True, slots=True)
class Method:
    """One way, in the reader's words."""

    id: str
    label: str
    needs: tuple[str, ...]  # `tool`, `verification`


def methods_of(operation: Operation, line: OperationLine) -> list[Method]:
    """Return the methods that fit a line; none where the kind of operation needs no method."""
    if operation.kind == Kind.REPAIR:
        return _before_hand_over()
    if operation.kind not in {Kind.DESTROY, Kind.SCRAP}:
        return []
    carrier = line.carrier.kind if line.carrier else "file"
    rules = pack_for(line.secret.pack).operations.methods_for(carrier)
    language = get_language() or "en"
    found = [Method(rule.id, rule.names.in_language(language), rule.needs) for rule in rules]
    return [*found, *_before_hand_over()] if operation.kind == Kind.SCRAP else found


def method_label(operation: Operation, line: OperationLine) -> str:
    """Return the method of a line in the reader's words."""
    found = (method.label for method in methods_of(operation, line) if method.id == line.method)
    return next(found, line.method)


def _before_hand_over() -> list[Method]:
    return [
        Method("remove", _("Storage medium removed and kept"), ()),
        Method("back_up_and_erase", _("Backed up, then erased for good"), ("tool", "verification")),
        Method("no_storage", _("Holds no stored content"), ()),
    ]
