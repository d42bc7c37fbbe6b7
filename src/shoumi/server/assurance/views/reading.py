"""For everybody: the rules that bind one, read and acknowledged on any screen; questions and answers."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.jurisdiction.documents import document_template
from shoumi.engine.jurisdiction.governance import load_governance
from shoumi.engine.jurisdiction.questions import load_questions
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import RuleAcknowledgement
from shoumi.server.assurance.queries.access import entities_governed
from shoumi.server.assurance.queries.rules import rule_resource, rules_binding
from shoumi.server.assurance.services.rules import rule_acknowledge
from shoumi.server.assurance.services.rules.papers import numbered
from shoumi.server.people.queries import pack_of_user
from shoumi.server.register.queries.standards import pack_for

PACKS = ("cn", "jp")
ROOMS = {
    "register:secret_list": gettext_lazy("Register of secrets"),
    "register:carrier_list": gettext_lazy("Carriers"),
    "register:disclosure_list": gettext_lazy("Disclosures"),
    "people:person_list": gettext_lazy("Persons"),
    "places:zone_list": gettext_lazy("Zones"),
    "approvals:inbox": gettext_lazy("Approvals"),
    "ledger:entry_list": gettext_lazy("Ledger"),
    "assurance:organisation": gettext_lazy("Leadership and office"),
    "assurance:duties": gettext_lazy("The nine duties"),
    "assurance:plan_list": gettext_lazy("Yearly plans"),
    "assurance:money": gettext_lazy("Budget and spending"),
    "assurance:technical_list": gettext_lazy("Technical measures"),
    "assurance:rule_list": gettext_lazy("Rule documents"),
    "assurance:my_rules": gettext_lazy("Rules I must read"),
}

GOVERNED = ("assurance:organisation", "assurance:duties", "assurance:money")


@login_required
@require_safe
def my_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules that bind the reader, unread ones first."""
    read = dict(
        RuleAcknowledgement.objects.filter(person__user=request.user).values_list(
            "version_id", "acknowledged_at"
        )
    )
    rows = [(version, read.get(version.pk)) for version in rules_binding(request.user).order_by("title")]
    context = {
        "unread": [version for version, at in rows if at is None],
        "read": [(version, at) for version, at in rows if at is not None],
    }
    return render(request, "assurance/my_rules.html", context)


@login_required
@require_safe
def my_rule(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show the words of a rule that binds the reader, with the one button."""
    version = get_object_or_404(rules_binding(request.user), pk=version_id)
    gate.require(request.user, Action.RULE_READ, rule_resource(version))
    context = {
        "version": version,
        "clauses": numbered(version),
        "acknowledged": RuleAcknowledgement.objects.filter(
            version=version, person__user=request.user
        ).first(),
        "tag": {"zh": "zh-Hans", "ja": "ja"}[version.document.language],
    }
    return render(request, "assurance/my_rule.html", context)


@login_required
@require_POST
def my_rule_acknowledge(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Acknowledge what was on the screen."""
    rule_acknowledge(
        actor=request.user, version_id=version_id, text_sha256=request.POST.get("text_sha256", "")
    )
    messages.success(request, _("Your acknowledgement is recorded."))
    return redirect("assurance:my_rules")


@login_required
@require_safe
def questions(request: HttpRequest, pack_id: str = "") -> HttpResponse:
    """Show questions and answers by topic, searched, and the five fields of the work with their rooms."""
    pack_id = pack_id or pack_of_user(request.user) or "cn"
    book, governance = load_questions(pack_id), load_governance(pack_id)
    language = get_language() or "en"
    words = request.GET.get("q", "").strip()[:200]
    topic = request.GET.get("topic", "")
    found = [
        item
        for item in book.questions
        if (not topic or item.topic == topic) and _holds(item, words, language)
    ]
    names = {item.id: item.names for item in book.topics}
    closed = _closed_to(request.user)
    context = {
        "packs": [pack_for(item) for item in PACKS],
        "pack": pack_for(pack_id),
        "q": words,
        "topic": topic,
        "topics": [(item.id, item.names.in_language(language)) for item in book.topics],
        "total": len(book.questions),
        "questions": [
            {
                "id": item.id,
                "topic": names[item.topic].in_language(language),
                "question": item.question.in_language(language),
                "answer": item.answer.in_language(language),
                "status": item.status,
                "source": item.source,
                "rooms": _addresses(item.rooms, closed),
            }
            for item in found
        ],
        "fields": [
            {
                "name": field.names.in_language(language),
                "rooms": _addresses(field.rooms, closed),
                "documents": [
                    document_template(pack_id, code).names.in_language(language) for code in field.documents
                ],
            }
            for field in governance.fields
        ],
        "fields_source": governance.fields_source.in_language(language),
    }
    return render(request, "assurance/questions.html", context)


def _holds(item: object, words: str, language: str) -> bool:
    """Tell whether a question holds every word, in the reader's language or any other."""
    texts = (item.question, item.answer)
    body = " ".join(f"{text.in_language(language)} {text.zh} {text.ja} {text.en}" for text in texts).lower()
    return all(word in body for word in words.lower().split())


def _closed_to(user: User) -> frozenset[str]:
    """Return the rooms of `ROOMS` that refuse `user`; the others open for everybody."""
    closed = set() if entities_governed(user).exists() else set(GOVERNED)
    if not gate.permits(user, Action.LEDGER_VIEW, resources.ledger()):
        closed.add("ledger:entry_list")
    return frozenset(closed)


def _addresses(rooms: tuple[str, ...], closed: frozenset[str]) -> list[tuple[str, object]]:
    """Return address and label of the rooms that this installation has and that are not `closed`."""
    found = []
    for name in rooms:
        if name in closed:
            continue
        with suppress(NoReverseMatch):
            found.append((reverse(name), ROOMS[name]))
    return found
