"""Reads a pack's `agreements/library.yaml` and its kinds of agreements; faults are told by file and line.

Source of the content: the files, with rules named by id from the same pack; facts, fields and moments are the
same in every country, in `world/agreements.yaml`.  A text with an unknown place, a forbidden word or a rule
of another pack is a fault.  What the examples say is run when the files are read.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.agreements.examples import check_examples
from shoumi.engine.jurisdiction.agreements.kinds import Words, read_kind, read_when
from shoumi.engine.jurisdiction.agreements.values import (
    NON_COMPETE_FACTS,
    Forbidden,
    Forms,
    Library,
    NeedRule,
    Party,
)
from shoumi.engine.jurisdiction.agreements.vocabulary import read_vocabulary, with_examples
from shoumi.engine.jurisdiction.documents import places_in
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file
from shoumi.engine.jurisdiction.values import Origin

FOLDER: Final = "agreements"
FILE: Final = "library.yaml"
_FORM_PARTS: Final = MappingProxyType(
    {
        "clause": {"number"},
        "day": {"year", "month", "day"},
        "money": {"amount"},
        "joint": set(),
        "years": {"number"},
        "months": {"number"},
        "days": {"number"},
        "until": {"day"},
        "long_term": set(),
        "until_publication": set(),
    }
)


@cache
def load_agreements(pack_id: str) -> Library:
    """Return the library of a pack; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: the files have faults, or their examples do not come out; all are listed.
    """
    return read_agreements(pack_id)


def read_agreements(pack_id: str, root: Path | None = None) -> Library:
    """Read the files; `root` is the folder of packs, for tests.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: as for `load_agreements`.
    """
    pack = load_pack(pack_id, root)
    faults = Faults(pack_id)
    packs = root or files("shoumi.packs")
    folder = packs.joinpath(pack_id).joinpath(FOLDER)
    path = f"{pack_id}/{FOLDER}/{FILE}"
    entry = read_file(faults, path, folder.joinpath(FILE).read_text(encoding="utf-8"))
    vocabulary = read_vocabulary(faults, packs)
    faults.verify_none()
    fields = with_examples(entry.entry("values"), vocabulary.fields)
    words = Words(pack, vocabulary.facts, fields)
    names = sorted(
        item.name for item in folder.iterdir() if item.name.endswith(".yaml") and item.name != FILE
    )
    kinds = tuple(
        read_kind(
            faults, f"{pack_id}/{FOLDER}/{name}", folder.joinpath(name).read_text(encoding="utf-8"), words
        )
        for name in names
    )
    kind_ids = tuple(kind.id for kind in kinds)
    library = Library(
        pack=pack_id,
        language=entry.text("language", among=("zh", "ja")),
        edition=entry.text("edition"),
        origin=Origin(entry.quoted("source"), entry.status()),
        forms=_forms(entry.entry("forms")),
        facts=vocabulary.facts,
        fields=fields,
        moments=vocabulary.moments,
        forbidden=tuple(_forbidden(item, pack, kind_ids) for item in entry.entries("forbidden")),
        needs=tuple(
            _need(item, words, kind_ids, tuple(each.id for each in vocabulary.moments))
            for item in entry.entries("needs")
        ),
        kinds=tuple(sorted(kinds, key=lambda kind: kind.order)),
    )
    entry.close()
    for number, kind in enumerate(kinds):
        if kind.id in kind_ids[:number]:
            faults.add(kind.path, 1, Phrase("the agreement “{kind}” stands twice", kind=kind.id))
    _check_words(library, faults)
    faults.verify_none()
    check_examples(library, faults)
    faults.verify_none()
    return library


def _forms(entry: Entry) -> Forms:
    texts = {name: entry.text(name) for name in _FORM_PARTS}
    forms = Forms(**texts, han_numerals=entry.flag("han_numerals", default=False))
    entry.close()
    for name, parts in _FORM_PARTS.items():
        if set(places_in(texts[name])) != parts:
            wanted = ", ".join(f"{{{part}}}" for part in sorted(parts)) or "–"
            entry.fault(
                Phrase("the form “{name}” has these places: {wanted}", name=name, wanted=wanted), at=name
            )
    return forms


def _forbidden(entry: Entry, pack: Pack, kinds: tuple[str, ...]) -> Forbidden:
    parties, excepted, rule = entry.words("parties"), entry.words("except_kinds"), entry.text("rule")
    source = entry.text("pattern")
    try:
        pattern = re.compile(source)
    except re.error as error:
        entry.fault(Phrase("“pattern” is no regular expression: {error}", error=str(error)), at="pattern")
        pattern = re.compile(r"(?!)")
    row = Forbidden(
        id=entry.text("id"),
        pattern=pattern,
        parties=tuple(Party(name) for name in parties if name in tuple(Party)),
        except_kinds=excepted,
        rule=rule,
        text=entry.texts("text"),
    )
    for name in sorted({*set(parties).difference(Party), *set(excepted).difference(kinds)}):
        entry.fault(Phrase("“{name}” is not known here", name=name))
    if rule not in {each.id for each in pack.rules}:
        entry.fault(Phrase("the rule {rule} is not in this pack", rule=rule), at="rule")
    examples = entry.entry("examples")
    for key, found in (("match", True), ("refuse", False)):
        for text in examples.words(key):
            if bool(pattern.search(text)) is not found:
                examples.fault(Phrase("the example “{text}” does not come out", text=text), at=key)
    examples.close()
    entry.close()
    return row


def _need(entry: Entry, words: Words, kinds: tuple[str, ...], moments: tuple[str, ...]) -> NeedRule:
    need = NeedRule(
        kind=entry.text("kind", among=kinds),
        before=entry.text("before", among=moments),
        when=read_when(entry, words),
        why=entry.texts("why"),
    )
    entry.close()
    used = sorted({test.fact for test in need.when} & set(NON_COMPETE_FACTS))
    if used:
        entry.fault(Phrase("“{name}” is known only of an agreement", name=used[0]), at="when")
    return need


def _check_words(library: Library, faults: Faults) -> None:
    """Remember clauses of the pack itself with words that it forbids."""
    for kind in library.kinds:
        for row in library.forbidden:
            if kind.party not in row.parties or kind.id in row.except_kinds:
                continue
            for clause in kind.clauses:
                if row.pattern.search(f"{clause.heading}\n{clause.text}"):
                    faults.add(
                        kind.path,
                        clause.line,
                        Phrase(
                            "the clause {clause} has words forbidden by {rule}",
                            clause=clause.id,
                            rule=row.rule,
                        ),
                    )
