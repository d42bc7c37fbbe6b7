"""What of the register should be recognisable, and what is: compared in the database, again and again.

Wanted are the files of registered secrets (those being changed included); the level and the number that the
index tells must be theirs.  A secret that was declassified or destroyed, and a file that was taken off or
destroyed, are not wanted any more.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Index, IndexedFile
from shoumi.server.documents.queries.access import SEEING_SCANS, of_entities, scopes_held
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


def indexes_ready(user: User) -> list[tuple[Index, str]]:
    """Return the indexes that `user`'s scans can compare with, the secrets' first, and what people call them.

    The index of secrets is the whole company's; that of a table is for those who see it.
    """
    seen = Q(kind=Index.Kind.SECRETS) | of_entities(scopes_held(user, SEEING_SCANS))
    rows = Index.objects.filter(seen, dropped_at=None, key__isnull=False, size_bytes__gt=0)
    return [
        (row, _("Registered secrets") if row.kind == Index.Kind.SECRETS else row.name)
        for row in rows.order_by("kind", "name")
    ]
