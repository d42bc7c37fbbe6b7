"""Reading YAML: lines are counted, tricks are refused, nothing raises before the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.reading import Faults, PackFaultsError, read_file


def read(text):
    faults = Faults("test")
    return read_file(faults, "file.yaml", text), faults


def told(faults):
    with pytest.raises(PackFaultsError) as refused:
        faults.verify_none()
    return refused.value.fields["faults"]


def test_a_missing_key_is_told_at_the_entry_and_an_unknown_one_at_its_line():
    entry, faults = read("a: 1\nb: 2\n")
    entry.text("name")
    entry.number("a", lowest=0, highest=9)
    entry.close()
    assert told(faults) == ("file.yaml:1: “name” is missing", "file.yaml:2: the key “b” is not known here")


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "- 1\n- 2\n",
        "",
        "a: 1\na: 2\n",
        "a: [\n",
        "a: !!python/object/apply:os.getcwd []\n",
        "\t- x",
        "a: \x00",
    ],
)
def test_tricks_and_broken_files_are_faults(text):
    entry, faults = read(text)
    entry.plain("a")
    entry.plain("b")
    entry.close()
    assert told(faults)


@given(st.text(max_size=80))
def test_any_text_is_read_or_told_as_a_fault(text):
    entry, faults = read(text)
    named = entry.text("id")
    assert faults.found or named.strip()
