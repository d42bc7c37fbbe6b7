"""Addresses of documents, below `/documents/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.documents.views import indexes

app_name = "documents"

urlpatterns = [
    path("index/", indexes.overview, name="index"),
    path("index/closed/", indexes.ClosedListView.as_view(), name="closed_list"),
    path("index/retry/", indexes.retry, name="index_retry"),
]
