"""What of the register should be recognisable, and what is: compared in the database, again and again.

Wanted are the files of registered secrets (those being changed included); the level and the number that the
index tells must be theirs.  A secret that was declassified or destroyed, and a file that was taken off or
destroyed, are not wanted any more.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from shoumi.server.documents.models import IndexedFile
from shoumi.server.files.models import FileState
from shoumi.server.register.models import SecretFile, TradeSecret

HOLDING = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)


def files_wanted() -> QuerySet[SecretFile]:
    """Return the files of secrets that must be recognisable."""
    return SecretFile.objects.filter(secret__state__in=HOLDING, file__state=FileState.READY)


def files_missing() -> QuerySet[SecretFile]:
    """Return those that the index does not tell of, or not with their present number and level."""
    known = IndexedFile.objects.filter(
        secret=OuterRef("secret"),
        file=OuterRef("file"),
        number=OuterRef("secret__number"),
        level=OuterRef("secret__level"),
    )
    return files_wanted().exclude(Exists(known)).select_related("secret", "file", "file__key")


def files_superfluous() -> QuerySet[IndexedFile]:
    """Return what the index tells of and must not any more."""
    wanted = files_wanted().filter(secret=OuterRef("secret"), file=OuterRef("file"))
    return IndexedFile.objects.exclude(Exists(wanted))
