"""Carriers and storage units in and out as spreadsheets, and over the API."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.server.register.company import registered, signed_in
from tests.server.register.things import added, mark, unit, zone

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.tables.imports import ImportFaultyError, import_apply, import_open, import_preview
from shoumi.server.files.tables.plans import Effect
from shoumi.server.register.models import Carrier, StorageUnit
from shoumi.server.register.queries.carriers.visible import carriers_visible_to
from shoumi.server.register.services.carriers.importing import CARRIER_IMPORT, UNIT_IMPORT
from shoumi.server.register.services.carriers.tables import carriers_export

pytestmark = pytest.mark.django_db


def taken_in(actor, kind, text, **more):
    draft = import_open(actor=actor, kind=kind, name="list.csv", content=text.encode("utf-8-sig"))
    preview = import_preview(actor=actor, kind=kind, draft=draft)
    applied = {"actor": actor, "kind": kind, "draft": draft, "expected_version": draft.version, **more}
    return preview, lambda: import_apply(**applied)


def test_carriers_come_in_with_every_fault_at_its_cell_and_twice_changes_nothing(company):
    secret = registered(company)
    zone(company, "Z-9")
    keeper = company.head.person.number
    lines = [
        "商业秘密编号,载体编号,载体类型,载体名称,涉密区域,存放地点,保管人",
        f"{secret.number},,样品,封样三件,Z-9,A-01,{keeper}",
        f"{secret.number},,纸质,会议纪要,NOWHERE,A-02,",
        "SM-1999-0001,,纸质,旧纪要,Z-9,,",
        f"{secret.number},,样品,无人保管,Z-9,,",
    ]
    preview, apply = taken_in(company.owner, CARRIER_IMPORT, "\n".join(lines))
    assert [fault.cell[-2:] for fault in preview.faults] == ["E3", "A4", "A5"]
    assert preview.plan.count(Effect.NEW) == 1
    with pytest.raises(ImportFaultyError):
        apply()
    _preview, apply = taken_in(company.owner, CARRIER_IMPORT, "\n".join(lines), leave_out_faulty=True)
    apply()
    carrier = Carrier.objects.get(description="封样三件")
    assert (carrier.number, carrier.kind, carrier.keeper) == (
        f"{secret.number}/02",
        "sample",
        company.head.person,
    )
    again, _apply = taken_in(company.owner, CARRIER_IMPORT, "\n".join(lines[:2]))
    assert again.plan.counts == {"new": 0, "changed": 0, "unchanged": 1}
    moved = lines[1].replace("A-01", "A-07").replace(",,样品", f",{carrier.number},样品")
    _preview, apply = taken_in(company.owner, CARRIER_IMPORT, f"{lines[0]}\n{moved}")
    apply()
    carrier.refresh_from_db()
    assert carrier.place == "A-07"


def test_what_goes_out_comes_in_unchanged_and_only_for_those_who_may(company):
    secret = registered(company)
    added(company, secret)
    rows = carriers_visible_to(company.owner).exclude(zone=None)
    text = carriers_export(actor=company.owner, rows=rows, form="csv").decode("utf-8-sig")
    preview, _apply = taken_in(company.owner, CARRIER_IMPORT, text)
    assert preview.plan.counts == {"new": 0, "changed": 0, "unchanged": 1}
    for stranger in (company.colleague, company.auditor, company.technician):
        with pytest.raises(NotPermittedError):
            carriers_export(actor=stranger, rows=rows, form="csv")
        with pytest.raises(NotPermittedError):
            CARRIER_IMPORT.allow(stranger)


def test_storage_units_come_in_unauthorised(company):
    head = "部门,设备编号,设备名称,设备类型,加密方式,备份周期"
    text = head + "\nRD,SRV-9,文件服务器,服务器,LUKS2,7\nRD,X-1,坏行,飞船,,"
    preview, apply = taken_in(company.technician, UNIT_IMPORT, text, leave_out_faulty=True)
    assert len(preview.faults) == 1
    apply()
    row = StorageUnit.objects.get(code="SRV-9")
    assert (row.kind, row.encryption, row.backup_days, row.is_authorised) == ("server", "LUKS2", 7, False)
    with pytest.raises(NotPermittedError):
        UNIT_IMPORT.allow(company.colleague)


def test_the_import_pages_work(client, company):
    signed_in(client, company.owner)
    address = reverse("register:import_choose", args=["storage"])
    assert client.get(address).status_code == 200
    assert client.get(reverse("register:import_choose", args=["spaceships"])).status_code == 404
    text = "部门,设备编号,设备名称,设备类型\nRD,PC-8,笔记本,计算机\nRD,PC-9,,计算机"
    sent = client.post(address, {"file": SimpleUploadedFile("u.csv", text.encode("utf-8-sig"))})
    page = sent["Location"]
    assert "PC-8" in client.get(page).content.decode()
    assert client.post(page, {"do": "faults"}).content.startswith(b"PK")
    refused = client.post(page, {"do": "apply", "version": "1"})
    assert refused.status_code == 200
    assert not StorageUnit.objects.exists()
    assert client.post(page, {"do": "apply", "version": "1", "leave_out": "1"}).status_code == 302
    assert StorageUnit.objects.get().code == "PC-8"


def test_programs_list_carriers_hand_them_over_and_send_scans(client, company):
    carrier = added(company, registered(company))
    mark(company, carrier)
    unit(company, permitted=2)
    signed_in(client, company.owner)
    (listed,) = client.get(f"/api/v1/carriers?number={carrier.number}").json()["items"]
    assert (listed["id"], listed["keeper"]) == (str(carrier.pk), str(company.head.person))
    body = {"step": "pass", "receiver": str(company.proposer.person.pk)}
    sent = client.post(
        f"/api/v1/carriers/{carrier.pk}/handovers", json.dumps(body), content_type="application/json"
    )
    assert sent.json()["state"] == "offered"
    (row,) = client.get("/api/v1/storage-units?authorised=true").json()["items"]
    assert (row["code"], row["permitted"], row["authorised"]) == ("PC-1", "important", True)
    refused = client.post(f"/api/v1/carriers/handovers/{sent.json()['id']}/receive")
    assert refused.status_code == 403
    signed_in(client, company.proposer)
    assert (
        client.post(f"/api/v1/carriers/handovers/{sent.json()['id']}/receive").json()["state"] == "received"
    )
    assert client.get("/api/v1/inventories").json()["items"] == []
    signed_in(client, company.seller)
    assert client.get(f"/api/v1/carriers/{carrier.pk}").status_code == 403
