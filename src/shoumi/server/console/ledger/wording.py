"""Words for whoever and whatever the ledger names; tags have theirs beside them in the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shoumi.server.ledger.vocabulary import OBJECTS

SUBJECT_ID_SHOWN = 8  # characters of an id that lists show


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
