"""One's own account: factors, sessions, access tokens, roles."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.server.accounts import queries
from shoumi.server.accounts.forms import TokenForm, end_of_day, right_label
from shoumi.server.accounts.services import session_revoke, token_issue, token_revoke


@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Show how the user signs in, from where, and with which roles."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "has_totp": Authenticator.Type.TOTP in kinds,
        "passkeys": Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN),
        "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "sessions": UserSession.objects.purge_and_list(request.user),
        "current_session": request.session.session_key,
        "tokens": queries.tokens_in_force(request.user).count(),
        "grants": queries.role_grants().filter(user=request.user),
    }
    return render(request, "accounts/security.html", context)


@login_required
@require_POST
def session_revoke_view(request: HttpRequest) -> HttpResponse:
    """End one session, or all but this one."""
    own = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    chosen = request.POST.get("session", "")
    if chosen != "others":
        own = own.filter(pk=int(chosen)) if chosen.isdigit() else own.none()
    ended = session_revoke(actor=request.user, sessions=list(own))
    messages.success(
        request, ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended) % {"count": ended}
    )
    return redirect("accounts:security")


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Show the access tokens; on POST issue one and show its secret this once."""
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _token, secret = token_issue(
            actor=request.user,
            name=form.cleaned_data["name"],
            rights=form.cleaned_data["rights"],
            expires_at=end_of_day(form.cleaned_data["expires_on"]),
        )
        form = TokenForm()
    tokens = [
        (token, [right_label(right) for right in token.rights])
        for token in queries.tokens_in_force(request.user)
    ]
    return render(request, "accounts/tokens.html", {"form": form, "secret": secret, "tokens": tokens})


@login_required
@require_POST
def token_revoke_view(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of one's own access tokens."""
    token_revoke(actor=request.user, token=queries.own_token(request.user, token_id))
    messages.success(request, _("The access token has been revoked."))
    return redirect("accounts:token_list")
