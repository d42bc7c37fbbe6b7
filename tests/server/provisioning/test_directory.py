"""A directory against the accounts: who joins, changes, leaves, what is unclear; first shown, then done."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from tests.fakes.slapd import ADMIN, BASE, PASSWORD, ROOT, Slapd, account, person
from tests.server.people.company import grant
from tests.server.register.company import signed_in

from shoumi.connectors.directory import DirectoryEntry
from shoumi.engine.policy import Role
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.lifecycle.models import PersonCase
from shoumi.server.notifications.models import Notification
from shoumi.server.people.models import Person
from shoumi.server.provisioning.errors import DirectoryFieldError, StartedByAnotherError
from shoumi.server.provisioning.models import Account, Directory
from shoumi.server.provisioning.queries.directories import PRESETS
from shoumi.server.provisioning.sealing import SealedPasswordError, password_open
from shoumi.server.provisioning.services.directories import (
    FAILED,
    Connection,
    directories_read,
    directory_connect,
    directory_name,
    directory_read,
    directory_run,
    directory_start,
    directory_test,
)
from shoumi.server.provisioning.services.directory import ManyLeaversError, sync_apply, sync_plan

pytestmark = pytest.mark.any_database  # what it writes is written by services that both are asked about

STAFF = f"cn=Staff,{BASE}"


def entry(number, name="林一", department="RD-L", **more):
    values = {
        "employeenumber": number,
        "uid": f"u{number}",
        "cn": name,
        "departmentnumber": department,
        **more,
    }
    return DirectoryEntry(f"uid=u{number},{BASE}", {key: (value,) for key, value in values.items()})


@pytest.fixture(scope="module")
def slapd(tmp_path_factory):
    """One directory for all: people as inetOrgPerson has them, and others as Active Directory does."""
    people = ROOT + person("L1", "程一", "RD-L") + person("L2", "程二", "nowhere")
    people += account("A1", "顾一", "RD-L", 512, STAFF) + account("A2", "顾二", "RD-L", 514, STAFF)
    people += account("A3", "顾三", "RD-L", 512, f"cn=Guests,{BASE}") + account("A4", "顾四", "x", 512, STAFF)
    with Slapd(tmp_path_factory.mktemp("ldap"), people) as server:
        yield server


def test_what_a_directory_changes(company):
    def planned(*found):
        return sync_plan(actor=company.people_office, entity=company.cn, found=found)

    plan = planned(
        entry("D1"), entry("D2"), entry("D3", department="none"), entry("D4"), entry("D4"), entry("")
    )
    assert (len(plan.joiners), len(plan.changes), len(plan.leavers)) == (2, 0, 0)
    assert [fault.code for fault in plan.faults] == [
        "provisioning.value",
        "provisioning.entry_twice",
        "provisioning.entry_twice",
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


def test_the_command_shows_first_and_does_it_when_told(company, tmp_path, slapd):
    file = tmp_path / "directory.yaml"
    described = {
        "entity": "SM", "url": slapd.tls_url, "ca_file": str(slapd.ca_file), "base": BASE,
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


def connected(company, slapd, **changes):
    wish = Connection(
        **{
            "kind": "ad", "url": slapd.tls_url, "base": BASE, "filter": "(objectClass=user)",
            "bind_dn": ADMIN, "password": PASSWORD, "authority": slapd.ca_file.read_text(), **changes,
        }
    )  # fmt: skip
    known = Directory.objects.filter(entity=company.cn).first()
    row = directory_connect(
        actor=company.technician, entity=company.cn, wish=wish, expected_version=known.version if known else 1
    )
    return directory_name(
        actor=company.technician, directory=row, expected_version=row.version, attributes={},
        member_of=[STAFF.upper()],
    )  # fmt: skip


def test_it_sets_up_hr_lets_run_and_the_clock_reads(company, slapd, fixed_clock, capfd):
    hr, office = company.people_office, company.technician
    row = connected(company, slapd)
    assert PASSWORD.encode() not in bytes(row.password)
    test = directory_test(actor=office, directory=row)
    assert (test.found, test.joiners, test.leavers, test.fault_code) == (4, ["A1"], [], "")
    assert [(fault["place"], fault["code"]) for fault in test.faults] == [
        (f"cn=A4,{BASE}", "provisioning.value")
    ]
    assert not Account.objects.exists()
    with pytest.raises(NotPermittedError):
        directory_run(actor=office, directory=row)
    for user in (company.officer, company.seller):
        with pytest.raises(NotPermittedError):
            directory_start(actor=user, directory=row, expected_version=row.version, rhythm="hourly")
    row = directory_start(actor=hr, directory=row, expected_version=row.version, rhythm="hourly")
    assert (directories_read(), directories_read()) == (1, 0)
    assert Account.objects.get().person.name == "顾一"
    run = row.runs.first()
    assert (run.kind, run.joiners, run.started_by) == ("clock", ["A1"], hr)
    fixed_clock.advance(timedelta(hours=1))
    row = connected(company, slapd, password="wrong-canary")
    assert (row.rhythm, row.started_by, directories_read()) == ("off", None, 0), "a change stops it"
    row = directory_start(actor=hr, directory=row, expected_version=row.version, rhythm="hourly")
    told = Notification.objects.filter(message=FAILED)
    for _hour in range(2):
        assert directories_read() == 1
        fixed_clock.advance(timedelta(hours=1))
    assert {note.user for note in told} >= {hr, office}
    assert told.filter(user=hr).count() == 1, "told once, as long as the reason is the same"
    assert row.runs.first().fault_code == "configuration.directory"
    assert "canary" not in f"{capfd.readouterr()}{row.runs.first().fault}"
    hr.is_active = False
    hr.save()
    assert directories_read() == 1
    assert row.runs.first().fault_code == "policy.not_permitted"
    for wrong in (
        {"url": "http://x"},
        {"filter": "(a=b))"},
        {"base": " "},
        {"authority": "x"},
        {"kind": "x"},
    ):
        with pytest.raises(DirectoryFieldError):
            connected(company, slapd, **wrong)
    other = Directory.objects.get(pk=row.pk)
    other.pk = company.cn.pk
    with pytest.raises(SealedPasswordError):
        password_open(other)


def test_who_holds_both_roles_still_needs_another(company, slapd):
    grant(company.people_office, Role.IT_ADMINISTRATOR, "")
    company.technician = company.people_office
    row = connected(company, slapd)
    for act in (
        lambda: directory_start(
            actor=company.people_office, directory=row, expected_version=row.version, rhythm="daily"
        ),
        lambda: directory_run(actor=company.people_office, directory=row),
    ):
        with pytest.raises(StartedByAnotherError):
            act()


def test_the_pages_open_for_it_and_hr_and_never_show_the_password(company, slapd, client):
    signed_in(client, company.technician)

    def address(name, *args):
        return reverse(f"directories:{name}", args=["SM", *args])

    assert address("detail") in client.get(reverse("directories:directory_list")).content.decode()
    form = {
        "expected_version": 1, "kind": "ad", "url": slapd.tls_url, "base": BASE, "bind_dn": ADMIN,
        "filter": PRESETS["inet"].filter, "password": PASSWORD, "authority": slapd.ca_file.read_text(),
    }  # fmt: skip
    assert client.post(address("connect"), form).status_code == 302
    row = Directory.objects.get()
    assert (row.filter, row.attributes["user_name"]) == (PRESETS["ad"].filter, "sAMAccountName")
    refused = client.post(address("connect"), form | {"url": "http://x", "expected_version": 1})
    assert refused.status_code == 422
    field = refused.context["form"]["url"]  # told beside the field, by the name that it has on the page
    assert str(field.label) in field.errors[0]
    assert client.post(address("connect"), form | {"filter": "x", "expected_version": 1}).status_code == 422
    groups = {"expected_version": 1, "control": "userAccountControl", "groups": "", "member_of": STAFF}
    assert client.post(address("groups"), groups).status_code == 422
    assert client.post(address("groups"), groups | {"groups": "memberOf"}).status_code == 302
    for name in ("connect", "names", "groups", "detail"):
        page = client.get(address(name))
        assert (page.status_code, PASSWORD in page.content.decode()) == (200, False)
    assert client.post(address("read", "test")).status_code == 302
    directory_read.call(str(row.pk), str(company.technician.pk), "test")
    reading = client.get(address("reading", row.runs.get().pk)).content.decode()
    assert "A1" in reading
    assert f"cn=A4,{BASE}" in reading
    assert client.get(address("rhythm")).status_code == 403
    assert client.post(address("read", "hand")).status_code == 403
    signed_in(client, company.people_office)
    assert client.get(address("connect")).status_code == 403
    values = {"expected_version": 2, "rhythm": "daily", "most_leavers": 3}
    assert client.post(address("rhythm"), values).status_code == 302
    assert client.post(address("read", "hand")).status_code == 302
    directory_read.call(str(row.pk), str(company.people_office.pk), "hand")
    assert Account.objects.get().user_name == "uA1"
    signed_in(client, company.seller)
    for name in ("detail", "connect", "rhythm"):
        assert client.get(address(name)).status_code == 403
    assert client.get(reverse("directories:directory_list")).status_code == 403
