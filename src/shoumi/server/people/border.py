"""The border: whether who looks sits in another country than the person whose data they want to see.

A viewer in another country is an export, and so is a file that they take out.  The grounds on which that may
be are kept above; they are registered here.  Without one nothing is shown; an unknown country is abroad.
Names, numbers and addresses ask by themselves wherever they are read (`accounts.naming`); the rest asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from uuid import UUID

from django.db.models import Model

from shoumi.engine.errors import RefusalError
from shoumi.engine.policy import Subject
from shoumi.server.accounts import gate
from shoumi.server.accounts.masking import HIDDEN, mask
from shoumi.server.accounts.models import User
from shoumi.server.accounts.names_in_text import NamesInText
from shoumi.server.accounts.naming import sight_of
from shoumi.server.people.models import LegalEntity, Person

Grounds = Callable[[str], Collection[UUID]]  # country of who looks → entities whose persons they may see

_grounds: list[Grounds] = []


class BorderError(RefusalError):
    """The viewer is in another country and nothing on record lets the data go there."""

    code = "people.border"
    message = "This stays masked: you are not in {country}, and no basis for sending data abroad is recorded."


def border_grounds_register(function: Grounds) -> None:
    """Let `function` say which legal entities have a basis on record for a country today."""
    if function not in _grounds:
        _grounds.append(function)


class Border:
    """The border as it is for one viewer; what it knows is read once, and only if it is needed."""

    def __init__(self, viewer: User) -> None:
        """Remember who looks."""
        self.viewer = viewer

    @cached_property
    def _subject(self) -> Subject:
        return gate.subject_of(self.viewer)

    @property
    def _entity(self) -> str:
        return self._subject.legal_entity or ""

    @cached_property
    def _countries(self) -> dict[UUID, str]:
        return dict(LegalEntity.objects.values_list("pk", "country"))

    @cached_property
    def _country(self) -> str:
        """The country of the viewer's work; without work that of their roles, if it is one; else empty."""
        if self._entity:
            return self._countries[UUID(self._entity)]
        scopes = {role.scope for role in self._subject.roles}
        if scopes and all(scope.startswith("entity:") for scope in scopes):
            found = {self._countries.get(UUID(scope.partition(":")[2]), "") for scope in scopes}
        else:
            found = set(self._countries.values())
        return found.pop() if len(found) == 1 else ""

    @cached_property
    def _granted(self) -> frozenset[UUID]:
        return frozenset(key for each in _grounds for key in each(self._country))

    @cached_property
    def _closed(self) -> frozenset[UUID]:
        """The legal entities whose persons stay masked."""
        return frozenset(
            key
            for key, country in self._countries.items()
            if str(key) != self._entity and country != self._country and key not in self._granted
        )

    @cached_property
    def _rows(self) -> list[tuple[UUID, UUID | None, str, str | None, str]]:
        """The key, sign-in, names and number of everybody who stays masked, as they are kept."""
        if not self._closed:
            return []
        rows = Person.objects.filter(entity__in=self._closed).order_by()
        found = rows.values_list("pk", "user_id", "name", "user__display_name", "number")
        return [row for row in found if row[1] != self.viewer.pk]

    @cached_property
    def _hidden(self) -> dict[type[Model], set[UUID | None]]:
        """The keys of everybody who stays masked: of persons, and of their sign-ins."""
        return {Person: {row[0] for row in self._rows}, User: {row[1] for row in self._rows}}

    @cached_property
    def texts(self) -> NamesInText:
        """What masks their names in texts."""
        names = {name for row in self._rows for name in row[2:4] if name}
        return NamesInText(names | {f"{row[2]}({row[4]})" for row in self._rows})  # as ledgers write them

    def hides(self, kind: type[Model], key: object) -> bool:
        """Tell whether a person, or a sign-in, by its key, stays masked."""
        return key is not None and key != self.viewer.pk and key in self._hidden.get(kind, ())

    def open(self, person: Person) -> bool:
        """Tell whether data of `person` may be seen, or taken out, from where the viewer sits."""
        return person.user_id == self.viewer.pk or person.entity_id not in self._closed

    def closed(self, thing: object) -> bool:
        """Tell whether `thing` is a person who stays masked."""
        return isinstance(thing, Person) and not self.open(thing)

    def shown(self, person: Person, value: str) -> str:
        """Return a value of a person, masked unless the border is open."""
        return value if HIDDEN in value or self.open(person) else mask(value)

    def require(self, person: Person) -> None:
        """Return if the border is open to data of `person`.

        Raises:
            BorderError: it is not.
        """
        if not self.open(person):
            raise BorderError(country=str(person.entity.get_country_display()))


def border_of(viewer: User) -> Border:
    """Return the border for a viewer: the one that is known already, if it is they who are looking now."""
    known = sight_of(viewer)
    return known if isinstance(known, Border) else Border(viewer)


def guard(user: object) -> Callable[[object], bool]:
    """Return what stays masked for `user` in a list."""
    return border_of(user).closed if isinstance(user, User) else lambda thing: isinstance(thing, Person)
