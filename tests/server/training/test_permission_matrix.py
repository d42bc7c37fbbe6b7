"""Who may do what in training, over HTTP: every role, in the learner's department and elsewhere.

The table is the expectation and is read by people: `y` it is done, `-` it is refused.  The learner is an
employee of the laboratory, which is part of R&D, and has passed.  `results`: the list shows the percentage.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.server.doors import nothing_drawn
from tests.server.register.company import signed_in
from tests.server.training.school import certified, sent

from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.training.models import BankQuestion, Course
from shoumi.server.training.views.campaigns import ResultListing

TABLE = """
who                | mine | courses | bank | begin | sent | run | plan | done | results | paper | test | look
learner            | y    | -       | -    | -     | -    | -   | -    | -    | -       | y     | y    | -
proposer           | y    | -       | -    | -     | -    | -   | -    | -    | -       | -     | -    | -
head               | y    | -       | -    | -     | -    | -   | -    | -    | -       | -     | -    | -
seller             | y    | -       | -    | -     | -    | -   | -    | -    | -       | -     | -    | -
owner              | y    | -       | -    | -     | -    | -   | -    | y    | -       | -     | -    | -
sales_owner        | y    | -       | -    | -     | -    | -   | -    | -    | -       | -     | -    | -
department_officer | y    | -       | -    | -     | -    | -   | -    | y    | -       | -     | -    | -
officer            | y    | y       | y    | y     | y    | y   | y    | y    | y       | y     | -    | -
hr                 | y    | y       | y    | y     | y    | y   | y    | y    | y       | y     | -    | -
personnel          | y    | y       | y    | y     | y    | y   | y    | y    | y       | y     | -    | -
foreign_officer    | y    | -       | -    | -     | -    | -   | -    | -    | -       | -     | -    | -
leader             | y    | y       | -    | -     | y    | -   | y    | y    | -       | -     | -    | -
legal              | y    | y       | -    | -     | y    | -   | y    | y    | y       | y     | -    | y
auditor            | y    | y       | -    | -     | y    | -   | y    | y    | y       | y     | -    | -
technician         | y    | -       | -    | -     | -    | -   | -    | -    | -       | -     | -    | -
counsel            | y    | -       | -    | -     | -    | -   | -    | -    | -       | -     | -    | -
"""
REFUSED = {403, 404}


def expected():
    head, *lines = [line for line in TABLE.strip().splitlines() if line]
    columns = [cell.strip() for cell in head.split("|")][1:]
    rows = {}
    for line in lines:
        name, *cells = [cell.strip() for cell in line.split("|")]
        rows[name] = dict(zip(columns, cells, strict=True))
    return rows


@pytest.fixture
def trained(school):
    certificate = certified(school.colleague, school.first)
    return certificate, sent(school)


def letter(client, column, school, trained):
    """Return whether trying `column` is done or refused; anything else fails the test."""
    certificate, campaign = trained
    if column in {"done", "results"}:
        return standing(client, column, campaign)
    gets = {
        "mine": reverse("training:mine"),
        "courses": school.course.get_absolute_url(),
        "bank": reverse("training:question_detail", args=[BankQuestion.objects.first().pk]),
        "sent": campaign.get_absolute_url(),
        "plan": f"{reverse('training:plan')}?entity=SM",
        "paper": certificate.get_absolute_url(),
        "test": reverse("training:test", args=[certificate.sitting_id]),
    }
    with nothing_drawn():
        if column in gets:
            answer = client.get(gets[column])
        elif column == "look":
            answer = client.post(
                reverse("training:answers_look", args=[certificate.sitting_id]), {"purpose": "争议核实"}
            )
        elif column == "run":
            answer = client.post(reverse("training:campaign_control", args=[campaign.pk, "stop"]))
        else:
            answer = client.post(
                reverse("training:course_begin"), {"title": "x", "entity": school.cn.pk, "language": ""}
            )
    if column == "begin" and answer.status_code == 422:  # the entity is not offered
        return "-"
    assert answer.status_code in {200, 302, *REFUSED}, (column, answer.status_code)
    return "-" if answer.status_code in REFUSED else "y"


def standing(client, column, campaign):
    """Return whether the list names somebody of the laboratory, and with results."""
    answer = client.get(reverse("training:team_list"), {"campaign": str(campaign.pk)})
    if answer.status_code in REFUSED or "陆知微" not in answer.content.decode():
        return "-"
    shows = isinstance(answer.context["listing"], ResultListing)
    return "y" if shows or column == "done" else "-"


@pytest.mark.any_database  # which lists agree is asked on both
@pytest.mark.requirement("SRV-03")
def test_every_role_at_every_page(school, trained):
    table = expected()
    refusals = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED)
    rows = {}
    for name in table:
        user = school.colleague if name == "learner" else getattr(school, name)
        client = signed_in(Client(), user)
        rows[name] = {}
        for column in table[name]:
            rows[name][column] = letter(client, column, school, trained)
            if (column, rows[name][column]) == ("begin", "y"):
                Course.objects.filter(title="x").update(title=f"x {name}")
            if (column, rows[name][column]) == ("run", "y"):
                client.post(reverse("training:campaign_control", args=[trained[1].pk, "resume"]))
    assert rows == table
    assert refusals.count() > 60


def test_a_manager_who_may_see_results_nowhere_sees_no_percentage(school, trained):
    page = signed_in(Client(), school.owner).get(reverse("training:team_list")).content.decode()
    assert "陆知微" in page
    assert "percent" not in page
    answer = signed_in(Client(), school.owner).post(
        reverse("training:team_list"), {"do": "export", "form": "csv"}
    )
    assert answer.status_code == 403
