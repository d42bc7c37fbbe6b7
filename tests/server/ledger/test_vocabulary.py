"""Every part of every tag of the ledger has a word of its own, which no page shows as it is written."""

from __future__ import annotations

from django.utils.translation import override

from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.ledger.vocabulary import AREAS, EVENTS, OBJECTS, tag_words


def test_no_tag_is_shown_as_it_is_written():
    parts = [str(tag).split(":") for kind in (LedgerTag, PartnerTag, RegisterTag) for tag in kind]
    unknown = {
        part
        for area, thing, event in parts
        for part, words in ((area, AREAS), (thing, OBJECTS), (event, EVENTS))
        if part not in words and f"{area}:{part}" not in words
    }
    assert unknown == set()


def test_a_word_may_mean_something_else_in_one_area():
    with override("en"):
        party = tag_words("lifecycle:party:named")
        other = tag_words("ledger:party:added")
    assert party == ("Cases of people", "party of a case", "named")
    assert other[1] == "witness or authority"
