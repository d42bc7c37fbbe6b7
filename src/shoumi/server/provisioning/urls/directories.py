"""Addresses of the pages of directories, below `/directories/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.provisioning.views import directories

app_name = "directories"
urlpatterns = [
    path("", directories.directory_list, name="directory_list"),
    path("<slug:code>/", directories.detail, name="detail"),
    path("<slug:code>/connection/", directories.connect, name="connect"),
    path("<slug:code>/names/", directories.names, name="names"),
    path("<slug:code>/groups/", directories.groups, name="groups"),
    path("<slug:code>/rhythm/", directories.rhythm, name="rhythm"),
    path("<slug:code>/read/<slug:kind>/", directories.read, name="read"),
    path("<slug:code>/readings/<int:run_id>/", directories.reading, name="reading"),
]
