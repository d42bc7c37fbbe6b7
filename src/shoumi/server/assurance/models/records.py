"""What every record of assurance has: an opaque key, a version against overwriting, and when it was made.

Nothing is deleted: what no longer holds is ended, struck out or withdrawn, and stays readable.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """A row that people edit, each edit counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        abstract = True


class Stretch(Record):
    """A record that holds from a day on until a day, the last one included."""

    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


def during(day: object, prefix: str = "") -> models.Q:
    """Return the condition that a `Stretch` holds on `day`; `prefix` is the path to it."""
    begun = models.Q(**{f"{prefix}since__lte": day})
    return begun & (models.Q(**{f"{prefix}until__isnull": True}) | models.Q(**{f"{prefix}until__gte": day}))
