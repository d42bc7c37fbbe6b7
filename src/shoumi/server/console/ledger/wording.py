"""Words for the ledger's vocabulary: what a tag, an actor and a subject are called on a page.

A tag is shown as its three parts, each with its own word; a part that means something else in one area has a
word for that area (`lifecycle:party`).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shoumi.server.console.ledger.vocabulary import AREAS, EVENTS, OBJECTS

SUBJECT_ID_SHOWN = 8  # characters of an id that lists show


def tag_words(tag: str) -> tuple[str, str, str]:
    """Return the words for area, object and event of `tag`, in the reader's language."""
    area, thing, event = tag.split(":")
    return (
        str(AREAS.get(area, area)),
        str(OBJECTS.get(f"{area}:{thing}") or OBJECTS.get(thing, thing)),
        str(EVENTS.get(f"{area}:{event}") or EVENTS.get(event, event)),
    )


def subject_words(subject: str) -> tuple[str, str]:
    """Return what kind of thing `subject` is, in words, and the beginning of its id."""
    kind, _colon, identifier = subject.partition(":")
    return str(OBJECTS.get(kind, kind)), identifier[:SUBJECT_ID_SHOWN]


def actor_words(actor: str, names: Mapping[str, str]) -> str:
    """Return what `actor` is called: the user's name by `names` (id to name), or the part of the system."""
    kind, _colon, identifier = actor.partition(":")
    if kind == "system":
        return _("System (%(part)s)") % {"part": identifier}
    return names.get(identifier, actor)
