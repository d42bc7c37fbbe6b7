"""What lists show agrees with what the gate decides: every sign-in and row of the demonstration company."""

from __future__ import annotations

import pytest

from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.queries import request_resource, requests_visible_to
from shoumi.server.assurance.models import (
    Finding,
    MeasureRecord,
    PlanTask,
    Resolution,
    Risk,
    RuleVersion,
    SelfInspection,
)
from shoumi.server.assurance.queries.access import (
    finding_resource,
    findings_visible,
    resolution_resource,
    resolutions_visible,
    task_resource,
    tasks_visible,
)
from shoumi.server.assurance.queries.risks import risk_resource, risks_visible_to
from shoumi.server.assurance.queries.rules import rule_resource, rules_binding, rules_visible
from shoumi.server.assurance.queries.scoping import VIEWING, place_resource, within
from shoumi.server.assurance.queries.self_inspection import runs_visible_to
from shoumi.server.documents.models import Index, Match, MatchException, Scan
from shoumi.server.documents.queries.access import (
    exception_resource,
    exceptions_visible_to,
    match_resource,
    matches_visible_to,
    scan_resource,
    scans_visible_to,
)
from shoumi.server.documents.queries.tables import table_resource, tables_visible_to
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.queries.access import case_resource, cases, cases_read_by, cases_visible_to
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource, person_resource, persons_visible
from shoumi.server.people.queries.listing import READERS, scopes_of
from shoumi.server.places.models import Visit, Zone
from shoumi.server.places.queries.resources import unit_of, visit_resource, zone_resource
from shoumi.server.places.queries.visible import (
    visits_visible_to,
    zones_kept_by,
    zones_managed_by,
    zones_to_visit,
    zones_visible_to,
)
from shoumi.server.register.models import (
    BookLine,
    Carrier,
    Duty,
    Inventory,
    Operation,
    StorageUnit,
    ThirdParty,
    TradeSecret,
)
from shoumi.server.register.queries.books import line_resource, lines_visible_to
from shoumi.server.register.queries.carriers.visible import carrier_resource, carriers_visible_to
from shoumi.server.register.queries.duties import duties_visible_to, duty_resource
from shoumi.server.register.queries.inventory import inventories_visible_to, inventory_resource
from shoumi.server.register.queries.operations.lists import operations_visible_to, third_parties_visible_to
from shoumi.server.register.queries.operations.resources import operation_resource, third_party_resource
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.secrets import secrets_visible_to
from shoumi.server.register.queries.storage.visible import unit_resource, units_visible_to
from shoumi.server.training.models import Assignment, Campaign, Certificate, Course
from shoumi.server.training.queries.access import (
    assignments_visible,
    campaigns_visible,
    certificates_visible,
    courses_visible,
    learner_resource,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]


def compare(users, rows, resource_of, action, visible_to):
    """Return how many pairs are permitted, and every pair on which list and gate differ."""
    resources = [(row, resource_of(row)) for row in rows]
    permitted, differences = 0, []
    for user in users:
        with gate.remembered_subjects():
            listed = set(visible_to(user).values_list("pk", flat=True))
            decisions = gate.decide_each(user, [(action, resource) for _row, resource in resources])
        for (row, _resource), decision in zip(resources, decisions, strict=True):
            permitted += decision.permitted
            if decision.permitted != (row.pk in listed):
                differences.append((user.username, str(row), decision))
    return permitted, differences


def test_the_company_has_every_role_and_every_state(users):
    assert {held.role for user in users for held in gate.subject_of(user).roles} == set(Role)
    states = set(TradeSecret.objects.values_list("state", flat=True))
    assert states == set(TradeSecret.State.values) - {TradeSecret.State.DESTROYED}


@pytest.mark.requirement("SCP-01", "SCP-02")
def test_secrets(users):
    rows = list(TradeSecret.objects.all())
    permitted, differences = compare(
        users, rows, secret_resource, Action.SECRET_VIEW_METADATA, secrets_visible_to
    )
    assert differences == []
    assert len(rows) >= 40
    assert len(rows) < permitted < len(users) * len(rows)


@pytest.mark.requirement("IDN-08")
def test_designations(users):
    rows = list(Duty.objects.select_related("department"))
    permitted, differences = compare(users, rows, duty_resource, Action.DUTY_VIEW, duties_visible_to)
    assert differences == []
    assert 3 <= len(rows) < permitted < len(users) * len(rows)


@pytest.mark.requirement("ARC-01")
def test_lines_of_the_two_ledgers(users):
    rows = list(BookLine.objects.select_related("secret__owner_department"))
    permitted, differences = compare(users, rows, line_resource, Action.BOOK_VIEW, lines_visible_to)
    assert differences == []
    assert len(rows) >= 40
    assert len(rows) < permitted < len(users) * len(rows)


@pytest.mark.parametrize(
    ("action", "visible_to"),
    [
        (Action.PERSON_LOOKUP, persons_visible),
        (Action.PERSON_VIEW, lambda user: persons_visible(user, READERS)),
    ],
)
def test_persons(users, action, visible_to):
    rows = list(Person.objects.all())
    permitted, differences = compare(users, rows, person_resource, action, visible_to)
    assert differences == []
    assert len(rows) >= 60
    assert len(rows) < permitted < len(users) * len(rows)


def test_operations(users):
    rows = list(Operation.objects.select_related("department", "receiver"))
    permitted, differences = compare(
        users, rows, operation_resource, Action.OPERATION_VIEW, operations_visible_to
    )
    assert differences == []
    assert len(rows) >= 7
    assert len(rows) < permitted < len(users) * len(rows)


def test_third_parties(users):
    rows = list(ThirdParty.objects.select_related("department"))
    permitted, differences = compare(
        users, rows, third_party_resource, Action.PARTNER_VIEW, third_parties_visible_to
    )
    assert differences == []
    assert len(rows) < permitted < len(users) * len(rows)


@pytest.mark.parametrize(
    ("rows", "resource_of", "action", "visible_to", "least"),
    [
        (
            lambda: Carrier.objects.filter(number__isnull=False),
            carrier_resource,
            Action.CARRIER_VIEW,
            carriers_visible_to,
            8,
        ),
        (StorageUnit.objects.all, unit_resource, Action.STORAGE_VIEW, units_visible_to, 4),
        (Inventory.objects.all, inventory_resource, Action.INVENTORY_VIEW, inventories_visible_to, 1),
    ],
    ids=["carriers", "units", "inventories"],
)
def test_carriers_and_storage(users, rows, resource_of, action, visible_to, least):  # noqa: PLR0913, PLR0917
    found = list(rows())
    permitted, differences = compare(users, found, resource_of, action, visible_to)
    assert differences == []
    assert len(found) >= least
    assert len(found) < permitted < len(users) * len(found)


def test_approvals(users):
    rows = list(ApprovalRequest.objects.all())
    permitted, differences = compare(users, rows, request_resource, Action.APPROVAL_VIEW, requests_visible_to)
    assert differences == []
    assert len(rows) >= 30
    assert len(rows) < permitted < len(users) * len(rows)


@pytest.mark.requirement("ZON-12")
@pytest.mark.parametrize(
    ("action", "visible_to"),
    [
        (Action.ZONE_VIEW, zones_visible_to),
        (Action.ZONE_EDIT, zones_managed_by),
        (Action.VISIT_ADMIT, zones_kept_by),
        (Action.VISIT_REQUEST, zones_to_visit),
    ],
)
def test_zones(users, action, visible_to):
    rows = list(Zone.objects.select_related("entity", "department__entity"))
    permitted, differences = compare(users, rows, zone_resource, action, visible_to)
    assert differences == []
    assert len(rows) >= 8
    assert len(rows) <= permitted < len(users) * len(rows)


def test_zones_are_made_where_they_are_managed(users):
    rows = list(Zone.objects.select_related("entity", "department__entity"))
    wishes = {row.pk: unit_of(row.entity, row.department) for row in rows}
    for user in users:
        managed = set(zones_managed_by(user).values_list("pk", flat=True))
        for row in rows:
            decision = gate.decide(user, Action.ZONE_CREATE, wishes[row.pk])
            assert decision.permitted == (row.pk in managed), (user.username, str(row))


def test_visits(users):
    rows = list(Visit.objects.select_related("zone__entity", "zone__department__entity"))
    permitted, differences = compare(users, rows, visit_resource, Action.VISIT_VIEW, visits_visible_to)
    assert differences == []
    assert len(rows) >= 3
    assert len(rows) < permitted < len(users) * len(rows)


@pytest.mark.requirement("OFF-00")
@pytest.mark.parametrize(
    ("action", "visible_to"),
    [(Action.PERSON_CASE_SEE, cases_visible_to), (Action.PERSON_CASE_VIEW, cases_read_by)],
)
def test_cases_of_people(users, action, visible_to):
    rows = list(cases())
    permitted, differences = compare(users, rows, case_resource, action, visible_to)
    assert differences == []
    assert len(rows) >= 4
    assert len(rows) < permitted < len(users) * len(rows)


def test_indexes_of_tables(users):
    now = clock().now()
    for entity in LegalEntity.objects.all():
        Index.objects.create(
            kind="table", name=f"customers-{entity.code}", entity=entity, created_at=now, updated_at=now
        )
    rows = list(Index.objects.filter(kind="table").select_related("entity"))
    permitted, differences = compare(users, rows, table_resource, Action.INDEX_VIEW, tables_visible_to)
    assert differences == []
    assert len(rows) >= 2
    assert len(rows) < permitted < len(users) * len(rows)


def test_risks(users):
    rows = list(Risk.objects.select_related("entity", "department"))
    permitted, differences = compare(users, rows, risk_resource, Action.RISK_VIEW, risks_visible_to)
    assert differences == []
    assert len(rows) >= 6
    assert len(rows) < permitted < len(users) * len(rows)


def test_recorded_measures(users):
    def listed(user):
        remit = within(scopes_of(user, VIEWING))
        return MeasureRecord.objects.filter(remit)

    rows = list(MeasureRecord.objects.select_related("entity", "department"))
    for row in rows:  # one after another: many stand for the same place
        _permitted, differences = compare(
            users, [row], lambda item: place_resource(item.entity, item.department), Action.ASSURANCE_VIEW,
            lambda user, row=row: listed(user).filter(pk=row.pk),
        )  # fmt: skip
        assert differences == []
    assert {row.department is None for row in rows} == {True, False}


def test_self_inspections(users):
    rows = list(SelfInspection.objects.select_related("entity"))
    permitted, differences = compare(
        users, rows, lambda run: entity_resource(run.entity), Action.SELF_INSPECTION_EXPORT, runs_visible_to
    )
    assert differences == []
    assert 0 < permitted < len(users)


@pytest.mark.requirement("ORG-11")
@pytest.mark.parametrize(
    ("model", "resource_of", "action", "visible_to"),
    [
        (Finding, finding_resource, Action.WORK_VIEW, findings_visible),
        (PlanTask, task_resource, Action.WORK_VIEW, tasks_visible),
        (Resolution, resolution_resource, Action.WORK_VIEW, resolutions_visible),
        (RuleVersion, rule_resource, Action.RULE_VIEW, rules_visible),
        (RuleVersion, rule_resource, Action.RULE_ACKNOWLEDGE, rules_binding),
    ],
)
def test_work_and_rules(users, model, resource_of, action, visible_to):
    rows = list(model.objects.all())
    permitted, differences = compare(users, rows, resource_of, action, visible_to)
    assert differences == []
    assert rows
    assert 0 < permitted < len(users) * len(rows)


@pytest.mark.parametrize(
    ("rows", "resource_of", "action", "visible_to", "least"),
    [
        (lambda: Scan.objects.select_related("entity"), scan_resource, Action.SCAN_VIEW, scans_visible_to, 1),
        (
            lambda: Match.objects.select_related("scan__entity", "secret__owner_department__entity"),
            match_resource,
            Action.MATCH_VIEW,
            matches_visible_to,
            5,
        ),
        (
            lambda: MatchException.objects.select_related("entity", "department__entity"),
            exception_resource,
            Action.MATCH_VIEW,
            exceptions_visible_to,
            1,
        ),
    ],
    ids=["scans", "findings", "exceptions"],
)
def test_scans_and_what_they_found(users, rows, resource_of, action, visible_to, least):  # noqa: PLR0913, PLR0917
    found = list(rows())
    permitted, differences = compare(users, found, resource_of, action, visible_to)
    assert differences == []
    assert len(found) >= least
    assert len(found) < permitted < len(users) * len(found)


def test_the_scan_of_the_company_found_a_secret_a_marking_and_a_closed_file(users):
    kinds = set(Match.objects.values_list("kind", flat=True))
    assert kinds >= {Match.Kind.FINGERPRINT, Match.Kind.MARKING, Match.Kind.UNREADABLE}
    assert {row.secret.number for row in Match.objects.filter(kind=Match.Kind.FINGERPRINT)} != {None}
    assert MatchException.objects.get().state == MatchException.State.PROPOSED


@pytest.mark.parametrize(
    ("model", "resource_of", "action", "visible_to"),
    [
        (
            Assignment,
            lambda row: learner_resource(row.person),
            Action.TRAINING_STANDING,
            assignments_visible,
        ),
        (
            Certificate,
            lambda row: learner_resource(row.person),
            Action.TRAINING_RESULTS,
            certificates_visible,
        ),
        (Course, lambda row: entity_resource(row.entity), Action.TRAINING_VIEW, courses_visible),
        (Campaign, lambda row: entity_resource(row.course.entity), Action.TRAINING_VIEW, campaigns_visible),
    ],
)
def test_training(users, model, resource_of, action, visible_to):
    rows = list(model.objects.all())
    permitted, differences = compare(users, rows, resource_of, action, visible_to)
    assert differences == []
    assert rows
    assert 0 < permitted < len(users) * len(rows)
