"""What persons did with secrets, and how often people signed in or were refused: from the ledger.

Follows the seed guide 五(三)2(1): an operation log per user that nobody can alter, and a regular look at
sign-ins, retrievals and intrusions.  The ledger proves that the log is whole; nothing is copied out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.queries import EntryFilter, EntryPage, entry_page, tag_counts
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.tags import LedgerTag as Tag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import beginning_of, entity_resource
from shoumi.server.register.models import AccessReview, TradeSecret
from shoumi.server.register.queries.secrets import secrets_visible_to
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.queries.timeline import SENTENCES

PAGE = 50
WATCHED: tuple[tuple[str, Any, tuple[Tag, ...]], ...] = (
    ("sign_ins", _("Successful sign-ins"), (Tag.ACCOUNTS_SIGN_IN_SUCCEEDED,)),
    ("failures", _("Failed sign-ins"), (Tag.ACCOUNTS_SIGN_IN_FAILED,)),
    ("locks", _("Locked sign-ins"), (Tag.ACCOUNTS_SIGN_IN_LOCKED,)),
    ("refusals", _("Refused attempts"), (Tag.POLICY_DECISION_REFUSED,)),
    ("retrievals", _("Contents opened"), (RegisterTag.FILE_OPENED, RegisterTag.PACKAGE_TAKEN)),
    ("prints", _("Extracts and labels printed"), (RegisterTag.EXTRACT_PRINTED, RegisterTag.LABEL_PRINTED)),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing somebody did, as the page shows it; `secret` only if the reader may see that one."""

    index: int
    at: datetime
    text: str
    secret: TradeSecret | None


@dataclass(frozen=True, slots=True)
class Figure:
    """How often one kind of event was recorded."""

    key: str
    label: Any
    count: int


def activity_of(reader: User, user: User, *, below: int | None = None) -> tuple[list[Deed], EntryPage]:
    """Return what `user` did in the register, the newest first, and the page for going on.

    Whether `reader` may look at all was asked before.
    """
    page = entry_page(EntryFilter(tag="register", actor=user.ledger_actor), below=below, limit=PAGE)
    named = [entry.subject for entry in page.entries if entry.subject.startswith("secret:")]
    keys = {subject.removeprefix("secret:") for subject in named}
    seen = {str(row.pk): row for row in secrets_visible_to(reader).filter(pk__in=keys)}
    deeds = [
        Deed(
            entry.index,
            entry.time,
            str(SENTENCES.get(entry.tag, entry.tag)),
            seen.get(entry.subject.removeprefix("secret:")),
        )
        for entry in page.entries
    ]
    return deeds, page


def access_figures(entity: LegalEntity, starts_on: date, ends_on: date) -> list[Figure]:
    """Return how often each watched event was recorded from one day to another, both included.

    Days are those of `entity`; the ledger is that of the whole installation.
    """
    since = beginning_of(starts_on, entity.country)
    until = beginning_of(ends_on + timedelta(days=1), entity.country)
    wanted = [tag.value for *_head, tags in WATCHED for tag in tags]
    counts = tag_counts(EntryFilter(since=since, until=until), wanted)
    return [Figure(key, label, sum(counts.get(tag, 0) for tag in tags)) for key, label, tags in WATCHED]


def review_due(entity: LegalEntity, today: date) -> date:
    """Return the day by which access has to be reviewed: today if it never was."""
    last = AccessReview.objects.filter(entity=entity).order_by("-ends_on").first()
    return last.due_on if last else today


def review_days(entity: LegalEntity) -> int:
    """Return after how many days access is reviewed again."""
    return pack_for(entity.pack).carriers.days["access_review"]


def entities_to_view(user: User) -> Sequence[LegalEntity]:
    """Return the legal entities whose access `user` may look at."""
    rows = list(LegalEntity.objects.order_by("code"))
    wishes = [(Action.ACCESS_VIEW, entity_resource(row)) for row in rows]
    return [row for row, one in zip(rows, gate.decide_each(user, wishes), strict=True) if one.permitted]
