"""An invented company: two entities, three departments, and everybody who might try to decide."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from shoumi.server.accounts.models import RoleGrant, User
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge
from shoumi.server.approvals.queries import Description, KindHandlers
from shoumi.server.approvals.services import StepPlan, register_kind, request_open
from shoumi.server.ledger.services import clock

CN, JP = "entity:cn", "entity:jp"
RND, LAB, SALES = "department:rnd", "department:lab", "department:sales"
ABOVE = {LAB: {RND, CN}, RND: {CN}, SALES: {CN}}
KIND = "test.secret"
HELD = {
    "wang": (),  # proposes
    "colleague": (),
    "officer": (("secrecy_officer", CN),),
    "officer_two": (("secrecy_officer", CN),),
    "officer_jp": (("secrecy_officer", JP),),
    "leader": (("leader", CN),),
    "leader_two": (("leader", CN),),
    "leader_three": (("leader", CN),),
    "leader_rnd": (("leader", RND),),
    "leader_sales": (("leader", SALES),),
    "leader_jp": (("leader", JP),),
    "president": (("leader", ""),),
    "both": (("secrecy_officer", CN), ("leader", CN)),
    "department_officer": (("department_secrecy_officer", LAB),),
    "it": (("it_administrator", ""),),
    "auditor": (("auditor", ""),),
    "hr": (("hr", ""),),
    "counsel": (("outside_counsel", "case:1"),),
    "gone": (("leader", CN), ("secrecy_officer", CN)),
    "was_leader": (("leader", CN),),
    "leader_to_be": (("leader", CN),),
}


def places_above(scope):
    """What `people` tells `accounts` in life: the places above one."""
    return frozenset(ABOVE.get(scope, ()))


class Calls(list):
    """What the app behind the kind was told, in order; it can be made to fail."""

    def __init__(self):
        super().__init__()
        self.failing = False

    def told(self, event):
        def handler(request, *rest):
            if self.failing:
                raise RuntimeError(event)
            self.append((event, request.state, *(getattr(part, "name", part) for part in rest)))

        return handler


@pytest.fixture
def calls():
    return Calls()


@pytest.fixture
def company(db, settings, calls, fixed_clock):
    """Users by name, as attributes; the kind `test.secret` is registered for the time of the test."""
    settings.SHOUMI_PLACES_LOADER = "tests.server.approvals.company.places_above"
    settings.SHOUMI_SUBJECT_LOADER = ""
    register_kind(KIND, handlers(calls))
    people = SimpleNamespace()
    now = clock().now()
    for name, roles in HELD.items():
        user = User.objects.create(
            username=name,
            display_name=name,
            language="en",
            email=f"{name}@example.com",
            is_active=name != "gone",
        )
        for role, scope in roles:
            ended = now - timedelta(days=1) if name == "was_leader" else None
            RoleGrant.objects.create(
                user=user,
                role=role,
                scope=scope,
                reason="test",
                requested_at=now,
                starts_at=now - timedelta(days=9),
                ends_at=now + timedelta(days=90) if role == "outside_counsel" else ended,
                state="requested" if name == "leader_to_be" else "approved",
            )
        setattr(people, name, user)
    return people


def signed_in(client, user):
    """Return the client with `user` signed in and the reminder acknowledged."""
    reminder_acknowledge(actor=user, reminder=reminder_for(user, user.language))
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def handlers(calls, **changes):
    return KindHandlers(
        **{
            "label": "Test of a secret",
            "describe": lambda request: Description(
                title=request.title, url="/register/", facts=(("Level", "core"),)
            ),
            "on_step": calls.told("step"),
            "on_approved": calls.told("approved"),
            "on_returned": calls.told("returned"),
            "on_rejected": calls.told("rejected"),
            "on_withdrawn": calls.told("withdrawn"),
        }
        | changes
    )


def opened(company, *, quorum=1, scope=CN, requester=None, **changes):
    """Open a request as the register does: review by the office, approval by leaders."""
    due = timedelta(days=3)
    plan = {
        "kind": KIND,
        "subject": "secret:11111111-1111-4111-8111-111111111111",
        "title": "Sintering curve",
        "requester": requester or company.wang,
        "scope": LAB,
        "steps": [
            StepPlan("review", "secrecy_officer", CN, due=due),
            StepPlan("approve", "leader", scope, quorum=quorum, due=due),
        ],
    }
    return request_open(**plan | changes)
