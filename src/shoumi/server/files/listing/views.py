"""The page of a list: shows it, swaps its rows by htmx, keeps views, runs bulk actions, exports.

`ListingView.as_view(listing=PersonListing)` is all an app writes in its `urls.py`.  GET shows; POST with
`do` = `export`, `save_view`, `delete_view` or `bulk` acts and goes back to the same address.
"""

from __future__ import annotations

import uuid
from typing import ClassVar
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View

from shoumi.engine.errors import InputError
from shoumi.server.files.listing.exporting import listing_export
from shoumi.server.files.listing.listing import Listing
from shoumi.server.files.listing.saved import view_delete, view_save
from shoumi.server.files.tables.writing import TableFormat
from shoumi.server.ledger.services import clock

LONGEST_NAME = 80  # characters of a kept view's name


class UnknownListActionError(InputError):
    """The form asked for something that this list does not offer."""

    code = "listing.unknown_action"
    message = "This list does not offer that action."


class ListingView(LoginRequiredMixin, View):
    """One list as a page; subclass it to add to the context or to check permission in `allowed`."""

    listing: ClassVar[type[Listing]] = Listing
    template_name = "console/list.html"
    fragment_name = "console/list/_results.html"

    def allowed(self, request: HttpRequest) -> None:
        """Raise if the user may not see this list at all; by default everybody signed in may."""

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Return more names for the template."""
        del listing
        return {}

    def get(self, request: HttpRequest, **_parts: object) -> HttpResponse:
        """Show the list, or only its results to htmx."""
        self.allowed(request)
        listing = self.made(request)
        partial = bool(request.htmx) and not request.htmx.boosted
        context = {"listing": listing, **self.extra_context(listing)}
        response = render(request, self.fragment_name if partial else self.template_name, context)
        if partial:
            query = listing.query()
            response["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
        return response

    def post(self, request: HttpRequest, **_parts: object) -> HttpResponse:
        """Export, keep or forget a view, or run a bulk action.

        Raises:
            UnknownListActionError: `do` names none of these.
        """
        self.allowed(request)
        listing = self.made(request)
        actions = {
            "export": self.export,
            "save_view": self.save_view,
            "delete_view": self.delete_view,
            "bulk": self.bulk,
        }
        action = actions.get(request.POST.get("do", ""))
        if action is None:
            raise UnknownListActionError
        return action(request, listing) or HttpResponseRedirect(request.get_full_path())

    def made(self, request: HttpRequest) -> Listing:
        """Return the list for this user and address."""
        return self.listing(request.user, request.GET)

    def export(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        """Return the filtered rows as a file."""
        form = request.POST.get("form", "")
        content = listing_export(actor=request.user, listing=listing, form=form)
        stem = slugify(str(listing.title), allow_unicode=True) or listing.name
        name = f"{stem}-{clock().now():%Y-%m-%d}.{form}"
        headers = {"Cache-Control": "no-store"}
        response = HttpResponse(content, content_type=TableFormat(form).media_type, headers=headers)
        response.headers["Content-Disposition"] = _attachment(name, f"{listing.name}.{form}")
        return response

    def save_view(self, request: HttpRequest, listing: Listing) -> None:
        """Keep the filters, columns and order in force under a name."""
        name = request.POST.get("name", "").strip()[:LONGEST_NAME]
        if not name:
            messages.error(request, _("Give the view a name."))
            return
        shared = request.POST.get("shared") == "1"
        view_save(actor=request.user, listing=listing.name, name=name, query=listing.query(), shared=shared)
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": name})

    def delete_view(self, request: HttpRequest, _listing: Listing) -> None:
        """Forget one of the user's own views."""
        try:
            view_id = uuid.UUID(request.POST.get("view", ""))
        except ValueError:
            raise UnknownListActionError from None
        if view_delete(actor=request.user, view_id=view_id):
            messages.success(request, _("The view is deleted."))

    def bulk(self, request: HttpRequest, listing: Listing) -> HttpResponse | None:
        """Run one of the declared actions on the chosen rows that the user may see."""
        key = request.POST.get("action", "")
        if key not in {action.key for action in listing.bulk}:
            raise UnknownListActionError
        chosen = [value for value in request.POST.getlist("chosen") if value]
        rows = list(listing.scoped.filter(pk__in=_valid_keys(listing, chosen)))
        if not rows:
            messages.warning(request, _("Choose at least one row first."))
            return None
        answer = getattr(listing, f"bulk_{key}")(rows)
        if isinstance(answer, HttpResponse):
            return answer
        if answer:
            messages.success(request, str(answer))
        return None


def _valid_keys(listing: Listing, chosen: list[str]) -> list[object]:
    """Return the keys that are of the right kind; others cannot name a row."""
    field = listing.scoped.model._meta.pk  # noqa: SLF001 - Django's documented way to a model's key
    valid = []
    for value in chosen:
        try:
            valid.append(field.to_python(value))
        except Exception:  # noqa: BLE001, S112 - ValidationError or ValueError, by the kind of field
            continue
    return valid


def _attachment(name: str, plain: str) -> str:
    """Return the header for a download with a name in any script and a plain one beside it."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
