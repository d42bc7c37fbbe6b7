"""The page on which a company determines how marks look inside its files."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.queries import entities_visible
from shoumi.server.register.forms.looks import PARTS, LookForm
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.marking import looks_of
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.queries.words import category_words
from shoumi.server.register.services.looks import look_remove, look_set


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def looks(request: HttpRequest) -> HttpResponse:
    """Show the looks of an entity and take another one."""
    entities = list(entities_visible(request.user))
    asked = request.GET.get("entity")
    entity = next((row for row in entities if row.code == asked), entities[0] if entities else None)
    if entity is None:
        raise Http404
    pack = company_pack(entity.pk, entity.pack)
    form = LookForm(request.POST or None, pack=pack)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        look_set(
            actor=request.user,
            entity=entity,
            category=data["category"],
            level=data["level"],
            look=form.look(),
        )
        messages.success(request, _("Marks look so from the next copy on."))
        return redirect(request.get_full_path())
    context = {
        "entity": entity,
        "entities": entities,
        "rows": [
            (row, category_words(pack, row.category), [label for key, label in PARTS if getattr(row, key)])
            for row in looks_of(entity)
        ],
        "parts": [label for _key, label in PARTS],
        "form": form,
        "may_edit": gate.permits(request.user, Action.SETTINGS_EDIT, setting_resource(entity, "marks")),
    }
    return render(request, "register/looks.html", context)


@login_required
@require_POST
def remove(request: HttpRequest, look_id: int) -> HttpResponse:
    """Take a look back."""
    entity = look_remove(actor=request.user, look_id=look_id)
    messages.success(request, _("The look is taken back; the next wider one holds."))
    return redirect(f"{reverse('register:looks')}?entity={entity.code}")
