"""Beginnings of expressions say enough to be rare, and stand wherever the whole expression does."""

from __future__ import annotations

import pytest

from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.recognise.expressions import anchor
from shoumi.engine.inspection.values import Part, PartKind


@pytest.mark.parametrize(
    ("pattern", "beginning"),
    [
        ("sk_[A-Za-z0-9]{20,40}", "sk_[A-Za-z0-9]{6}"),
        ("machine [a-z.]{3,80} login", "machine "),
        ("https://[a-z-]{1,60}\\.example/[a-f0-9]{32}", "https://[a-z-]+\\.example/[a-f0-9]{6}"),
        ("://[^ :/]{1,64}:([^ @]{3,128})@", "://[^ :/]+:()"),
        ("://.{1,64}:[^ @]{3,128}@", "://"),  # another beginning may stand within
        ("://[a-z]{0,64}@", "://"),  # nothing may stand there at all
        ("[a-f]{30}", "[a-f]{30}"),
    ],
)
def test_a_beginning_goes_up_to_the_first_long_repeat_or_over_it_where_it_says_little(pattern, beginning):
    assert anchor(pattern) == beginning


def test_a_password_is_found_behind_other_addresses_on_its_line():
    text = "see http://host:8080/a, ftp://x://deploy:Xk9d93hfjdkQ7aZ2@db.example.net/a"
    found = Recogniser.load().findings([Part(PartKind.TEXT, text)])
    assert [each.text for each in found if each.id == "world.connection_password"] == ["Xk9d93hfjdkQ7aZ2"]
