"""Addresses of personal data, below `/privacy/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.files.listing import ListingView
from shoumi.server.privacy.views import (
    agreeing,
    border,
    checking,
    erasing,
    mine,
    notices,
    register,
    requests,
    told,
    unmasking,
)
from shoumi.server.privacy.views.breaches import acting, detail, listing, mailing, reporting

app_name = "privacy"
PROCESSING = "register/<uuid:processing_id>/"
NOTICE = "notices/<uuid:notice_id>/"
VERSION = "notices/version/<uuid:version_id>/"
BREACH = "breaches/<uuid:breach_id>/"
UNMASKING = "unmaskings/<uuid:unmasking_id>/"

urlpatterns = [
    path("mine/", mine.mine, name="mine"),
    path("mine/notices/<uuid:delivery_id>/", mine.notice, name="my_notice"),
    path("mine/consents/<uuid:processing_id>/<slug:scope>/", mine.consent, name="my_consent"),
    path("mine/withdraw/<uuid:consent_id>/", mine.withdraw, name="my_withdrawal"),
    path("mine/ask/", requests.my_request, name="my_request"),
    path("requests/", requests.RequestListView.as_view(), name="request_list"),
    path("requests/new/<uuid:entity_id>/", requests.request_new, name="request_new"),
    path("requests/<uuid:request_id>/", requests.request_detail, name="request_detail"),
    path("requests/<uuid:request_id>/<slug:what>/", requests.request_do, name="request_do"),
    path("border/", border.ExportBasisListView.as_view(), name="export_basis_list"),
    path("border/new/<uuid:entity_id>/", border.export_basis_new, {"part": "basis"}, name="export_basis_new"),
    path("border/new/<uuid:entity_id>/<slug:part>/", border.export_basis_new, name="export_basis_part"),
    path("border/<uuid:basis_id>/", border.export_basis_detail, name="export_basis_detail"),
    path("border/<uuid:basis_id>/document/", border.export_basis_document, name="export_basis_document"),
    path("border/<uuid:basis_id>/end/", border.export_basis_stop, name="export_basis_end"),
    path("breaches/", listing.BreachListView.as_view(), name="breach_list"),
    path("breaches/new/<uuid:entity_id>/", reporting.breach_new, {"part": "happened"}, name="breach_begin"),
    path("breaches/new/<uuid:entity_id>/<slug:part>/", reporting.breach_new, name="breach_new"),
    path("breaches/assessments/<uuid:assessment_id>/agree/", acting.agree, name="breach_agree"),
    path("breaches/notices/<uuid:notice_id>/receipt/", acting.receipt, name="breach_receipt"),
    path("breaches/notices/<uuid:notice_id>/receipt/add/", acting.receipt_add, name="breach_receipt_add"),
    path(BREACH, detail.breach_detail, name="breach_detail"),
    path(f"{BREACH}paper/", detail.breach_paper, name="breach_paper"),
    path(f"{BREACH}known/", reporting.known, name="breach_known"),
    path(f"{BREACH}particulars/", reporting.particulars, name="breach_particulars"),
    path(f"{BREACH}assess/", acting.assess, name="breach_assess"),
    path(f"{BREACH}tell/<slug:country>/<slug:duty>/", acting.tell, name="breach_tell"),
    path(f"{BREACH}mail/<slug:country>/<slug:duty>/", mailing.begin, name="breach_mail"),
    path("breaches/mailings/<uuid:mailing_id>/", mailing.mailing_detail, name="breach_mailing"),
    path("breaches/mailings/<uuid:mailing_id>/<slug:what>/", mailing.move, name="breach_mailing_move"),
    path(f"{BREACH}steps/<slug:step_id>/", acting.step, name="breach_step"),
    path(f"{BREACH}measure/", acting.measure, name="breach_measure"),
    path(f"{BREACH}close/", acting.close, name="breach_close"),
    path(f"{BREACH}confirm/", acting.confirm, name="breach_confirm"),
    path("erasures/", erasing.ErasureListView.as_view(), name="erasure_list"),
    path("erasures/new/<uuid:entity_id>/", erasing.erasure_new, name="erasure_new"),
    path("erasures/<uuid:erasure_id>/", erasing.erasure_detail, name="erasure_detail"),
    path("erasures/<uuid:erasure_id>/propose/", erasing.submit, name="erasure_submit"),
    path("erasures/<uuid:erasure_id>/decide/", erasing.decide, name="erasure_decide"),
    path("holds/", requests.HoldListView.as_view(), name="hold_list"),
    path("holds/new/<uuid:entity_id>/", requests.hold_new, name="hold_new"),
    path("holds/<uuid:hold_id>/", requests.hold_detail, name="hold_detail"),
    path("holds/<uuid:hold_id>/release/", requests.release, name="hold_release"),
    path("register/", register.ProcessingListView.as_view(), name="processing_list"),
    path("register/new/", register.processing_begin, name="processing_begin"),
    path("register/new/<uuid:entity_id>/<slug:part>/", register.processing_new, name="processing_new"),
    path("register/check/", checking.gate_check, name="gate_check"),
    path(PROCESSING, register.processing_detail, name="processing_detail"),
    path(f"{PROCESSING}end/", register.processing_stop, name="processing_end"),
    path(f"{PROCESSING}agree/", agreeing.processing, name="processing_agree"),
    path("assessments/<uuid:assessment_id>/agree/", agreeing.assessment, name="assessment_agree"),
    path(f"{PROCESSING}assess/", register.assessment_new, name="assessment_new"),
    path("assessments/", ListingView.as_view(listing=checking.AssessmentListing), name="assessment_list"),
    path("notices/", notices.NoticeListView.as_view(), name="notice_list"),
    path("notices/new/", notices.notice_begin, name="notice_begin"),
    path("notices/new/<uuid:entity_id>/<slug:part>/", notices.notice_new, name="notice_new"),
    path("notices/proof/", ListingView.as_view(listing=told.DeliveryListing), name="delivery_list"),
    path(NOTICE, notices.notice_detail, name="notice_detail"),
    path(f"{NOTICE}new/<slug:part>/", notices.version_new, name="notice_version_new"),
    path(f"{NOTICE}end/", notices.end, name="notice_end"),
    path(f"{VERSION}send/", notices.send, name="notice_send"),
    path(f"{VERSION}paper/", notices.hand, name="notice_hand"),
    path("consents/", ListingView.as_view(listing=told.ConsentListing), name="consent_list"),
    path("unmaskings/", unmasking.UnmaskingListView.as_view(), name="unmasking_list"),
    path("unmaskings/ask/", unmasking.ask, name="unmasking_ask"),
    path(UNMASKING, unmasking.unmasking_detail, name="unmasking_detail"),
    path(f"{UNMASKING}decide/", unmasking.decide, name="unmasking_decide"),
    path(f"{UNMASKING}look/", unmasking.look, name="unmasking_look"),
]
