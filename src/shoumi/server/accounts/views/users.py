"""Accounts, as the IT administrator and the secrecy office see them."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.forms import ReasonForm, UserForm
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services import (
    password_link_send,
    user_close,
    user_factors_remove,
    user_open,
    user_reopen,
    user_unlock,
)
from shoumi.server.accounts.views.wording import words_of


@login_required
def user_list(request: HttpRequest) -> HttpResponse:
    """Show the accounts the user may see, and find them by name."""
    words = request.GET.get("q", "").strip()[:100]
    users = queries.visible_users(request.user)
    if len(users) == 1 and users[0].pk == request.user.pk:  # nobody's but the own: not this room
        gate.require(request.user, Action.ACCOUNT_VIEW, resources.login("all"))
    if words:
        users = [user for user in users if words.lower() in f"{user.username} {user.display_name}".lower()]
    may_open = gate.permits(request.user, Action.ACCOUNT_MANAGE, resources.login("new"))
    return render(request, "accounts/users/list.html", {"users": users, "words": words, "may_open": may_open})


@login_required
@require_http_methods(["GET", "POST"])
def user_open_view(request: HttpRequest) -> HttpResponse:
    """Open an account and send the link for setting the password."""
    gate.require(request.user, Action.ACCOUNT_MANAGE, resources.login("new"))
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = user_open(actor=request.user, **form.cleaned_data)
        except ConflictError as error:
            form.add_error(None, words_of(error))
        else:
            password_link_send(request=request, user=user)
            messages.success(
                request, _("The account is open; a link for setting the password has been sent.")
            )
            return redirect("accounts:user_detail", user_id=user.pk)
    return render(request, "accounts/users/open.html", {"form": form})


@login_required
def user_detail(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show one account with what the user may do with it."""
    user = get_object_or_404(User, pk=user_id)
    resource = queries.user_resource(user)
    gate.require(request.user, Action.ACCOUNT_VIEW, resource)
    manage, reset = gate.decide_each(
        request.user, [(Action.ACCOUNT_MANAGE, resource), (Action.ACCOUNT_RESET_FACTORS, resource)]
    )
    context = {
        "shown": user,
        "grants": queries.visible_grants(request.user, queries.role_grants().filter(user=user)),
        "factors": Authenticator.objects.filter(user=user).count(),
        "may_manage": manage.permitted,
        "may_reset": reset.permitted,
        "form": ReasonForm(),
    }
    return render(request, "accounts/users/detail.html", context)


@login_required
@require_POST
def user_act(request: HttpRequest, user_id: UUID, what: str) -> HttpResponse:
    """Close, reopen, unlock, or remove lost second factors."""
    user = get_object_or_404(User, pk=user_id)
    reason = request.POST.get("reason", "").strip()[:400]
    if what == "close":
        user_close(actor=request.user, user=user, reason=reason)
        said = _("The account is closed; its sessions have ended.")
    elif what == "reopen":
        user_reopen(actor=request.user, user=user, reason=reason)
        said = _("The account is open again.")
    elif what == "unlock":
        user_unlock(actor=request.user, user=user)
        said = _("The account is unlocked.")
    elif what == "factors":
        user_factors_remove(actor=request.user, user=user, purpose=reason)
        said = _("The second factors have been removed; the sessions have ended.")
    else:
        raise Http404
    messages.success(request, said)
    return redirect("accounts:user_detail", user_id=user.pk)
