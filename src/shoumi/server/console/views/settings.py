"""Settings: my profile for everybody; company, jobs and configuration for who may; about."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import SecretStr

from shoumi import __version__
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.console.forms import ProfileForm
from shoumi.server.console.queries import latest_job_runs, may
from shoumi.server.console.services import preferences_set
from shoumi.server.console.views.choices import remember
from shoumi.server.people.queries.listing import entities_visible

SETTING = "setting"  # context of what the settings mean
JOB_LABELS = {
    "ledger-audit": pgettext_lazy("job", "Self-audit of the ledger"),
    "register-daily": pgettext_lazy("job", "Daily work of the register: periods and notices"),
    "notifications-mail": pgettext_lazy("job", "E-mail of notifications"),
    "approvals-escalate": pgettext_lazy("job", "Passing on of overdue approvals"),
    "files-clean": pgettext_lazy("job", "Sweeping up after abandoned uploads"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the configuration, without anything secret."""

    name: str
    value: str
    meaning: str


def _page(request: HttpRequest, template: str, context: dict[str, object] | None = None) -> HttpResponse:
    """Render one tab of the settings, with the tabs that the person may open."""
    wide = may(request.user, Action.SETTINGS_VIEW, "setting")
    return render(request, template, {"sees_installation": wide, **(context or {})})


@require_safe
@login_required
def overview(_request: HttpRequest) -> HttpResponse:
    """Begin with the person's own profile."""
    return redirect("console:settings_profile")


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and keep language and time zone."""
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.of(request.user)
    if request.method == "POST" and form.is_valid():
        preferences_set(actor=request.user, **form.cleaned_data)
        language = form.cleaned_data["language"]
        response = redirect("console:settings_profile")
        remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        with translation.override(language):
            messages.success(request, _("Your profile is kept."))
        return response
    return _page(request, "console/settings/profile.html", {"form": form})


@require_safe
@login_required
def company(request: HttpRequest) -> HttpResponse:
    """Show the legal entities that the person may see."""
    return _page(request, "console/settings/company.html", {"entities": entities_visible(request.user)})


@require_safe
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    """Show when each repeated job last ran, and whether it failed."""
    gate.require(request.user, Action.SETTINGS_VIEW, resources.setting("jobs"))
    runs = [(JOB_LABELS.get(run.name, run.name), run) for run in latest_job_runs()]
    return _page(request, "console/settings/jobs.html", {"runs": runs})


@require_safe
@login_required
def configuration(request: HttpRequest) -> HttpResponse:
    """Show the settings of the installation without passwords and keys."""
    gate.require(request.user, Action.SETTINGS_VIEW, resources.setting("configuration"))
    return _page(request, "console/settings/configuration.html", {"lines": list(_configuration())})


def _configuration() -> Iterator[Setting]:
    """Yield each setting; secrets say only whether they are set, addresses lose their passwords."""
    config = settings.CONFIG
    for name, field in type(config).model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else f"SHOUMI_{name.upper()}"
        yield Setting(variable, _shown(getattr(config, name)), pgettext(SETTING, field.description or ""))


def _shown(value: object) -> str:
    """Return a setting's value as it may be shown."""
    if isinstance(value, SecretStr):
        return str(gettext_lazy("set") if value.get_secret_value() else gettext_lazy("not set"))
    text = str(value)
    parts = urlsplit(text) if "://" in text else None
    if parts is not None and parts.password:
        return text.replace(f":{parts.password}@", ":••••@")
    return text or "–"


@require_safe
@login_required
def about(request: HttpRequest) -> HttpResponse:
    """Show versions, and the licences of everything that is part of the installation."""
    versions = [
        ("Shoumi", __version__),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        (connection.display_name, _database_version()),
    ]
    context = {"versions": versions, "packages": _packages(), "assets": _assets()}
    return _page(request, "console/settings/about.html", context)


def _database_version() -> str:
    """Return the version of the database behind the console."""
    return ".".join(str(part) for part in connection.get_database_version())


def _packages() -> list[tuple[str, str, str]]:
    """Return name, version and licence of each installed Python package."""
    found = {}
    for item in distributions():
        words = item.metadata
        named = [c.split(" :: ")[-1] for c in words.get_all("Classifier") or [] if c.startswith("License ::")]
        licence = words.get("License-Expression") or ", ".join(named) or (words.get("License") or "")[:60]
        found[words["Name"].lower()] = (
            words["Name"],
            item.version,
            licence.splitlines()[0] if licence else "–",
        )
    return [found[name] for name in sorted(found)]


def _assets() -> list[dict[str, str]]:
    """Return the same of the files that browsers get, from the list that `make assets` wrote."""
    path = finders.find("vendor/licences.json")
    if not path:
        return []
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - finders return plain strings
        listed: list[dict[str, str]] = json.load(file)
    return listed
