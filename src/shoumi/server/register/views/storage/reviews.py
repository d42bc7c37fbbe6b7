"""Reviews of access, and what one person did with secrets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.views.asking import form_page
from shoumi.server.register.forms.storage import ReviewForm
from shoumi.server.register.models import AccessReview
from shoumi.server.register.queries.activity import (
    WATCHED,
    access_figures,
    activity_of,
    entities_to_view,
    review_days,
    review_due,
)
from shoumi.server.register.services.storage.reviews import access_review, activity_view
from shoumi.server.register.views.carriers.asking import asking

LONGEST_NUMBER = 18  # digits
LABELS = {key: label for key, label, _tags in WATCHED}


@login_required
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Show the figures of the last days and the reviews, for each entity the user may look at."""
    entities = entities_to_view(request.user)
    if not entities:
        gate.require(
            request.user,
            Action.ACCESS_VIEW,
            entity_resource(get_object_or_404(LegalEntity.objects.all()[:1])),
        )
    tables = []
    for entity in entities:
        today = today_of(entity)
        past = AccessReview.objects.filter(entity=entity).select_related("reviewed_by")[:20]
        due = review_due(entity, today)
        tables.append(
            {
                "entity": entity,
                "figures": access_figures(entity, today - timedelta(days=review_days(entity)), today),
                "days": review_days(entity),
                "due": due,
                "overdue": due < today,
                "reviews": [
                    (row, [(LABELS[key], row.figures.get(key, 0)) for key in LABELS]) for row in past
                ],
                "may": gate.permits(request.user, Action.ACCESS_REVIEW, entity_resource(entity)),
            }
        )
    return render(request, "register/storage/reviews.html", {"tables": tables})


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Record a review."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.ACCESS_REVIEW, entity_resource(entity))
    today = today_of(entity)
    last = AccessReview.objects.filter(entity=entity).order_by("-ends_on").first()
    starts_on = last.ends_on + timedelta(days=1) if last else today - timedelta(days=review_days(entity))
    starts_on = min(starts_on, today)
    back = reverse("register:access_reviews")
    figures = access_figures(entity, starts_on, today)
    page = asking(
        _("Review of access"),
        _("Record the review"),
        back,
        _("The review is recorded."),
        facts=tuple((figure.label, figure.count) for figure in figures),
        trail=((back, _("Reviews of access")),),
        columns={"register.review_days": "ends_on"},
    )

    def act(form: Any) -> None:
        access_review(actor=request.user, entity=entity, **form.cleaned_data)

    form = ReviewForm(request.POST or None, initial={"starts_on": starts_on, "ends_on": today})
    return form_page(request, page, form, act)


@login_required
@require_safe
def activity(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show what a person did with secrets; that somebody looked is recorded."""
    person = get_object_or_404(Person.objects.select_related("entity", "user"), pk=person_id)
    activity_view(actor=request.user, person=person)
    below = request.GET.get("below", "")
    number = int(below) if below.isdecimal() and len(below) <= LONGEST_NUMBER else None
    deeds, page = activity_of(request.user, person.user, below=number) if person.user else ([], None)
    context = {"person": person, "deeds": deeds, "older": page.older if page else None}
    return render(request, "register/storage/activity.html", context)
