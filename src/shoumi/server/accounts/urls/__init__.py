"""Addresses of one's own account, roles, keys and users, below `/accounts/`; signing in is in `sign_in`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.accounts.views import keys, own, reminder, roles, users

app_name = "accounts"
urlpatterns = [
    path("reminder/", reminder.acknowledge, name="reminder"),
    path("security/", own.security, name="security"),
    path("sessions/revoke/", own.session_revoke_view, name="session_revoke"),
    path("tokens/", own.token_list, name="token_list"),
    path("tokens/<uuid:token_id>/revoke/", own.token_revoke_view, name="token_revoke"),
    path("roles/", roles.grant_list, name="role_list"),
    path("roles/request/", roles.grant_request, name="role_request"),
    path("roles/<uuid:grant_id>/", roles.grant_detail, name="role_detail"),
    path("roles/<uuid:grant_id>/<slug:what>/", roles.grant_decide, name="role_decide"),
    path("keys/", keys.operation_list, name="key_operation_list"),
    path("keys/request/", keys.operation_request, name="key_operation_request"),
    path("keys/<uuid:operation_id>/<slug:what>/", keys.operation_decide, name="key_operation_decide"),
    path("users/", users.user_list, name="user_list"),
    path("users/open/", users.user_open_view, name="user_open"),
    path("users/<uuid:user_id>/", users.user_detail, name="user_detail"),
    path("users/<uuid:user_id>/<slug:what>/", users.user_act, name="user_act"),
]
