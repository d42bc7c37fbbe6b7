"""What the mark inside a secret's files says, and how it looks.

Follows the seed guide 五(一)1 for the four parts; words are those of the country's pack, in its own language.
Only what is designated bears a mark: before, there is no level that holds, and afterwards no secret.
"""

from __future__ import annotations

from typing import Final, Literal

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from shoumi.engine.clock import format_time
from shoumi.engine.marking.values import LONGEST_PART, LONGEST_REMINDER, Form, Label, Mark
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import MarkLook, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.words import label_of, period_words

LANGUAGE_OF_PACK: Final = {"cn": "zh-hans", "jp": "ja"}
DESIGNATED: Final = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
_LANGUAGES: Final[dict[str, Literal["zh", "ja", "en"]]] = {"cn": "zh", "jp": "ja"}


def period_on_mark(secret: TradeSecret) -> str:
    """Return the period as a mark tells it: the last secret day where there is one, else the words."""
    if secret.period_ends_on:
        return _("Until %(day)s") % {"day": secret.period_ends_on.isoformat()}
    return period_words(secret.period)


def mark_of(secret: TradeSecret) -> Mark | None:
    """Return the mark that the files of a secret bear now, or None if it is not designated."""
    if secret.state not in DESIGNATED or not secret.level:
        return None
    language = _LANGUAGES.get(secret.pack, "en")
    with translation.override(LANGUAGE_OF_PACK.get(secret.pack, "en")):
        return Mark(
            title=_line(secret.number or secret.name, LONGEST_PART),
            level=_line(label_of(secret), LONGEST_PART),
            period=_line(period_on_mark(secret), LONGEST_PART),
            owner=_line(f"{secret.entity} {secret.owner_department}", LONGEST_PART),
            reminder=_line(reminder_on_mark(secret), LONGEST_REMINDER),
            language=language,
        )


def reminder_on_mark(secret: TradeSecret, place: str = "document") -> str:
    """Return the reminder of the duty of confidentiality in the words of the secret's pack."""
    return pack_of(secret).reminders[place].in_language(LANGUAGE_OF_PACK.get(secret.pack, "en"))


def look_of(secret: TradeSecret) -> MarkLook | None:
    """Return the company's look for a secret: the closest of category and level, or None for the default."""
    rows = MarkLook.objects.filter(
        entity=secret.entity_id, category__in=["", secret.category], level__in=["", secret.level]
    )
    return max(rows, key=lambda row: (bool(row.category), bool(row.level)), default=None)


def form_of(secret: TradeSecret) -> Form:
    """Return the form of the mark, without the line of a copy and without a font."""
    look = look_of(secret)
    if look is None:
        return Form()
    label = None
    if look.label_id and look.site_id:
        made = secret.versions.order_by("-ordinal").values_list("made_at", flat=True).first()
        set_at = format_time(made) if made else ""
        label = Label(str(look.label_id), str(look.site_id), look.label_name, set_at)
    return Form(
        banner=look.banner,
        header=look.header,
        footer=look.footer,
        watermark=look.watermark,
        cover_sheet=look.cover_sheet,
        label=label,
    )


def _line(text: str, longest: int) -> str:
    """Return `text` as one printable line that fits, with a dash for nothing."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line[: longest - 1] + "…" if len(line) > longest else line or "–"


def looks_of(entity: LegalEntity) -> QuerySet[MarkLook]:
    """Return the looks that a company has set."""
    return MarkLook.objects.filter(entity=entity).select_related("set_by")
