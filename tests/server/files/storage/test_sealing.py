"""What is sealed opens with the same secret at the same row, and not when a byte of it is another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.errors import EvidenceError
from shoumi.server.files.storage.sealing import seal, unseal

SECRET, ROW = bytes(range(32)), b"app/row"


class NotOpenedError(EvidenceError):
    """Stands for an app's own."""

    code = "test.not_opened"


@given(st.binary(max_size=200))
def test_it_comes_back_and_no_two_are_alike(content):
    sealed = seal(content, SECRET, ROW)
    assert unseal(sealed, SECRET, ROW, error=NotOpenedError) == content
    assert seal(content, SECRET, ROW) != sealed


def test_every_altered_byte_each_cut_another_row_and_another_secret_are_refused():
    sealed = seal("口令".encode(), SECRET, ROW)
    altered = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    tries = [(each, SECRET, ROW) for each in (*altered, *(sealed[:at] for at in range(len(sealed))))]
    for each in (*tries, (sealed, SECRET, b"app/other"), (sealed, SECRET[::-1], ROW)):
        with pytest.raises(NotOpenedError):
            unseal(*each, error=NotOpenedError)
