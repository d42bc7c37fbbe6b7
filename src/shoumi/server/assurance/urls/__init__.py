"""Addresses of assurance, below `/assurance/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.assurance.urls import organisation
from shoumi.server.assurance.views import cockpit, measures, risk_list, risks, scores, self_inspection

app_name = "assurance"

urlpatterns = [
    *organisation.patterns,
    path("", cockpit.cockpit, name="cockpit"),
    path("count/", cockpit.count, name="cockpit_count"),
    path("report/", cockpit.report, name="report"),
    path("scores/", scores.ScoreListView.as_view(), name="score_list"),
    path("scores/weights/", scores.weights, name="weights"),
    path("scores/weights/<int:change_id>/confirm/", scores.weight_confirmed, name="weight_confirm"),
    path("scores/<uuid:secret_id>/", scores.score_detail, name="score_detail"),
    path("measures/", measures.MeasureListView.as_view(), name="measure_list"),
    path("measures/new/<slug:part>/", measures.measure_new, name="measure_create"),
    path("measures/<uuid:record_id>/", measures.measure_detail, name="measure_detail"),
    path("measures/<uuid:record_id>/withdraw/", measures.measure_take_back, name="measure_withdraw"),
    path("measures/leavers/", measures.LeaverListView.as_view(), name="leaver_list"),
    path("measures/leavers/<uuid:engagement_id>/", measures.leaver_detail, name="leaver_detail"),
    path("risks/", risk_list.RiskListView.as_view(), name="risk_list"),
    path("risks/import/", risks.risk_import, name="risk_import"),
    path("risks/new/<slug:part>/", risks.risk_new, name="risk_create"),
    path("risks/<uuid:risk_id>/", risks.risk_detail, name="risk_detail"),
    path("risks/<uuid:risk_id>/change/<slug:part>/", risks.risk_edit, name="risk_change"),
    path("risks/<uuid:risk_id>/review/", risks.risk_look_again, name="risk_review"),
    path("self-inspection/", self_inspection.runs, name="self_inspection_list"),
    path("self-inspection/start/", self_inspection.start, name="self_inspection_start"),
    path("self-inspection/profile/", self_inspection.profile, name="enterprise_profile"),
    path("self-inspection/<uuid:run_id>/", self_inspection.detail, name="self_inspection_detail"),
    path("self-inspection/<uuid:run_id>/refill/", self_inspection.refill, name="self_inspection_refill"),
    path("self-inspection/<uuid:run_id>/freeze/", self_inspection.freeze, name="self_inspection_freeze"),
    path("self-inspection/<uuid:run_id>/package/", self_inspection.package, name="self_inspection_package"),
    path("self-inspection/<uuid:run_id>/rows/<slug:row>/", self_inspection.judge, name="row_judge"),
    path(
        "self-inspection/<uuid:run_id>/rows/<slug:row>/put-right/",
        self_inspection.put_right,
        name="row_put_right",
    ),
]
