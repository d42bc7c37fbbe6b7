"""Answers about secrets: identified, graded, limited, filed, changed and ended as the guide asks.

Source: seed guide 四 and questions 1 to 9.
"""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from shoumi.server.approvals.models import Approval, Verdict
from shoumi.server.assurance.queries.answers.asking import Answer, Question, address, answers, exists
from shoumi.server.assurance.queries.figures import figures_of
from shoumi.server.notifications.models import Notification
from shoumi.server.register.models import (
    DeclassificationAct,
    ElementJudgement,
    ExclusionAnswer,
    FactorScore,
    ScopeEntry,
    SecretChange,
    SecretVersion,
    TradeSecret,
)
from shoumi.server.register.queries.books import differences_open

REGISTERED = "state=registered&state=changing"
ELEMENTS = len(ElementJudgement.Element.values)


def _register(query: str = REGISTERED) -> str:
    return address("register:secret_list", query)


def _of_secrets(question: Question, condition: Q, query: str = REGISTERED) -> Answer:
    found = question.secrets.filter(condition).distinct().count()
    return Answer(found, question.secret_count, _register(query))


@answers("secrets.elements")
def _elements(question: Question, _argument: str) -> Answer:
    rows = ElementJudgement.objects.filter(secret__in=question.secrets, evidence__isnull=False)
    counted = rows.order_by().values("secret").annotate(found=Count("element", distinct=True))
    return Answer(counted.filter(found=ELEMENTS).count(), question.secret_count, _register())


@answers("secrets.judged")
def _judged(question: Question, _argument: str) -> Answer:
    rows = ElementJudgement.objects.filter(secret__in=question.secrets)
    judged = rows.exclude(verdict="").exclude(reason="").order_by()
    counted = judged.values("secret").annotate(found=Count("element", distinct=True))
    return Answer(counted.filter(found=ELEMENTS).count(), question.secret_count, _register())


@answers("secrets.outcomes")
def _outcomes(question: Question, _argument: str) -> Answer:
    rows = TradeSecret.objects.filter(entity=question.entity, state=TradeSecret.State.NOT_A_SECRET)
    return Answer(rows.exclude(outcome_reason="").count(), rows.count(), _register("state=not_a_secret"))


@answers("secrets.numbered")
def _numbered(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, Q(number__isnull=False, owner_department__isnull=False))


@answers("secrets.designated")
def _designated(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, ~Q(designated_by=[]))


@answers("secrets.scored")
def _scored(question: Question, _argument: str) -> Answer:
    return Answer(len(question.scores), question.secret_count, address("assurance:score_list"))


@answers("secrets.reached")
def _reached(question: Question, _argument: str) -> Answer:
    reached = sum(item.score.reached for item in question.scores)
    return Answer(reached, len(question.scores), address("assurance:score_list", "reached=no"))


@answers("secrets.security_question")
def _security(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, Q(national_security="no"))


@answers("secrets.necessity")
def _necessity(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, ~Q(necessity=""))


@answers("secrets.by_owner")
def _by_owner(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, Q(owner_department__isnull=False, proposer__isnull=False))


@answers("secrets.reviewed")
def _reviewed(question: Question, _argument: str) -> Answer:
    seen = Approval.objects.filter(
        request=OuterRef("request_id"), step__name="review", verdict=Verdict.APPROVE
    )
    return _of_secrets(question, Q(Exists(seen)) | Q(legacy=True))


@answers("secrets.approved")
def _approved(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, ~Q(designated_by=[]))


@answers("secrets.filed_twice")
def _filed(question: Question, _argument: str) -> Answer:
    rows = SecretVersion.objects.filter(secret__in=question.secrets).order_by()
    twice = rows.annotate(sides=Count("filings")).filter(sides=2)
    return Answer(twice.count(), rows.count(), _register())


@answers("secrets.reconciled")
def _reconciled(question: Question, _argument: str) -> Answer:
    unequal = differences_open(question.entity).order_by().values("secret").distinct().count()
    link = address("register:difference_list")
    return Answer(question.secret_count - min(unequal, question.secret_count), question.secret_count, link)


@answers("secrets.noticed")
def _noticed(question: Question, _argument: str) -> Answer:
    pages = Notification.objects.filter(link__startswith=_register("").split("?")[0] + "secrets/")
    links = pages.order_by().values_list("link", flat=True).distinct()
    told = {link.split("/secrets/")[1].split("/")[0] for link in links}
    tasked = question.secrets.filter(marking_tasks__isnull=False).distinct()
    found = sum(str(key) in told for key in tasked.values_list("pk", flat=True))
    return Answer(found, question.secret_count, _register("marks=1"))


@answers("secrets.category")
def _category(question: Question, argument: str) -> Answer:
    count = question.secrets.filter(category=argument).count()
    return Answer(count, count, _register(f"category={argument}"))


@answers("secrets.exclusion")
def _exclusion(question: Question, argument: str) -> Answer:
    answered = ExclusionAnswer.objects.filter(secret=OuterRef("pk"), exclusion=argument).exclude(answer="")
    return _of_secrets(question, Q(Exists(answered)))


@answers("secrets.levelled")
def _levelled(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, ~Q(level=""))


@answers("secrets.factor")
def _factor(question: Question, argument: str) -> Answer:
    graded = FactorScore.objects.filter(secret=OuterRef("pk"), factor=argument, score__isnull=False)
    return _of_secrets(question, Q(Exists(graded.exclude(reason=""))))


@answers("secrets.period")
def _period(question: Question, _argument: str) -> Answer:
    return _of_secrets(question, ~Q(period=""))


@answers("secrets.scope")
def _scope(question: Question, _argument: str) -> Answer:
    open_to_all = ScopeEntry.objects.filter(secret=OuterRef("pk"), kind=ScopeEntry.Kind.ALL_STAFF)
    named = ScopeEntry.objects.filter(secret=OuterRef("pk"))
    return _of_secrets(question, Q(Exists(named)) & ~Q(Exists(open_to_all)))


@answers("secrets.over_designation")
def _over_designation(question: Question, _argument: str) -> Answer:
    figures = figures_of(question.entity, question.day, question.scores)[None]["over_designation"]
    return Answer(int(not figures["hint"]), 1, address("assurance:cockpit") + "#over-designation")


@answers("declassified")
def _declassified(question: Question, argument: str) -> Answer:
    rows = TradeSecret.objects.filter(entity=question.entity, declassification_reason=argument)
    ended = rows.filter(state=TradeSecret.State.DECLASSIFIED)
    return Answer(ended.exclude(declassified_at=None).count(), ended.count(), _register("state=declassified"))


@answers("declassification")
def _declassification(question: Question, argument: str) -> Answer:
    acts = DeclassificationAct.objects.filter(secret__entity=question.entity, measure=argument)
    return Answer(acts.exclude(done_at=None).count(), acts.count(), _register("state=declassified"))


@answers("changes.versions")
def _versions(question: Question, _argument: str) -> Answer:
    applied = SecretChange.objects.filter(
        secret__entity=question.entity, state=SecretChange.State.APPLIED, kind=SecretChange.Kind.CHANGE
    )
    kept = SecretVersion.objects.filter(secret__entity=question.entity, cause=SecretVersion.Cause.CHANGED)
    needed = applied.count()
    return Answer(min(kept.count(), needed), needed, _register())


@answers("changes.filed")
def _changes_filed(question: Question, _argument: str) -> Answer:
    rows = SecretVersion.objects.filter(
        secret__entity=question.entity, cause=SecretVersion.Cause.CHANGED
    ).order_by()
    twice = rows.annotate(sides=Count("filings")).filter(sides=2)
    return Answer(twice.count(), rows.count(), _register())


@answers("pack.levels")
def _levels(question: Question, _argument: str) -> Answer:
    return exists(len(question.pack.levels), address("register:library"))


@answers("pack.rules")
def _rules(question: Question, _argument: str) -> Answer:
    return exists(len(question.pack.rules), address("register:library"))


@answers("pack.principles")
def _principles(question: Question, _argument: str) -> Answer:
    return exists(len(question.pack.principles), address("register:library"))


@answers("pack.fields")
def _fields(question: Question, _argument: str) -> Answer:
    fields = [item.id for item in question.assurance.risks.fields]
    covered = {row.field for row in question.assurance.inspection.rows}
    return Answer(len(covered & set(fields)), len(fields), address("assurance:self_inspection_list"))
