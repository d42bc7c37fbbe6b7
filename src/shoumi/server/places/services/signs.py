"""Prints the signs of a zone: the prohibitions for each entrance, and the sign of a key place.

Follows the seed guide 五(四)2(2) and the knowledge Q&A 十一 (visible sign).  The words are the pack's; a sign
carries the languages that are chosen, and is printed as it will hang.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import level_by_id, load_pack
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.files.printing import render_pdf
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.places.models import Sign, Zone
from shoumi.server.places.queries.holding import bans_devices, key_place_of
from shoumi.server.places.queries.resources import zone_resource
from shoumi.server.places.queries.standards import rules_for

LANGUAGES = ("zh-hans", "ja", "en")
TAGS = {"zh-hans": "zh-Hans", "ja": "ja", "en": "en"}


class SignLanguageError(InputError):
    """No language, or one that signs are not made in."""

    code = "places.sign_language"
    message = "Choose at least one language of the sign."


@dataclass(frozen=True, slots=True)
class SignText:
    """What a sign says in one language."""

    tag: str  # of the language, for the typeface
    level: str
    lines: tuple[str, ...]  # prohibitions


@dataclass(frozen=True, slots=True)
class SignPage:
    """One sheet."""

    kind: str
    zone: Zone
    entrance: str
    level: str  # id, for the shape beside the words
    heads: tuple[tuple[str, str], ...]  # language tag and heading, for key places
    texts: tuple[SignText, ...]


@take_out
def signs_print(*, actor: User, zone: Zone, languages: Sequence[str]) -> bytes:
    """Return a PDF with one warning per open entrance, and the sign of the key place if it is one.

    Raises:
        NotPermittedError: the actor does not manage the zone.
        SignLanguageError: no language of `LANGUAGES` is chosen.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    chosen = [language for language in LANGUAGES if language in languages]
    if not chosen:
        raise SignLanguageError
    pages = sign_pages(zone, chosen)
    content = render_pdf("places/print/signs.html", {"pages": pages, "many": len(chosen) > 1}, chosen[0])
    with transaction.atomic():
        append(
            LedgerTag.PLACES_SIGN_PRINTED,
            actor=actor.ledger_actor,
            subject=zone.ledger_subject,
            detail={"languages": chosen, "sheets": str(len(pages))},
        )
    return content


def sign_pages(zone: Zone, languages: Sequence[str]) -> list[SignPage]:
    """Return the sheets of a zone: one per entrance, at least one, and one more for a key place."""
    names = list(zone.entrances.filter(closed_on__isnull=True).values_list("name", flat=True)) or [""]
    texts = tuple(_text(zone, language) for language in languages)
    level = LEVEL_IDS[zone.level]
    pages = [SignPage(Sign.Kind.WARNING, zone, name, level, (), texts) for name in names]
    if key_place_of(zone) is not None:
        title = rules_for(zone.entity).key_sign
        heads = tuple((TAGS[language], title.in_language(language)) for language in languages)
        pages.append(SignPage(Sign.Kind.KEY_PLACE, zone, "", level, heads, texts))
    return pages


def _text(zone: Zone, language: str) -> SignText:
    rules = rules_for(zone.entity)
    lines = [sign.names.in_language(language) for sign in rules.signs]
    if bans_devices(zone):
        lines.append(rules.device_sign.in_language(language))
    pack = load_pack(zone.entity.pack)
    level = level_by_id(pack, LEVEL_IDS[zone.level]).labels.in_language(language) if zone.level else ""
    return SignText(TAGS[language], level, tuple(lines))
