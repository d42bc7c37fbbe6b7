"""How the states of what hangs on a partner are drawn."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from shoumi.server.files.listing import State
from shoumi.server.ledger.services import clock
from shoumi.server.partners.models import Duty


def state_of(duty: Duty) -> State:
    """Return how a duty stands."""
    if duty.answered_at is not None:
        return State(pgettext_lazy("duty of a partner", "Answered"), "good")
    if duty.due_on < clock().now().date():
        return State(pgettext_lazy("duty of a partner", "Late"), "bad")
    return State(pgettext_lazy("duty of a partner", "Asked"), "waiting")
