"""Addresses of the console itself."""

from __future__ import annotations

from django.urls import path

from shoumi.server.console.views import choices, due, home, own, settings

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("mine/", own.my_page, name="my_page"),
    path("calendar/", due.month, name="calendar"),
    path("calendar/list/", due.agenda, name="agenda"),
    path("calendar/subscription/", due.subscription, name="subscription"),
    path("calendar/subscription/end/", due.subscription_end, name="subscription_end"),
    path("calendar/subscription/e-mail/", due.rhythm, name="rhythm"),
    path("calendar/feed/<str:token>.ics", due.feed, name="calendar_feed"),
    path("search/", home.search, name="search"),
    path("choose/language/", choices.language_set, name="language_set"),
    path("choose/theme/", choices.theme_set, name="theme_set"),
    path("settings/", settings.overview, name="settings"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/company/", settings.company, name="settings_company"),
    path("settings/jobs/", settings.jobs, name="settings_jobs"),
    path("settings/configuration/", settings.configuration, name="settings_configuration"),
    path("settings/about/", settings.about, name="settings_about"),
]
