"""What the rules read of a thing that has too many facts to be named one by one; see `resources`."""

from __future__ import annotations

from dataclasses import dataclass, field

from shoumi.engine.policy.values import Stage


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """What the rules read of a trade secret, its files and its evidence."""

    stage: Stage
    level: int  # 0 declassified, 1 general, 2 important, 3 core
    proposer: str | None = None  # account id; None: imported
    reviewers: frozenset[str] = frozenset()  # account ids
    deciders: frozenset[str] = frozenset()  # account ids with a step to decide on it now
    custodian: str | None = None  # person id
    departments: frozenset[str] = frozenset()  # department ids of the knowledge scope
    posts: frozenset[str] = frozenset()  # post ids of the knowledge scope
    persons: frozenset[str] = frozenset()  # person ids of the knowledge scope
    cases: frozenset[str] = frozenset()  # case ids it is attached to
    places: frozenset[str] = field(default_factory=frozenset)  # of the owner department, up to the entity


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What the rules read of a ledger of secrets, or of one line in it."""

    side: str  # owner | office
    level: int = 0  # of the line's secret; 0 for a whole book
    custodian: str | None = None  # person id
    signer: str | None = None  # account id of who signed what is to be received
    places: frozenset[str] = field(default_factory=frozenset)  # of the owner department, up to the entity


@dataclass(frozen=True, slots=True)
class CarrierFacts:
    """What the rules read of a carrier of a designated secret."""

    keeper: str | None = None  # person id
    holder: str | None = None  # person id; who has it in use
    recipient: str | None = None  # person id; to whom it is offered
    custodian: str | None = None  # person id; of the secret
    departments: frozenset[str] = frozenset()  # department ids of the knowledge scope
    posts: frozenset[str] = frozenset()  # post ids of the knowledge scope
    persons: frozenset[str] = frozenset()  # person ids of the knowledge scope
    places: frozenset[str] = field(default_factory=frozenset)  # of the owner department, up to the entity


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """Who may enter a zone and who keeps its entrances."""

    departments: frozenset[str] = frozenset()  # department ids, the responsible one among them
    posts: frozenset[str] = frozenset()  # post ids
    persons: frozenset[str] = frozenset()  # person ids
    keepers: frozenset[str] = frozenset()  # person ids


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the rules read of one step of a case of a person."""

    about: str  # person id
    role: str  # who owns it
    personal: bool = False  # it concerns the person
    doers: frozenset[str] = frozenset()  # account ids to which it was given
    signers: frozenset[str] = frozenset()  # account ids
    attestors: frozenset[str] = frozenset()  # account ids
    receiver: str | None = None  # account id
