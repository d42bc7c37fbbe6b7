"""Answers about risks, recorded measures, leavers, sign-ins, the ledger and the company's own settings.

Source: seed guide questions 4 and 11, 五(四); what a proof is stands in the packs' `measures.yaml`.
"""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shoumi.server.accounts.models import FourEyesState, ReminderAcknowledgement, RoleGrant, User
from shoumi.server.assurance.models import EnterpriseProfile, LeaverStep, Risk
from shoumi.server.assurance.queries.answers.asking import Answer, Question, address, answers, exists
from shoumi.server.assurance.queries.proofs import STEPS, records_in_force
from shoumi.server.ledger.queries import entry_count, subjects_tagged
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import EndReason, Engagement
from shoumi.server.people.queries import engaged_now
from shoumi.server.register.models import LevelDefault


def _risks(question: Question) -> QuerySet[Risk]:
    return Risk.objects.filter(entity=question.entity).exclude(state=Risk.State.CLOSED).order_by()


@answers("risks.linked")
def _linked(question: Question, _argument: str) -> Answer:
    count = _risks(question).count()
    linked = _risks(question).filter(links__isnull=False).distinct().count()
    return Answer(linked, max(count, 1), address("assurance:risk_list"))


@answers("risks.channel")
def _channel(question: Question, argument: str) -> Answer:
    codes = [item.id for item in question.assurance.risks.channels if argument in {item.id, item.within}]
    count = _risks(question).filter(channel__in=codes).count()
    return exists(count, address("assurance:risk_list", "&".join(f"channel={code}" for code in codes)))


@answers("risks.harm")
def _harm(question: Question, argument: str) -> Answer:
    count = sum(argument in harms for harms in _risks(question).values_list("harms", flat=True))
    return exists(count, address("assurance:risk_list", f"harm={argument}"))


@answers("measures")
def _measures(question: Question, argument: str) -> Answer:
    """Return how many of the proofs that stand for a row of the guide are there."""
    wanted = {
        proof.id: proof
        for kind in question.assurance.measures.kinds
        for proof in kind.proofs
        if proof.requirement == argument
    }
    held = {row.proof for row in records_in_force(question.entity, question.day, question.moment)}
    for item in question.scores:
        held |= {key for key, state in item.secret.proofs.items() if state.evidence and state.have}
    query = "&".join(f"proof={key}" for key in wanted)
    return Answer(len(held & wanted.keys()), len(wanted), address("assurance:measure_list", query))


@answers("leavers.ticks")
def _leavers(question: Question, _argument: str) -> Answer:
    left = Engagement.objects.filter(department__entity=question.entity, ends_on__lte=question.day)
    left = left.exclude(end_reason=EndReason.MOVED).order_by()
    ticked = LeaverStep.objects.filter(engagement=OuterRef("pk"))
    done = left.filter(Exists(ticked)).annotate(steps=Count("leaver_steps")).filter(steps=STEPS)
    return Answer(done.count(), left.count(), address("assurance:leaver_list", "open=1"))


@answers("profile.demonstration")
def _profile(question: Question, _argument: str) -> Answer:
    taking_part = EnterpriseProfile.objects.filter(entity=question.entity, demonstration=True).count()
    return Answer(taking_part, taking_part, address("assurance:self_inspection_list"))


@answers("defaults.reasoned")
def _defaults(question: Question, _argument: str) -> Answer:
    rows = LevelDefault.objects.filter(entity=question.entity, replaced_at=None).order_by()
    return Answer(rows.exclude(reason="").count(), rows.count(), address("register:defaults"))


@answers("accounts.grants")
def _grants(question: Question, _argument: str) -> Answer:
    grants = RoleGrant.objects.filter(state=FourEyesState.APPROVED, starts_at__lt=question.moment)
    by_two = grants.filter(Q(approved_by__isnull=False) | Q(requested_by=None))
    return Answer(by_two.count(), max(grants.count(), 1), address("accounts:role_list"))


@answers("accounts.reminder")
def _reminder(question: Question, _argument: str) -> Answer:
    users = User.objects.filter(is_active=True).filter(
        engaged_now("person__engagements__"), person__engagements__department__entity=question.entity
    )
    users = users.distinct()
    told = ReminderAcknowledgement.objects.filter(user=OuterRef("pk"))
    return Answer(users.filter(Exists(told)).count(), users.count(), address("assurance:cockpit") + "#lived")


@answers("ledger.entries")
def _entries(_question: Question, _argument: str) -> Answer:
    return exists(entry_count(), address("ledger:entry_list"))


@answers("ledger.sign_ins")
def _sign_ins(question: Question, _argument: str) -> Answer:
    since = question.moment.replace(year=question.moment.year - 1, day=1)
    seen = subjects_tagged((LedgerTag.ACCOUNTS_SIGN_IN_SUCCEEDED,), since=since).count()
    return exists(seen, address("ledger:entry_list", f"tag={LedgerTag.ACCOUNTS_SIGN_IN_SUCCEEDED}"))
