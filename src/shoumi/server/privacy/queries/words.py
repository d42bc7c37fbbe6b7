"""What the pack of a legal entity says about personal data, in the reader's language or in a given one.

Source: the packs' `personal_data.yaml`, by the engine.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.personal_data import (
    BY_BASIS,
    PersonalDataTable,
    Reason,
    consents_needed,
    load_personal_data,
)
from shoumi.engine.jurisdiction.values import Texts
from shoumi.server.people.models import LegalEntity
from shoumi.server.privacy.models import Processing

SENTENCES = {
    Reason.PERMITTED: _("It may be collected."),
    Reason.UNKNOWN_KIND: _("There is no such kind of data."),
    Reason.UNKNOWN_PURPOSE: _("There is no such purpose."),
    Reason.NEVER: _("It is never collected for this purpose, whoever agrees."),
    Reason.NO_PROCESSING: _(
        "No processing in the register that both owners agreed to covers it for this purpose at this time."
    ),
    Reason.NOT_CONCERNED: _("The processing does not concern this person."),
    Reason.ABOUT_EVERYBODY: _("Content is collected only about departments or persons that are named."),
    Reason.NO_ASSESSMENT: _("It needs an impact assessment before."),
    Reason.NO_NOTICE: _("The person has not been told."),
    Reason.NO_CONSENT: _("The person has not agreed."),
}


class Worded(Protocol):
    """Something of a pack that has names."""

    @property
    def names(self) -> Texts:
        """Its names in three languages."""


def table_of(entity: LegalEntity) -> PersonalDataTable:
    """Return what the entity's country asks of processings."""
    return load_personal_data(entity.pack)


def said(texts: Texts) -> str:
    """Return a pack's text in the language that is active."""
    return texts.in_language(get_language() or "en")


def named(known: Mapping[str, Worded], key: str) -> str:
    """Return the name of one of a pack's things; the key itself if it has none."""
    found = known.get(key)
    return said(found.names) if found is not None else key


def choices(known: Mapping[str, Worded], first: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Return a pack's things to choose from."""
    return [*first, *((key, said(item.names)) for key, item in known.items())]


def kinds_words(row: Processing) -> str:
    """Return the kinds of data of a processing."""
    table = table_of(row.entity)
    return " · ".join(named(table.kinds, kind) for kind in row.kinds)


def purpose_words(row: Processing) -> str:
    """Return what a processing is for."""
    return named(table_of(row.entity).purposes, row.purpose)


def basis_words(row: Processing) -> str:
    """Return the legal basis, with the citation of its rule and whether it is confirmed."""
    table = table_of(row.entity)
    entry = table.bases.get(row.basis)
    if entry is None:
        return row.basis
    return f"{said(entry.names)} ({cite(row.entity, entry.rule) or gettext('not confirmed')})"


def cite(entity: LegalEntity, rule_id: str) -> str:
    """Return the citation of a rule of the entity's pack; empty for none."""
    rules = load_pack(entity.pack).rules
    return next((rule.cite for rule in rules if rule.id == rule_id), "")


def traits_words(row: Processing) -> str:
    """Return what makes a processing delicate."""
    traits = table_of(row.entity).traits
    return " · ".join(named(traits, trait) for trait in row.traits)


def scopes_of_consent(row: Processing) -> tuple[str, ...]:
    """Return to what each person must agree, apart."""
    return consents_needed(table_of(row.entity), kinds=row.kinds, basis=row.basis, traits=row.traits)


def scope_words(row: Processing, scope: str) -> str:
    """Return what one consent is about."""
    table = table_of(row.entity)
    if scope == BY_BASIS:
        return gettext("the processing as a whole")
    return named(table.traits, scope) if scope in table.traits else named(table.kinds, scope)
