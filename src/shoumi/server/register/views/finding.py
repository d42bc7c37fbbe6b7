"""How a view finds the secret of its address, by the gate or not at all, and how it says what was refused."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import pgettext

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import Action, Decision, explain
from shoumi.server.accounts import gate
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.resources import secret_resource, secret_resources
from shoumi.server.register.queries.secrets import secret_get


def found(request: HttpRequest, secret_id: UUID, action: Action = Action.SECRET_VIEW_METADATA) -> TradeSecret:
    """Return the secret if the user may see it and do `action` to it.

    Raises:
        Http404: there is no such secret.
        NotPermittedError: the gate refuses; the error page explains why.
    """
    secret = secret_get(request.user, secret_id)
    if secret is None:
        raise Http404
    if action is not Action.SECRET_VIEW_METADATA:
        gate.require(request.user, action, secret_resource(secret))
    return secret


def permitted(request: HttpRequest, secret: TradeSecret, *actions: Action) -> dict[str, bool]:
    """Return which of `actions` the user may do to the secret, by name with underscores, for buttons.

    `decide` is among them: whether a decision about the secret waits for the user.
    """
    kinds = secret_resources(secret)
    wishes = [(action, kinds.get(str(action).partition(".")[0], kinds["secret"])) for action in actions]
    decisions = gate.decide_each(request.user, wishes)
    may = {
        str(action).replace(".", "_"): decision.permitted
        for action, decision in zip(actions, decisions, strict=True)
    }
    deciders = kinds["secret"].attributes.get("deciders")
    return {**may, "decide": isinstance(deciders, frozenset) and str(request.user.pk) in deciders}


def spoken(error: ShoumiError) -> str:
    """Return what went wrong in the reader's language, as the error pages say it."""
    return pgettext(type(error).code, type(error).message).format(**error.fields)


def reasons_of(decision: Decision) -> list[str]:
    """Return why the gate decided so, one sentence each in the reader's language."""
    return [pgettext("policy reason", explain(reason)) for reason in decision.reasons]
