"""The stored files that belong to a secret: its content, and the evidence of its elements."""

from __future__ import annotations

from shoumi.server.files.models import StoredFile
from shoumi.server.register.models import ElementEvidence, SecretFile, TradeSecret


def stored_files_of(secret: TradeSecret) -> list[StoredFile]:
    """Return every stored file of a secret, content first, each once."""
    content = SecretFile.objects.filter(secret=secret).values("file_id")
    evidence = ElementEvidence.objects.filter(judgement__secret=secret, file__isnull=False).values("file_id")
    first = list(StoredFile.objects.filter(pk__in=content).order_by("created_at", "pk"))
    rest = StoredFile.objects.filter(pk__in=evidence).exclude(pk__in=content).order_by("created_at", "pk")
    return [*first, *rest]


def stored_file_get(secret: TradeSecret, file_id: object) -> StoredFile | None:
    """Return one of a secret's stored files, or None if it is not one of them."""
    return next((stored for stored in stored_files_of(secret) if str(stored.pk) == str(file_id)), None)
