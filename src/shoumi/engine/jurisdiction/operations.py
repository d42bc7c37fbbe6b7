"""What a pack says about operations on secrets: who approves which, by level, and how carriers are destroyed.

Source: the packs' `operations.yaml` and `destruction.yaml`; the keys are described in their heads.
Values only: `entries` reads them, and nothing here knows a particular secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.values import Texts

KINDS = ("consult", "borrow", "copy", "transfer", "disclose", "release", "destroy", "scrap", "repair")
RECORDS = ("tool", "verification")


class UnknownOperationError(InputError):
    """A pack has no such operation."""

    code = "jurisdiction.unknown_operation"
    message = "There is no operation “{operation}”."


@dataclass(frozen=True, slots=True)
class ApproverStep:
    """One step on the way to a level: how many persons with which role, and by when."""

    id: str
    role: str
    within: str  # owner_department | entity: where the role must be held
    quorum: int  # different persons, at least 1
    due_days: int  # days from the opening of the step
    names: Texts


@dataclass(frozen=True, slots=True)
class OperationRule:
    """One operation: what it is called, and who approves it at each level."""

    id: str
    names: Texts
    approval: Mapping[str, tuple[ApproverStep, ...]]  # level id → steps


@dataclass(frozen=True, slots=True)
class DestructionMethod:
    """A way to destroy carriers of some kinds, and what must be recorded of it."""

    id: str
    names: Texts
    carriers: tuple[str, ...]  # kinds of carriers, or `file`
    needs: tuple[str, ...]  # of RECORDS


@dataclass(frozen=True, slots=True)
class Operations:
    """Everything that one country says about operations."""

    rules: tuple[OperationRule, ...]
    holds_days: int  # an approval that nobody carried out lapses after this
    remind_days: tuple[int, ...]  # before something is due back, longest first
    escalate_days: int  # overdue for so long: the leaders are told
    methods: tuple[DestructionMethod, ...]
    witnesses: int  # of a destruction, different persons
    recording: bool  # whether a recording of a destruction is needed

    def rule(self, operation: str) -> OperationRule:
        """Return the rule of an operation.

        Raises:
            UnknownOperationError: there is none.
        """
        for rule in self.rules:
            if rule.id == operation:
                return rule
        raise UnknownOperationError(operation=operation)

    def methods_for(self, carrier: str) -> tuple[DestructionMethod, ...]:
        """Return the methods fit for a kind of carrier, or for a `file`."""
        return tuple(method for method in self.methods if carrier in method.carriers)
