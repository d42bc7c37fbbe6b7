"""All addresses of the console and the API."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("notifications/", include("shoumi.server.notifications.urls")),
    path("", include("shoumi.server.console.urls")),
]
