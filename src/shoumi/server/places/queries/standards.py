"""What the pack of a zone's country says, in the reader's language.

Follows `packs/*/zones.yaml`.  Reads no row.
"""

from __future__ import annotations

from django.utils.translation import get_language

from shoumi.engine.jurisdiction import Origin, PlaceRules, Texts, load_pack
from shoumi.server.people.models import LegalEntity


def rules_for(entity: LegalEntity) -> PlaceRules:
    """Return the rules about places of the country in which `entity` sits."""
    return load_pack(entity.pack).places


def origin_of(entity: LegalEntity) -> Origin:
    """Return where these rules come from, and how well they are known."""
    return load_pack(entity.pack).origins["zones.yaml"]


def said(texts: Texts) -> str:
    """Return a pack's text in the reader's language."""
    return texts.in_language(get_language() or "en")


def check_words(entity: LegalEntity, check_id: str) -> str:
    """Return the question of a check; its id if the pack asks it no longer."""
    found = next((item for item in rules_for(entity).checks if item.id == check_id), None)
    return said(found.names) if found else check_id


def device_words(entity: LegalEntity, kind: str) -> str:
    """Return what a kind of device is called."""
    found = next((item for item in rules_for(entity).devices if item.id == kind), None)
    return said(found.names) if found else kind


def ground_words(entity: LegalEntity, group_id: str) -> str:
    """Return what a must-be group is called, empty for none."""
    group = rules_for(entity).group(group_id) if group_id else None
    return said(group.names) if group else ""
