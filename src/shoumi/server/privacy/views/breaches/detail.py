"""The page of a breach: what is known, clocks with their rules, notices, assessments, playbook; its paper."""

from __future__ import annotations

from html import unescape
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shoumi.engine.jurisdiction.breaches import Addressee
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.templatetags.shoumi import moment
from shoumi.server.files.printing import Table
from shoumi.server.ledger.services import clock
from shoumi.server.people.views.asking import allowed
from shoumi.server.privacy.models import Breach, BreachMail
from shoumi.server.privacy.queries.breaches import DutyLine, breach_resource, duties_of, table_for
from shoumi.server.privacy.queries.words import said
from shoumi.server.privacy.services.breaches.papers import breach_print
from shoumi.server.privacy.views.agreeing import agreed_words, lacks
from shoumi.server.privacy.views.breaches.words import (
    OWNERS,
    country_name,
    due_words,
    facts_of_page,
    rule_words,
    standing_of,
    state_of,
    why_words,
)
from shoumi.server.privacy.views.pages import Record, Section, Way, record_page

Can = dict[str, bool]


def breach_seen(request: HttpRequest, key: UUID, action: Action = Action.PRIVACY_MATTER_VIEW) -> Breach:
    """Return a breach the user may do `action` to.

    Raises:
        Http404: there is none.
        NotPermittedError: it is not for the user.
    """
    rows = Breach.objects.select_related(
        "entity", "legal_owner__user", "security_owner__user", "reported_by", "proposed_by", "closed_by"
    ).prefetch_related("assessments", "notices__receipt", "steps__recorded_by", "measures__recorded_by")
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, action, breach_resource(row))
    return row


def breach_trail(row: Breach | None = None) -> tuple[tuple[str, Any], ...]:
    """Return the pages above."""
    found: tuple[tuple[str, Any], ...] = ((reverse("privacy:breach_list"), _("Personal-data breaches")),)
    return found if row is None else (*found, (row.get_absolute_url(), row.title))


@login_required
@require_safe
def breach_detail(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Show a breach and what is to be done next."""
    row = breach_seen(request, breach_id)
    where = breach_resource(row)
    can = allowed(
        request.user,
        {
            "work": (Action.PRIVACY_MATTER_WORK, where),
            "agree": (Action.PRIVACY_MATTER_AGREE, where),
            "confirm": (Action.PRIVACY_MATTER_CONFIRM, where),
        },
    )
    is_open = row.state == Breach.State.OPEN
    live = {"work": can["work"] and is_open, "agree": can["agree"] and is_open}
    main, more = None, []
    if row.state == Breach.State.CLOSING and can["confirm"]:
        main = _way(row, "confirm", _("Decide on closing"), "checklist")
    elif live["work"]:
        main = _way(row, "assess", _("Assess who must be told"), "scale")
        more = [
            _way(row, "known", _("Change what is known"), "pencil"),
            _way(row, "particulars", _("Fill in the particulars"), "file-text"),
            _way(row, "measure", _("Record a measure"), "plus"),
            _way(row, "close", _("Propose to close it"), "circle-check"),
        ]
    more.append(Way(reverse("privacy:breach_paper", args=[row.pk]), _("Print"), "printer"))
    record = Record(
        row.title,
        breach_trail(),
        facts_of_page(row),
        sections(row, live, request.user),
        state=state_of(row),
        lead=row.entity,
        main=main,
        more=more,
    )
    return record_page(request, record)


@login_required
@require_safe
def breach_paper(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Hand a breach out as PDF in the reader's language."""
    row = breach_seen(request, breach_id)
    facts = [(str(label), _plain(value)) for label, value in facts_of_page(row)]
    tables = [
        Table(
            [str(head) for head in section.head],
            [[_plain(cell) for cell in cells] for cells in section.rows],
            str(section.title),
        )
        for section in sections(row, {}, None)
        if section.rows
    ]
    language = get_language() or "en"
    content = breach_print(actor=request.user, breach=row, facts=facts, tables=tables, language=language)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="breach.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def sections(row: Breach, can: Can, user: User | None) -> list[Section]:
    """Return the parts of a breach's page, with links to what `can` names."""
    return [
        _duties(row, can),
        *_mailings(row),
        _notices(row, can),
        _assessments(row, can, user),
        _playbook(row, can),
        Section(
            "measures",
            _("Measures taken"),
            (_("Measure"), _("Taken"), _("Recorded by")),
            [(each.text, moment(each.taken_at), each.recorded_by) for each in row.measures.all()],
            empty=_("No measure is recorded yet."),
        ),
    ]


def _duties(row: Breach, can: Can) -> Section:
    lines = duties_of(row, clock().now())
    return Section(
        "clocks",
        _("Who must be told, and by when"),
        (
            _("By the law of"),
            _("What is to be done"),
            _("By when"),
            _("State"),
            _("Why"),
            _("Rule"),
            *_do(can),
        ),
        [
            (
                country_name(line.country),
                said(line.duty.names),
                due_words(line),
                _badge(standing_of(line)),
                why_words(line),
                rule_words(line),
                *(
                    [_ways_to_tell(row, line) if not line.settled or line.notice is not None else "–"]
                    if can.get("work")
                    else []
                ),
            )
            for line in lines
        ],
    )


def _ways_to_tell(row: Breach, line: DutyLine) -> Any:
    where = (row.pk, line.country, line.duty.id)
    recorded = _link("privacy:breach_tell", _("Record what was told"), *where)
    if line.duty.to is not Addressee.PERSONS:
        return recorded
    return format_html("{} · {}", _link("privacy:breach_mail", _("Tell by e-mail"), *where), recorded)


def _mailings(row: Breach) -> list[Section]:
    rows = row.mailings.annotate(
        all=Count("mails"), sent=Count("mails", filter=Q(mails__state=BreachMail.State.SENT))
    )
    lines = [
        (
            _link("privacy:breach_mailing", each.subject, each.pk),
            country_name(each.country),
            f"{each.sent} / {each.all}",
            each.get_state_display(),
            moment(each.made_at),
        )
        for each in rows
    ]
    head = (_("Subject"), _("By the law of"), _("Sent"), _("State"), _("Started"))
    return [Section("mailings", _("Told by e-mail"), head, lines)] if lines else []


def _notices(row: Breach, can: Can) -> Section:
    def receipt(notice: Any) -> Any:
        if notice.receipt is not None:
            return _link("privacy:breach_receipt", notice.receipt.name, notice.pk)
        if can.get("work"):
            return _link("privacy:breach_receipt_add", _("Add the receipt"), notice.pk)
        return _("none yet")

    def name_of(notice: Any) -> str:
        duty = table_for(notice.country).duty(notice.duty)
        return said(duty.names) if duty else notice.duty

    return Section(
        "notices",
        _("What was told"),
        (_("What is to be done"), _("Recipient"), _("Way"), _("Sent"), _("Text"), _("SHA-256"), _("Receipt")),
        [
            (
                name_of(each),
                each.recipient,
                each.get_channel_display(),
                moment(each.sent_at),
                format_html('<div class="notice-text">{}</div>', each.text),
                format_html('<span class="mono hash">{}</span>', each.sha256),
                receipt(each),
            )
            for each in row.notices.all()
        ],
        empty=_("Nobody has been told yet."),
    )


def _assessments(row: Breach, can: Can, user: User | None) -> Section:
    return Section(
        "assessments",
        _("Assessments"),
        (
            _("By the law of"),
            _("Who is told"),
            _("Decision"),
            _("Reason"),
            _("Record it rests on"),
            _("Legal adviser"),
            _("Agreed"),
            *_do({"work": can.get("agree", False)}),
        ),
        [
            (
                country_name(each.country),
                each.get_addressee_display(),
                _("Must be told") if each.must_tell else _("Need not be told"),
                each.reason,
                each.rests_on,
                " · ".join(part for part in (each.adviser, each.advice) if part) or "–",
                agreed_words(each),
                *(
                    [
                        _link("privacy:breach_agree", _("Agree"), each.pk)
                        if user and lacks(each, row, user)
                        else "–"
                    ]
                    if can.get("agree")
                    else []
                ),
            )
            for each in row.assessments.all()
        ],
        words=_("An assessment counts once both who answer for the breach agree, and while the facts stay."),
        empty=_("None has been made."),
    )


def _playbook(row: Breach, can: Can) -> Section:
    done = {each.step: each for each in row.steps.all()}

    def result(step_id: str) -> tuple[Any, ...]:
        found = done.get(step_id)
        if found is None:
            link = _link("privacy:breach_step", _("Record it"), row.pk, step_id) if can.get("work") else "–"
            return (link, "–", "–")
        words = _("Done") if found.needed else _("Not needed")
        return (f"{words}: {found.note}", found.recorded_by, moment(found.recorded_at))

    return Section(
        "playbook",
        _("Playbook"),
        (_("Step"), _("Whose it is"), _("Result"), _("Recorded by"), _("Recorded")),
        [
            (said(step.names), OWNERS[step.owner], *result(step.id))
            for step in table_for(row.entity.country).playbook
        ],
    )


def _do(can: Can) -> list[str]:
    return [_("To do")] if can.get("work") else []


def _plain(value: Any) -> str:
    """Return a cell as words for paper; what was typed stays as it is, also with angle brackets."""
    text = str("–" if value is None or value == "" else value)
    return unescape(strip_tags(text)) if isinstance(value, SafeString) else text


def _badge(state: Any) -> Any:
    return format_html('<span class="state state-{}">{}</span>', state.tone, state.text)


def _link(name: str, label: str, *args: object) -> Any:
    return format_html('<a href="{}">{}</a>', reverse(name, args=args), label)


def _way(row: Breach, what: str, label: str, icon: str) -> Way:
    return Way(reverse(f"privacy:breach_{what}", args=[row.pk]), label, icon)
