"""The answers that somebody else gave in a test: legal says why, and the person reads who looked."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.training.forms import PurposeForm
from shoumi.server.training.models import Sitting
from shoumi.server.training.queries.access import learner_resource
from shoumi.server.training.services.testing import sitting_look
from shoumi.server.training.views.mine import result_of


@login_required
@require_http_methods(["GET", "POST"])
def answers_look(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Ask why somebody's answers are to be seen, then show them; the person reads that they were."""
    rows = Sitting.objects.select_related("learning__person__entity", "learning__version__course")
    sitting = get_object_or_404(rows, pk=sitting_id, handed_in_at__isnull=False)
    person = sitting.learning.person
    gate.require(request.user, Action.TRAINING_LOOK, learner_resource(person), purpose="-")  # it comes later
    form = PurposeForm(request.POST or None)
    tries = list(sitting.learning.sittings.filter(handed_in_at__isnull=False))
    if request.method == "POST" and form.is_valid():
        seen = sitting_look(actor=request.user, sitting_id=sitting.pk, purpose=form.cleaned_data["purpose"])
        context = {**result_of(seen), "person": person}
        response = render(request, "training/answers.html", context)
        response["Cache-Control"] = "no-store"
        return response
    context = {"sitting": sitting, "person": person, "form": form, "tries": tries}
    status = 422 if request.method == "POST" else 200
    return render(request, "training/answers_why.html", context, status=status)
