"""Steps on the way of a rule document that several tests take: begun, approved, recorded, published."""

from __future__ import annotations

from datetime import date

from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_decide
from shoumi.server.assurance.services import rules

TODAY = date(2026, 3, 1)


def started(company, code="DOC-01", language="zh"):
    return rules.document_start(actor=company.officer, entity=company.cn, code=code, language=language)


def approved(company, version):
    version = rules.version_submit(
        actor=company.officer, version_id=version.pk, expected_version=version.version
    )
    request = ApprovalRequest.objects.get(pk=version.request_id)
    request_decide(request=request, actor=company.leader, verdict="approve")
    version.refresh_from_db()
    return version


def record(company, paper, version, step, day=TODAY, **more):
    values = {"participants": "职工代表 12 人", "outcome": "采纳两条意见", "file": paper(f"{step}.pdf")}
    return rules.procedure_record(
        actor=company.officer, version_id=version.pk, step=step, day=day, **(values | more)
    )


def publish(company, paper, version, **more):
    values = {
        "expected_version": version.version, "day": TODAY, "means": "公告栏与邮件", "in_force_from": TODAY,
        "file": paper("公告.png"),
    }  # fmt: skip
    return rules.version_publish(actor=company.officer, version_id=version.pk, **(values | more))


def binding(company, paper, code="DOC-01", version=None):
    version = approved(company, version or started(company, code))
    record(company, paper, version, "discussion")
    record(company, paper, version, "consultation")
    return publish(company, paper, version)
