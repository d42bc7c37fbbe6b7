"""Addresses of meetings on secrets, below `/partners/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.partners.views import holding, lists, planning

app_name = "partners"
ONE = "meetings/<uuid:meeting_id>/"
WHO = "meetings/participants/<uuid:participant_id>/"

urlpatterns = [
    path("meetings/", lists.MeetingListView.as_view(), name="meeting_list"),
    path("meetings/mine/", lists.mine, name="mine"),
    path("meetings/mine/<uuid:participant_id>/", holding.invitation, name="invitation"),
    path("meetings/new/<uuid:entity_id>/<slug:part>/", planning.meeting_new, name="meeting_create"),
    path(ONE, holding.meeting_detail, name="meeting_detail"),
    path(f"{ONE}change/<slug:part>/", planning.meeting_edit, name="meeting_change"),
    path(f"{ONE}cancel/", planning.cancel, name="meeting_cancel"),
    path(f"{ONE}participants/new/", planning.participant_new, name="participant_create"),
    path(f"{ONE}tell/", holding.tell, name="participants_tell"),
    path(f"{ONE}open/", holding.open_meeting, name="meeting_open"),
    path(f"{ONE}close/", holding.close_meeting, name="meeting_close"),
    path(f"{ONE}papers/new/", holding.paper_new, name="paper_create"),
    path(f"{ONE}papers/hand-out/", holding.hand_out, name="hand_out"),
    path(f"{ONE}papers/count/", holding.count, name="copies_count"),
    path(f"{WHO}off/", planning.participant_off, name="participant_off"),
    path(f"{WHO}pledge/", holding.pledge, name="pledge"),
    path(f"{WHO}pledge/file/", holding.pledge_file, name="pledge_file"),
]
