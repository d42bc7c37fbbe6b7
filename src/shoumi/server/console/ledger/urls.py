"""Addresses of the ledger's pages, included at `/ledger/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.console.ledger import downloads, tlog, views

app_name = "ledger"
urlpatterns = [
    path("", views.entry_list, name="entry_list"),
    path("entries/<int:index>/", views.entry_detail, name="entry_detail"),
    path("entries/<int:index>/reveal/", views.entry_reveal, name="entry_reveal"),
    path("entries/<int:index>/body/", downloads.entry_body, name="entry_body"),
    path("entries/<int:index>/proof/", downloads.entry_proof, name="entry_proof"),
    path("integrity/", views.integrity, name="integrity"),
    path("integrity/audit/", views.audit_now, name="audit_now"),
    path("integrity/light/", views.light, name="light"),
    path("checkpoints/<int:size>/", downloads.checkpoint_file, name="checkpoint_file"),
    path("timestamps/<int:number>/", downloads.timestamp_file, name="timestamp_file"),
    path("parties/<int:number>/", downloads.party_file, name="party_file"),
    path("tlog/checkpoint", tlog.checkpoint, name="tlog_checkpoint"),
    path("tlog/verifier-key", tlog.verifier_key, name="tlog_verifier_key"),
    path("tlog/tile/<path:path>", tlog.tile, name="tlog_tile"),
]
