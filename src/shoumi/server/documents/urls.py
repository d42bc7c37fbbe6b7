"""Addresses of documents, below `/documents/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.documents.views import indexes
from shoumi.server.documents.views.tables import detail, giving, lists

app_name = "documents"

urlpatterns = [
    path("index/", indexes.overview, name="index"),
    path("index/closed/", indexes.ClosedListView.as_view(), name="closed_list"),
    path("index/retry/", indexes.retry, name="index_retry"),
    path("tables/", lists.TableListView.as_view(), name="table_list"),
    path("tables/new/", giving.give, name="table_new"),
    path("tables/given/<uuid:table_id>/", giving.describe, name="table_describe"),
    path("tables/given/<uuid:table_id>/discard/", giving.discard, name="table_discard"),
    path("tables/<uuid:index_id>/", detail.overview, name="table_detail"),
    path("tables/<uuid:index_id>/update/", detail.update, name="table_update"),
    path("tables/<uuid:index_id>/query/", detail.query, name="table_query"),
    path("tables/<uuid:index_id>/schedule/", detail.schedule, name="table_schedule"),
    path("tables/<uuid:index_id>/rename/", detail.rename, name="table_rename"),
    path("tables/<uuid:index_id>/drop/", detail.drop, name="table_drop"),
    path("tables/<uuid:index_id>/hand-out/", detail.hand_out, name="table_hand_out"),
    path("tables/<uuid:index_id>/file/", detail.file, name="table_file"),
]
