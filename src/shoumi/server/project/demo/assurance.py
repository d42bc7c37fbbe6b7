"""Gives the demonstration company its risks, recorded measures, weights, figures and a first self-inspection.

Every row is written by the service that the console calls, by a person who may do it.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from shoumi.server.assurance.services.measures import MeasureValues, measure_record
from shoumi.server.assurance.services.risks import Links, RiskValues, risk_create
from shoumi.server.assurance.services.self_inspection import self_inspection_freeze, self_inspection_open
from shoumi.server.assurance.services.snapshots import figures_count
from shoumi.server.assurance.services.weights import weight_confirm, weight_propose
from shoumi.server.files.services import file_store
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import TradeSecret

OFFICER = "officer"


class Assurance:
    """Risks, measures and figures while they are being filled."""

    def __init__(self, organisation: Organisation) -> None:
        self.users = organisation.users
        self.entities = {row.code: row for row in LegalEntity.objects.all()}
        self.departments = {row.code: row for row in Department.objects.all()}

    def fill(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        """Write every row, then count the figures and freeze a self-inspection."""
        for row in rows["risks"]:
            self._risk(row)
        for row in rows["measures"]:
            self._measure(row)
        home = self.entities["CN"]
        change = weight_propose(
            actor=self.users["legal"],
            entity=home,
            key="K3",
            value=40,
            reason="本企业以生产现场为主要泄密风险",
        )
        weight_confirm(actor=self.users["leader"], change_id=change.pk)
        for entity in self.entities.values():
            figures_count(entity)
        run = self_inspection_open(actor=self.users[OFFICER], entity=home)
        self_inspection_freeze(actor=self.users[OFFICER], run_id=run.pk, expected_version=run.version)

    def _risk(self, row: dict[str, Any]) -> None:
        entity = self.entities[row["entity"]]
        live = TradeSecret.objects.filter(entity=entity, state=TradeSecret.State.REGISTERED)
        if row["department"]:
            live = live.filter(owner_department__code=row["department"])
        texts = (
            "title",
            "channel",
            "likelihood",
            "likelihood_reason",
            "impact",
            "impact_reason",
            "treatment",
        )
        risk_create(
            actor=self.users[OFFICER],
            entity=entity,
            values=RiskValues(
                **{name: row[name] for name in (*texts, "treatment", "measures")},
                harms=tuple(row["harms"]),
                owner=self.users[row["owner"]].person,
                review_on=today_of(entity) + timedelta(days=row["review_in"]),
                department=self.departments.get(row["department"]),
                links=Links(
                    secrets=tuple(live.order_by("number").values_list("pk", flat=True)[: row["secrets"]]),
                    partners=tuple(row["partners"]),
                ),
            ),
        )

    def _measure(self, row: dict[str, Any]) -> None:
        entity, actor = self.entities[row["entity"]], self.users[OFFICER]
        file = None
        if row["file"]:
            content = f"{row['file']}\n{row['text']}\n{row['covered']}/{row['needed']}\n".encode()
            file = file_store(actor=actor, name=f"{row['file']}.txt", chunks=io.BytesIO(content))
        measure_record(
            actor=actor,
            entity=entity,
            values=MeasureValues(
                proof=row["proof"],
                text=row["text"],
                happened_on=today_of(entity) - timedelta(days=row["days_ago"]),
                covered=row["covered"],
                needed=row["needed"],
                party=row.get("party", ""),
                party_name=row.get("party_name", ""),
                lived=row.get("lived"),
                lived_reason=row.get("lived_reason", ""),
                recognisable=row.get("recognisable"),
                recognisable_reason=row.get("recognisable_reason", ""),
                department=self.departments.get(row.get("department", "")),
                file=file,
            ),
        )
