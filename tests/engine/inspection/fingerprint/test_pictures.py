"""Copies of a picture are near it, other pictures are not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from shoumi.engine.inspection.fingerprint import Document, FingerprintIndex
from shoumi.engine.inspection.fingerprint.pictures import apart, picture_hash
from shoumi.engine.inspection.values import Picture

KEY = bytes(range(32))


def drawn(seed, size=(240, 180)):
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def stored(picture, form="PNG", **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


INDEX = FingerprintIndex.empty(KEY).with_(
    Document(f"F{seed}", f"S{seed}", f"drawing {seed}", pictures=[Picture(stored(drawn(seed)), "image1.png")])
    for seed in range(20)
)


@pytest.mark.parametrize(
    "copy",
    [
        lambda picture: stored(picture, "JPEG", quality=30),
        lambda picture: stored(picture.resize((120, 90))),
        lambda picture: stored(picture.resize((480, 360)), "WEBP", quality=50),
        lambda picture: stored(picture.convert("L")),
        lambda picture: stored(picture.convert("P")),
    ],
)
def test_recompressed_and_resized_copies_are_found(copy):
    found = INDEX.findings([], [Picture(copy(drawn(7)), member="a.docx!/word/media/image1.png")])
    assert [(each.id, each.member) for each in found] == [("S7", "a.docx!/word/media/image1.png")]
    assert dict(found[0].explanation.facts)["label"] == "image1.png"


def test_other_pictures_are_not_found():
    assert not any(INDEX.findings([], [Picture(stored(drawn(seed)))]) for seed in range(100, 140))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        stored(drawn(1))[:200],
        stored(Image.new("RGB", (300, 300), "white")),
        stored(drawn(1, (40, 400))),
        stored(Image.new("RGBA", (300, 300), (9, 9, 9, 0))),
    ],
)
def test_what_shows_nothing_has_no_hash(content):
    assert picture_hash(content) is None
    assert not INDEX.findings([], [Picture(content)])


def test_distances_count_bits():
    rows = np.array([[0, 0], [1, 3], [2**64 - 1, 2**64 - 1]], np.uint64)
    assert apart(rows, (0, 0)).tolist() == [0, 3, 128]


def test_pictures_are_kept_and_go_with_their_document():
    again = FingerprintIndex.open(INDEX.sealed(KEY), KEY)
    assert again.findings([], [Picture(stored(drawn(3)))])
    assert not again.without(["F3"]).findings([], [Picture(stored(drawn(3)))])
