"""Addresses of the console itself."""

from __future__ import annotations

from django.urls import path

from shoumi.server.console.views import choices, home

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("choose/language/", choices.language_set, name="language_set"),
    path("choose/theme/", choices.theme_set, name="theme_set"),
]
