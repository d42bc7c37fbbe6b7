"""Addresses of partners and of meetings on secrets, below `/partners/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.partners.views import (
    authorities,
    duties,
    holding,
    importing,
    lists,
    originals,
    outsourcing,
    partners,
    planning,
    signals,
    workers,
)

app_name = "partners"
ONE = "meetings/<uuid:meeting_id>/"
WHO = "meetings/participants/<uuid:participant_id>/"

WORKER = "workers/<uuid:worker_id>/"
DUTY = "duties/<uuid:duty_id>/"
SIGNAL = "signals/<uuid:signal_id>/"
AUTHORITY = "authorities/<uuid:visit_id>/"
GIVEN = "authorities/papers/<uuid:paper_id>/"
NOTICE = "authorities/notices/<uuid:notice_id>/"
ASSESSMENT = "assessments/<uuid:assessment_id>/"
PARTNER = "<uuid:partner_id>/"

urlpatterns = [
    path("", partners.PartnerListView.as_view(), name="partner_list"),
    path("new/", partners.partner_new, name="partner_create"),
    path("import/", importing.import_new, name="import_new"),
    path("import/<uuid:import_id>/", importing.import_page, name="import_preview"),
    path("import/<uuid:import_id>/faults.xlsx", importing.import_faults, name="import_faults"),
    path("workers/", workers.WorkerListView.as_view(), name="worker_list"),
    path(WORKER, workers.worker_detail, name="worker_detail"),
    path(f"{WORKER}pledge/", workers.worker_pledge, name="worker_pledge"),
    path(f"{WORKER}computer/", workers.worker_equipment, name="worker_equipment"),
    path(f"{WORKER}accesses/new/", workers.access_new, name="access_create"),
    path("accesses/<uuid:access_id>/end/", workers.access_off, name="access_end"),
    path("duties/", duties.DutyListView.as_view(), name="duty_list"),
    path(DUTY, duties.duty_detail, name="duty_detail"),
    path(f"{DUTY}answer/", duties.duty_reply, name="duty_answer"),
    path(f"{DUTY}file/", duties.duty_file, name="duty_file"),
    path(f"{DUTY}findings/new/", duties.finding_new, name="finding_create"),
    path("findings/<uuid:finding_id>/settle/", duties.finding_off, name="finding_settle"),
    path("signals/", signals.SignalListView.as_view(), name="signal_list"),
    path("signals/new/<slug:kind>/", signals.signal_new, name="signal_create"),
    path(SIGNAL, signals.signal_detail, name="signal_detail"),
    path(f"{SIGNAL}judge/", signals.signal_judgement, name="signal_judge"),
    path(f"{SIGNAL}record.pdf", signals.signal_record, name="signal_record"),
    path("authorities/", authorities.AuthorityListView.as_view(), name="authority_list"),
    path("authorities/new/", authorities.authority_new, name="authority_create"),
    path(AUTHORITY, authorities.authority_detail, name="authority_detail"),
    path(f"{AUTHORITY}papers/new/", authorities.authority_paper_new, name="authority_paper_create"),
    path(f"{AUTHORITY}notice/", authorities.notice_give, name="notice_give"),
    path(f"{AUTHORITY}close/", authorities.authority_close, name="authority_close"),
    path(f"{GIVEN}hand/", authorities.authority_paper_hand, name="authority_paper_hand"),
    path(f"{GIVEN}back/", authorities.authority_paper_back, name="authority_paper_back"),
    path(f"{NOTICE}receipt/new/", authorities.receipt_new, name="receipt_create"),
    path(f"{NOTICE}refused/", authorities.receipt_refused, name="receipt_refuse"),
    path(f"{NOTICE}<slug:what>/file/", authorities.notice_file, name="notice_file"),
    path("outsourcings/", outsourcing.OutsourcingListView.as_view(), name="outsourcing_list"),
    path("outsourcings/<uuid:outsourcing_id>/end/", outsourcing.outsourcing_over, name="outsourcing_end"),
    path(ASSESSMENT, outsourcing.assessment_detail, name="assessment_detail"),
    path(f"{ASSESSMENT}submit/", outsourcing.assessment_send, name="assessment_submit"),
    path(f"{ASSESSMENT}decide/", outsourcing.assessment_decision, name="assessment_decide"),
    path(f"{ASSESSMENT}<slug:question>/answer/", outsourcing.assessment_question, name="assessment_answer"),
    path(f"{PARTNER}assessments/new/", outsourcing.assessment_new, name="assessment_create"),
    path(f"{PARTNER}self-check/<slug:part>/", outsourcing.self_check, name="self_check"),
    path(f"{PARTNER}outsourcings/new/", outsourcing.outsourcing_new, name="outsourcing_create"),
    path("originals/<uuid:original_id>/", originals.original_detail, name="original_detail"),
    path("originals/<uuid:original_id>/file/", originals.original_file, name="original_file"),
    path(f"{PARTNER}originals/new/", originals.original_new, name="original_create"),
    path(f"{PARTNER}workers/new/", workers.worker_new, name="worker_create"),
    path(f"{PARTNER}duties/new/", duties.duty_new, name="duty_create"),
    path(PARTNER, partners.partner_detail, name="partner_detail"),
    path(f"{PARTNER}change/", partners.partner_edit, name="partner_change"),
    path(f"{PARTNER}manager/", partners.partner_manager, name="partner_manager"),
    path(f"{PARTNER}end/", partners.partner_over, name="partner_end"),
    path(f"{PARTNER}filings/new/", partners.filing_new, name="filing_create"),
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
