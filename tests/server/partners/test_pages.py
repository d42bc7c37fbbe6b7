"""The pages of meetings: who gets in, what they show to whom, and the way through them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.partners.gatherings import named, opened, planned, ready
from tests.server.register.company import signed_in, stored

from shoumi.engine.policy import Action
from shoumi.server.accounts.gate import decide_each
from shoumi.server.partners.models import Meeting, Participant
from shoumi.server.partners.queries.visible import meeting_resource, meetings_visible_to
from shoumi.server.people.queries import department_resource

# v: sees it, l: leads it, a: is named for it, p: plans one, e: takes the list out
TABLE = """
proposer           v l - p -
colleague          v - a p -
head               - - - p -
seller             - - - p -
owner              v - - p e
sales_owner        - - - p -
department_officer v l - p e
officer            v l - p e
foreign_officer    - - - p -
leader             v - - p -
legal              v - - p e
auditor            v - - - -
technician         - - - p -
counsel            - - - - -
"""
COLUMNS = "vlape"


def sign_of(person, meeting):
    place, unit = meeting_resource(meeting), department_resource(meeting.department)
    wishes = [
        (Action.MEETING_VIEW, place),
        (Action.MEETING_LEAD, place),
        (Action.MEETING_ATTEND, place),
        (Action.MEETING_PLAN, unit),
        (Action.MEETING_EXPORT, unit),
    ]
    decisions = decide_each(person, wishes)
    return " ".join(
        letter if decision.permitted else "-" for letter, decision in zip(COLUMNS, decisions, strict=True)
    )


def test_every_role_at_every_act_and_lists_show_the_same(company):
    meeting = ready(company)
    expected = dict(line.split(maxsplit=1) for line in TABLE.strip().splitlines())
    found = {name: sign_of(getattr(company, name), meeting) for name in expected}
    assert found == expected
    for name, signs in expected.items():
        listed = meetings_visible_to(getattr(company, name)).filter(pk=meeting.pk).exists()
        assert listed == signs.startswith("v"), name


@pytest.mark.parametrize("who", ["seller", "technician", "auditor", "counsel", "colleague"])
def test_who_does_not_lead_gets_into_no_act(company, client, who):
    meeting = ready(company)
    guest = named(company, meeting, name="乔远山")
    signed_in(client, getattr(company, who))
    for name in ("meeting_cancel", "participant_create", "participants_tell", "paper_create", "copies_count"):
        assert client.get(reverse(f"partners:{name}", args=[meeting.pk])).status_code == 403, name
    assert client.get(reverse("partners:meeting_change", args=[meeting.pk, "subject"])).status_code == 403
    for name in ("meeting_open", "meeting_close"):
        answer = client.post(reverse(f"partners:{name}", args=[meeting.pk]), {"expected_version": 1})
        assert answer.status_code == 403, name
    for name in ("participant_off", "pledge", "pledge_file"):
        address = reverse(f"partners:{name}", args=[guest.pk])
        assert client.post(address).status_code in {403, 405}, name
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.PLANNED
    assert meeting.participants.count() == 2


def test_an_outsider_is_named_in_full_only_to_who_leads(company, client):
    meeting = ready(company)
    named(company, meeting, name="乔远山")
    for who, shown in (("proposer", True), ("officer", True), ("leader", False), ("colleague", False)):
        signed_in(client, getattr(company, who))
        page = client.get(meeting.get_absolute_url()).content.decode()
        assert ("乔远山" in page) == shown, who


def test_every_page_opens(company, client):
    company.proposer.language = "zh-hans"
    company.proposer.save()
    signed_in(client, company.proposer)
    for meeting in (planned(company), ready(company), opened(company)):
        guest = named(company, meeting, name="乔远山")
        for name in ("meeting_detail", "meeting_cancel", "participant_create", "participants_tell"):
            assert client.get(reverse(f"partners:{name}", args=[meeting.pk])).status_code == 200, name
        for name in ("paper_create", "hand_out", "copies_count"):
            assert client.get(reverse(f"partners:{name}", args=[meeting.pk])).status_code == 200, name
        assert client.get(reverse("partners:pledge", args=[guest.pk])).status_code == 200
        for part in ("subject", "place", "rules"):
            assert client.get(reverse("partners:meeting_change", args=[meeting.pk, part])).status_code == 200
    assert client.get(reverse("partners:meeting_list")).status_code == 200
    assert client.get(reverse("partners:mine")).status_code == 200


def test_a_meeting_is_planned_held_and_counted_on_its_pages(company, client):
    signed_in(client, company.proposer)
    address = reverse("partners:meeting_create", args=[company.cn.pk, "subject"])
    parts = (
        {
            "title": "合作开发启动会",
            "kind": "joint_development",
            "level": 2,
            "department": company.lab.pk,
            "host": company.proposer.person.pk,
        },
        {"starts_at": "2026-03-02T09:00", "ends_at": "2026-03-02T11:00", "zone": company.secret.pk},
        {"area": "一号会议室", "devices": ["phone"]},
    )
    for values in parts:
        assert client.get(address).status_code == 200
        address = client.post(address, values).url
    meeting = Meeting.objects.get()
    assert address == meeting.get_absolute_url()
    assert meeting.starts_at.isoformat() == "2026-03-02T01:00:00+00:00", "nine o'clock where the company sits"
    act = {
        name: reverse(f"partners:{name}", args=[meeting.pk])
        for name in ("participant_create", "participants_tell", "meeting_open", "meeting_close")
    }
    client.post(act["participant_create"], {"person": company.colleague.person.pk, "hears_secrets": "on"})
    client.post(act["participant_create"], {"name": "乔远山", "hears_secrets": "on"})
    assert client.post(act["participant_create"], {}).status_code == 422
    signed_in(client, company.colleague)
    place = meeting.participants.get(person=company.colleague.person)
    invitation = reverse("partners:invitation", args=[place.pk])
    page = client.get(invitation)
    assert "一号会议室" in page.content.decode()
    client.post(invitation, {"sha256": page.context["sha256"]})
    signed_in(client, company.proposer)
    guest = Participant.objects.get(name="乔远山")
    client.post(act["participants_tell"], {"participants": [guest.pk]})
    client.post(act["meeting_open"], {"expected_version": meeting.version})
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.PLANNED, "the outsider has not pledged"
    pledge = reverse("partners:pledge", args=[guest.pk])
    assert client.post(pledge, {"pledge": str(stored(company.proposer, "承诺书.txt").pk)}).status_code == 302
    assert client.get(reverse("partners:pledge_file", args=[guest.pk])).status_code == 200
    client.post(act["meeting_open"], {"expected_version": meeting.version})
    client.post(reverse("partners:paper_create", args=[meeting.pk]), {"title": "启动会材料"})
    paper = meeting.papers.get()
    hand_out = reverse("partners:hand_out", args=[meeting.pk])
    client.post(hand_out, {"paper": paper.pk, "participants": [guest.pk, place.pk]})
    first, second = paper.handouts.order_by("number")
    count = reverse("partners:copies_count", args=[meeting.pk])
    assert client.post(count, {}).status_code == 422
    assert client.post(count, {"returned": [first.pk], "lost": second.pk}).status_code == 422
    client.post(count, {"returned": [first.pk], "lost": second.pk, "missing": "当场粉碎"})
    meeting.refresh_from_db()
    client.post(act["meeting_close"], {"expected_version": meeting.version})
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CLOSED
    assert "当场粉碎" in client.get(meeting.get_absolute_url()).content.decode()
    signed_in(client, company.seller)
    assert client.get(invitation).status_code == 404
