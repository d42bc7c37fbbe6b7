"""Destroying, scrapping and repairing: approved before, recorded by method, witnessed by two."""

from __future__ import annotations

import pytest
from tests.server.register.operations_company import (
    approved,
    execute,
    give_back,
    marked,
    submitted,
    with_passwords,
    witness,
)

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.models import FileState
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.register.models import Carrier, TradeSecret
from shoumi.server.register.operation_values import Done, Thing
from shoumi.server.register.queries.operations.obstacles import (
    CarrierNotHereError,
    NotAllCoveredError,
)
from shoumi.server.register.services.operations import requests
from shoumi.server.register.services.operations.executing import (
    MethodError,
    RecordingMissingError,
    WitnessesError,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(company):
    """The company, where everybody can sign."""
    return with_passwords(company)


@pytest.mark.requirement("ARC-OP6", "ARC-09", "ARC-10", "ARC-11")
def test_a_destruction_needs_approval_two_witnesses_and_a_recording(people):
    secret = marked(people)
    operation = approved(people, secret, "destroy")
    line = operation.lines.get().pk
    shred = [Done(line, method="shred", tool="碎纸机 P-5")]
    with pytest.raises(MethodError):
        execute(people, operation, lines=[Done(line, method="erase", tool="x", verification="y")])
    with pytest.raises(MethodError):
        execute(people, operation, lines=[Done(line, method="shred")])
    with pytest.raises(RecordingMissingError):
        execute(people, operation, lines=shred, recording="")
    for wrong in (
        (people.head.pk,),
        (people.head.pk, people.head.pk),
        (people.head.pk, people.owner.pk),  # who asked
        (people.head.pk, people.department_officer.pk),  # who carries it out
    ):
        with pytest.raises(WitnessesError):
            execute(people, operation, lines=shred, witnesses=wrong)
    operation = execute(people, operation, lines=shred)
    assert (operation.state, secret.carriers.get().status) == ("under_way", Carrier.Status.HELD)
    with pytest.raises(NotPermittedError):
        witness(operation, people.proposer)
    with pytest.raises(CarrierNotHereError):
        submitted(people, secret, "borrow")
    witness(operation, people.head)
    with pytest.raises(requests.NothingChosenError):
        witness(operation, people.head)  # one person is one witness
    assert secret.carriers.get().status == Carrier.Status.HELD
    operation = witness(operation, people.colleague)
    assert (operation.state, secret.carriers.get().status) == ("done", Carrier.Status.DESTROYED)
    record = operation.filings.filter(occasion="closed").first().record
    assert record["lines"][0]["method"] == "shred"
    assert len(record["witnesses"]) == 2
    assert TradeSecret.objects.get(pk=secret.pk).state == "registered"


@pytest.mark.requirement("ARC-12")
def test_electronic_media_record_method_tool_and_verification(people):
    secret = marked(people)
    drive = secret.carriers.create(kind="medium", description="移动硬盘")
    operation = approved(people, secret, "destroy", things=[Thing(secret.pk, carrier=drive.pk)])
    line = operation.lines.get().pk
    for missing in ({"tool": "", "verification": "抽检"}, {"tool": "覆写工具", "verification": ""}):
        with pytest.raises(MethodError):
            execute(people, operation, lines=[Done(line, method="erase", **missing)])
    done = Done(line, method="erase", tool="覆写工具", verification="抽检 20 个扇区，均为零")
    operation = witness(execute(people, operation, lines=[done]), people.head, people.colleague)
    drive.refresh_from_db()
    assert (operation.state, drive.status) == ("done", Carrier.Status.DESTROYED)


def test_the_secret_ends_when_everything_that_bears_it_is_gone_and_its_files_cannot_be_read(people):
    secret = marked(people)
    carrier, file = secret.carriers.get(), secret.files.get()
    with pytest.raises(NotAllCoveredError):
        submitted(people, secret, "destroy", ends_secret=True)
    things = [Thing(secret.pk, carrier=carrier.pk), Thing(secret.pk, file=file.pk)]
    operation = approved(people, secret, "destroy", ends_secret=True, things=things)
    methods = {carrier.pk: {"method": "shred", "tool": "碎纸机"}, None: {"method": "crypto_shred"}}
    lines = [Done(row.pk, **methods[row.carrier_id]) for row in operation.lines.all()]
    operation = execute(people, operation, lines=lines)
    file.file.refresh_from_db()
    assert file.file.state == FileState.READY  # nothing irrevocable before it is witnessed
    operation = witness(operation, people.head, people.colleague)
    file.file.refresh_from_db()
    secret.refresh_from_db()
    assert (operation.state, secret.state) == ("done", "destroyed")
    assert (file.file.state, file.file.key_id) == (FileState.SHREDDED, None)
    assert secret.versions.order_by("-ordinal").first().cause == "destroyed"
    entries = LedgerEntry.objects.filter(subject=secret.ledger_subject).order_by("-index")
    assert entries.first().tag == "register:secret:destroyed"


@pytest.mark.requirement("CAR-04", "CPU-13")
@pytest.mark.parametrize(("kind", "status"), [("scrap", "scrapped"), ("repair", "repair")])
def test_scrapping_and_repair_record_removal_or_erasure(people, kind, status):
    secret = marked(people)
    device = secret.carriers.create(kind="device", description="试验台电脑")
    task = secret.marking_tasks.create(version=secret.versions.get(), carrier=device)
    task.done_at = secret.registered_at
    task.save()
    operation = approved(people, secret, kind, things=[Thing(secret.pk, carrier=device.pk)])
    line = operation.lines.get().pk
    with pytest.raises(MethodError):
        execute(people, operation, lines=[Done(line)])
    with pytest.raises(MethodError):
        execute(people, operation, lines=[Done(line, method="back_up_and_erase", tool="工具")])
    done = Done(line, method="back_up_and_erase", tool="工具", verification="备份已试恢复")
    operation = execute(people, operation, lines=[done])
    device.refresh_from_db()
    assert device.status == status
    if kind == "repair":
        give_back(people, operation)
        device.refresh_from_db()
        assert device.status == "held"
