"""Notices that stand in everybody's documents lead to no secret, and what only sounds like one does."""

from __future__ import annotations

import pytest

from shoumi.engine.inspection.fingerprint import Document, FingerprintIndex
from shoumi.engine.inspection.fingerprint.notices import load_notices
from shoumi.engine.inspection.values import Part, PartKind
from shoumi.engine.jurisdiction.reading import PackFaultsError

KEY = bytes(range(32))
NOTICES = {notice.id: notice for notice in load_notices()}
OWN = "The second furnace of works nine is heated by forty kelvin an hour until the glaze turns blue."
FILE = "source: nobody\nstatus: primary\nentries:\n  - {{id: one, names: {{zh: 一, ja: 一, en: One}}, {}}}\n"


def told(example: str) -> list[str]:
    index = FingerprintIndex.empty(KEY).with_(
        [Document("F", "S", "F", [Part(PartKind.BODY, f"{OWN}\n{example}")])]
    )
    copied = f"Whatever else is written here.\n{example}\nAnd here."
    return [finding.id for finding in index.findings([Part(PartKind.BODY, copied)])]


@pytest.mark.parametrize("name", NOTICES)
def test_examples(name):
    notice = NOTICES[name]
    assert [told(example) for example in notice.match] == [[]] * len(notice.match)
    assert [told(example) for example in notice.refuse] == [["S"]] * len(notice.refuse)
    assert notice.source
    assert all((notice.names.zh, notice.names.ja, notice.names.en))


def test_what_stands_beside_a_notice_is_told():
    notice = NOTICES["creative_commons"].match[0]
    assert told(f"{notice} {OWN}") == ["S"]


def test_a_choice_is_worded_each_way():
    wordings = [each for notice in load_notices() for each in notice.wordings]
    assert (
        "is licensed under the Creative Commons Attribution-ShareAlike 4.0 International License." in wordings
    )
    assert not any(set(each) & set("{|}") for each in wordings)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("texts: [a], examples: {match: [a], refuse: []}", "needs examples"),
        ("texts: [a], examples: {match: [a], refuse: [b]}, text: c", "text"),
    ],
)
def test_faults_of_the_file_are_told(tmp_path, fields, fault):
    (tmp_path / "world").mkdir()
    (tmp_path / "world" / "notices.yaml").write_text(FILE.format(fields), encoding="utf-8")
    with pytest.raises(PackFaultsError) as caught:
        load_notices(tmp_path)
    assert any(fault in text for text in caught.value.fields["faults"])
