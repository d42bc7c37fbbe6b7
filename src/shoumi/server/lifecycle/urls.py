"""Addresses of cases of people, below `/lifecycle/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.files.listing import ListingView
from shoumi.server.lifecycle.views import (
    cases,
    certificates,
    handover,
    importing,
    looking,
    notices,
    opening,
    steps,
    templates,
)

app_name = "lifecycle"
CASE = "cases/<uuid:case_id>/"
STEP = "step/<uuid:step_id>/"

urlpatterns = [
    path("", cases.CaseListView.as_view(), name="case_list"),
    path("mine/", ListingView.as_view(listing=cases.TaskListing), name="task_list"),
    path("new/", opening.choose, name="case_new"),
    path("new/<slug:kind>/<uuid:person_id>/<slug:part>/", opening.open_case, name="case_open"),
    path(CASE, cases.case_detail, name="case_detail"),
    path(f"{CASE}plans/", cases.case_history, name="case_history"),
    path(f"{CASE}change/<slug:part>/", opening.change, name="case_change"),
    path(f"{CASE}party/", cases.party, name="party_name"),
    path(f"{CASE}close/", cases.close, name="case_close"),
    path(f"{CASE}call-off/", cases.cancel, name="case_cancel"),
    path(STEP, steps.step_detail, name="step_detail"),
    path(f"{STEP}record/", steps.step_do, name="step_record"),
    path(f"{STEP}record/<slug:part>/", steps.step_do, name="step_record_part"),
    path(f"{STEP}sign/", steps.sign, name="step_sign"),
    path(f"{STEP}refused/", steps.refuse, name="step_refuse"),
    path(f"{STEP}give/", steps.give, name="step_give"),
    path(f"{STEP}files/<uuid:file_id>/", steps.proof, name="proof"),
    path(f"{STEP}things/new/", handover.thing_new, name="thing_new"),
    path(f"{STEP}things/carriers/", handover.carriers, name="thing_carriers"),
    path(f"{STEP}things/none/<slug:group>/", handover.none, name="thing_none"),
    path("things/<uuid:thing_id>/hand/", handover.hand, name="thing_hand"),
    path("things/<uuid:thing_id>/receive/", handover.receive, name="thing_receive"),
    path("things/<uuid:thing_id>/missing/", handover.missing, name="thing_missing"),
    path(f"{STEP}certificate/", certificates.draw, name="certificate_draw"),
    path(f"{STEP}certificate.pdf", certificates.pdf, name="certificate_pdf"),
    path(f"{CASE}look-back/", looking.look_back, name="look_back"),
    path(f"{CASE}look-back/logs/new/", looking.log_new, name="log_new"),
    path(f"{CASE}look-back/run/", looking.run, name="look_back_run"),
    path(f"{STEP}look-back/", looking.result, name="look_back_record"),
    path(f"{CASE}hold/", looking.hold, name="evidence_hold"),
    path(f"{STEP}notices/new/", notices.notice_new, name="notice_new"),
    path("notices/<uuid:notice_id>/sent/", notices.send, name="notice_send"),
    path("notices/<uuid:notice_id>/arrived/", notices.deliver, name="notice_deliver"),
    path("notices/<uuid:notice_id>/proof/", notices.delivery, name="notice_proof"),
    path("import/", importing.import_new, name="import_new"),
    path("import/<uuid:import_id>/", importing.import_page, name="import_preview"),
    path("import/<uuid:import_id>/faults.xlsx", importing.import_faults, name="import_faults"),
    path("confirm/<int:attestation_id>/", steps.attest, name="attest"),
    path("steps/", templates.template_list, name="template_list"),
    path("steps/<uuid:entity_id>/<slug:kind>/<slug:what>/", templates.template_new, name="template_new"),
    path("steps/changes/<uuid:change_id>/take-back/", templates.template_end, name="template_end"),
]
