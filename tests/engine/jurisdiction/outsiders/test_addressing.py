"""Who may be told by name: drawn from the examples of each pack, country by country, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shoumi.engine.jurisdiction.outsiders import Purpose, address, load_outsiders
from shoumi.engine.jurisdiction.outsiders.loading import FILE
from shoumi.engine.jurisdiction.reading import read_pack_file

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_every_rule_holds_on_its_examples_and_not_before(pack):
    known = load_outsiders(pack)
    _faults, _path, entry = read_pack_file(pack, FILE)
    for item in entry.entries("addressing"):
        worker, examples = item.text("worker"), item.plain("examples")
        for day in examples["match"]:
            assert address(known, worker, Purpose.SANCTION, date.fromisoformat(day)).rule, day
        for day in examples["refuse"]:
            assert address(known, worker, Purpose.SANCTION, date.fromisoformat(day)).rule is None, day


@pytest.mark.requirement("JPN-09")
@pytest.mark.parametrize("pack", ["cn", "jp"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_nothing_goes_to_a_contractors_worker_by_name(pack, purpose):
    found = address(load_outsiders(pack), "contractors_worker", purpose, TODAY)
    assert not found.by_name
    assert found.rule
    assert found.rule.reason.ja
    assert found.rule.status in {"secondary", "unconfirmed"}


@pytest.mark.parametrize(("pack", "training"), [("cn", True), ("jp", False)])
def test_dispatched_workers_may_be_instructed_and_the_countries_differ_on_training(pack, training):
    known = load_outsiders(pack)
    assert address(known, "dispatched_worker", Purpose.WORK, TODAY).by_name
    assert address(known, "dispatched_worker", Purpose.TRAINING, TODAY).by_name is training
    assert not address(known, "dispatched_worker", Purpose.SANCTION, TODAY).by_name


def test_own_people_are_always_addressed_by_name():
    known = load_outsiders("jp")
    for day in (date.min, TODAY, TODAY + timedelta(days=9999)):
        assert address(known, "employee", Purpose.SANCTION, day).by_name
