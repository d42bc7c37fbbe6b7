"""What a page says in the end: read, a lead, or nothing."""

from __future__ import annotations

import numpy as np
from tests.fakes.pages import SMALL, jpeg, text_page

from shoumi.engine.marking.tiles import How, code_of, embed, findings
from shoumi.engine.marking.tiles.pictures import grey_of

KEY, COPY = bytes(range(32)), 0x00_00_0A_BC_DE_F0


def on(image, issued=()):
    return findings(*grey_of(image), [KEY], list(issued))


def test_an_id_is_read():
    found = on(embed(text_page(1, SMALL), COPY, KEY))
    assert [(each.copy_code, each.how, each.score) for each in found] == [("00000abcdef0", How.READ, None)]
    assert code_of(COPY) == "00000abcdef0"


def test_a_damaged_mark_is_a_lead_among_issued_ids_and_nothing_without_them():
    others = [int(each) for each in np.random.default_rng(1).integers(0, 2**48, 5000)]
    leads = 0
    for seed in range(2):
        copied = jpeg(30)(embed(text_page(seed, SMALL), COPY, KEY, 1.5))
        if on(copied):
            continue  # read after all
        found = on(copied, [*others, COPY])
        assert on(copied, others) == []
        assert all(
            each.copy_id == COPY and each.how is How.RESEMBLES and each.among == 5001 for each in found
        )
        leads += len(found)
    assert leads >= 1


def test_an_unmarked_page_says_nothing():
    assert on(text_page(7, SMALL), range(1000)) == []
