"""What a marked page survives, what it does not, and that unmarked pages say nothing."""

from __future__ import annotations

import random

import pytest
from tests.fakes import pages
from tests.fakes.pages import SMALL, after, crop, jpeg, photo, resize, rotate, text_page

from shoumi.engine.marking.tiles import decode, embed

KEY, OTHER = bytes(range(32)), bytes(32)
SEEDS = (11,)  # one page for each; `benchmarks/bench_trace.py` takes twenty

ATTACKS = {
    "nothing": lambda image: image,
    "jpeg 50": jpeg(50),
    "a quarter left": crop(0.25),
    "a tenth left": crop(0.1),
    "a quarter left, jpeg 50": after(crop(0.25), jpeg(50)),
    "50 %": resize(0.5),
    "75 %": resize(0.75),
    "150 %": resize(1.5),
    "half left, 75 %, jpeg 50": after(crop(0.5), resize(0.75), jpeg(50)),
    "turned 3 degrees": rotate(3),
    "turned 17 degrees": rotate(17),
    "turned 90 degrees": rotate(90),
    "upside down": rotate(180),
    "turned 3 degrees, 80 %, jpeg 50": after(rotate(3), resize(0.8), jpeg(50)),
    "chat app": pages.chat,
    "noise": pages.noise(10),
    "out of focus": pages.blur(1.5),
    "gamma": pages.levels(lambda level: 255 * (level / 255) ** 1.4),
    "colours inverted": pages.levels(lambda level: 255 - level),
    "low contrast": pages.levels(lambda level: 40 + level * 0.7),
    "scan at 200 dpi, simulated": pages.scan(200, 80),
}


@pytest.mark.requirement("MRK-07")
@pytest.mark.parametrize("name", ATTACKS)
def test_the_copy_id_is_read_back(name):
    for seed in SEEDS:
        copy_id = random.Random(seed).getrandbits(48)  # noqa: S311 - test data
        copied = ATTACKS[name](embed(text_page(seed, SMALL), copy_id, KEY))
        best = decode(copied, [OTHER, KEY])[0]
        assert (best.accepted, best.copy_id, best.key_index) == (True, copy_id, 1), (name, seed, best.z)


def test_size_and_turn_are_told():
    best = decode(rotate(-90)(resize(1.5)(embed(text_page(5, SMALL), 9, KEY))), [KEY])[0]
    assert best.chip == pytest.approx(4.5, rel=0.01)
    assert best.turn == pytest.approx(90, abs=0.5)


@pytest.mark.parametrize("threshold", [240, 128])
def test_binarising_kills_it_as_the_format_says(threshold):
    killed = pages.levels(lambda level: 255 if level > threshold else 0)(embed(text_page(1, SMALL), 9, KEY))
    assert not any(each.accepted for each in decode(killed, [KEY]))


@pytest.mark.parametrize("seed", range(4))
def test_unmarked_pages_say_nothing(seed):
    page = photo(seed, SMALL) if seed % 3 == 0 else text_page(1000 + seed, SMALL)
    page = (jpeg(60), rotate(2), pages.noise(3))[seed % 3](page)
    assert all(each.z < 6 and not each.accepted for each in decode(page, [KEY, OTHER]))


def test_another_key_says_nothing():
    marked = embed(text_page(1, SMALL), 9, KEY)
    assert all(each.z < 6 and not each.accepted for each in decode(marked, [OTHER, b"\1" * 32]))


@pytest.mark.parametrize("size", [(2, 2), (95, 4000), (97, 97), (3000, 100)])
def test_small_and_odd_pictures_are_borne(size):
    assert not any(each.accepted for each in decode(photo(1, size), [KEY]))
