"""Addresses of people, below `/people/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.people.views import engagements, importing, organisation, persons, posts

app_name = "people"

urlpatterns = [
    path("", persons.people_home, name="home"),
    path("persons/", persons.PersonListView.as_view(), name="person_list"),
    path("persons/new/", persons.person_create, name="person_create"),
    path("persons/<uuid:person_id>/", persons.person_detail, name="person_detail"),
    path("persons/<uuid:person_id>/change/", persons.person_change, name="person_change"),
    path("persons/<uuid:person_id>/sign-in/", persons.person_link, name="person_link"),
    path("persons/<uuid:person_id>/reveal/", persons.person_reveal, name="person_reveal"),
    path("persons/<uuid:person_id>/engagements/new/", engagements.engagement_start, name="engagement_start"),
    path("engagements/<uuid:engagement_id>/move/", engagements.engagement_move, name="engagement_move"),
    path("engagements/<uuid:engagement_id>/end/", engagements.engagement_end, name="engagement_end"),
    path("organisation/", organisation.department_tree, name="department_tree"),
    path("organisation/entities/new/", organisation.entity_create, name="entity_create"),
    path("organisation/entities/<uuid:entity_id>/", organisation.entity_change, name="entity_change"),
    path(
        "organisation/entities/<uuid:entity_id>/departments/new/",
        organisation.department_create,
        name="department_create",
    ),
    path(
        "organisation/departments/<uuid:department_id>/",
        organisation.department_detail,
        name="department_detail",
    ),
    path(
        "organisation/departments/<uuid:department_id>/change/",
        organisation.department_change,
        name="department_change",
    ),
    path(
        "organisation/departments/<uuid:department_id>/move/",
        organisation.department_move,
        name="department_move",
    ),
    path(
        "organisation/departments/<uuid:department_id>/close/",
        organisation.department_close,
        name="department_close",
    ),
    path("organisation/departments/<uuid:department_id>/posts/new/", posts.post_create, name="post_create"),
    path("organisation/posts/<uuid:post_id>/rename/", posts.post_rename, name="post_rename"),
    path("organisation/posts/<uuid:post_id>/level/", posts.post_set_level, name="post_set_level"),
    path("organisation/posts/<uuid:post_id>/close/", posts.post_close, name="post_close"),
    path("import/", importing.import_new, name="import_new"),
    path("import/<uuid:import_id>/", importing.import_page, name="import_preview"),
    path("import/<uuid:import_id>/faults.xlsx", importing.import_faults, name="import_faults"),
    path("export/", importing.export, name="export"),
]
