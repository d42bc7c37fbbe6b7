"""Addresses of the files app, below `/files/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.files.views import UploadDetailView, UploadListView

app_name = "files"
urlpatterns = [
    path("uploads/", UploadListView.as_view(), name="upload_list"),
    path("uploads/<uuid:file_id>/", UploadDetailView.as_view(), name="upload_detail"),
]
