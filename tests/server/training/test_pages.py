"""The pages: an officer's and a learner's whole way over HTTP, without an answer before grading."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.server.register.company import signed_in
from tests.server.training.school import answers, certified, movie, see_all, sent, video
from tests.server.training.test_learning import drafted

from shoumi.server.training.models import Campaign, Certificate, Course, CourseVersion, Sitting
from shoumi.server.training.services import testing
from shoumi.server.training.services.sending import campaign_send_next


@pytest.fixture
def officer(school, english):
    school.officer.language = "en"
    school.officer.save(update_fields=["language"])
    return signed_in(Client(), school.officer)


def reader(school, name="colleague"):
    return signed_in(Client(), getattr(school, name))


def sent_to(client, name, *args, **data):
    """Send a form and return where it leads; a refused form fails the test with what it says."""
    answer = client.post(reverse(f"training:{name}", args=args), data)
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-3000:]
    return answer.headers["Location"]


def learned(learner, version):
    """See all sections of a version, fail its test once and pass; return the certificate."""
    assert "入职保密培训" in learner.get(reverse("training:mine")).content.decode()
    assert learner.get(reverse("training:learn", args=[version.pk])).status_code == 200
    text, pdf = version.sections.all()
    assert learner.get(reverse("training:section", args=[text.pk])).status_code == 200
    assert sent_to(learner, "section_seen", text.pk, sha256=text.sha256) == reverse(
        "training:section", args=[pdf.pk]
    )
    back = sent_to(learner, "section_seen", pdf.pk, sha256=pdf.sha256)
    assert back == reverse("training:section", args=[pdf.pk])  # not opened yet
    answer = learner.get(reverse("training:section_file", args=[pdf.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    sent_to(learner, "section_seen", pdf.pk, sha256=pdf.sha256)

    for right in (False, True):
        address = sent_to(learner, "test_begin", version.pk)
        sitting = Sitting.objects.get(handed_in_at=None)
        page = learner.get(address).content.decode()
        for question in testing.questions_asked(sitting):
            assert question.text in page
            assert question.explanation not in page
        data = {f"q-{id_}": chosen for id_, chosen in answers(sitting, right=right).items()}
        result = learner.get(sent_to(learner, "hand_in", sitting.pk, **data)).content.decode()
        assert testing.questions_asked(sitting)[0].explanation in result
    certificate = Certificate.objects.get()
    page = learner.get(certificate.get_absolute_url()).content.decode()
    assert certificate.digest in page
    return certificate


@pytest.mark.requirement("SRV-01", "SRV-02", "SRV-03")
def test_an_officer_publishes_a_course_and_a_learner_fails_passes_and_learns_anew(officer, school):
    """The journey: publish, campaign, fail once, pass, verify, a new version ends the certificate."""
    address = sent_to(officer, "course_begin", title="入职保密培训", entity=school.cn.pk, language="")
    version = CourseVersion.objects.get(course__title="入职保密培训")
    assert address == version.get_absolute_url()
    assert b"There is no section yet" in officer.get(address).content
    more = {"expected_version": version.version, "title": "须知", "kind": "text", "text": "不要外传。"}
    sent_to(officer, "section_add", version.pk, **more)
    version.refresh_from_db()
    file = SimpleUploadedFile("laws.pdf", b"%PDF-1.7\nlaws")
    sent_to(
        officer, "section_add", version.pk,
        **{"expected_version": version.version, "title": "法规", "kind": "pdf", "file-plain": file},
    )  # fmt: skip
    version.refresh_from_db()
    sent_to(
        officer, "version_measure", version.pk, expected_version=version.version,
        parts=["SRV-T1", "social"], draw=4, pass_percent=75, tries=2, valid_months=12,
    )  # fmt: skip
    version.refresh_from_db()
    sent_to(officer, "version_publish", version.pk, expected_version=version.version)
    due = "2026-03-31"
    sent_to(officer, "campaign_start", course=version.course_id, title="入职", audience="all", due_on=due)
    campaign = Campaign.objects.get(title="入职")
    assert campaign_send_next()
    assert b"persons reached" not in officer.get(campaign.get_absolute_url()).content

    learner = reader(school)
    certificate = learned(learner, version)
    assert campaign.assignments.get(person=school.colleague.person).certificate == certificate
    found = officer.get(reverse("training:certificate_check"), {"digest": certificate.digest.upper()})
    assert certificate.get_absolute_url() in found.content.decode()
    assert b"agrees with what was seen" in officer.get(certificate.get_absolute_url()).content
    sent_to(officer, "version_begin", version.course_id, changes="更新")
    newer = CourseVersion.objects.get(course=version.course_id, ordinal=2)
    sent_to(officer, "version_publish", newer.pk, expected_version=newer.version)
    certificate.refresh_from_db()
    assert certificate.ended_on is not None
    assert b"Ended by a new version" in officer.get(certificate.get_absolute_url()).content
    assert (
        reverse("training:learn", args=[newer.pk]) in learner.get(reverse("training:mine")).content.decode()
    )


def test_the_player_reports_and_the_server_decides(school, fixed_clock):
    _version, section = drafted(school, "video", video(school, 60))
    learner = reader(school)
    page = learner.get(reverse("training:section", args=[section.pk]))
    assert "data-watched" in page.content.decode()
    answer = learner.get(reverse("training:section_file", args=[section.pk]), headers={"range": "bytes=0-7"})
    assert answer.status_code == 206
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    address = reverse("training:section_watched", args=[section.pk])
    body = {"start": "0", "end": "60000", "sha256": section.sha256}
    assert learner.post(address, body).status_code == 409
    assert learner.post(address, {**body, "end": "x"}).status_code == 400
    assert learner.post(address, {**body, "end": "3000"}).json() == {"percent": 5, "done": False}
    assert movie(60) == b"".join(
        learner.get(reverse("training:section_file", args=[section.pk])).streaming_content
    )


def test_the_plan_and_the_bank_are_kept_over_http(officer, school, fixed_clock):
    plan = reverse("training:plan")
    assert b"23 parts are missing" in officer.get(plan, {"entity": "SM"}).content
    for year in ("9" * 5000, "1999", "x", "²026"):
        assert b"Training plan of 2026" in officer.get(plan, {"entity": "SM", "year": year}).content
    sent_to(
        officer, "session_add", title="全员培训", day="2026-03-01", audiences=["new", "all"],
        parts=["SRV-T1", "social"], expected_version=1,
    )  # fmt: skip
    assert b"19 parts are missing" in officer.get(plan, {"entity": "SM"}).content
    row = school.cn.training_sessions.get()
    files = {name: SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.7 x") for name in ("a", "b")}
    sent_to(
        officer, "session_hold", row.pk, expected_version=row.version, held_on="2026-03-01",
        numbers="E001，E002", **{"material-plain": files["a"], "record-plain": files["b"]},
    )  # fmt: skip
    assert b"2 persons" in officer.get(plan, {"entity": "SM"}).content
    answer = officer.get(reverse("training:session_file", args=[row.pk, "record"]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    sent_to(
        officer, "question_add", entity=school.cn.pk, expected_version=0, part="social", leak="showing-off",
        text="能否发布样机照片?", options="可以\n*不可以", explanation="会泄密", source="",
    )  # fmt: skip
    question = school.cn.training_questions.get(code="OWN-001")
    assert question.right == [1]
    answer = officer.post(
        reverse("training:question_change", args=[question.pk]),
        {"entity": school.cn.pk, "expected_version": 1, "part": "social", "text": "x", "options": "一\n二",
         "explanation": "x"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert b"at least one is right" in answer.content


def test_lists_are_searched_filtered_and_taken_out(officer, school):
    certified(school.colleague, school.first)
    row = sent(school)
    for name, query, expected in (
        ("course_list", {"q": "保密"}, "保密常识"),
        ("campaign_list", {"state": "open"}, "春季保密培训"),
        ("certificate_list", {"holds": "1"}, "何清越"),
        ("question_list", {"part": "social", "leak": "revenge"}, "CN-T"),
        ("team_list", {"campaign": str(row.pk), "standing": "open"}, "安然"),
    ):
        page = officer.get(reverse(f"training:{name}"), query)
        assert expected in page.content.decode(), name
    assert "安然" not in officer.get(reverse("training:team_list"), {"standing": "done"}).content.decode()
    answer = officer.post(reverse("training:team_list"), {"do": "export", "form": "csv"})
    assert "安然" in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_a_certificate_is_printed_in_both_languages(school, language):
    import pypdfium2

    row = certified(school.colleague, school.first)
    address = reverse("training:certificate_pdf_in", args=[row.pk, language])
    content = reader(school).get(address).content
    page = pypdfium2.PdfDocument(io.BytesIO(content))[0].get_textpage().get_text_range()
    assert {"zh": "保密培训合格证书", "ja": "秘密管理研修"}[language] in page
    assert "何清越" in page
    assert row.digest[:20] in page.replace("\r\n", "")


def test_everyone_sees_only_their_own(school):
    row = certified(school.colleague, school.first)
    see_all(school.proposer, school.first)
    begun = testing.sitting_begin(actor=school.proposer, version_id=school.first.pk)
    colleague = reader(school)
    assert colleague.get(reverse("training:test", args=[begun.pk])).status_code == 404
    assert colleague.get(reverse("training:test", args=[row.sitting_id])).status_code == 200
    other = reader(school, "proposer")
    assert other.get(reverse("training:test", args=[row.sitting_id])).status_code == 403
    assert other.get(row.get_absolute_url()).status_code == 403
    assert "何清越" not in other.get(reverse("training:mine")).content.decode()
    assert Course.objects.count() == 1
    absurd = {f"q-{begun.questions[0]}": ["9" * 5000, "-1", "x"]}
    sent_to(other, "hand_in", begun.pk, **absurd)
    begun.refresh_from_db()
    assert (begun.passed, begun.answers) == (False, {})
