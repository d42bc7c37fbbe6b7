"""Addresses of the register, below `/register/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.register.views import (
    changing,
    detail,
    documents,
    legacy,
    library,
    lists,
    proposing,
    reviewing,
)
from shoumi.server.register.views.operations import asking, page, third_parties, use
from shoumi.server.register.views.operations import lists as operation_lists

app_name = "register"

urlpatterns = [
    path("", lists.SecretListView.as_view(), name="secret_list"),
    path("propose/", proposing.propose, name="secret_propose"),
    path("propose/led-out/<slug:pack>/", proposing.led_out, name="proposal_led_out"),
    path("secrets/<uuid:secret_id>/draft/<int:step>/", proposing.step, name="secret_draft"),
    path("secrets/<uuid:secret_id>/suggestion/", proposing.suggestion, name="secret_suggestion"),
    path("secrets/<uuid:secret_id>/lead-out/", proposing.lead_out, name="proposal_lead_out"),
    path("secrets/<uuid:secret_id>/discard/", proposing.discard, name="secret_discard"),
    path("secrets/<uuid:secret_id>/", detail.overview, name="secret_detail"),
    path("secrets/<uuid:secret_id>/files/", detail.files, name="secret_files"),
    path("secrets/<uuid:secret_id>/files/<uuid:file_id>/", detail.file_download, name="file_download"),
    path("secrets/<uuid:secret_id>/people/", detail.people, name="secret_people"),
    path("secrets/<uuid:secret_id>/timeline/", detail.timeline, name="secret_timeline"),
    path("secrets/<uuid:secret_id>/evidence/", detail.evidence_tab, name="secret_evidence"),
    path("secrets/<uuid:secret_id>/evidence/package/", detail.package, name="secret_package"),
    path("secrets/<uuid:secret_id>/versions/<int:ordinal>/", detail.version, name="version_detail"),
    path("secrets/<uuid:secret_id>/withdraw/", detail.withdraw, name="secret_withdraw"),
    path("secrets/<uuid:secret_id>/not-a-secret/", detail.not_a_secret, name="secret_not_a_secret"),
    path("secrets/<uuid:secret_id>/label/", documents.label, name="secret_label"),
    path("secrets/<uuid:secret_id>/extract/", documents.extract, name="secret_extract"),
    path("secrets/<uuid:secret_id>/review/", reviewing.review, name="secret_review"),
    path("secrets/<uuid:secret_id>/review/start/", reviewing.start, name="review_start"),
    path("secrets/<uuid:secret_id>/review/decide/", reviewing.decide, name="secret_decide"),
    path("secrets/<uuid:secret_id>/change/", changing.change, name="secret_change"),
    path("secrets/<uuid:secret_id>/declassify/", changing.declassify, name="secret_declassify"),
    path("secrets/<uuid:secret_id>/publication/", changing.publish, name="secret_publication"),
    path("secrets/<uuid:secret_id>/publication/confirm/", changing.confirm, name="publication_confirm"),
    path("changes/<uuid:change_id>/withdraw/", changing.withdraw, name="change_withdraw"),
    path("marking/<int:task_id>/done/", detail.marked, name="marking_done"),
    path("measures/<int:act_id>/done/", detail.act_record, name="act_record"),
    path("secrets/<uuid:secret_id>/use/", use.use, name="secret_use"),
    path("operations/", operation_lists.OperationListView.as_view(), name="operation_list"),
    path("operations/calendar/", operation_lists.calendar, name="operation_calendar"),
    path("operations/new/", asking.new, name="operation_new"),
    path("operations/let-in/", asking.let_in, name="operation_let_in"),
    path("operations/templates/", asking.template_list, name="operation_templates"),
    path("operations/templates/<int:template_id>/delete/", asking.template_drop, name="template_drop"),
    path("operations/<uuid:operation_id>/", page.detail, name="operation_detail"),
    path("operations/<uuid:operation_id>/answers/", asking.answers, name="operation_answers"),
    path("operations/<uuid:operation_id>/check/", asking.check, name="operation_check"),
    path("operations/<uuid:operation_id>/again/", asking.again, name="operation_again"),
    path("operations/<uuid:operation_id>/template/", asking.template_keep, name="template_keep"),
    path("operations/<uuid:operation_id>/execute/", page.execute, name="operation_execute"),
    path("operations/<uuid:operation_id>/give-back/", page.give_back, name="operation_give_back"),
    path("operations/<uuid:operation_id>/confirm/", page.confirm, name="operation_confirm"),
    path("operations/<uuid:operation_id>/extend/", page.extend, name="operation_extend"),
    path("operations/<uuid:operation_id>/drop/", page.drop, name="operation_drop"),
    path("operations/<uuid:operation_id>/withdraw/", page.withdraw, name="operation_withdraw"),
    path("operations/<uuid:operation_id>/certificate/", page.certificate, name="operation_certificate"),
    path("operations/<uuid:operation_id>/lines/<int:line_id>/refuse/", page.refuse, name="line_refuse"),
    path("third-parties/", operation_lists.ThirdPartyListView.as_view(), name="third_party_list"),
    path("third-parties/new/", third_parties.new, name="third_party_new"),
    path("third-parties/<uuid:third_party_id>/", third_parties.detail, name="third_party_detail"),
    path("third-parties/<uuid:third_party_id>/edit/", third_parties.edit, name="third_party_edit"),
    path(
        "third-parties/<uuid:third_party_id>/agreements/new/", third_parties.agreement, name="agreement_new"
    ),
    path("agreements/<uuid:agreement_id>/", third_parties.agreement_file, name="agreement_file"),
    path("library/", library.library, name="library"),
    path("library/<slug:pack>/", library.library, name="library_pack"),
    path("defaults/", library.defaults, name="defaults"),
    path("defaults/<int:default_id>/confirm/", library.confirm_default, name="default_confirm"),
    path("import/", legacy.choose, name="legacy_choose"),
    path("import/<uuid:entity_id>/<uuid:file_id>/", legacy.preview, name="legacy_preview"),
    path("import/<uuid:entity_id>/<uuid:file_id>/faults/", legacy.annotated, name="legacy_annotated"),
    path("import/batches/<uuid:batch_id>/", legacy.detail, name="legacy_detail"),
    path("import/batches/<uuid:batch_id>/withdraw/", legacy.withdraw, name="legacy_withdraw"),
]
