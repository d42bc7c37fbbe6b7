"""Coverage: who needs what and why, how it stands, runs that stop and go on, and renewals told once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.server.agreements.company import in_force, offered
from tests.server.people.company import START
from tests.server.register.company import signed_in

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.agreements.models import Agreement, LibraryVersion, Need, Renewal, Run
from shoumi.server.agreements.queries.coverage import coverage, needs_visible_to, outdated, to_renew
from shoumi.server.agreements.services import runs
from shoumi.server.agreements.services.coverage import facts_record, needs_count
from shoumi.server.agreements.services.drafting import agreement_end
from shoumi.server.agreements.services.errors import FactsError, NothingToRenewError, RunStateError
from shoumi.server.agreements.services.runs import (
    coverage_start,
    renewal_start,
    run_resume,
    run_step,
    run_stop,
    run_take,
    runs_waiting,
)
from shoumi.server.notifications.models import Notification
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import RecordChangedError

KIND = "secrecy_clause"


def standing(person):
    return {row.kind: row.status for row in Need.objects.filter(person=person)}


def run_through(run):
    while run_step(run.pk):
        pass
    run.refresh_from_db()
    return run


@pytest.mark.requirement("ONB-04", "ONB-18")
def test_everybody_needs_the_clause_and_secret_posts_the_agreement(company):
    run = run_through(coverage_start(actor=company.personnel, entity=company.cn))
    assert (run.state, run.done) == ("done", run.total)
    unclear = dict.fromkeys(("secret_post_nda", "no_infringement_promise", "evidence_method"), "unclear")
    assert standing(company.seller.person) == {KIND: "missing", **unclear}
    secret = standing(company.proposer.person)
    assert secret["secret_post_nda"] == "missing"
    assert "non_compete" not in secret  # nobody decided on it
    why = Need.objects.get(person=company.proposer.person, kind="secret_post_nda")
    assert why.why[0]["zh"] == "涉密岗位上岗前签订保密协议"
    assert (why.before, why.level) == ("before_post", 2)
    row = in_force(company, kind=KIND)
    assert standing(company.proposer.person)[KIND] == "covered"
    cells = {
        (cell.level, cell.kind): (cell.needed, cell.covered) for cell in coverage(Need.objects.all()).cells
    }
    assert cells[2, KIND] == (2, 1)
    assert cells[0, KIND] == (1, 0)
    agreement_end(actor=company.personnel, agreement=row, expected_version=row.version, reason="到期")
    assert standing(company.proposer.person)[KIND] == "missing"


def test_an_agreement_that_waits_or_ends_soon_says_so(company):
    person = company.proposer.person
    offered(company, kind=KIND)
    assert standing(person)[KIND] == "waiting"
    day = today_of(company.cn) + timedelta(days=30)
    in_force(company, ends_on=day)
    assert standing(person)["secret_post_nda"] == "expiring"


def test_facts_decide_what_is_needed(company):
    person = company.seller.person
    known = {"role": "ordinary", "from_competitor": True, "still_bound": False, "has_customer_accounts": True}
    row = facts_record(actor=company.personnel, person=person, expected_version=0, known=known)
    assert standing(person) == {
        KIND: "missing",
        "no_infringement_promise": "missing",
        "evidence_method": "missing",
    }
    with pytest.raises(RecordChangedError):
        facts_record(actor=company.personnel, person=person, expected_version=0, known=known)
    with pytest.raises(FactsError):
        facts_record(actor=company.personnel, person=person, expected_version=1, known={"level": 3})
    with pytest.raises(NotPermittedError):
        facts_record(actor=company.owner, person=person, expected_version=1, known=known)
    back = facts_record(
        actor=company.personnel, person=person, expected_version=row.version, known={"from_competitor": None}
    )
    assert "from_competitor" not in back.known
    leaving = facts_record(
        actor=company.personnel, person=person, expected_version=back.version, known={"leaving": "resigns"}
    )
    assert leaving.known["leaving"] == "resigns"
    assert standing(person) == {"exit_pledge": "missing"}


def test_somebody_who_left_needs_nothing_more(company):
    person = company.seller.person
    needs_count([person.pk])
    assert standing(person)
    person.engagements.update(ends_on=START + timedelta(days=9))
    needs_count([person.pk])
    assert not standing(person)


def test_a_count_stops_goes_on_and_is_taken_over(company, fixed_clock, monkeypatch):
    monkeypatch.setattr(runs, "PERSONS", 3)
    run = coverage_start(actor=company.personnel, entity=company.cn)
    with pytest.raises(RunStateError):
        coverage_start(actor=company.legal, entity=company.cn)
    with pytest.raises(NotPermittedError):
        coverage_start(actor=company.owner, entity=company.cn)
    assert run_take(run.pk)
    assert not run_take(run.pk)  # a worker moves it
    assert run_step(run.pk)
    assert runs_waiting() == []
    run_stop(actor=company.legal, run=run)
    assert not run_step(run.pk)
    with pytest.raises(RunStateError):
        run_stop(actor=company.legal, run=run)
    run = run_resume(actor=company.legal, run=run)
    assert run.done == 3
    assert run_take(run.pk)
    fixed_clock.advance(timedelta(minutes=5))  # the worker died
    assert runs_waiting() == [run.pk]
    assert run_take(run.pk)
    assert run_through(run).state == "done"


@pytest.fixture
def older(company):
    """Three people who signed an older text of the clause."""
    rows = [
        in_force(company, person=each.person, kind=KIND) for each in (company.proposer, company.colleague)
    ]
    rows.append(in_force(company, person=company.seller.person, kind=KIND))
    now = rows[0].library
    form = {**now.form, "kinds": {**now.form["kinds"]}}
    old = {**form["kinds"][KIND], "clauses": [dict(each) for each in form["kinds"][KIND]["clauses"]]}
    old["clauses"][0]["text"] = "旧文字。"
    form["kinds"][KIND] = old
    version = LibraryVersion.objects.create(
        pack="cn", edition="2025-01", sha256="0" * 64, form=form, noticed_at=now.noticed_at
    )
    Agreement.objects.filter(pk__in=[row.pk for row in rows]).update(library=version)
    return rows


def test_a_renewal_tells_each_once_however_often_it_stops(company, older, monkeypatch):
    monkeypatch.setattr(runs, "RENEWED", 1)
    (found,) = outdated(company.cn)
    assert (found.kind, found.signed) == (KIND, 3)
    assert found.clauses[0][1] == "reworded"
    with pytest.raises(NothingToRenewError):
        renewal_start(actor=company.personnel, entity=company.cn, kind="exit_pledge")
    Notification.objects.all().delete()
    run = renewal_start(actor=company.personnel, entity=company.cn, kind=KIND)
    assert run_step(run.pk)
    run_stop(actor=company.personnel, run=run)
    run = run_resume(actor=company.personnel, run=run)
    agreement_end(
        actor=company.personnel, agreement=older[2], expected_version=older[2].version, reason="离职"
    )
    run = run_through(run)
    outcomes = Counter(Renewal.objects.values_list("outcome", flat=True))
    done = {row.old_id: row.outcome for row in Renewal.objects.all()}
    assert done[older[2].pk] in {"over", "offered"}
    assert sum(outcomes.values()) == 3
    told = Counter(Notification.objects.values_list("user__username", flat=True))
    assert set(told.values()) == {1}
    assert len(told) == outcomes["offered"]
    new = Renewal.objects.filter(outcome="offered").exclude(old=older[2]).first().new
    assert (new.state, new.replaces.state) == ("offered", "in_force")
    assert new.known["level"] == new.replaces.known["level"]
    assert not to_renew(company.cn, KIND).exists()


def test_what_cannot_be_made_anew_is_left_to_people(company, older, monkeypatch):
    def broken(*_args, **_how):
        raise NothingToRenewError

    monkeypatch.setattr(runs, "offer_made", broken)
    before = Agreement.objects.count()
    run = run_through(renewal_start(actor=company.personnel, entity=company.cn, kind=KIND))
    assert set(Renewal.objects.values_list("outcome", "fault")) == {("work", "agreements.nothing_to_renew")}
    assert (run.done, Agreement.objects.count()) == (3, before)


def test_every_page_of_coverage_opens(company, older, client):
    company.personnel.language = "ja"
    company.personnel.save(update_fields=["language"])
    signed_in(client, company.personnel)
    client.post(reverse("agreements:coverage_count", args=[company.cn.pk]))
    run = run_through(Run.objects.get())
    client.post(reverse("agreements:renew", args=[company.cn.pk, KIND]))
    renewal = Run.objects.get(purpose="renewal")
    person = company.seller.person
    pages = [
        reverse("agreements:coverage"),
        reverse("agreements:need_list"),
        reverse("agreements:need_list") + "?status=missing&q=安",
        reverse("agreements:renew", args=[company.cn.pk, KIND]),
        reverse("agreements:run_detail", args=[run.pk]),
        reverse("agreements:run_detail", args=[renewal.pk]),
        reverse("agreements:person_facts", args=[person.pk]),
    ]
    for page in pages:
        assert client.get(page).status_code == 200, page
    assert client.post(reverse("agreements:run_stop", args=[renewal.pk])).status_code == 302
    assert client.post(reverse("agreements:run_resume", args=[renewal.pk])).status_code == 302
    facts = {"expected_version": 0, "role": "technical", "from_competitor": "no"}
    assert client.post(reverse("agreements:person_facts", args=[person.pk]), facts).status_code == 302
    assert standing(person)["secret_post_nda"] == "missing"
    export = client.post(reverse("agreements:need_list"), {"do": "export", "form": "csv"})
    assert export.status_code == 200


def test_managers_see_the_needs_of_their_own_people_only(company):
    run_through(coverage_start(actor=company.personnel, entity=company.cn))
    seen = {row.person for row in needs_visible_to(company.owner)}
    assert company.proposer.person in seen
    assert company.seller.person not in seen
    assert not needs_visible_to(company.technician).exists()
    assert not needs_visible_to(company.counsel).exists()
