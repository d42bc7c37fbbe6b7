"""Addresses of documents, below `/documents/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.documents.views import exceptions, files, indexes, matches, scans
from shoumi.server.documents.views.tables import detail, giving, lists

app_name = "documents"

SCAN = "scans/<uuid:scan_id>/"
MATCH = "findings/<uuid:match_id>/"
EXCEPTION = "exceptions/<uuid:exception_id>/"

urlpatterns = [
    path("scans/", scans.ScanListView.as_view(), name="scan_list"),
    path("scans/new/", scans.new, name="scan_new"),
    path("scans/repeated/", scans.PlanListView.as_view(), name="plan_list"),
    path(SCAN, scans.detail, name="scan_detail"),
    path(f"{SCAN}files/", files.FileListView.as_view(), name="scan_files"),
    path(f"{SCAN}delete/", scans.delete, name="scan_delete"),
    path(f"{SCAN}<slug:what>/", scans.control, name="scan_control"),
    path("findings/", matches.MatchListView.as_view(), name="match_list"),
    path(MATCH, matches.detail, name="match_detail"),
    path(f"{MATCH}context/", matches.context, name="match_context"),
    path(f"{MATCH}reveal/", matches.reveal, name="match_reveal"),
    path(f"{MATCH}harmless/", matches.harmless, name="match_harmless"),
    path(f"{MATCH}propose/", matches.propose, name="match_propose"),
    path("exceptions/", exceptions.ExceptionListView.as_view(), name="exception_list"),
    path(EXCEPTION, exceptions.detail, name="exception_detail"),
    path(f"{EXCEPTION}decide/", exceptions.decide, name="exception_decide"),
    path(f"{EXCEPTION}end/", exceptions.end, name="exception_end"),
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
