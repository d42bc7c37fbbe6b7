"""The API of training: my own tasks, campaigns with their numbers, certificates without answers."""

from __future__ import annotations

from django.test import Client
from tests.server.register.company import signed_in
from tests.server.training.school import certified, sent


def test_each_sees_what_the_console_shows_them(school):
    certificate = certified(school.colleague, school.first)
    campaign = sent(school)
    seller = signed_in(Client(), school.seller)
    task = seller.get("/api/v1/training/mine").json()[0]
    assert task == {
        "course": "保密常识",
        "version": str(school.first.pk),
        "due_on": "2026-03-31",
        "sections": 1,
        "seen": 0,
        "tries_left": 3,
        "holds": False,
    }
    figures = f"/api/v1/training/campaigns/{campaign.pk}/figures"
    assert seller.get(figures).status_code == 403
    assert seller.get("/api/v1/training/campaigns").json()["items"] == []
    assert seller.get("/api/v1/training/certificates").json()["items"] == []
    legal = signed_in(Client(), school.legal)
    assert legal.get(figures).json()["assigned"] == campaign.assignments.count()
    assert legal.get("/api/v1/training/campaigns").json()["items"][0]["state"] == "open"
    found = legal.get("/api/v1/training/certificates").json()["items"]
    assert [row["sha256"] for row in found] == [certificate.digest]
    assert not {"answers", "questions"} & set(found[0])
