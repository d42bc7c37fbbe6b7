"""Runs the examples of a library: from facts, the clauses that must be there and those that must not.

Source of the content: `examples` of each kind; fields take the library's invented examples, and proposals of
non-competition are those of the same pack's `non_compete.yaml`.
"""

from __future__ import annotations

from datetime import date

from shoumi.engine.errors import Phrase, ShoumiError
from shoumi.engine.jurisdiction.agreements.assembling import Assembled, assemble
from shoumi.engine.jurisdiction.agreements.values import AgreementExample, AgreementKind, Facts, Library
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.noncompete import load_non_compete
from shoumi.engine.jurisdiction.reading import Faults


def example_facts(library: Library, example: AgreementExample) -> Facts:
    """Return the facts of an example, with the fields' examples and its proposal of non-competition."""
    values = {field.id: field.example for field in library.fields.values() if field.example is not None}
    proposal = None
    if example.non_compete is not None:
        proposals = load_non_compete(library.pack).examples
        proposal = proposals[min(example.non_compete, len(proposals) - 1)].agreement
    return Facts(example.known, values, proposal)


def assembled_example(library: Library, kind: AgreementKind, example: AgreementExample) -> Assembled:
    """Return what an example gives on the day of the pack's edition.

    Raises:
        InputError, RefusalError: as for `assemble`.
    """
    day: date = load_pack(library.pack).edition
    return assemble(library, kind.id, example_facts(library, example), day, chosen_optional=example.optional)


def check_examples(library: Library, faults: Faults) -> None:
    """Remember every example that does not come out, and every clause that no example shows."""
    for kind in library.kinds:
        shown: set[str] = set()
        for example in kind.examples:
            try:
                there = {clause.id for clause in assembled_example(library, kind, example).clauses}
            except ShoumiError as refused:
                reason = Phrase("the example is no agreement: {reason}", reason=str(refused))
                faults.add(kind.path, example.line, reason)
                continue
            shown |= there
            wrong = [*(f"-{each}" for each in example.has if each not in there)]
            wrong += [f"+{each}" for each in example.lacks if each in there]
            if wrong:
                differs = Phrase("the example differs by: {clauses}", clauses=", ".join(wrong))
                faults.add(kind.path, example.line, differs)
        for clause in (each for each in kind.clauses if each.id not in shown):
            told = Phrase("no example shows the clause {clause}", clause=clause.id)
            faults.add(kind.path, clause.line, told)
