"""A directory against the accounts: who joins, changes, leaves, what is unclear; first shown, then done."""

from __future__ import annotations

from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.fakes.slapd import ADMIN, BASE, PASSWORD, ROOT, Slapd, person

from shoumi.connectors.directory import DirectoryEntry
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.lifecycle.models import PersonCase
from shoumi.server.people.models import Person
from shoumi.server.provisioning.models import Account
from shoumi.server.provisioning.services.directory import ManyLeaversError, sync_apply, sync_plan


def entry(number, name="林一", department="RD-L", **more):
    values = {
        "employeenumber": number,
        "uid": f"u{number}",
        "cn": name,
        "departmentnumber": department,
        **more,
    }
    return DirectoryEntry(f"uid=u{number},{BASE}", {key: (value,) for key, value in values.items()})


def test_what_a_directory_changes(company):
    def planned(*found):
        return sync_plan(actor=company.people_office, entity=company.cn, found=found)

    plan = planned(
        entry("D1"), entry("D2"), entry("D3", department="none"), entry("D4"), entry("D4"), entry("")
    )
    assert (len(plan.joiners), len(plan.changes), len(plan.leavers)) == (2, 0, 0)
    assert [fault.code for fault in plan.faults] == [
        "provisioning.value",
        "twice",
        "twice",
        "provisioning.value",
    ]
    assert all(fault.place.endswith(BASE) for fault in plan.faults)
    assert not Account.objects.exists()
    assert not sync_apply(actor=company.people_office, entity=company.cn, plan=plan)
    assert PersonCase.objects.filter(kind="joining").count() == 2
    same = planned(entry("D1"), entry("D2"))
    assert [same.joiners, same.changes, same.leavers] == [[], [], []]
    moved = planned(entry("D1", name="林二", department="SA"), entry("D2", department="none"))
    assert [row.person.number for row, _resource in moved.changes] == ["D1"]
    assert not moved.leavers  # D2 is unclear, and nobody leaves because of a fault
    assert not sync_apply(actor=company.people_office, entity=company.cn, plan=moved)
    assert Person.objects.get(number="D1").engagements.get(ends_on=None).department == company.sales
    gone = planned(entry("D1", name="林二", department="SA"))
    assert [row.person.number for row in gone.leavers] == ["D2"]
    with pytest.raises(ManyLeaversError):
        sync_apply(actor=company.people_office, entity=company.cn, plan=gone, most_leavers=0)
    assert not sync_apply(actor=company.people_office, entity=company.cn, plan=gone)
    assert PersonCase.objects.get(kind="leaving").person.number == "D2"
    assert not planned(entry("D1", name="林二", department="SA")).leavers
    for user in (company.officer, company.leader, company.technician, company.seller):
        with pytest.raises(NotPermittedError):
            sync_plan(actor=user, entity=company.cn, found=[])


def test_the_command_shows_first_and_does_it_when_told(company, tmp_path, tmp_path_factory):
    people = ROOT + person("L1", "程一", "RD-L") + person("L2", "程二", "nowhere")
    with Slapd(tmp_path_factory.mktemp("ldap"), people) as server:
        file = tmp_path / "directory.yaml"
        described = {
            "entity": "SM", "url": server.tls_url, "ca_file": str(server.ca_file), "base": BASE,
            "bind_dn": ADMIN, "password": PASSWORD,
        }  # fmt: skip
        file.write_text(yaml.safe_dump(described), encoding="utf-8")
        file.chmod(0o644)
        with pytest.raises(CommandError, match="chmod 600"):
            call_command("directory_sync", str(file), "--as", "people")
        file.chmod(0o600)
        said = StringIO()
        call_command("directory_sync", str(file), "--as", "people", stdout=said)
        assert "+ L1" in said.getvalue()
        assert f"! uid=L2,{BASE}" in said.getvalue()
        assert "1 join, 0 change, 0 leave, 1 unclear; nothing was done" in said.getvalue()
        assert not Person.objects.filter(number="L1").exists()
        call_command("directory_sync", str(file), "--as", "people", "--apply", stdout=said)
        assert Person.objects.get(number="L1").name == "程一"
        assert PASSWORD not in said.getvalue()
