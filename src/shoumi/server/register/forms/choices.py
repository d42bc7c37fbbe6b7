"""What can be chosen in the register's forms: the pack's lists and the entity's people, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction import Pack
from shoumi.engine.jurisdiction.pack import GROUPS
from shoumi.engine.jurisdiction.values import Texts
from shoumi.server.register.queries.choosing import persons_of
from shoumi.server.register.queries.words import GROUP_WORDS

Choice = tuple[str, str]


def said(texts: Texts) -> str:
    """Return a pack's text in the reader's language."""
    return texts.in_language(get_language() or "en")


def categories(pack: Pack) -> list[tuple[str, list[Choice]]]:
    """Return the categories in their groups, with a first empty choice."""
    grouped = [
        (
            str(GROUP_WORDS[group]),
            [(item.id, _label(item.names, item.contents)) for item in pack.categories if item.group == group],
        )
        for group in GROUPS
    ]
    return [("", [("", _("Choose…"))]), *grouped]


def levels(pack: Pack) -> list[Choice]:
    """Return the levels, highest first, by their labels."""
    return [(level.id, said(level.labels)) for level in pack.levels]


def persons(entity_id: object) -> list[Choice]:
    """Return the persons engaged by an entity now, with their departments, for a select."""
    rows = [(str(person.pk), _person(person)) for person in persons_of(entity_id)]
    return [("", _("Choose…")), *rows]


def _label(names: Texts, contents: object) -> str:
    examples: Iterable[str] = getattr(contents, "get", lambda _code, _none: ())(
        (get_language() or "en").split("-")[0], ()
    )
    listed = ", ".join(list(examples)[:4])
    return f"{said(names)} ({listed}…)" if listed else said(names)


def _person(person: object) -> str:
    department = getattr(person, "department", None)
    return f"{person} · {department}" if department else str(person)
