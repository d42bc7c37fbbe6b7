"""Addresses of agreements, below `/agreements/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.agreements.views import coverage, detail, listing, preparing, signing

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
    path("witness/<uuid:witness_id>/", signing.witness, name="witness"),
    path(ONE, detail.agreement_detail, name="agreement_detail"),
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
