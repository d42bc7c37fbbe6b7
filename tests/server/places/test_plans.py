"""Floor plans: pictures are looked at, outlines are simple polygons, nobody overwrites a drawing."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.server.places.company import picture
from tests.server.register.company import signed_in

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.people.services.editing import RecordChangedError
from shoumi.server.places.queries.visible import plans_visible_to
from shoumi.server.places.services.errors import OutlineError, OverError, PictureError, PlanTakenError
from shoumi.server.places.services.plans import (
    outlines_save,
    plan_add,
    plan_close,
    plan_replace,
    verify_polygon,
)
from shoumi.server.places.views.plans import drawn

SQUARE = [(1000, 1000), (5000, 1000), (5000, 5000), (1000, 5000)]


@pytest.fixture
def plan(company):
    return plan_add(
        actor=company.officer, entity=company.cn, site="总部", building="A 楼", floor="3",
        picture=picture(company.officer, size=(800, 600)),
    )  # fmt: skip


def draw(company, plan, outlines, *, actor=None, version=None):
    return outlines_save(
        actor=actor or company.officer,
        plan=plan,
        expected_version=version or plan.version,
        outlines=outlines,
    )


def test_a_plan_knows_its_measures_and_is_there_once(company, plan):
    assert (plan.width, plan.height) == (800, 600)
    with pytest.raises(PlanTakenError):
        plan_add(
            actor=company.officer, entity=company.cn, site="总部", building="A 楼", floor="3",
            picture=picture(company.officer),
        )  # fmt: skip
    with pytest.raises(NotPermittedError):
        plan_add(
            actor=company.owner, entity=company.cn, site="总部", building="B", floor="1",
            picture=picture(company.owner),
        )  # fmt: skip


def test_too_many_pixels_are_refused_without_decoding_them(company):
    with pytest.raises(PictureError):
        plan_add(
            actor=company.officer, entity=company.cn, site="x", building="", floor="1",
            picture=picture(company.officer, size=(9000, 7000)),
        )  # fmt: skip


def test_zones_are_drawn_and_shown_to_those_who_may_see_them(company, plan):
    plan = draw(company, plan, {company.secret.pk: SQUARE, company.desks.pk: SQUARE})
    shapes = drawn(plan, company.officer).shapes
    assert {shape.zone.code for shape in shapes} == {"L1", "O1"}
    assert shapes[0].points == "80,60 400,60 400,300 80,300"
    assert [shape.zone.code for shape in drawn(plan, company.colleague).shapes] == ["L1"]
    assert plan in plans_visible_to(company.colleague)
    assert plan not in plans_visible_to(company.foreign_officer)


def test_two_people_do_not_overwrite_each_others_drawing(company, plan):
    draw(company, plan, {company.secret.pk: SQUARE})
    with pytest.raises(RecordChangedError):
        draw(company, plan, {}, version=plan.version)
    with pytest.raises(NotPermittedError):
        draw(company, plan, {}, actor=company.auditor)


def test_another_picture_keeps_the_outlines_and_a_closed_plan_is_left_alone(company, plan):
    plan = draw(company, plan, {company.secret.pk: SQUARE})
    plan = plan_replace(
        actor=company.officer, plan=plan, expected_version=plan.version,
        picture=picture(company.officer, size=(300, 300)),
    )  # fmt: skip
    assert plan.outlines.get().points == [list(point) for point in SQUARE]
    plan = plan_close(actor=company.officer, plan=plan, expected_version=plan.version)
    with pytest.raises(OverError):
        draw(company, plan, {})


def test_zones_of_others_and_closed_ones_are_not_drawn(company, plan):
    company.secret.closed_on = "2026-01-01"
    company.secret.save(update_fields=["closed_on"])
    with pytest.raises(OutlineError):
        draw(company, plan, {company.secret.pk: SQUARE})


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0), (10, 10)],
        [(0, 0), (10, 0), (20000, 5)],
        [(0, 0), (10, 0), (0, 0), (5, 5)],
        [(0, 0), (10, 10), (20, 20)],
        [(0, 0), (10, 10), (10, 0), (0, 10)],  # crosses itself
        [(0, 0), (100, 0), (100, 100), (50, 0), (0, 100)],  # touches its own side
        [(number, number * number % 97) for number in range(61)],
    ],
)
def test_what_is_no_simple_polygon_is_refused(points):
    with pytest.raises(OutlineError):
        verify_polygon("x", points)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=6, unique=True))
def test_an_outline_holds_whichever_corner_comes_first_and_in_both_directions(points):
    def holds(corners):
        try:
            verify_polygon("x", corners)
        except OutlineError:
            return False
        return True

    turned = [points[turn:] + points[:turn] for turn in range(len(points))]
    assert len({holds(corners) for corners in (*turned, points[::-1])}) == 1


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"x": []}', '{"%s": [[1]]}', '{"%s": [["a", 1]]}', '{"%s": [[1.5, 1]]}', "[" * 5000],
)
def test_a_drawing_that_cannot_be_read_changes_nothing(company, plan, client, text):
    signed_in(client, company.officer)
    sent = text.replace("%s", str(company.secret.pk))
    response = client.post(
        reverse("places:plan_draw", args=[plan.pk]), {"expected_version": plan.version, "outlines": sent}
    )
    assert response.status_code == 422
    plan.refresh_from_db()
    assert plan.outlines.count() == 0


def test_the_form_keeps_what_was_drawn_when_it_is_refused(company, plan, client):
    signed_in(client, company.officer)
    outlines = json.dumps({str(company.secret.pk): [[0, 0], [10, 10], [10, 0], [0, 10]]})
    response = client.post(
        reverse("places:plan_draw", args=[plan.pk]), {"expected_version": plan.version, "outlines": outlines}
    )
    assert response.status_code == 422
    assert response.context["outlines"] == outlines
