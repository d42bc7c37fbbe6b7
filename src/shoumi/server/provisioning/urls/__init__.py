"""Addresses of the SCIM server of each legal entity, below `/scim/v2/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.provisioning.views import bulk, scim

app_name = "provisioning"
urlpatterns = [
    path("<slug:code>/Users", scim.users, name="users"),
    path("<slug:code>/Users/<uuid:key>", scim.user, name="user"),
    path("<slug:code>/Groups", scim.groups, name="groups"),
    path("<slug:code>/Groups/<uuid:key>", scim.group, name="group"),
    path("<slug:code>/Bulk", bulk.bulk, name="bulk"),
    path("<slug:code>/ServiceProviderConfig", scim.config, name="config"),
    path("<slug:code>/ResourceTypes", scim.types, name="types"),
    path("<slug:code>/ResourceTypes/<str:key>", scim.types, name="type"),
    path("<slug:code>/Schemas", scim.schema, name="schemas"),
    path("<slug:code>/Schemas/<str:key>", scim.schema, name="schema"),
    path("<slug:code>/<path:rest>", scim.missing, name="missing"),
]
