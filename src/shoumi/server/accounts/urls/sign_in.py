"""Addresses of signing in, below `/account/`: those of django-allauth that this house uses, under its names.

Registering oneself, and changing one's e-mail address, which is the company's, lead elsewhere on purpose.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount import views as socialaccount
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from shoumi.server.accounts.views import company

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("email/", RedirectView.as_view(pattern_name="accounts:security"), name="account_email"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("factors/", include("allauth.mfa.urls")),
    path("company/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("company/error/", socialaccount.login_error, name="socialaccount_login_error"),
    path("company/signup/", socialaccount.signup, name="socialaccount_signup"),
    path("company/connections/", socialaccount.connections, name="socialaccount_connections"),
    path("oidc/<slug:provider_id>/login/", company.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", company.callback, name="openid_connect_callback"),
]
