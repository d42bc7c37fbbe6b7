"""The lists of who was told what with its proof, and of what persons agreed to, refused or withdrew."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoumi.engine.policy import Action, Resource
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, Listing, State
from shoumi.server.privacy.models import Consent, Delivery
from shoumi.server.privacy.queries.visible import consents_visible_to, deliveries_visible_to, export_resource
from shoumi.server.privacy.queries.words import scope_words


def _delivery_state(row: Delivery) -> State:
    if row.acknowledged_at:
        return State(_("Acknowledged"), "good")
    return State(_("Shown"), "active") if row.shown_at else State(_("Not opened yet"), "waiting")


class DeliveryListing(Listing):
    """Who was told what, with the proof."""

    name = "privacy.deliveries"
    title = gettext_lazy("Proof of notices")
    columns = (
        Column("person", gettext_lazy("Person"), "person", sort="person__reading", primary=True),
        Column("notice", gettext_lazy("Notice"), "notice_version", sort="notice_version__notice__title"),
        Column("channel", gettext_lazy("Channel"), "get_channel_display", sort="channel"),
        Column("state", gettext_lazy("State"), _delivery_state, kind="state", sort="acknowledged_at"),
        Column("sent", gettext_lazy("Sent"), "sent_at", kind="moment", sort="sent_at"),
        Column("shown", gettext_lazy("Shown"), "shown_at", kind="moment", sort="shown_at", shown=False),
        Column("ack", gettext_lazy("Acknowledged"), "acknowledged_at", kind="moment", sort="acknowledged_at"),
        Column("sha256", gettext_lazy("SHA-256 of the text"), "text.sha256", kind="mono", shown=False),
        Column("language", gettext_lazy("Language"), "text.language", shown=False),
    )
    filters = (
        Choice("channel", gettext_lazy("Channel"), choices=Delivery.Channel.choices, many=True),
        Flag("open", gettext_lazy("Not acknowledged"), condition=lambda _l: Q(acknowledged_at__isnull=True)),
        DateRange("sent", gettext_lazy("Sent"), "sent_at"),
    )
    search_fields = ("person__search", "notice_version__notice__title")
    default_sort = "-sent"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nothing has been handed over"),
        gettext_lazy("Publish a notice and send it to its audience."),
        icon="mail",
    )

    def rows(self) -> QuerySet[Delivery]:
        """Return the deliveries of the user's entities."""
        return deliveries_visible_to(self.user)

    def row_url(self, row: Delivery) -> str:
        """Return the page of the notice."""
        return row.notice_version.notice.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "notice_version__notice__entity")


def _consent_state(row: Consent) -> State:
    if row.withdrawn_at:
        return State(_("Withdrawn"), "off")
    return State(row.get_answer_display(), "good" if row.answer == Consent.Answer.GIVEN else "bad")


class ConsentListing(Listing):
    """What persons agreed to, refused or withdrew."""

    name = "privacy.consents"
    title = gettext_lazy("Consents")
    columns = (
        Column("person", gettext_lazy("Person"), "person", sort="person__reading", primary=True),
        Column("processing", gettext_lazy("Processing"), "processing", sort="processing__name"),
        Column("scope", gettext_lazy("What it is about"), lambda row: scope_words(row.processing, row.scope)),
        Column("state", gettext_lazy("State"), _consent_state, kind="state", sort="answer"),
        Column("answered", gettext_lazy("Answered"), "answered_at", kind="moment", sort="answered_at"),
        Column("withdrawn", gettext_lazy("Withdrawn"), "withdrawn_at", kind="moment", sort="withdrawn_at"),
        Column("sha256", gettext_lazy("SHA-256 of the text"), "sha256", kind="mono", shown=False),
        Column("language", gettext_lazy("Language"), "language", shown=False),
    )
    filters = (
        Choice("answer", gettext_lazy("Answer"), choices=Consent.Answer.choices, many=True),
        Flag("withdrawn", gettext_lazy("Withdrawn"), condition=lambda _l: Q(withdrawn_at__isnull=False)),
        DateRange("answered", gettext_lazy("Answered"), "answered_at"),
    )
    search_fields = ("person__search", "processing__name")
    default_sort = "-answered"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("Nobody has answered yet"),
        gettext_lazy("Whoever is asked answers under “What is collected about me”."),
        icon="checkbox",
    )

    def rows(self) -> QuerySet[Consent]:
        """Return the answers in the user's entities."""
        return consents_visible_to(self.user)

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "processing__entity")
