"""Every excerpt of thirty letters is found, told by secret, file and page, and a change leaves no trace."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.engine.inspection.fingerprint import Document, FingerprintIndex
from shoumi.engine.inspection.values import Part, PartKind

KEY = bytes(range(32))
HAN = [chr(code) for code in range(0x4E00, 0x5600)]


def invented(seed, length):
    rng = random.Random(seed)  # noqa: S311 - test data
    return "".join(rng.choices(HAN, k=length))


def document(number, secret=None):
    pages = [Part(PartKind.PAGE, invented(f"{number} {page}", 400), str(page)) for page in (1, 2, 3)]
    return Document(f"F{number}", secret or f"S{number}", f"file {number}", pages)


DOCUMENTS = [document(number) for number in range(20)]
INDEX = FingerprintIndex.empty(KEY).with_(DOCUMENTS)


@given(st.integers(0, 19), st.integers(0, 1170), st.integers(0, 60), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_every_excerpt_of_thirty_letters_is_found_at_any_cut(number, start, before, spaced):
    text = "".join(part.text for part in DOCUMENTS[number].parts)
    excerpt = (" " * spaced).join(text[start : start + 30])
    host = invented("host", 60)
    parts = [Part(PartKind.BODY, host), Part(PartKind.BODY, host[:before] + excerpt + host[before:])]
    (finding,) = INDEX.findings(parts)
    assert finding.id == f"S{number}"
    assert finding.part is parts[1]
    assert excerpt.strip()[4 * (1 + spaced) : -4 * (1 + spaced)] in finding.text  # the host may go on alike


def test_page_and_shares_are_told():
    page = DOCUMENTS[3].parts[1].text
    (finding,) = INDEX.findings([Part(PartKind.BODY, page[:200] + invented("host", 200))])
    facts = dict(finding.explanation.facts)
    assert (facts["secret"], facts["file"], facts["place"], facts["label"]) == ("S3", "F3", "page", "2")
    assert abs(facts["share_of_document"] - 200 / 1200) < 0.02
    assert abs(facts["share_of_part"] - 0.5) < 0.05


def test_public_text_does_not_count():
    page = DOCUMENTS[3].parts[1].text
    public = FingerprintIndex.empty(bytes(32)).with_(
        [Document("law", parts=[Part(PartKind.BODY, page[:100])])]
    )
    assert not INDEX.findings([Part(PartKind.BODY, page[:100])], public=[public])
    assert INDEX.findings([Part(PartKind.BODY, page)], public=[public])


def test_the_way_there_leaves_no_trace():
    sealed = INDEX.sealed(KEY)
    assert INDEX.with_(DOCUMENTS[5:7]).sealed(KEY) == sealed
    assert INDEX.with_([document(99)]).without(["F99", "unknown"]).sealed(KEY) == sealed
    grown = FingerprintIndex.empty(KEY)
    for each in reversed(DOCUMENTS):
        grown = FingerprintIndex.open(grown.with_([each]).sealed(KEY), KEY)
    assert grown.sealed(KEY) == sealed
