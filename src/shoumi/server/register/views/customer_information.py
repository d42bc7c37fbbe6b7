"""Supplying the depth of registered customer information that has none, such as from an older register."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.register.forms.customer_information import CustomerForm
from shoumi.server.register.services.customer_information import customer_information_complete
from shoumi.server.register.views.finding import found, spoken


@login_required
def complete(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show the form, and file the record anew with what was entered."""
    secret = found(request, secret_id, Action.SECRET_CHANGE)
    form = CustomerForm(request.POST or None, secret=secret)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = request.POST.get("expected_version", "")
            try:
                customer_information_complete(
                    actor=request.user,
                    secret_id=secret.pk,
                    expected_version=int(version) if version.isdecimal() else 0,
                    depth=form.depth(),
                )
            except (ConflictError, InputError) as error:
                form.add_error(None, spoken(error))
            else:
                messages.success(request, _("The customer information is described and filed anew."))
                return redirect("register:secret_detail", secret.pk)
    return render(
        request, "register/customer_information.html", {"secret": secret, "form": form}, status=status
    )
