"""Addresses of training, below `/training/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.training.views import answers, bank, campaigns, certificates, courses, editing, mine, plans

app_name = "training"

urlpatterns = [
    path("", mine.mine, name="mine"),
    path("learn/<uuid:version_id>/", mine.learn, name="learn"),
    path("learn/<uuid:version_id>/repeat/", mine.repeat, name="repeat"),
    path("learn/<uuid:version_id>/test/", mine.test_begin, name="test_begin"),
    path("sections/<uuid:section_id>/", mine.section, name="section"),
    path("sections/<uuid:section_id>/seen/", mine.seen, name="section_seen"),
    path("sections/<uuid:section_id>/watched/", mine.watch, name="section_watched"),
    path("sections/<uuid:section_id>/file/", mine.section_file, name="section_file"),
    path("tests/<uuid:sitting_id>/", mine.test, name="test"),
    path("tests/<uuid:sitting_id>/answers/", answers.answers_look, name="answers_look"),
    path("tests/<uuid:sitting_id>/hand-in/", mine.hand_in, name="hand_in"),
    path("courses/", courses.CourseListView.as_view(), name="course_list"),
    path("courses/new/", editing.course_begin, name="course_begin"),
    path("courses/<uuid:course_id>/", courses.course_detail, name="course_detail"),
    path("courses/<uuid:course_id>/new-version/", editing.version_begin, name="version_begin"),
    path("courses/<uuid:course_id>/retire/", editing.course_retire, name="course_retire"),
    path("courses/versions/<uuid:version_id>/", courses.version_detail, name="version_detail"),
    path("courses/versions/<uuid:version_id>/test/", editing.version_measure, name="version_measure"),
    path("courses/versions/<uuid:version_id>/publish/", editing.version_publish, name="version_publish"),
    path("courses/versions/<uuid:version_id>/sections/", editing.section_add, name="section_add"),
    path(
        "courses/versions/<uuid:version_id>/sections/<uuid:section_id>/",
        editing.section_change,
        name="section_change",
    ),
    path(
        "courses/versions/<uuid:version_id>/sections/<uuid:section_id>/move/",
        editing.section_move,
        name="section_move",
    ),
    path(
        "courses/versions/<uuid:version_id>/sections/<uuid:section_id>/remove/",
        editing.section_remove,
        name="section_remove",
    ),
    path("courses/questions/", bank.QuestionListView.as_view(), name="question_list"),
    path("courses/questions/new/", bank.question_add, name="question_add"),
    path("courses/questions/bring-in/", bank.bring_in, name="bring_in"),
    path("courses/questions/<uuid:question_id>/", bank.question_detail, name="question_detail"),
    path("courses/questions/<uuid:question_id>/change/", bank.question_change, name="question_change"),
    path("courses/questions/<uuid:question_id>/end/", bank.question_end, name="question_end"),
    path("campaigns/", campaigns.CampaignListView.as_view(), name="campaign_list"),
    path("campaigns/new/", campaigns.campaign_start, name="campaign_start"),
    path("campaigns/<uuid:campaign_id>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<uuid:campaign_id>/<slug:verb>/", campaigns.campaign_control, name="campaign_control"),
    path("standing/", campaigns.TeamListView.as_view(), name="team_list"),
    path("certificates/", certificates.CertificateListView.as_view(), name="certificate_list"),
    path("certificates/check/", certificates.certificate_check, name="certificate_check"),
    path("certificates/<uuid:certificate_id>/", certificates.certificate_detail, name="certificate_detail"),
    path(
        "certificates/<uuid:certificate_id>/certificate.pdf",
        certificates.certificate_paper,
        name="certificate_pdf",
    ),
    path(
        "certificates/<uuid:certificate_id>/certificate-<slug:language>.pdf",
        certificates.certificate_paper,
        name="certificate_pdf_in",
    ),
    path("plan/", plans.plan, name="plan"),
    path("plan/new/", plans.session_add, name="session_add"),
    path("plan/<uuid:session_id>/", plans.session_change, name="session_change"),
    path("plan/<uuid:session_id>/held/", plans.session_hold, name="session_hold"),
    path("plan/<uuid:session_id>/strike/", plans.session_strike, name="session_strike"),
    path("plan/<uuid:session_id>/file/<slug:kind>/", plans.session_file, name="session_file"),
]
