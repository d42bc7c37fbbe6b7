"""Addresses of concerns, below `/concern/`; the first ones are open to everybody."""

from __future__ import annotations

from django.urls import path

from shoumi.server.concerns.views import mine, office, strangers

app_name = "concerns"
urlpatterns = [
    path("", strangers.start, name="start"),
    path("report/", strangers.report, name="report"),
    path("mailbox/", strangers.mailbox, name="mailbox"),
    path("mailbox/write/", strangers.write, name="mailbox_write"),
    path("mailbox/files/<int:enclosure_id>/", strangers.enclosure, name="mailbox_file"),
    path("mine/", mine.mine, name="mine"),
    path("mine/report/", mine.report, name="mine_report"),
    path("mine/<uuid:concern_id>/", mine.detail, name="mine_detail"),
    path("mine/<uuid:concern_id>/files/<int:enclosure_id>/", mine.enclosure, name="mine_file"),
    path("office/", office.ConcernListView.as_view(), name="concern_list"),
    path("office/<uuid:concern_id>/", office.concern_detail, name="concern_detail"),
    path("office/<uuid:concern_id>/answer/", office.answer, name="answer"),
    path("office/<uuid:concern_id>/close/", office.close, name="close"),
    path("office/<uuid:concern_id>/files/<int:enclosure_id>/", office.enclosure, name="enclosure"),
]
