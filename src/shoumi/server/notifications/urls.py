"""Addresses of the notifications app, below /notifications/."""

from __future__ import annotations

from django.urls import path

from shoumi.server.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="notification_list"),
    path("read-all/", views.notification_read_all, name="notification_read_all"),
    path("<uuid:notification_id>/", views.notification_open, name="notification_open"),
]
