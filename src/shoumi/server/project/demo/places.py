"""Furnishes the demonstration company's premises: plans drawn by code, zones, doors, visits, a key place.

Every step is the service that the console calls, by a person who may do it.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw

from shoumi.engine.jurisdiction import rule_text
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_decide
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import clock
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import FloorPlan, Sign, Zone
from shoumi.server.places.models.plans import SCALE
from shoumi.server.places.queries.checklist import checks_of
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.services import designations, entry, inspections, plans, protection, visits
from shoumi.server.places.services.admission import AtTheDoor, visitor_admit
from shoumi.server.places.services.suggestions import suggestion_decline
from shoumi.server.places.services.zones import ZoneFacts, zone_create
from shoumi.server.project.demo.organisation import Organisation

WIDTH, HEIGHT = 1200, 760  # pixels of a drawn plan
OFFICER, LEADER = "officer", "leader"
Point = tuple[int, int]


class Premises:
    """The premises while they are being furnished."""

    def __init__(self, organisation: Organisation, data: dict[str, Any]) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.data = data
        self.zones: dict[str, Zone] = {}
        self.plans: dict[str, FloorPlan] = {}

    def furnish(self) -> None:
        """Make everything, in the order in which it depends on each other."""
        for row in self.data["zones"]:
            self._zone(row)
        for row in self.data["plans"]:
            self._plan(row)
        self._protect()
        self._key()
        self._let_in("A-301", "employee", "zh")
        self._let_in("T-501", "jp-officer", "ja")
        self._visit("A-301", "owner", "zh", enters=False)
        self._visit("A-300", "sales-owner", "zh", enters=True)
        self._visit("T-501", "jp-owner", "ja", enters=False)
        suggestion_decline(
            actor=self.users[OFFICER],
            group="ZON-03",
            target=self.organisation.departments["CN-HR"],
            reason=self.data["words"]["zh"]["decline"],
        )

    def _zone(self, row: dict[str, Any]) -> None:
        department = self.organisation.departments[row["department"]]
        names = ("code", "name", "kind", "level", "location")
        facts = ZoneFacts(ground=row.get("ground", ""), **{name: row[name] for name in names})
        self.zones[row["code"]] = zone_create(
            actor=self.users[OFFICER], entity=department.entity, department=department, facts=facts
        )

    def _plan(self, row: dict[str, Any]) -> None:
        officer = self.users[OFFICER]
        plan = plans.plan_add(
            actor=officer,
            entity=self.organisation.entities[row["entity"]],
            picture=_stored(officer, f"{row['site']}.png", row["rooms"]),
            **{name: row[name] for name in ("site", "building", "floor")},
        )
        outlines = {
            self.zones[zone["code"]].pk: _corners(row["rooms"][zone["room"]])
            for zone in self.data["zones"]
            if zone["plan"] == row["key"]
        }
        self.plans[row["key"]] = plans.outlines_save(
            actor=officer, plan=plan, expected_version=plan.version, outlines=outlines
        )

    def _protect(self) -> None:
        officer = self.users[OFFICER]
        for row in self.data["entrances"]:
            zone = self.zones[row["zone"]]
            entrance = protection.entrance_add(actor=officer, zone=zone, name=row["name"])
            protection.sign_put_up(
                actor=officer,
                entrance=entrance,
                kind=Sign.Kind.WARNING,
                put_up_on=today_of(zone.entity),
                photo=None,
            )
        for row in self.data["guards"]:
            zone = self.zones[row["zone"]]
            protection.guard_add(
                actor=officer,
                zone=zone,
                kind=row["kind"],
                since=today_of(zone.entity),
                person=self.organisation.people.get(row.get("person", "")),
                description=row.get("description", ""),
            )
        zone = self.zones["A-301"]
        protection.isolation_record(
            actor=officer,
            zone=zone,
            means="door",
            taken_on=today_of(zone.entity),
            photo=_stored(officer, "门.png", [[20, 10, 80, 95]]),
        )
        for code, language in (("A-302", "zh"), ("T-501", "ja")):
            self._inspect(self.zones[code], self.data["words"][language]["gap"])

    def _inspect(self, zone: Zone, gap: str) -> None:
        answers = {check.id: inspections.Answer("met") for check in checks_of(zone)}
        answers["P2"] = inspections.Answer("partly", gap)
        inspections.inspection_record(
            actor=self.users[OFFICER],
            zone=zone,
            answers=answers,
            inspected_on=today_of(zone.entity) - timedelta(days=20),
        )

    def _key(self) -> None:
        officer = self.users[OFFICER]
        department = designations.department_designate(
            actor=officer,
            department=self.organisation.departments["CN-RD"],
            reason=self.data["words"]["zh"]["key"],
        )
        self._decide(department.ledger_subject)
        zone, row = self.zones["A-301"], self.data["key_place"]
        words = {
            "company": zone.entity.name_zh,
            "place": zone.name,
            "department": zone.department.name,
            "level": "核心",
        }
        facts = designations.PlaceFacts(
            conditions=row["conditions"],
            measures=[designations.Measure(*measure) for measure in row["measures"]],
            rule=rule_text(rules_for(zone.entity), "zh-hans", words),
        )
        place = designations.place_designate(
            actor=officer, zone=zone, reason=self.data["words"]["zh"]["key"], facts=facts
        )
        self._decide(place.ledger_subject)
        designations.department_designate(
            actor=officer,
            department=self.organisation.departments["CN-SA"],
            reason=self.data["words"]["zh"]["key"],
        )

    def _let_in(self, code: str, name: str, language: str) -> None:
        """Let the zone's department in for half a year, and ask for one person more."""
        zone, words = self.zones[code], self.data["words"][language]
        today = today_of(zone.entity)
        days = today + timedelta(days=180)
        asks = self.users["officer2"]
        given = entry.permission_request(
            actor=asks, zone=zone, wish=entry.Wish(zone.department, today, days, words["reason"])
        )
        self._decide(given.ledger_subject)
        person = self.users[name].person
        entry.permission_request(
            actor=asks, zone=zone, wish=entry.Wish(person, today, today + timedelta(days=30), words["reason"])
        )

    def _visit(self, code: str, host: str, language: str, *, enters: bool) -> None:
        words, now = self.data["words"][language], clock().now()
        visit = visits.visit_request(
            actor=self.users[host],
            zone=self.zones[code],
            wish=visits.VisitWish(
                host=self.users[host].person,
                escort=self.users[host].person,
                purpose=words["purpose"],
                starts_at=now,
                ends_at=now + timedelta(hours=4),
                visitors=[visits.Coming(name, "100 0000 0000") for name in words["visitors"]],
                organisation=words["organisation"],
            ),
        )
        if enters:
            visitor = visit.visitors.all()[0]
            door = AtTheDoor(pledged=True)
            visitor_admit(actor=self.users["it-engineer"], visitor=visitor, door=door)

    def _decide(self, subject: str) -> None:
        """Let the office and a leader approve what waits about a subject."""
        request = ApprovalRequest.objects.get(subject=subject, closed_at=None)
        for name in (OFFICER, LEADER):
            request.refresh_from_db()
            if request.is_open and request.requester != self.users[name]:
                request_decide(request=request, actor=self.users[name], verdict="approve")


def _stored(owner: Any, name: str, rooms: list[list[int]]) -> StoredFile:
    """Return a picture of walls, as a floor plan shows them."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#fdfdfb")
    pen = ImageDraw.Draw(image)
    pen.rectangle((6, 6, WIDTH - 7, HEIGHT - 7), outline="#2b323c", width=7)
    for left, top, right, bottom in rooms:
        box = (left * WIDTH // 100, top * HEIGHT // 100, right * WIDTH // 100, bottom * HEIGHT // 100)
        pen.rectangle(box, fill="#ffffff", outline="#49525e", width=4)
        middle = (box[0] + box[2]) // 2
        pen.line((middle - 28, box[3], middle + 28, box[3]), fill="#fdfdfb", width=8)  # a door
        pen.arc((middle - 28, box[3] - 56, middle + 84, box[3] + 56), 180, 270, fill="#8d96a3", width=2)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    stream.seek(0)
    return file_store(actor=owner, name=name, chunks=stream)


def _corners(room: list[int]) -> list[Point]:
    left, top, right, bottom = (number * SCALE // 100 for number in room)
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
