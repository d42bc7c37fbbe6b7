"""Customer information as a register of its own: of what each consists, how far its traces are shown.

Source: the Japanese page (003), for which customer information is among the most important of every business.
Which rows somebody sees is `queries.secrets`' matter, as in the register.
"""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shoumi.server.files.listing import Column, Empty, Flag, Listing, Preset, State
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.customer_information import TEXTS, customer_secrets, kinds_in_words
from shoumi.server.register.views.lists import SecretListing, SecretListView


def _kinds(row: TradeSecret) -> str:
    depth = getattr(row, "customer_information", None)
    return ", ".join(kinds_in_words(row, depth)) if depth else ""


def _traces(row: TradeSecret) -> State:
    """Return whether all parts are there that show how the information was gathered and worked up."""
    if row.complete:
        return State(pgettext("traces of customer information", "All shown"), "good")
    depth = getattr(row, "customer_information", None)
    there = sum(bool(getattr(depth, field).strip()) for field in TEXTS) if depth else 0
    count = there + bool(depth and depth.kinds)
    words = _("%(count)d of %(all)d shown") % {"count": count, "all": len(TEXTS) + 1}
    return State(words, "bad")


def _without(name: str) -> tuple[Column, ...]:
    return tuple(column for column in SecretListing.columns if column.key != name)


class CustomerListing(SecretListing):
    """The customer information in the register, for one user."""

    name = "register.customers"
    title = gettext_lazy("Customer information")
    columns = (
        *_without("category"),
        Column("kinds", gettext_lazy("Of what it consists"), _kinds),
        Column("traces", gettext_lazy("How it was worked up"), _traces, kind="state", sort="complete"),
    )
    filters = (
        *(each for each in SecretListing.filters if each.key not in {"group", "category"}),
        Flag("lacking", gettext_lazy("Traces are missing"), condition=Q(complete=False)),
    )
    presets = (
        Preset(gettext_lazy("Registered"), "state=registered&state=changing"),
        Preset(gettext_lazy("Traces are missing"), "lacking=1"),
    )

    def rows(self) -> QuerySet[TradeSecret]:
        """Return the customer information that the user may see."""
        return customer_secrets(super().rows())

    def empty_now(self) -> Empty:
        """Say what belongs here."""
        if self.is_narrowed:
            return super().empty_now()
        return Empty(
            _("No customer information is registered yet"),
            _("Choose “Customer information” as the kind when a trade secret is proposed."),
            url=reverse("register:secret_propose"),
            action=_("Propose a trade secret"),
            icon="address-book",
        )


class CustomerListView(SecretListView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = CustomerListing
