"""Views of lists that people keep: a name for a set of filters, columns and an order.

A view holds only the address's parameters, never rows: who opens a shared one sees what they may see.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """One kept view of one list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    listing = models.CharField(_("list"), max_length=80)  # `Listing.name`
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("filters"), blank=True)  # as in an address, sorted, without page
    is_shared = models.BooleanField(_("everybody may use it"), default=False)

    class Meta:
        """Rules of the table."""

        app_label = "files"
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint("owner", "listing", "name", name="saved_view_once"),)

    def __str__(self) -> str:
        """Return the name that its owner gave it."""
        return self.name


def views_for(user: object, listing: str) -> list[SavedView]:
    """Return the user's own views of a list and those that others share."""
    mine_or_shared = models.Q(owner=user) | models.Q(is_shared=True)
    return list(SavedView.objects.filter(mine_or_shared, listing=listing).select_related("owner"))


def view_save(*, actor: object, listing: str, name: str, query: str, shared: bool) -> SavedView:
    """Keep a view under `name`; the actor's own view of that name is replaced."""
    kept, _made = SavedView.objects.update_or_create(
        owner=actor, listing=listing, name=name, defaults={"query": query, "is_shared": shared}
    )
    return kept


def view_delete(*, actor: object, view_id: uuid.UUID) -> bool:
    """Forget one of the actor's own views; tell whether there was one."""
    count, _per_model = SavedView.objects.filter(owner=actor, pk=view_id).delete()
    return count > 0
