"""What somebody typed into a stepped form and has not sent yet.

A draft belongs to one person and is shown to nobody else.  It outlives the session, and is forgotten when the
form is sent, begun anew, or left alone for `KEPT`.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.ledger.times import clock

KEPT: Final = timedelta(days=90)

Typed = dict[str, list[str]]  # name of a field → what was typed


class FormDraft(models.Model):
    """The parts of one form as one person typed them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="form_drafts")
    name = models.CharField(_("form"), max_length=160)  # `Stepper.name`
    parts = models.JSONField(_("what was typed"), default=dict)
    began_with = models.PositiveIntegerField(_("based on version"), null=True, blank=True)
    kept_at = models.DateTimeField(_("kept"), db_index=True)

    class Meta:
        """Rules of the table."""

        app_label = "files"
        verbose_name = _("draft of a form")
        verbose_name_plural = _("drafts of forms")
        constraints = (models.UniqueConstraint(fields=("owner", "name"), name="form_draft_once"),)

    def __str__(self) -> str:
        """Return the name of the form."""
        return self.name


def draft_of(owner: Any, name: str, version: int | None) -> FormDraft:
    """Return the kept draft, or a new one that is not kept yet and stands on `version`."""
    kept = FormDraft.objects.filter(owner=owner, name=name).first()
    return kept or FormDraft(owner=owner, name=name, began_with=version, parts={})


def draft_keep(draft: FormDraft, part: str, typed: Typed) -> FormDraft:
    """Keep one part of a draft; the other parts stay as they are kept, whoever else wrote them meanwhile."""
    kept, _made = FormDraft.objects.get_or_create(
        owner=draft.owner,
        name=draft.name,
        defaults={"began_with": draft.began_with, "kept_at": clock().now()},
    )
    kept.parts = {**kept.parts, part: typed}
    kept.kept_at = clock().now()
    kept.save(update_fields=["parts", "kept_at"])
    return kept


def draft_forget(owner: Any, name: str) -> None:
    """Forget a draft, if there is one."""
    FormDraft.objects.filter(owner=owner, name=name).delete()


def drafts_expire() -> int:
    """Forget the drafts that nobody has touched for `KEPT`; return how many."""
    count, _per_model = FormDraft.objects.filter(kept_at__lt=clock().now() - KEPT).delete()
    return count
