"""What every record of training has: an opaque key, a version against overwriting, and when it was made.

Nothing is deleted: what no longer holds is ended and stays readable.
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
