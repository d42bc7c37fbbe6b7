"""Every entry of the packs matches its examples, refuses its counterexamples, and says where it is from."""

from __future__ import annotations

import random
from functools import cache

import pytest
from tests.fakes.identifiers import filled

from shoumi.engine.inspection.recognise import Recogniser, load_catalogue
from shoumi.engine.inspection.values import Part, PartKind
from shoumi.engine.jurisdiction.reading import PackFaultsError

KINDS = {kind.id: kind for kind in load_catalogue().kinds}
ROUNDS = 3


@cache
def recogniser(name: str) -> Recogniser:
    return Recogniser.load(kinds=[name])


def part_of(kind, text: str) -> Part:
    if kind.way == "property":
        label, _equals, value = text.partition("=")
        return Part(PartKind.PROPERTY, value, label)
    return Part(PartKind.BODY, text)


@pytest.mark.parametrize("name", KINDS)
def test_examples(name):
    kind, source = KINDS[name], random.Random(name)  # noqa: S311 - test data
    every = Recogniser.load()
    for example in kind.match:
        for _round in range(ROUNDS):
            text = filled(example, source)
            found = every.findings([part_of(kind, text)])
            assert name in {each.id for each in found}, text
    for example in kind.refuse:
        text = filled(example, source)
        found = every.findings([part_of(kind, text)])
        assert name not in {each.id for each in found}, text


@pytest.mark.parametrize("pack", load_catalogue().nouns)
def test_every_noun_begins_like_a_name_and_has_two_letters(pack):
    catalogue = load_catalogue()
    firsts = {name[0] for name in catalogue.surnames[pack]}
    assert [noun for noun in catalogue.nouns[pack] if len(noun) != 2 or noun[0] not in firsts] == []


def test_every_entry_says_where_it_is_from():
    assert all(kind.source and kind.names.zh and kind.names.ja and kind.names.en for kind in KINDS.values())


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("way: riddle, pattern: a", "“way” must be one of"),
        ("way: code, pattern: 'a+'", "not understood from place 1"),
        ("pattern: '('", "the pattern is none"),
        ("pattern: a, weak: '('", "the pattern is none"),
        ("pattern: a, check: guess", "there is no check “guess”"),
        ("pattern: a, colour: red", "the key “colour” is not known here"),
        ("pattern: a, examples: {match: [a], refuse: []}", "needs examples"),
    ],
)
def test_faults_of_a_pack_are_told(tmp_path, file, fault):
    (tmp_path / "xx").mkdir()
    examples = "" if "examples" in file else ", examples: {match: [a], refuse: [b]}"
    (tmp_path / "xx" / "identifiers.yaml").write_text(
        "source: here\nstatus: primary\nentries:\n"
        f"  - {{id: one, names: {{zh: 一, ja: 一, en: One}}, {file}{examples}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(PackFaultsError) as caught:
        load_catalogue(("xx",), tmp_path)
    assert any(fault in text for text in caught.value.fields["faults"])
