"""SCIM 2.0 with a real client: discovery, a joiner, changes, a leaver, filters, pages, versions, refusals."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.server.provisioning.client import scim2

from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import PersonCase
from shoumi.server.people.models import Department, Person
from shoumi.server.provisioning.models import Account

pytestmark = pytest.mark.any_database  # what it writes is written by services that both are asked about

MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def joiner(**changes):
    """Return somebody who begins in the laboratory."""
    known = {
        "user_name": "lin.yi", "external_id": "idp-77", "display_name": "林一",
        "emails": [{"value": "lin.yi@example.com", "primary": True}], "title": "工程师", "active": True,
    }  # fmt: skip
    extension = {"employee_number": "E900", "department": "RD-L", **changes.pop("extension", {})}
    made = scim2.Member(**(known | changes))
    made[scim2.EnterpriseUser] = scim2.EnterpriseUser(**extension)
    return made


def patch(*operations):
    return scim2.PatchOp[scim2.Member](
        operations=[scim2.PatchOperation(op=op, path=path, value=value) for op, path, value in operations]
    )


def test_the_server_says_what_it_is(scim):
    client = scim()
    client.discover()
    assert client.service_provider_config.patch.supported
    assert client.service_provider_config.bulk.max_operations == 100
    assert {item.name for item in client.resource_types} == {"User", "Group"}
    assert isinstance(client.query(scim2.ServiceProviderConfig), scim2.ServiceProviderConfig)
    assert client.query(scim2.ResourceType).total_results == 2
    assert client.query(scim2.Schema).total_results == 3


def test_a_joiner_comes_moves_and_leaves(company, scim):
    client = scim()
    user = client.create(joiner())
    person = Person.objects.get(number="E900")
    assert (user.id, user.display_name, user.title, user.active) == (str(person.pk), "林一", "工程师", True)
    assert user.emails is None  # never given back
    assert person.email == "lin.yi@example.com"
    assert person.engagements.get().post == company.engineer
    joining = PersonCase.objects.get(person=person)
    assert (joining.kind, joining.opened_by) == ("joining", company.people_office)
    tags = set(LedgerEntry.objects.filter(subject=person.ledger_subject).values_list("tag", flat=True))
    assert {LedgerTag.PEOPLE_PERSON_CREATED, LedgerTag.PROVISIONING_ACCOUNT_MADE} <= tags

    read = client.query(scim2.Member, user.id)
    assert read.meta.version == user.meta.version
    assert [group.display for group in read.groups] == [company.lab.name]
    moved = client.modify(
        read,
        patch_op=patch(
            ("replace", f"{ENTERPRISE}:department", "SA"),
            ("replace", "title", "客户经理"),
            ("replace", 'emails[type eq "work"].value', "yi@example.com"),
            ("add", f"{ENTERPRISE}:manager", {"value": str(company.head.person.pk)}),
        ),
    )
    assert moved[scim2.EnterpriseUser].manager.value == str(company.head.person.pk)
    person.refresh_from_db()
    assert person.email == "yi@example.com"
    assert person.engagements.get(ends_on=None).department == company.sales
    assert person.engagements.count() == 2

    gone = client.modify(moved, patch_op=patch(("replace", "active", False)))
    assert gone.active is False
    leaving = PersonCase.objects.get(person=person, kind="leaving")
    assert leaving.state == PersonCase.State.OPEN
    assert person.engagements.filter(ends_on=None).exists()  # people end it in the case
    back = client.modify(gone, patch_op=patch(("replace", "active", True)))
    assert isinstance(back, scim2.Error)
    assert back.status == 409
    client.delete(gone)
    assert client.query(scim2.Member, user.id).status == 404
    assert Person.objects.filter(pk=person.pk).exists()
    assert Account.objects.get(person=person).removed_at
    assert PersonCase.objects.filter(person=person, kind="leaving").count() == 1


def test_who_is_known_by_number_is_tied_and_not_made_twice(company, scim):
    user = scim().create(joiner(extension={"employee_number": "E002"}, user_name="he", display_name="何清越"))
    assert user.id == str(company.colleague.person.pk)
    assert not PersonCase.objects.exists()


def test_filters_pages_and_groups(company, scim):
    client = scim()
    for number in range(3):
        client.create(
            joiner(
                user_name=f"User{number}", external_id=f"x-{number}", display_name=f"人{number}",
                extension={"employee_number": f"N{number}"},
            )
        )  # fmt: skip

    def found(text, **more):
        answer = client.query(scim2.Member, query_parameters=scim2.SearchRequest(filter=text, **more))
        return [item.user_name for item in answer.resources or []]

    assert found('userName eq "user1"') == ["User1"]
    assert found('externalId sw "x-" and not (userName eq "User2")') == ["User0", "User1"]
    assert found('displayName co "人" and active eq true') == ["User0", "User1", "User2"]
    assert found('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "N2"') == [
        "User2"
    ]
    assert found("externalId pr", start_index=2, count=1) == ["User1"]
    whole = client.query(scim2.Member, query_parameters=scim2.SearchRequest(count=0))
    assert (whole.total_results, whole.resources or []) == (3, [])

    lab = client.query(scim2.Group, str(company.lab.pk))
    assert {item.display for item in lab.members} == {"人0", "人1", "人2"}
    made = client.create(scim2.Group(display_name="试制部", external_id="TRIAL"))
    assert Department.objects.get(code="TRIAL").name == "试制部"
    first = Account.objects.get(user_name="User0").person
    moved = client.modify(
        made, patch_op=scim2.PatchOp[scim2.Group](operations=[
            scim2.PatchOperation(op="add", path="members", value=[{"value": str(first.pk)}]),
            scim2.PatchOperation(op="replace", path="displayName", value="试制中心"),
        ]),
    )  # fmt: skip
    assert (moved.display_name, [item.value for item in moved.members]) == ("试制中心", [str(first.pk)])
    emptied = client.modify(
        moved,
        patch_op=scim2.PatchOp[scim2.Group](operations=[scim2.PatchOperation(op="remove", path="members")]),
    )
    assert (emptied.status, emptied.scim_type) == (400, "mutability")


@pytest.mark.parametrize(
    "case",
    [
        ("get", "Users?filter=userName", None, 400, "invalidFilter"),
        ("get", 'Users?filter=password eq "x"', None, 400, "invalidFilter"),
        ("get", "Users?filter=(((userName eq 1)", None, 400, "invalidFilter"),
        ("get", "Users?startIndex=x", None, 400, "invalidValue"),
        ("get", "Users/00000000-0000-0000-0000-000000000000", None, 404, None),
        ("get", "Me", None, 501, None),
        ("post", "Bulk", "{}", 400, "invalidValue"),
        ("post", "Bulk", '{"Operations": [], "failOnErrors": -1}', 400, "invalidValue"),
        ("post", "Bulk", '{"Operations": [1]}', 400, "invalidValue"),
        ("get", "Bulk", None, 405, None),
        pytest.param(("post", "Bulk", json.dumps({"Operations": [{}] * 101}), 413, None), id="many"),
        pytest.param(("post", "Bulk", " " * (1024**2 + 1), 413, None), id="long"),
        ("post", "Users", "no json", 400, "invalidSyntax"),
        ("post", "Users", "[]", 400, "invalidSyntax"),
        pytest.param(("post", "Users", "[" * 100_000, 400, "invalidSyntax"), id="deep"),
        ("post", "Users", '{"userName": "a"}', 400, "invalidValue"),
        ("put", "Users", "{}", 405, None),
        ("get", "Schemas/none", None, 404, None),
    ],
)
def test_what_is_refused_is_refused_in_the_shape_of_the_standard(company, secret_of, case):
    method, path, body, status, kind = case
    client = Client(headers={"Authorization": f"Bearer {secret_of(company.people_office)}"})
    more = {"data": body, "content_type": "application/scim+json"} if body is not None else {}
    answer = getattr(client, method)(f"/scim/v2/SM/{path}", **more)
    found = json.loads(answer.content)
    assert (answer.status_code, found["status"], found.get("scimType")) == (status, str(status), kind)
    assert answer["Content-Type"] == "application/scim+json"
    assert found["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert not Person.objects.filter(number="a").exists()


def taken(number, **more):
    """Return the data of a joiner, as a provider sends it."""
    extension = {"employeeNumber": number, "department": "RD-L", **more.pop("extension", {})}
    return {"userName": f"u{number}", "displayName": f"名{number}", ENTERPRISE: extension, **more}


def test_bulk_is_done_one_by_one_with_references_limits_and_no_more_rights(company, secret_of):
    def send(user, *operations, **more):
        client = Client(headers={"Authorization": f"Bearer {secret_of(user)}"})
        body = {"schemas": [MESSAGES + "BulkRequest"], "Operations": operations, **more}
        return client.post("/scim/v2/SM/Bulk", json.dumps(body), content_type="application/scim+json")

    def made(number, name, **more):
        return {"method": "POST", "path": "/Users", "bulkId": name, "data": taken(number, **more)}

    under = made("B1", "one", extension={"manager": {"value": "bulkId:two"}})  # the manager comes later
    group = str(company.sales.pk)
    move = {
        "method": "PATCH", "path": f"/Groups/{group}",
        "data": {"Operations": [{"op": "add", "path": "members", "value": [{"value": "bulkId:two"}]}]},
    }  # fmt: skip
    gone = {"method": "DELETE", "path": "/Users/bulkId:three"}
    answered = send(company.people_office, under, move, gone, made("B2", "two"), made("B3", "three"))
    found = json.loads(answered.content)
    assert found["schemas"] == [MESSAGES + "BulkResponse"]
    assert [each["status"] for each in found["Operations"]] == ["201", "200", "204", "201", "201"]
    assert [each.get("bulkId") for each in found["Operations"]] == ["one", None, None, "two", "three"]
    one = Account.objects.get(person__number="B1")
    assert found["Operations"][0]["location"].endswith(f"/scim/v2/SM/Users/{one.person_id}")
    assert one.manager.number == "B2"
    assert one.manager.engagements.get(ends_on=None).department == company.sales
    assert Account.objects.get(person__number="B3").removed_at is not None
    late = {"method": "PUT", "path": f"/Users/{one.person_id}", "version": 'W/"99"', "data": taken("B1")}
    wrong = (
        late,
        made("B4", ""),
        {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": "x"}},
        {"method": "GET", "path": "/Users"},
        {"method": 1, "path": "/Nothing"},
        {"method": "DELETE", "path": f"/Groups/{group}"},
        {"method": "DELETE", "path": "/Users/none"},
        made("B5", "self", extension={"manager": {"value": "bulkId:self"}}),
        made("B6", "last"),
    )
    statuses = ["412", "400", "400", "400", "400", "405", "404", "409", "201"]
    found = json.loads(send(company.people_office, *wrong).content)["Operations"]
    assert [each["status"] for each in found] == statuses
    assert all(each["response"]["status"] == each["status"] for each in found[:-1])
    found = json.loads(send(company.people_office, *wrong[:3], made("B7", "b"), failOnErrors=2).content)
    assert [each["status"] for each in found["Operations"]] == statuses[:2], "then it stops"
    assert not Person.objects.filter(number__in=("B4", "B5", "B7")).exists()
    for user in (company.technician, company.officer):
        assert send(user, made("B8", "b")).status_code == 403


def test_conflicts_and_versions(company, scim):
    client = scim()
    user = client.create(joiner())
    again = client.create(joiner(extension={"employee_number": "E901"}))
    assert (again.status, again.scim_type) == (409, "uniqueness")
    assert not Person.objects.filter(number="E901").exists()
    client.modify(user, patch_op=patch(("replace", "displayName", "林二")))
    user.meta.version = 'W/"1"'
    late = client.modify(user, patch_op=patch(("replace", "displayName", "林三")))
    assert late.status == 412
    present = client.query(scim2.Member, user.id)
    assert client.modify(present, patch_op=patch(("replace", "userType", "visitor"))).status == 400
    wrong = client.create(joiner(user_name="x", extension={"employee_number": "E902", "department": "none"}))
    assert (wrong.status, wrong.scim_type) == (400, "invalidValue")
    assert Person.objects.get(pk=user.id).name == "林二"


def test_only_hr_of_the_entity_with_the_right_token(company, scim):
    before = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count()
    strangers = [user for name, user in company.everybody.items() if name not in {"people_office", "hr"}]
    for user in strangers:
        if user == company.counsel:
            continue
        assert scim(user).query(scim2.Member).status == 403, user
    refused = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count() - before
    assert refused == len(strangers) - 1
    assert scim(code="SJ").create(joiner()).status == 403  # of the other entity
    assert scim(company.people_office, "people:write", "*:write").query(scim2.Member).status == 401
    assert scim(company.people_office, "scim:read").query(scim2.Member).total_results == 0
    assert scim(company.people_office, "scim:read").create(joiner()).status == 401
    assert not Account.objects.exists()
    assert Client().get("/scim/v2/SM/Users").status_code == 401
