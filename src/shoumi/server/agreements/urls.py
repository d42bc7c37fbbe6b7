"""Addresses of agreements, below `/agreements/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.agreements.views import (
    coverage,
    detail,
    listing,
    noncompete,
    noncompete_steps,
    preparing,
    signing,
)

app_name = "agreements"
ONE = "<uuid:agreement_id>/"

urlpatterns = [
    path("", listing.AgreementListView.as_view(), name="agreement_list"),
    path("new/", preparing.begin, name="agreement_begin"),
    path("new/<uuid:entity_id>/", preparing.agreement_new, name="agreement_create"),
    path("mine/", signing.my_agreements, name="mine"),
    path(f"mine/{ONE}", signing.my_agreement, name="mine_detail"),
    path(f"mine/{ONE}<slug:what>/", signing.my_download, name="mine_download"),
    path("coverage/", coverage.coverage_page, name="coverage"),
    path("coverage/<uuid:entity_id>/count/", coverage.count, name="coverage_count"),
    path("needs/", coverage.NeedListView.as_view(), name="need_list"),
    path("persons/<uuid:person_id>/facts/", coverage.person_facts, name="person_facts"),
    path("renewals/<uuid:entity_id>/<slug:kind>/", coverage.renew, name="renew"),
    path("runs/<uuid:run_id>/", coverage.run_detail, name="run_detail"),
    path("runs/<uuid:run_id>/stop/", coverage.run_halt, name="run_stop"),
    path("runs/<uuid:run_id>/resume/", coverage.run_again, name="run_resume"),
    path("non-compete/", noncompete.NonCompeteListView.as_view(), name="nc_list"),
    path("non-compete/group/<uuid:entity_id>/", noncompete.group, name="nc_group"),
    path("non-compete/payments/", noncompete_steps.import_new, name="import_new"),
    path("non-compete/payments/<uuid:import_id>/", noncompete_steps.import_page, name="import_preview"),
    path(
        "non-compete/payments/<uuid:import_id>/faults.xlsx",
        noncompete_steps.import_faults,
        name="import_faults",
    ),
    path(f"non-compete/{ONE}", noncompete.nc_detail, name="nc_detail"),
    path(f"non-compete/{ONE}release/", noncompete_steps.release, name="nc_release"),
    path(f"non-compete/{ONE}fault/", noncompete_steps.fault, name="nc_fault"),
    path(f"non-compete/{ONE}breach/", noncompete_steps.breach, name="nc_breach"),
    path(f"non-compete/{ONE}papers/<uuid:file_id>/", noncompete_steps.breach_paper, name="nc_breach_paper"),
    path("witness/<uuid:witness_id>/", signing.witness, name="witness"),
    path(ONE, detail.agreement_detail, name="agreement_detail"),
    path(f"{ONE}non-compete/", noncompete.bound, name="nc_bound"),
    path(f"{ONE}non-compete/sums/", noncompete.sums, name="nc_sums"),
    path(f"{ONE}non-compete/check/", noncompete.check, name="nc_check"),
    path(f"{ONE}non-compete/begin/", noncompete_steps.begin, name="nc_begin"),
    path(f"{ONE}non-compete/waive/", noncompete_steps.waive, name="nc_waive"),
    path(f"{ONE}part/<int:number>/", preparing.part, name="agreement_part"),
    path(f"{ONE}clauses/", preparing.clauses, name="agreement_clauses"),
    path(f"{ONE}clauses/<slug:clause_id>/", preparing.wording, name="agreement_wording"),
    path(f"{ONE}offer/", preparing.offer, name="agreement_offer"),
    path(f"{ONE}withdraw/", preparing.withdraw, name="agreement_withdraw"),
    path(f"{ONE}end/", preparing.end, name="agreement_end"),
    path(f"{ONE}reveal/", detail.reveal, name="agreement_reveal"),
    path(f"{ONE}countersign/", signing.countersign, name="agreement_countersign"),
    path(f"{ONE}paper/", signing.paper, name="agreement_paper"),
    path(f"{ONE}refused/", signing.refuse, name="agreement_refuse"),
    path(f"{ONE}service/", signing.order, name="agreement_order"),
    path(f"{ONE}files/<slug:what>/", detail.download, name="agreement_download"),
]
