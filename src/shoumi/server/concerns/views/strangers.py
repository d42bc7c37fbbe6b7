"""The way without a name, open to everybody: reporting, and the mailbox behind the passphrase.

Nothing of the request but what was typed is read: no account, no session, no address.  The passphrase goes
along in each form instead of into a session, which would tie the mailbox to a sign-in.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError, UnavailableError
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.concerns.forms import BOTH, LEGAL, OFFICE, LetterForm, PassphraseForm, ReportForm
from shoumi.server.concerns.models import FILE_BYTES, MOST_FILES, Concern, Enclosure
from shoumi.server.concerns.queries.letters import letters_of
from shoumi.server.concerns.services.reporting import (
    Report,
    concern_report,
    concern_write,
    mailbox_open,
)
from shoumi.server.files.handlers import takes_from_strangers
from shoumi.server.files.responses import stream

LETTER_BYTES = MOST_FILES * FILE_BYTES
REFUSED = (InputError, ConflictError, UnavailableError)
UNPROCESSABLE = 422


def report_of(form: ReportForm) -> Report:
    """Return what was typed into the form."""
    sent = form.cleaned_data
    return Report(
        entity=sent["entity"],
        kind=sent["kind"],
        text=sent["text"],
        to_legal=sent["addressee"] in {BOTH, LEGAL},
        to_office=sent["addressee"] in {BOTH, OFFICE},
        files=sent["files"],
    )


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Tell what can be reported, what happens then, and that nobody suffers for it."""
    return render(request, "concerns/start.html")


@takes_from_strangers(LETTER_BYTES)
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take a concern in and show the passphrase, this once."""
    form, status = ReportForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                concern, passphrase = concern_report(report=report_of(form))
            except REFUSED as error:
                form.add_error(None, words_of(error))
            else:
                context = {"concern": concern, "passphrase": passphrase}
                return render(request, "concerns/reported.html", context)
        status = UNPROCESSABLE
    return render(request, "concerns/report.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """Ask for the passphrase, and show the letters behind it."""
    form, status = PassphraseForm(request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                concern = mailbox_open(passphrase=form.cleaned_data["passphrase"])
            except REFUSED as error:
                form.add_error("passphrase", words_of(error))
            else:
                return _letters(request, concern, form.cleaned_data["passphrase"], LetterForm())
        status = UNPROCESSABLE
    return render(request, "concerns/mailbox.html", {"form": form}, status=status)


@takes_from_strangers(LETTER_BYTES)
@never_cache
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Take one more letter of whoever holds the passphrase."""
    passphrase, concern = _opened(request)
    form, status = LetterForm(request.POST, request.FILES), UNPROCESSABLE
    if form.is_valid():
        try:
            concern_write(concern=concern, text=form.cleaned_data["text"], files=form.cleaned_data["files"])
        except REFUSED as error:
            form.add_error(None, words_of(error))
        else:
            form, status = LetterForm(), 200
    return _letters(request, concern, passphrase, form, status)


@never_cache
@require_POST
def enclosure(request: HttpRequest, enclosure_id: int) -> HttpResponseBase:
    """Give whoever holds the passphrase a file of their mailbox."""
    _passphrase, concern = _opened(request)
    row = get_object_or_404(Enclosure, pk=enclosure_id, letter__concern=concern)
    return stream(row.file)


def _opened(request: HttpRequest) -> tuple[str, Concern]:
    passphrase = request.POST.get("passphrase", "")
    try:
        return passphrase, mailbox_open(passphrase=passphrase)
    except InputError as error:
        raise Http404 from error


def _letters(
    request: HttpRequest, concern: Concern, passphrase: str, form: LetterForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "concern": concern,
        "letters": letters_of(concern),
        "passphrase": passphrase,
        "form": form,
        "open": concern.state != Concern.State.CLOSED,
    }
    return render(request, "concerns/letters.html", context, status=status)
