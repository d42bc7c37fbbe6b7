"""The weights and pass marks that hold for a legal entity at a moment: the pack's, or what counsel set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from shoumi.engine.jurisdiction.assurance import MeasureTable, load_assurance
from shoumi.server.assurance.models import WeightChange
from shoumi.server.people.models import LegalEntity


@dataclass(frozen=True, slots=True)
class Weights:
    """What the score is computed with, and which changes of counsel it rests on."""

    table: MeasureTable
    kinds: dict[str, int]
    pass_marks: dict[str, int]
    changes: list[WeightChange] = field(default_factory=list)


def weights_at(entity: LegalEntity, moment: datetime) -> Weights:
    """Return the weights of `entity` in force at `moment`."""
    table = load_assurance(entity.pack).measures
    kinds = {kind.id: kind.weight for kind in table.kinds}
    marks = dict(table.pass_marks)
    changes = list(
        WeightChange.objects.filter(entity=entity, confirmed_at__lte=moment)
        .filter(Q(replaced_at=None) | Q(replaced_at__gt=moment))
        .select_related("set_by", "confirmed_by")
        .order_by("confirmed_at")
    )
    for change in changes:
        (kinds if change.key in kinds else marks)[change.key] = change.value
    return Weights(table, kinds, marks, changes)


def weights_waiting(entity: LegalEntity) -> QuerySet[WeightChange]:
    """Return what counsel proposed and nobody has confirmed yet."""
    return WeightChange.objects.filter(entity=entity, confirmed_at=None, replaced_at=None).select_related(
        "set_by", "entity"
    )
