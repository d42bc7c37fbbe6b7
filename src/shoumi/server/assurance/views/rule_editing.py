"""The forms of rule documents: begun, edited, put to approval, taken through the procedure, published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.policy import Action, resources
from shoumi.server.assurance.forms import rules as forms
from shoumi.server.assurance.forms.fields import EntityForm, ReasonForm
from shoumi.server.assurance.models import RuleDocument, RuleVersion
from shoumi.server.assurance.queries.access import entities_governed
from shoumi.server.assurance.queries.rules import RULE_VIEWERS, procedure_of, rule_resource
from shoumi.server.assurance.services import rules
from shoumi.server.assurance.views.asking import Deed, deed, entity_chosen, kept
from shoumi.server.assurance.views.rules import version_shown
from shoumi.server.people.queries import today_of

FORM = require_http_methods(["GET", "POST"])


def _deed(version: RuleVersion, action: Action, **more: Any) -> Deed:
    """Return a deed about a version, done from its page."""
    page = version.get_absolute_url()
    return Deed(
        back=page,
        action=action,
        resource=rule_resource(version),
        entity=version.document.entity,
        trail=((reverse("assurance:rule_list"), _("Rule documents")), (page, str(version))),
        **{"initial": {"expected_version": version.version}, **more},
    )


@login_required
@FORM
def rule_start(request: HttpRequest) -> HttpResponse:
    """Begin a document from its template."""
    entity, _entities = entity_chosen(request, entities_governed(request.user, RULE_VIEWERS))
    what = Deed(
        title=_("Begin a rule document"),
        lead=_("The template is filled with your levels, periods, bodies, zones and posts of today."),
        submit=_("Begin the document"),
        said=_("The document is begun. Read it clause by clause."),
        back=reverse("assurance:rule_list"),
        action=Action.RULE_EDIT,
        resource=resources.rule("new", published=False, places={entity.scope}),
        form=forms.StartForm,
        entity=entity,
        initial={"code": request.GET.get("code", "")},
        facts=((_("Legal entity"), entity.name),),
        trail=((reverse("assurance:rule_list"), _("Rule documents")),),
    )

    def act(form: Any) -> str:
        data = form.cleaned_data
        version = rules.document_start(
            actor=request.user, entity=entity, code=data["code"], language=data["language"]
        )
        return version.get_absolute_url()

    return deed(request, what, act)


@login_required
@FORM
def version_next(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Begin the next version, after asking."""
    document = get_object_or_404(RuleDocument.objects.select_related("entity"), pk=document_id)
    what = Deed(
        title=_("Begin a new version"),
        lead=_("Clauses that follow the template take the data of today; your own words are kept."),
        submit=_("Begin the version"),
        said=_("The new version is begun."),
        back=document.get_absolute_url(),
        action=Action.RULE_EDIT,
        resource=resources.rule("new", published=False, places={document.entity.scope}),
        form=EntityForm,
        entity=document.entity,
        trail=((reverse("assurance:rule_list"), _("Rule documents")),),
    )

    def act(_form: Any) -> str:
        return rules.version_next(actor=request.user, document=document).get_absolute_url()

    return deed(request, what, act)


@login_required
@FORM
def clause_edit(request: HttpRequest, version_id: UUID, key: str) -> HttpResponse:
    """Write a clause anew, with the template's words beside it."""
    version = version_shown(request, version_id)
    clause = get_object_or_404(version.clauses, key=key)
    what = _deed(
        version,
        Action.RULE_EDIT,
        title=_("Clause %(number)d: %(heading)s") % {"number": clause.ordinal, "heading": clause.heading},
        facts=((_("Words of the template"), clause.template_text or _("None: a clause of your own.")),),
        submit=_("Save the clause"),
        said=_("The clause is saved."),
        form=forms.ClauseForm,
        initial={
            "expected_version": version.version,
            "heading": clause.heading,
            "text": clause.text,
            "reason": clause.reason,
        },
    )

    def act(form: Any) -> str:
        data = form.cleaned_data
        rules.clause_save(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            key=key,
            heading=data["heading"],
            text=data["text"],
            reason=data["reason"],
        )
        return f"{version.get_absolute_url()}#clause-{key}"

    return deed(request, what, act)


@login_required
@FORM
def clause_add(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Add a clause of the company's own."""
    version = version_shown(request, version_id)
    what = _deed(
        version,
        Action.RULE_EDIT,
        title=_("Add a clause"),
        submit=_("Add the clause"),
        said=_("The clause is added at the end."),
        form=forms.ClauseForm,
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        rules.clause_add(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            heading=data["heading"],
            text=data["text"],
            reason=data["reason"],
        )

    return deed(request, what, act)


@login_required
@FORM
def clause_remove(request: HttpRequest, version_id: UUID, key: str) -> HttpResponse:
    """Take a clause out, after asking once more."""
    version = version_shown(request, version_id)
    clause = get_object_or_404(version.clauses, key=key)
    what = _deed(
        version,
        Action.RULE_EDIT,
        title=_("Take out: %(heading)s") % {"heading": clause.heading},
        danger=True,
        submit=_("Take it out"),
        said=_("The clause is taken out."),
        form=ReasonForm,
    )

    def act(form: Any) -> None:
        rules.clause_remove(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            key=key,
            reason=form.cleaned_data["reason"],
        )

    return deed(request, what, act)


@login_required
@require_POST
def clause_move(request: HttpRequest, version_id: UUID, key: str) -> HttpResponse:
    """Move a clause one place up or down."""
    version = version_shown(request, version_id)
    sent = request.POST.get("expected_version", "")
    rules.clause_move(
        actor=request.user,
        version_id=version.pk,
        expected_version=int(sent) if sent.isascii() and sent.isdigit() else 0,
        key=key,
        up=request.POST.get("up") == "1",
    )
    return redirect(f"{version.get_absolute_url()}#clause-{key}")


@login_required
@FORM
def audience_set(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Say whom the version binds."""
    version = version_shown(request, version_id)
    what = _deed(
        version,
        Action.RULE_EDIT,
        title=_("Whom the rule binds"),
        submit=_("Save"),
        said=_("It is recorded whom the rule binds."),
        form=forms.AudienceForm,
        initial={},
        more={"version": version},
    )

    def act(form: Any) -> None:
        rules.audience_set(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            audience=form.audience,
        )

    return deed(request, what, act)


@login_required
@FORM
def version_submit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put a version to approval."""
    version = version_shown(request, version_id)
    what = _deed(
        version,
        Action.RULE_EDIT,
        title=_("Put to approval"),
        lead=_("A leader who did not work on the words approves them. They are fixed from now on."),
        submit=_("Put to approval"),
        said=_("The version waits for approval."),
        form=EntityForm,
    )

    def act(form: Any) -> None:
        rules.version_submit(actor=request.user, version_id=version.pk, expected_version=form.version)

    return deed(request, what, act)


@login_required
@FORM
def version_reopen(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Take an approved version back into drafting."""
    version = version_shown(request, version_id)
    what = _deed(
        version,
        Action.RULE_EDIT,
        title=_("Take back into drafting"),
        lead=_("The approval is lost, and steps about the final words have to be recorded anew."),
        danger=True,
        submit=_("Take back"),
        said=_("The version is a draft again."),
        form=ReasonForm,
    )

    def act(form: Any) -> None:
        rules.version_reopen(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    return deed(request, what, act)


@login_required
@FORM
def procedure_record(request: HttpRequest, version_id: UUID, step: str) -> HttpResponse:
    """Record a step of the procedure."""
    version = version_shown(request, version_id)
    taken = next((item for item in procedure_of(version).steps if item.step.id == step), None)
    if taken is None or taken.step.when == "publication":
        raise Http404
    language = get_language() or "en"
    what = _deed(
        version,
        Action.RULE_PROCEDURE,
        title=taken.step.names.in_language(language),
        lead=taken.step.hint.in_language(language),
        submit=_("Record the step"),
        said=_("The step is recorded."),
        form=forms.StepForm,
        initial={"day": today_of(version.document.entity)},
        more={"waivable": taken.step.waivable},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        rules.procedure_record(
            actor=request.user,
            version_id=version.pk,
            step=step,
            day=data["day"],
            participants=data["participants"],
            outcome=data["outcome"],
            file=kept(request.user, data["file"]),
            waived=data.get("waived", False),
        )

    return deed(request, what, act)


@login_required
@FORM
def version_publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Publish an approved version whose procedure is recorded."""
    version = version_shown(request, version_id)
    day = today_of(version.document.entity)
    what = _deed(
        version,
        Action.RULE_PUBLISH,
        title=_("Publish"),
        lead=_("Everybody whom it binds is told and asked to acknowledge it. The words cannot be changed."),
        submit=_("Publish"),
        said=_("The version is published."),
        form=forms.PublishForm,
        initial={"expected_version": version.version, "day": day, "in_force_from": day},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        rules.version_publish(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            day=data["day"],
            means=data["means"],
            file=kept(request.user, data["file"]),
            in_force_from=data["in_force_from"],
        )

    return deed(request, what, act)


@login_required
@FORM
def version_retire(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Retire a published version, after asking once more."""
    version = version_shown(request, version_id)
    what = _deed(
        version,
        Action.RULE_PUBLISH,
        title=_("Retire the rule"),
        lead=_("It binds nobody any more from that day on. The version is kept."),
        danger=True,
        submit=_("Retire it"),
        said=_("The rule is retired."),
        form=forms.RetireForm,
        initial={"expected_version": version.version, "until": today_of(version.document.entity)},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        rules.version_retire(
            actor=request.user,
            version_id=version.pk,
            expected_version=form.version,
            until=data["until"],
            reason=data["reason"],
        )

    return deed(request, what, act)


@login_required
@require_POST
def rule_remind(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Remind those who have not read a version."""
    version = version_shown(request, version_id)
    told = rules.rule_remind(actor=request.user, version_id=version.pk)
    text = ngettext("%(count)d person was reminded.", "%(count)d persons were reminded.", told)
    messages.success(request, text % {"count": told})
    return redirect("assurance:rule_readers", version_id=version.pk)
