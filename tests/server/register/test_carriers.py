"""The life of carriers: numbers, places, handovers with two signatures, labels, and who may do what."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.register.company import registered, signed_in
from tests.server.register.things import PICTURE, added, mark, zone

from shoumi.engine.policy import Action
from shoumi.engine.workflow import HANDOVER
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.zones import ZoneLevelTooLowError, ZoneNotSecretError
from shoumi.server.register.models import Carrier, Handover, LabelPrint
from shoumi.server.register.queries.carriers.rules import (
    KeeperMissingError,
    ZoneMissingError,
    keeping_manner,
    mark_form,
)
from shoumi.server.register.queries.carriers.visible import carrier_resource, carriers_visible_to
from shoumi.server.register.queries.labels import carrier_label, format_of
from shoumi.server.register.queries.marks import CarrierUnmarkedError
from shoumi.server.register.services.carriers.adding import (
    Keeping,
    carrier_add,
    carrier_edit,
    carriers_assign_keeper,
)
from shoumi.server.register.services.carriers.editing import CarrierAwayError, CarrierChangedError
from shoumi.server.register.services.carriers.handing import (
    HandoverOpenError,
    HandoverOverError,
    Passage,
    ReceiverMissingError,
    ReceiverNotClearedError,
    SignatureError,
    handover_offer,
    handover_receive,
    handover_refuse,
    handover_withdraw,
)
from shoumi.server.register.services.carriers.labels import LabelFormatError, carrier_labels_print
from shoumi.server.register.services.carriers.rules import carrier_rule_confirm, carrier_rule_propose

pytestmark = pytest.mark.django_db


def test_registration_numbers_the_carriers_and_later_ones_go_on(company):
    secret = registered(company)
    (first,) = secret.carriers.all()
    assert first.number == f"{secret.number}/01"
    second = added(company, secret)
    copy = secret.carriers.create(
        kind="paper", description="复印件", number=f"{first.number}-C01", copy_of=first
    )
    third = added(company, secret)
    assert [second.number, third.number] == [f"{secret.number}/02", f"{secret.number}/03"]
    assert secret.marking_tasks.filter(carrier=third, done_at=None, due_on__isnull=False).exists()
    assert third.life_events.get().kind == "created"
    assert copy.number.endswith("/01-C01")


@pytest.mark.requirement("CAR-02", "CAR-03", "ARC-06")
def test_what_bears_a_secret_lies_in_a_secret_zone_of_its_level_with_a_keeper(company):
    secret = registered(company, level="important")
    keeper = company.head.person
    office, low = zone(company, "O", level=0, kind=Zone.Kind.OFFICE), zone(company, "L", level=1)
    refused = [
        ("sample", None, keeper, ZoneMissingError),
        ("sample", office, keeper, ZoneNotSecretError),
        ("semi_finished", low, keeper, ZoneLevelTooLowError),
        ("semi_finished", zone(company, "H"), None, KeeperMissingError),
        ("paper", office, keeper, ZoneNotSecretError),
        ("database", None, keeper, ZoneMissingError),
    ]
    for kind, place, person, error in refused:
        with pytest.raises(error):
            carrier_add(
                actor=company.owner, secret_id=secret.pk, kind=kind,
                keeping=Keeping("样品", zone=place, keeper=person),
            )  # fmt: skip
    assert secret.carriers.count() == 1
    sample = added(company, secret, kind="sample")
    assert sample.zone.kind == Zone.Kind.SECRET
    assert sample.keeper == keeper
    assert sample.keeping == "room"
    with pytest.raises(ZoneNotSecretError):
        carrier_edit(
            actor=company.owner, carrier_id=sample.pk, expected_version=sample.version,
            keeping=Keeping("样品", zone=office, keeper=keeper),
        )  # fmt: skip


@pytest.mark.requirement("ARC-13", "MRK-08")
def test_the_company_decides_how_by_category_and_level_and_a_second_person_confirms(company):
    secret = registered(company)
    assert (mark_form(secret, "paper"), keeping_manner(secret, "paper")) == ("stamp", "cabinet")
    parts = {"entity": company.cn, "kind": "paper", "reason": "图纸另行装订"}
    marks = carrier_rule_propose(
        actor=company.officer, subject="mark", narrowed=secret.category, value="tag", **parts
    )
    keeping = carrier_rule_propose(
        actor=company.officer, subject="keeping", narrowed=secret.level, value="safe", **parts
    )
    assert mark_form(secret, "paper") == "stamp"
    with pytest.raises(NotPermittedError):
        carrier_rule_confirm(actor=company.officer, rule_id=marks.pk)
    for row in (marks, keeping):
        carrier_rule_confirm(actor=company.second_officer, rule_id=row.pk)
    assert (mark_form(secret, "paper"), keeping_manner(secret, "paper")) == ("tag", "safe")
    assert mark_form(secret, "sample") == "tag"
    with pytest.raises(NotPermittedError):
        carrier_rule_propose(actor=company.owner, subject="mark", narrowed="", value="tag", **parts)


@pytest.mark.requirement("CAR-01")
def test_each_of_the_six_steps_is_signed_by_giver_and_receiver(company):
    secret = registered(company)
    carrier = added(company, secret)
    mark(company, carrier)
    store = zone(company, "S")
    for step in Handover.Step.values:
        offered = handover_offer(
            actor=company.owner, carrier_id=carrier.pk,
            passage=Passage(step, receiver=company.head.person, zone=store, place=f"柜 {step}"),
        )  # fmt: skip
        carrier.refresh_from_db()
        assert carrier.place != f"柜 {step}"
        row = handover_receive(actor=company.head, handover_id=offered.pk)
        assert (row.state, row.giver, row.answered_by) == ("received", company.owner, company.head)
        carrier.refresh_from_db()
        assert (carrier.zone, carrier.place) == (store, f"柜 {step}")
        in_use = step in {"use", "destroy"}
        assert carrier.holder == (company.head.person if in_use else None)
        tags = LedgerEntry.objects.filter(subject=secret.ledger_subject).order_by("-index")[:2]
        assert [entry.tag for entry in tags] == ["register:handover:received", "register:handover:offered"]
    assert carrier.life_events.filter(kind="circulated").count() == 3
    assert {state.name for state in HANDOVER.states} == set(Handover.State.values)


def test_a_refused_handover_returns_and_a_withdrawn_one_never_was(company):
    secret = registered(company)
    carrier = added(company, secret)
    mark(company, carrier)
    keeper = carrier.keeper
    offer = {
        "actor": company.owner,
        "carrier_id": carrier.pk,
        "passage": Passage("pass", company.proposer.person),
    }
    first = handover_offer(**offer)
    with pytest.raises(HandoverOpenError):
        handover_offer(**offer)
    assert Notification.objects.filter(user=company.proposer, link=carrier.get_absolute_url()).exists()
    for stranger in (company.seller, company.owner, company.head, company.technician, company.auditor):
        with pytest.raises(NotPermittedError):
            handover_receive(actor=stranger, handover_id=first.pk)
    assert handover_refuse(actor=company.proposer, handover_id=first.pk, reason="封条破损").state == "refused"
    with pytest.raises(HandoverOverError):
        handover_withdraw(actor=company.owner, handover_id=first.pk)
    second = handover_offer(**offer)
    assert handover_withdraw(actor=company.owner, handover_id=second.pk).state == "withdrawn"
    carrier.refresh_from_db()
    assert carrier.keeper == keeper


def test_who_has_no_sign_in_draws_a_signature(company):
    secret = registered(company)
    carrier = added(company, secret)
    mark(company, carrier)
    for drawn in ("", "data:image/png;base64,AAAA", "data:text/html;base64,PGI+", "data:image/png;base64,%%"):
        with pytest.raises(SignatureError):
            handover_offer(
                actor=company.owner, carrier_id=carrier.pk,
                passage=Passage("send", receiver_name="快递员", signature=drawn),
            )  # fmt: skip
    row = handover_offer(
        actor=company.owner, carrier_id=carrier.pk,
        passage=Passage("send", receiver_name="快递员", signature=PICTURE),
    )  # fmt: skip
    assert row.state == "received"
    assert row.signature.size_bytes == 48
    with pytest.raises(ReceiverMissingError):
        handover_offer(actor=company.owner, carrier_id=carrier.pk, passage=Passage("send"))


@pytest.mark.requirement("MRK-03")
def test_what_is_unmarked_or_away_does_not_circulate_nor_go_to_the_uncleared(company):
    secret = registered(company, level="core")
    carrier = added(company, secret)
    offer = {"actor": company.owner, "carrier_id": carrier.pk}
    for step in ("send", "pass", "use"):
        with pytest.raises(CarrierUnmarkedError):
            handover_offer(**offer, passage=Passage(step, company.head.person))
    task = secret.marking_tasks.get(carrier=carrier)
    assert task.secret.owner_department == company.lab  # whose task it is
    mark(company, carrier)
    with pytest.raises(ReceiverNotClearedError):
        handover_offer(**offer, passage=Passage("pass", company.seller.person))
    Carrier.objects.filter(pk=carrier.pk).update(status=Carrier.Status.LENT)
    with pytest.raises(CarrierAwayError):
        handover_offer(**offer, passage=Passage("pass", company.head.person))


def test_two_who_change_one_carrier_get_a_conflict(company):
    carrier = added(company, registered(company))
    keeping = Keeping("样件", zone=carrier.zone, keeper=carrier.keeper)
    edit = {
        "actor": company.owner,
        "carrier_id": carrier.pk,
        "expected_version": carrier.version,
        "keeping": keeping,
    }
    carrier_edit(**edit)
    with pytest.raises(CarrierChangedError):
        carrier_edit(**edit)


def test_lists_of_carriers_agree_with_the_gate_for_everybody(company):
    mine = added(company, registered(company, level="important"))
    core = added(company, registered(company, level="core"))
    handover_offer(actor=company.owner, carrier_id=core.pk, passage=Passage("keep", company.leader.person))
    rows = [*mine.secret.carriers.all(), *core.secret.carriers.all()]
    for name, user in company.everybody.items():
        seen = set(carriers_visible_to(user).values_list("pk", flat=True))
        for row in rows:
            permitted = gate.permits(user, Action.CARRIER_VIEW, carrier_resource(row))
            assert permitted is (row.pk in seen), (name, row.number)
    assert carriers_visible_to(company.technician).count() == 0
    assert set(carriers_visible_to(company.colleague)) == set(mine.secret.carriers.all())


def test_only_who_belongs_there_adds_moves_and_assigns(company):
    secret = registered(company)
    carrier = added(company, secret)
    for stranger in (company.colleague, company.seller, company.leader, company.auditor, company.technician):
        with pytest.raises(NotPermittedError):
            added(company, secret, actor=stranger)
        with pytest.raises(NotPermittedError):
            carriers_assign_keeper(actor=stranger, carriers=[carrier], keeper=company.proposer.person)
    changed = carriers_assign_keeper(
        actor=company.officer, carriers=[carrier], keeper=company.proposer.person
    )
    assert changed == 1


@pytest.mark.requirement("CPU-15")
def test_a_label_has_four_parts_and_a_code_without_the_secret_and_reprints_are_recorded(company):
    secret = registered(company)
    carrier = added(company, secret)
    label = carrier_label(carrier)
    assert all([label.number, label.level_text, label.period, label.owner, label.name])
    assert label.link.endswith(f"/register/carriers/{carrier.pk}/")
    assert secret.number not in label.link
    assert secret.name not in label.link
    assert format_of("a4-24").places == 24
    assert format_of("a4-40").places == 40
    for first in (0, 25):
        with pytest.raises(LabelFormatError):
            carrier_labels_print(actor=company.owner, carriers=[carrier], sheet="a4-24", first=first)
    with pytest.raises(NotPermittedError):
        carrier_labels_print(actor=company.colleague, carriers=[carrier], sheet="a4-24")
    content = carrier_labels_print(actor=company.owner, carriers=[carrier], sheet="a4-24", first=5)
    assert content.startswith(b"%PDF")
    carrier_labels_print(actor=company.owner, carriers=[carrier], sheet="single")
    assert LabelPrint.objects.filter(carrier=carrier).count() == 2
    assert (
        LedgerEntry.objects.filter(tag="register:carrier:labelled", subject=secret.ledger_subject).count()
        == 2
    )


def test_scanning_a_label_leads_to_the_page_only_after_signing_in(client, company):
    carrier = added(company, registered(company))
    address = carrier.get_absolute_url()
    answer = client.get(address)
    assert answer.status_code == 302
    assert carrier.secret.name not in answer.content.decode()
    assert "next=" in answer["Location"]
    signed_in(client, company.colleague)
    assert carrier.number in client.get(address).content.decode()
    signed_in(client, company.seller)
    refused = client.get(address)
    assert refused.status_code == 403
    assert carrier.secret.name not in refused.content.decode()


def test_the_pages_of_carriers_work(client, company):
    secret = registered(company)
    carrier = added(company, secret)
    signed_in(client, company.owner)
    for name, keys in (
        ("carrier_list", ()), ("marking_list", ()), ("carrier_detail", (carrier.pk,)),
        ("carrier_edit", (carrier.pk,)),
        ("handover_offer", (carrier.pk,)), ("carrier_add", (secret.pk,)),
        ("mark_record", (secret.marking_tasks.get(carrier=carrier).pk,)),
    ):  # fmt: skip
        assert client.get(reverse(f"register:{name}", args=keys)).status_code == 200, name
    labels = reverse("register:carrier_labels") + f"?id={carrier.pk}&id=nonsense"
    assert client.get(labels).status_code == 200
    made = client.post(labels, {"sheet": "a4-40", "first": "3"})
    assert made["Content-Type"] == "application/pdf"
    task = secret.marking_tasks.get(carrier=carrier)
    client.post(reverse("register:mark_record", args=[task.pk]), {"form": "label", "spot": "封面"})
    assert carrier.marks.get().spot == "封面"
    sent = client.post(
        reverse("register:handover_offer", args=[carrier.pk]),
        {"step": "pass", "receiver": str(company.proposer.person.pk)},
    )
    assert sent.status_code == 302
    row = carrier.handovers.get()
    signed_in(client, company.proposer)
    assert (
        reverse("register:handover_receive", args=[row.pk])
        in client.get(carrier.get_absolute_url()).content.decode()
    )
    page = client.get(carrier.get_absolute_url()).content.decode()
    assert reverse("register:handover_receive", args=[row.pk]) in page
    assert client.post(reverse("register:handover_receive", args=[row.pk])).status_code == 302
    carrier.refresh_from_db()
    assert carrier.keeper == company.proposer.person
    page = client.get(reverse("register:carrier_list")).content.decode()
    assert "functools" not in page
    assert carrier.get_kind_display() in page
    signed_in(client, company.officer)
    assert client.get(reverse("register:carrier_rules")).status_code == 200
    assert client.get(reverse("register:carrier_rule_propose", args=[company.cn.pk])).status_code == 200
