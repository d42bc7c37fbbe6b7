"""What is told of a passage: where, how much, how sure, and of which of several versions."""

from __future__ import annotations

import random

from shoumi.engine.inspection.fingerprint import Document, FingerprintIndex
from shoumi.engine.inspection.values import Part, PartKind

KEY = bytes(range(32))


def han(seed, length):
    rng = random.Random(seed)  # noqa: S311 - test data
    return "".join(chr(rng.randrange(0x4E00, 0x5600)) for _ in range(length))


def latin(seed, words):
    rng = random.Random(seed)  # noqa: S311 - test data
    return " ".join(
        "".join(rng.choices("abcdefghiklmnoprstuvwy", k=rng.randrange(2, 9))) for _ in range(words)
    )


def document(identity, secret, *texts):
    return Document(
        identity, secret, identity, [Part(PartKind.PAGE, text, str(at)) for at, text in enumerate(texts, 1)]
    )


def found(index, text):
    return index.findings([Part(PartKind.BODY, text)])


def test_of_several_versions_the_closest_is_told():
    common, own = han("common", 300), han("own", 60)
    index = FingerprintIndex.empty(KEY).with_(
        [document("v1", "S", common[:200]), document("v2", "S", common + own), document("v3", "S", common)]
    )
    (finding,) = found(index, han("host", 50) + common[50:] + own)
    facts = dict(finding.explanation.facts)
    assert (facts["file"], facts["other_files"]) == ("v2", 2)


def test_secrets_that_share_a_text_are_all_told_until_they_are_many():
    clause = han("clause", 90)
    few = FingerprintIndex.empty(KEY).with_(
        document(f"F{n}", f"S{n}", han(n, 40) + clause + han(-n, 40)) for n in range(1, 9)
    )
    assert len(found(few, clause)) == 8
    many = few.with_([document("F9", "S9", clause)])
    assert not found(many, clause)
    long = han("long", 260)
    every = FingerprintIndex.empty(KEY).with_(document(f"F{n}", f"S{n}", long) for n in range(12))
    assert len(found(every, long)) == 12


def test_a_short_phrase_of_letters_scores_below_a_half_and_han_above():
    letters, characters = latin("secret", 200), han("secret", 300)
    index = FingerprintIndex.empty(KEY).with_([document("F", "S", letters), document("G", "T", characters)])
    (short,) = found(index, letters[200:240])
    (long,) = found(index, letters[200:400])
    (wide,) = found(index, characters[100:130])
    assert short.score < 0.5 <= wide.score < long.score
    assert (short.explanation.check, long.explanation.check) == ("short", "verbatim")


def test_an_edited_copy_is_one_passage():
    text = han("secret", 400)
    index = FingerprintIndex.empty(KEY).with_([document("F", "S", text)])
    rng = random.Random(2)  # noqa: S311 - test data
    for start in range(0, 300, 10):
        places = set(rng.sample(range(100), 5))
        excerpt = text[start : start + 100]
        edited = "".join(
            rng.choice(("〇", each + "〇", "")) if at in places else each for at, each in enumerate(excerpt)
        )
        (finding,) = found(index, han("host", 30) + edited)
        assert finding.explanation.check in {"edited", "verbatim"}
        assert finding.score >= 0.5


def test_a_passage_over_two_pages_names_both():
    one, other = han("one", 100), han("other", 100)
    index = FingerprintIndex.empty(KEY).with_([document("F", "S", one, other)])
    (finding,) = found(index, one[-40:] + other[:40])
    assert dict(finding.explanation.facts)["label"] == "1–2"


def test_rows_of_one_letter_say_nothing():
    index = FingerprintIndex.empty(KEY).with_([document("F", "S", "0" * 500 + "一二" * 300)])
    assert not found(index, "0" * 200)
    assert not found(index, "一二" * 100)


def test_phrases_that_come_back_at_other_distances_say_less_than_edits_do():
    phrases = [latin(number, 9).replace(" ", "")[:18] for number in range(4)]

    def text(filler, *widths):
        return "".join(phrase + filler * width for phrase, width in zip(phrases, widths, strict=True))

    index = FingerprintIndex.empty(KEY).with_([document("F", "S", text("7", 20, 20, 20, 20))])
    (edited,) = found(index, text("0", 21, 19, 20, 20))
    (listed,) = found(index, text("0", 27, 13, 27, 20))
    assert edited.score >= 0.5 > listed.score
