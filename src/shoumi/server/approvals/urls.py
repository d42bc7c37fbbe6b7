"""Addresses of the approvals app, below /approvals/."""

from __future__ import annotations

from django.urls import path

from shoumi.server.approvals.views import delegations, lists, requests

app_name = "approvals"
urlpatterns = [
    path("", lists.RequestListView.as_view(listing=lists.ToDecide), name="inbox"),
    path("opened/", lists.RequestListView.as_view(listing=lists.Opened), name="opened"),
    path("decided/", lists.RequestListView.as_view(listing=lists.Decided), name="decided"),
    path("all/", lists.RequestListView.as_view(listing=lists.Visible), name="all"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/<uuid:delegation_id>/end/", delegations.delegation_end, name="delegation_end"),
    path("<uuid:request_id>/", requests.request_detail, name="request_detail"),
    path("<uuid:request_id>/decide/", requests.request_decision, name="request_decide"),
    path("<uuid:request_id>/withdraw/", requests.request_withdrawal, name="request_withdraw"),
    path("<uuid:request_id>/remind/", requests.request_reminder, name="request_remind"),
]
