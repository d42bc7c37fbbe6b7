"""The tab “Use” of a secret's page: who has what now, and every operation so far."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shoumi.server.register.models import Operation, OperationLine
from shoumi.server.register.queries.operations.choosing import kinds_permitted
from shoumi.server.register.queries.operations.lists import operations_visible_to
from shoumi.server.register.queries.operations.obstacles import LIVE
from shoumi.server.register.views.detail import page
from shoumi.server.register.views.finding import found


@login_required
@require_safe
def use(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show the operations on a secret that the user may see, what is out, and what can be asked for."""
    secret = found(request, secret_id)
    visible = operations_visible_to(request.user).filter(lines__secret=secret).distinct()
    kinds = kinds_permitted(request.user, [secret]) if secret.state in LIVE else []
    more = {
        "operations": visible.order_by("-created_at"),
        "out": OperationLine.objects.filter(
            secret=secret, state=OperationLine.State.OUT, operation__in=visible.values("pk")
        ).select_related("operation__receiver", "operation__third_party", "carrier", "file__file"),
        "kinds": [(key, label) for key, label in Operation.Kind.choices if key in kinds],
    }
    return page(request, secret, "use", more)
