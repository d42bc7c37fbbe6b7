"""The company of the register tests with HR in its entity, and agreements at every point of their way."""

from __future__ import annotations

import base64
import io
import json

from PIL import Image, ImageDraw
from tests.server.people.company import grant
from tests.server.register.company import Register

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.drafts import examine, fields_used, stored
from shoumi.server.agreements.services.drafting import Change, Wish, agreement_change, agreement_draft
from shoumi.server.agreements.services.drawings import Drawing, drawing_read
from shoumi.server.agreements.services.offering import agreement_offer
from shoumi.server.agreements.services.signing import agreement_countersign, agreement_sign

PASSWORD = "a long password of the tests"
FACTS = {
    "role": "technical",
    "work": "research",
    "has_customer_accounts": False,
    "handles_personal_data": False,
    "remote_work": True,
    "from_competitor": False,
    "still_bound": False,
    "non_compete_signed": False,
}


class Agreed(Register):
    """The company of the register tests, with HR of its entity only."""

    @remembered_subjects()
    def __init__(self) -> None:
        super().__init__()
        self.personnel = self._holder("personnel", Role.HR, entity_scope(self.cn.pk))
        self.chief_jp = self._member("J001", "灰谷 岬", self.chief, "chief-jp")
        self.personnel_jp = self._holder("personnel-jp", Role.HR, entity_scope(self.jp.pk))
        for each in (self.proposer, self.legal, self.colleague, self.seller, self.leader, self.chief_jp):
            each.set_password(PASSWORD)
            each.save(update_fields=["password"])
        grant(self.personnel_jp, Role.LEGAL, entity_scope(self.jp.pk))


def wish(company, person=None, kind="secret_post_nda", **more) -> Wish:
    person = person or company.proposer.person
    return Wish(entity=person.entity, kind=kind, person=person, **more)


@remembered_subjects()
def drafted(company, *, person=None, kind="secret_post_nda", actor=None, **more) -> Agreement:
    """Return a draft with every fact and every field, the packs' examples for what nobody knows."""
    actor = actor or company.personnel
    row = agreement_draft(actor=actor, wish=wish(company, person, kind, **more))
    facts = {name: value for name, value in FACTS.items() if name not in row.known}
    row = agreement_change(
        actor=actor, agreement=row, expected_version=row.version, change=Change(known=facts)
    )
    read = examine(row)
    values = {
        name: stored(read.library.fields[name].example)
        for name in fields_used(read)
        if name not in read.draft.fields
    }
    return agreement_change(
        actor=actor, agreement=row, expected_version=row.version, change=Change(values=values)
    )


@remembered_subjects()
def offered(company, **more) -> Agreement:
    row = drafted(company, **more)
    return agreement_offer(
        actor=more.get("actor") or company.personnel, agreement=row, expected_version=row.version
    )


@remembered_subjects()
def signed(company, *, actor=None, **more) -> Agreement:
    row = offered(company, **more)
    signer = actor or (more.get("person") or company.proposer.person).user
    agreement_sign(
        actor=signer, agreement=row, pdf_sha256=row.pdf.sha256, drawing=drawing(), password=PASSWORD
    )
    row.refresh_from_db()
    return row


@remembered_subjects()
def in_force(company, **more) -> Agreement:
    row = signed(company, **more)
    if row.state == Agreement.State.SIGNED:
        agreement_countersign(
            actor=company.legal, agreement=row, pdf_sha256=row.pdf.sha256, password=PASSWORD
        )
        row.refresh_from_db()
    return row


def picture_url(*, empty: bool = False) -> str:
    """Return a drawn signature as the canvas sends it."""
    image = Image.new("RGB", (320, 120), "white")
    if not empty:
        ImageDraw.Draw(image).line(
            [(20, 90), (80, 20), (140, 100), (220, 30), (300, 80)], fill="black", width=3
        )
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def strokes_text(points: int = 12) -> str:
    """Return strokes as the canvas sends them."""
    row = [
        {"x": 10.5 + at * 7, "y": 30 + (at % 3) * 11.25, "time": 1_770_000_000_000 + at * 16, "pressure": 0.5}
        for at in range(points)
    ]
    return json.dumps([{"penColor": "black", "points": row}])


def drawing() -> Drawing:
    return drawing_read(picture_url(), strokes_text())
