"""The five steps of a draft, each a page of its own that saves through one service.

Follows the seed guide 四.  A step may be left half filled; what is missing is named by the check in
`proposing`.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.server.files.services import files_adopt
from shoumi.server.register.forms.assessment import element_forms, exclusion_forms
from shoumi.server.register.forms.choices import said
from shoumi.server.register.forms.customer_information import CustomerForm
from shoumi.server.register.forms.grading import LevelForm, factor_forms, grading_of
from shoumi.server.register.forms.holdings import CarrierFormSet, FilesForm, carrier_values, carriers_initial
from shoumi.server.register.forms.identity import IdentityForm
from shoumi.server.register.forms.limits import LimitsForm
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.checks import suggestion_for, warnings_of
from shoumi.server.register.queries.customer_information import is_customer_information
from shoumi.server.register.queries.standards import standard_for
from shoumi.server.register.services import drafts
from shoumi.server.register.services.customer_information import customer_information_save
from shoumi.server.register.services.editing import OPEN_TO_EDITS, SecretStateError
from shoumi.server.register.services.leading_out import proposal_lead_out
from shoumi.server.register.views.finding import found, spoken

STEPS = (
    (1, gettext_lazy("What it is")),
    (2, gettext_lazy("Files and carriers")),
    (3, gettext_lazy("Why it is secret")),
    (4, gettext_lazy("How secret")),
    (5, gettext_lazy("How long and for whom")),
    (6, gettext_lazy("Check and submit")),
)


def frame(secret: TradeSecret, step: int) -> dict[str, Any]:
    """Return what every step's page shows around its forms."""
    return {"secret": secret, "step": step, "steps": STEPS, "pack": pack_of(secret)}


class StepView(LoginRequiredMixin, View):
    """One step of a draft: shows its forms, saves them through a service, goes on."""

    step: ClassVar[int] = 0
    template: ClassVar[str] = ""

    def forms(self, request: HttpRequest, secret: TradeSecret, data: Any = None) -> dict[str, Any]:
        """Return the step's forms by their names in the template, bound to `data` if it is given."""
        del request, secret, data
        raise LookupError(type(self).__name__)

    def save(self, request: HttpRequest, secret: TradeSecret, forms: dict[str, Any]) -> HttpResponse | None:
        """Save the valid forms; a response of its own goes instead of the next step."""
        del request, secret, forms
        raise LookupError(type(self).__name__)

    def more(self, request: HttpRequest, secret: TradeSecret) -> dict[str, Any]:
        """Return what else the template shows."""
        del request, secret
        return {}

    def get(self, request: HttpRequest, secret_id: UUID) -> HttpResponse:
        """Show the step."""
        secret = self._draft(request, secret_id)
        return self._page(request, secret, self.forms(request, secret))

    def post(self, request: HttpRequest, secret_id: UUID) -> HttpResponse:
        """Save the step and go on, or show its faults with everything that was typed."""
        secret = self._draft(request, secret_id)
        forms = self.forms(request, secret, request.POST)
        if not all(_valid(form) for form in forms.values()):
            return self._page(request, secret, forms, status=422)
        try:
            answer = self.save(request, secret, forms)
        except ConflictError as error:
            messages.error(request, spoken(error))
            return self._page(request, secret, forms, status=409)
        if answer is not None:
            return answer
        if request.POST.get("do") == "stay":
            messages.success(request, _("The draft is saved."))
            return redirect("register:secret_draft", secret_id, self.step)
        return redirect("register:secret_draft", secret_id, self.step + 1)

    def _draft(self, request: HttpRequest, secret_id: UUID) -> TradeSecret:
        secret = found(request, secret_id, Action.SECRET_EDIT)
        if secret.state not in OPEN_TO_EDITS:
            raise SecretStateError(state=secret.get_state_display())
        return secret

    def _page(
        self, request: HttpRequest, secret: TradeSecret, forms: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        context = {
            **frame(secret, self.step),
            **forms,
            **self.more(request, secret),
        }
        return render(request, self.template, context, status=status)


class IdentityStep(StepView):
    """Step 1."""

    step, template = 1, "register/proposing/identity.html"

    def forms(self, request: HttpRequest, secret: TradeSecret, data: Any = None) -> dict[str, Any]:
        """Return the one form."""
        del request
        initial = IdentityForm.initial_of(secret)
        return {"form": IdentityForm(data, initial=initial, pack=pack_of(secret), entity_id=secret.entity_id)}

    def save(self, request: HttpRequest, secret: TradeSecret, forms: dict[str, Any]) -> HttpResponse | None:
        """Save, and stay once where the description looks like the secret itself."""
        form = forms["form"]
        drafts.secret_describe(
            actor=request.user,
            secret_id=secret.pk,
            expected_version=form.cleaned_data["expected_version"],
            identity=form.identity(),
        )
        if form.signs() and "look_again" not in request.POST:
            return redirect(reverse("register:secret_draft", args=[secret.pk, 1]) + "?look=again")
        return None

    def more(self, request: HttpRequest, secret: TradeSecret) -> dict[str, Any]:
        """Return the question that leads out, and what looks like content."""
        gate = pack_of(secret).state_secret
        signs = [fault.text for fault in warnings_of(secret) if fault.step == 1]
        return {"question": said(gate.question), "signs": signs, "look_again": "look" in request.GET}


class HoldingsStep(StepView):
    """Step 2."""

    step, template = 2, "register/proposing/holdings.html"

    def forms(self, request: HttpRequest, secret: TradeSecret, data: Any = None) -> dict[str, Any]:
        """Return the form for files and the set of carriers."""
        files = FilesForm(
            data, request.FILES or None, user=request.user, initial={"expected_version": secret.version}
        )
        carriers = CarrierFormSet(
            data,
            initial=carriers_initial(secret),
            prefix="carriers",
            form_kwargs={"entity_id": secret.entity_id},
        )
        return {"form": files, "carriers": carriers}

    def save(self, request: HttpRequest, secret: TradeSecret, forms: dict[str, Any]) -> HttpResponse | None:
        """Save carriers, attach new files, take off those that were ticked."""
        version = forms["form"].cleaned_data["expected_version"]
        saved = drafts.secret_carry(
            actor=request.user,
            secret_id=secret.pk,
            expected_version=version,
            carriers=carrier_values(forms["carriers"]),
        )
        chosen = forms["form"].cleaned_data["files"]
        if chosen:
            stored = files_adopt(actor=request.user, chosen=chosen)
            drafts.secret_file_attach(
                actor=request.user, secret_id=secret.pk, expected_version=saved.version, files=stored
            )
        for row in list(secret.files.select_related("file")):
            if f"take_off_{row.pk}" in request.POST:
                drafts.secret_file_detach(
                    actor=request.user, secret_id=secret.pk, expected_version=None, file_id=row.pk
                )
        return None

    def more(self, request: HttpRequest, secret: TradeSecret) -> dict[str, Any]:
        """Return the files attached so far."""
        del request
        return {"files": list(secret.files.select_related("file"))}


class AssessmentStep(StepView):
    """Step 3."""

    step, template = 3, "register/proposing/assessment.html"

    def forms(self, request: HttpRequest, secret: TradeSecret, data: Any = None) -> dict[str, Any]:
        """Return three element forms and one form per exclusion."""
        customers = (
            {"customers": CustomerForm(data, secret=secret)} if is_customer_information(secret) else {}
        )
        return {
            "elements": element_forms(secret, request.user, data, request.FILES or None),
            "exclusions": exclusion_forms(secret, pack_of(secret), data),
            **customers,
        }

    def save(self, request: HttpRequest, secret: TradeSecret, forms: dict[str, Any]) -> HttpResponse | None:
        """Save both; files that stay are those not ticked to be taken off."""
        values = []
        for form in forms["elements"]:
            kept = tuple(
                piece.file_id
                for piece in form.attached
                if f"take_off_{form.element}_{piece.pk}" not in request.POST
            )
            added = files_adopt(actor=request.user, chosen=form.cleaned_data.get("files") or [])
            values.append(form.value((*kept, *(stored.pk for stored in added))))
        saved = drafts.secret_assess(
            actor=request.user,
            secret_id=secret.pk,
            expected_version=int(request.POST.get("expected_version") or 0),
            elements=values,
            exclusions=[form.value() for form in forms["exclusions"]],
        )
        if "customers" in forms:
            customer_information_save(
                actor=request.user,
                secret_id=secret.pk,
                expected_version=saved.version,
                depth=forms["customers"].depth(),
            )
        return None


class GradingStep(StepView):
    """Step 4."""

    step, template = 4, "register/proposing/grading.html"

    def forms(self, request: HttpRequest, secret: TradeSecret, data: Any = None) -> dict[str, Any]:
        """Return the level's form and one form per factor."""
        del request
        pack = pack_of(secret)
        initial = {
            "level": secret.level,
            "level_reason": secret.level_reason,
            "expected_version": secret.version,
        }
        return {
            "form": LevelForm(data, initial=initial, pack=pack),
            "factors": factor_forms(secret, pack, data),
        }

    def save(self, request: HttpRequest, secret: TradeSecret, forms: dict[str, Any]) -> HttpResponse | None:
        """Save the grades; a yes to the question of this step leads out."""
        if forms["form"].cleaned_data["national_security"] == "yes":
            return led_out_of(request, secret)
        drafts.secret_grade(
            actor=request.user,
            secret_id=secret.pk,
            expected_version=forms["form"].cleaned_data["expected_version"],
            grading=grading_of(forms["form"], forms["factors"]),
        )
        return None

    def more(self, request: HttpRequest, secret: TradeSecret) -> dict[str, Any]:
        """Return the suggestion of the grades saved so far."""
        del request
        return {"suggestion": suggestion_for(secret)}


class LimitsStep(StepView):
    """Step 5."""

    step, template = 5, "register/proposing/limits.html"

    def forms(self, request: HttpRequest, secret: TradeSecret, data: Any = None) -> dict[str, Any]:
        """Return the one form, filled with the level's default where nothing was chosen."""
        del request
        standard = standard_for(secret)
        initial = LimitsForm.initial_of(secret, standard.period if standard else None)
        return {"form": LimitsForm(data, initial=initial, pack=pack_of(secret), entity_id=secret.entity_id)}

    def save(self, request: HttpRequest, secret: TradeSecret, forms: dict[str, Any]) -> HttpResponse | None:
        """Save period and scope."""
        form = forms["form"]
        drafts.secret_limit(
            actor=request.user,
            secret_id=secret.pk,
            expected_version=form.cleaned_data["expected_version"],
            limits=form.limits(),
        )
        return None

    def more(self, request: HttpRequest, secret: TradeSecret) -> dict[str, Any]:
        """Return the level's default period and template of the scope."""
        del request
        return {"standard": standard_for(secret)}


def _valid(form: Any) -> bool:
    """Tell whether a form, a set of forms or a list of forms is valid; all of them are asked."""
    if isinstance(form, list):
        return all([one.is_valid() for one in form])  # noqa: C419 - every form has to show its faults
    return bool(form.is_valid())


def led_out_of(request: HttpRequest, secret: TradeSecret) -> HttpResponse:
    """Empty a draft for which the question was answered with yes, and say where to go."""
    pack = secret.pack
    proposal_lead_out(actor=request.user, department=secret.owner_department, secret_id=secret.pk)
    return redirect("register:proposal_led_out", pack=pack)
