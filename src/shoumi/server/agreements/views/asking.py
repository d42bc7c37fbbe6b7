"""What the pages of agreements do alike: find a row the reader may see, and say where one stands.

A row that may not be seen is not there; services ask the gate again.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.libraries import kind_words
from shoumi.server.agreements.queries.visible import agreement_resource, agreements, mine

State = Agreement.State
TONES = {
    State.DRAFT: "off",
    State.OFFERED: "waiting",
    State.SIGNED: "waiting",
    State.IN_FORCE: "good",
    State.REFUSED: "bad",
    State.WITHDRAWN: "off",
    State.ENDED: "off",
    State.REPLACED: "off",
}
FORM = "agreements/form.html"


def agreement_seen(
    request: HttpRequest, agreement_id: UUID, action: Action = Action.AGREEMENT_VIEW
) -> Agreement:
    """Return an agreement the user may do `action` to; a refusal is recorded by the gate's caller.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    row = get_object_or_404(agreements(), pk=agreement_id)
    gate.require(request.user, action, agreement_resource(row))
    return row


def own_agreement(request: HttpRequest, agreement_id: UUID) -> Agreement:
    """Return one of the user's own agreements.

    Raises:
        Http404: there is none of theirs.
    """
    row = mine(request.user).filter(pk=agreement_id).first()
    if row is None:
        raise Http404
    return row


def title_of(agreement: Agreement) -> str:
    """Return what an agreement is called on its pages."""
    return f"{kind_words(agreement.entity.pack, agreement.kind)} · {agreement.party}"


def trail(agreement: Agreement | None = None) -> tuple[tuple[str, Any], ...]:
    """Return the pages above a form of an agreement."""
    found: tuple[tuple[str, Any], ...] = ((reverse("agreements:agreement_list"), _("Agreements")),)
    return found if agreement is None else (*found, (agreement.get_absolute_url(), title_of(agreement)))


def version_of(request: HttpRequest) -> int:
    """Return the version that a plain button sent, 0 for none."""
    text = request.POST.get("expected_version", "")
    return int(text) if text.isascii() and text.isdigit() else 0
