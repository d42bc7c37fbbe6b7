"""Has the people of the demonstration company sign: agreements at every point of their way, in two countries.

Every step is the service that the console calls, by a person who may do it.  What nobody knows of invented
people is filled with the invented values of the packs.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping

from PIL import Image, ImageDraw

from shoumi.engine.jurisdiction.agreements import FactValue
from shoumi.server.accounts.models import User
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.drafts import examine, fields_used, stored
from shoumi.server.agreements.services.drafting import Change, Wish, agreement_change, agreement_draft
from shoumi.server.agreements.services.drawings import PREFIX, Drawing, drawing_read
from shoumi.server.agreements.services.noncompete import Beginning, non_compete_begin, proposal_change
from shoumi.server.agreements.services.offering import agreement_offer
from shoumi.server.agreements.services.refusing import Refused, refusal_record
from shoumi.server.agreements.services.runs import coverage_start, run_step
from shoumi.server.agreements.services.signing import (
    Paper,
    agreement_countersign,
    agreement_paper_record,
    agreement_sign,
)
from shoumi.server.files.services import file_store
from shoumi.server.people.models import Engagement, Person
from shoumi.server.people.queries import today_of
from shoumi.server.project.demo.organisation import PASSWORD, Organisation

FACTS: Mapping[str, FactValue] = {
    "role": "technical",
    "work": "research",
    "has_customer_accounts": False,
    "handles_personal_data": False,
    "remote_work": False,
    "from_competitor": False,
    "still_bound": False,
    "non_compete_signed": False,
}
PARTNER = "海屿技术服务有限公司"  # invented


class Agreements:
    """The agreements of the company while they are being made."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.hr = self.users["hr"]

    def fill(self) -> None:
        """Make agreements in force, waiting, refused and drafted."""
        self._in_force("employee", "secrecy_clause")
        self._in_force("rd-officer", "secret_post_nda")
        self._in_force("jp-owner", "joining_pledge")
        self._in_force("joiner", "secrecy_clause")  # what stands in their case is done by it
        self._offered("employee", "secret_post_nda")
        self._offered("joiner", "secret_post_nda")
        self._offered("jp-officer", "secret_post_nda")
        self._refused("it-engineer", "secrecy_clause")
        agreement_draft(actor=self.hr, wish=self._wish("owner", "secret_post_nda"))
        partner = Wish(self.organisation.entities["CN"], "contractor_nda", party_name=PARTNER)
        agreement_draft(actor=self.users["legal"], wish=partner)
        self._non_compete()
        for entity in self.organisation.entities.values():
            run = coverage_start(actor=self.hr, entity=entity)
            while run_step(run.pk):
                pass

    def _wish(self, name: str, kind: str) -> Wish:
        person = self._person(name)
        return Wish(entity=person.entity, kind=kind, person=person)

    def _person(self, name: str) -> Person:
        person: Person = self.users[name].person
        return person

    def _non_compete(self) -> None:
        """Let non-competition run for somebody who left, signed on paper before they did."""
        left = Engagement.objects.filter(ends_on__isnull=False, person__entity__code="CN").first()
        if left is None:
            return
        person = left.person
        known: Mapping[str, FactValue] = {"engagement": "employee", "level": 3, "knows_secrets": True}
        wish = Wish(entity=person.entity, kind="non_compete", person=person, known=known)
        row = agreement_draft(actor=self.hr, wish=wish)
        values = self.organisation.company["non_compete"]
        row = proposal_change(actor=self.hr, agreement=row, expected_version=row.version, values=values)
        row = self._filled(row)
        scan = file_store(actor=self.hr, name="signed.png", chunks=io.BytesIO(drawing().picture))
        paper = Paper(scan, today_of(person.entity))
        agreement_paper_record(actor=self.hr, agreement=row, expected_version=row.version, paper=paper)
        row.refresh_from_db()
        legal = self.users["legal"]
        agreement_countersign(actor=legal, agreement=row, pdf_sha256=row.pdf.sha256, password=PASSWORD)
        row.refresh_from_db()
        non_compete_begin(actor=legal, agreement=row, beginning=Beginning(left.ends_on))

    def _offered(self, name: str, kind: str) -> Agreement:
        return self._filled(agreement_draft(actor=self.hr, wish=self._wish(name, kind)))

    def _filled(self, row: Agreement) -> Agreement:
        """Return the draft with everything filled in, offered."""
        facts = {fact: value for fact, value in FACTS.items() if fact not in row.known}
        row = self._change(row, Change(known=facts))
        read = examine(row)
        open_fields = [each for each in fields_used(read) if each not in read.draft.fields]
        examples = {each: read.library.fields[each].example for each in open_fields}
        values = {each: stored(value) for each, value in examples.items() if value is not None}
        row = self._change(row, Change(values=values))
        return agreement_offer(actor=self.hr, agreement=row, expected_version=row.version)

    def _change(self, row: Agreement, change: Change) -> Agreement:
        return agreement_change(actor=self.hr, agreement=row, expected_version=row.version, change=change)

    def _in_force(self, name: str, kind: str) -> None:
        row = self._offered(name, kind)
        signer: User = self.users[name]
        agreement_sign(
            actor=signer, agreement=row, pdf_sha256=row.pdf.sha256, drawing=drawing(), password=PASSWORD
        )
        row.refresh_from_db()
        if row.state == Agreement.State.SIGNED:
            agreement_countersign(
                actor=self.users["leader"], agreement=row, pdf_sha256=row.pdf.sha256, password=PASSWORD
            )

    def _refused(self, name: str, kind: str) -> None:
        row = self._offered(name, kind)
        seen = (self._person("legal"), self._person("officer2"))
        refused = Refused(self._person("it"), seen, place="人力资源部会议室", stated_reason="需要再考虑")
        refusal_record(actor=self.hr, agreement=row, expected_version=row.version, refused=refused)


def drawing() -> Drawing:
    """Return a drawn signature that is nobody's."""
    points = [(20 + 24 * at, 60 + (35 if at % 2 else -30) + 5 * (at % 3)) for at in range(14)]
    image = Image.new("RGB", (400, 150), "white")
    ImageDraw.Draw(image).line(points, fill="#141828", width=3)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    strokes = [
        {"x": x, "y": y, "time": 1_770_000_000_000 + 40 * at, "pressure": 0.5}
        for at, (x, y) in enumerate(points)
    ]
    picture = PREFIX + base64.b64encode(stream.getvalue()).decode()
    return drawing_read(picture, json.dumps([{"points": strokes}]))
