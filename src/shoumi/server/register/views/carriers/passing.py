"""Handovers, marks, labels and rules: the forms by which they are recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.responses import stream
from shoumi.server.files.services import files_adopt
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.views.asking import allowed, form_page
from shoumi.server.register.forms.carriers import HandoverForm, LabelForm, MarkForm, ReasonForm, RuleForm
from shoumi.server.register.models import Carrier, CarrierRule, Handover, Mark, MarkingTask
from shoumi.server.register.queries.carriers.rules import FILE, RuleLine, mark_form, rule_lines, value_words
from shoumi.server.register.queries.carriers.visible import carriers_visible_to
from shoumi.server.register.queries.resources import secret_resource, setting_resource
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.queries.words import category_words
from shoumi.server.register.services.carriers.handing import (
    handover_offer,
    handover_receive,
    handover_refuse,
    handover_withdraw,
)
from shoumi.server.register.services.carriers.labels import carrier_labels_print
from shoumi.server.register.services.carriers.rules import carrier_rule_confirm, carrier_rule_propose
from shoumi.server.register.services.contents import marking_done
from shoumi.server.register.views.carriers.asking import asking, carrier_found, chosen_ids
from shoumi.server.register.views.documents import pdf


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, carrier_id: UUID) -> HttpResponse:
    """Offer a carrier to its receiver."""
    carrier = carrier_found(request, carrier_id, Action.CARRIER_HAND_OVER)
    page = asking(
        _("Hand over %(number)s") % {"number": carrier.number},
        _("Hand over"),
        carrier.get_absolute_url(),
        _("The handover is recorded."),
        lead=_("Handing over in your sign-in is your signature. The receiver confirms in theirs."),
        trail=((carrier.get_absolute_url(), carrier.number),),
        columns={"register.receiver_missing": "receiver", "register.receiver_not_cleared": "receiver"},
        template="register/carriers/handover.html",
    )

    def act(form: Any) -> None:
        handover_offer(actor=request.user, carrier_id=carrier.pk, passage=form.passage)

    return form_page(request, page, HandoverForm(request.POST or None, carrier=carrier), act)


@login_required
@require_POST
def receive(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Confirm that a carrier was received."""
    row = handover_receive(actor=request.user, handover_id=handover_id)
    messages.success(request, _("You have confirmed that you received it."))
    return redirect(row.carrier.get_absolute_url())


@login_required
@require_POST
def withdraw(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Take an offer back."""
    row = handover_withdraw(actor=request.user, handover_id=handover_id)
    messages.success(request, _("The handover is taken back."))
    return redirect(row.carrier.get_absolute_url())


@login_required
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Refuse what is offered, with the reason."""
    row = get_object_or_404(Handover.objects.select_related("carrier"), pk=handover_id)
    carrier = carrier_found(request, row.carrier_id, Action.CARRIER_RECEIVE)
    page = asking(
        _("Refuse %(number)s") % {"number": carrier.number},
        _("Refuse"),
        carrier.get_absolute_url(),
        _("The handover is refused; the carrier stays with the giver."),
        trail=((carrier.get_absolute_url(), carrier.number),),
        danger=True,
    )

    def act(form: Any) -> None:
        handover_refuse(actor=request.user, handover_id=handover_id, reason=form.cleaned_data["reason"])

    return form_page(request, page, ReasonForm(request.POST or None), act)


@login_required
@require_safe
def signature(request: HttpRequest, handover_id: UUID) -> HttpResponseBase:
    """Show the drawn signature of a handover to whoever may see the carrier."""
    row = get_object_or_404(Handover.objects.select_related("signature"), pk=handover_id)
    carrier_found(request, row.carrier_id)
    if row.signature is None:
        raise Http404
    return stream(row.signature, request=request)


@login_required
@require_safe
def photo(request: HttpRequest, mark_id: int) -> HttpResponseBase:
    """Show the photo of a mark to whoever may open the content of the secret."""
    row = get_object_or_404(Mark.objects.select_related("photo", "secret"), pk=mark_id)
    gate.require(request.user, Action.FILE_DOWNLOAD, secret_resource(row.secret, of="file"))
    if row.photo is None:
        raise Http404
    return stream(row.photo, request=request)


@login_required
@require_http_methods(["GET", "POST"])
def mark_record(request: HttpRequest, task_id: int) -> HttpResponse:
    """Record that a carrier or file bears its mark."""
    rows = MarkingTask.objects.select_related("secret__owner_department", "carrier", "file__file")
    task = get_object_or_404(rows, pk=task_id)
    secret = task.secret
    gate.require(request.user, Action.SECRET_PRINT_LABEL, secret_resource(secret))
    back = (
        task.carrier.get_absolute_url()
        if task.carrier
        else reverse("register:secret_files", args=[secret.pk])
    )
    page = asking(
        _("Record the mark of %(thing)s") % {"thing": task.thing_words},
        _("Record the mark"),
        back,
        _("The mark is recorded."),
        lead=_("A mark shows number or name, level, period and owner unit."),
        trail=((reverse("register:marking_list"), _("Mark register")),),
    )
    pack = pack_for(secret.pack)
    kind = task.carrier.kind if task.carrier else FILE

    def act(form: Any) -> None:
        values = form.cleaned_data
        photos = files_adopt(actor=request.user, chosen=[values["photo"]]) if values["photo"] else []
        marking_done(
            actor=request.user,
            task_id=task.pk,
            form=values["form"],
            spot=values["spot"],
            photo=photos[0] if photos else None,
        )

    form = MarkForm(
        request.POST or None,
        request.FILES or None,
        pack=pack,
        owner=request.user,
        initial={"form": mark_form(secret, kind)},
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest) -> HttpResponse:
    """Print the labels of the chosen carriers on a sheet."""
    carriers = list(carriers_visible_to(request.user).filter(pk__in=chosen_ids(request)).order_by("number"))
    back = carriers[0].get_absolute_url() if len(carriers) == 1 else reverse("register:carrier_list")
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            content = carrier_labels_print(
                actor=request.user, carriers=carriers, sheet=values["sheet"], first=values["first"]
            )
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
        else:
            return pdf(content, "labels.pdf")
    page = asking(
        _("Print labels"),
        _("Make the PDF"),
        back,
        "",
        lead=_("The QR code leads to the carrier's page after sign-in; it holds nothing of the secret."),
        facts=((_("Carriers"), ", ".join(row.number or "" for row in carriers)),),
        trail=((reverse("register:carrier_list"), _("Carriers")),),
    )
    context = {"page": page, "form": form, "download": True}
    return render(request, page.template, context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show how carriers are marked and kept in each legal entity whose settings the user may see."""
    tables = []
    for entity in LegalEntity.objects.order_by("code"):
        wishes = {
            "view": (Action.SETTINGS_VIEW, setting_resource(entity, "carriers.mark")),
            "edit": (Action.SETTINGS_EDIT, setting_resource(entity, "carriers.mark")),
        }
        can = allowed(request.user, wishes)
        if can["view"]:
            lines = [_line(entity, line) for line in rule_lines(entity)]
            tables.append({"entity": entity, "can": can, "lines": lines, "pack": pack_for(entity.pack)})
    if not tables:
        entity = LegalEntity.objects.order_by("code").first()
        if entity is None:
            raise Http404
        gate.require(request.user, Action.SETTINGS_VIEW, setting_resource(entity, "carriers.mark"))
    return render(request, "register/carriers/rules.html", {"tables": tables})


@login_required
@require_http_methods(["GET", "POST"])
def rule_propose(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Propose a rule of the company's own."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.SETTINGS_EDIT, setting_resource(entity, "carriers.mark"))
    back = reverse("register:carrier_rules")
    page = asking(
        _("New rule for carriers"),
        _("Propose the rule"),
        back,
        _("The rule is proposed. It holds when another person has confirmed it."),
        lead=_("Form of mark and manner of keeping are the company's to decide; the secret zone is not."),
        trail=((back, _("Marks and keeping")),),
        columns={"register.default_value": "value", "register.default_reason": "reason"},
    )

    def act(form: Any) -> None:
        carrier_rule_propose(actor=request.user, entity=entity, **form.cleaned_data)

    return form_page(request, page, RuleForm(request.POST or None, pack=pack_for(entity.pack)), act)


@login_required
@require_POST
def rule_confirm(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Confirm a proposed rule as another person."""
    carrier_rule_confirm(actor=request.user, rule_id=rule_id)
    messages.success(request, _("The rule holds from now on."))
    return redirect("register:carrier_rules")


def _line(entity: LegalEntity, line: RuleLine) -> dict[str, Any]:
    pack = pack_for(entity.pack)
    kinds = {**dict(Carrier.Kind.choices), FILE: _("File")}
    narrowed = (
        category_words(pack, line.narrowed) if line.subject == CarrierRule.Subject.MARK else line.narrowed
    )
    return {
        "subject": CarrierRule.Subject(line.subject).label,
        "kind": kinds.get(line.kind, line.kind),
        "narrowed": narrowed,
        "level": line.narrowed if line.subject == CarrierRule.Subject.KEEPING else "",
        "value": value_words(pack, line.subject, line.value),
        "pack_value": value_words(pack, line.subject, line.pack_value),
        "own": line.own,
        "waiting": line.waiting,
        "waiting_value": value_words(pack, line.subject, line.waiting.value) if line.waiting else "",
    }
