"""The border: whether who looks sits in another country than the person whose data they want to see.

A viewer in another country is an export, and so is a file that they take out.  The grounds on which that may
be are kept above; they are registered here.  Without one nothing is shown; an unknown country is abroad.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from uuid import UUID

from shoumi.engine.errors import RefusalError
from shoumi.server.accounts import gate
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.models import User
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
        self._subject = gate.subject_of(viewer)
        self._entity = self._subject.legal_entity or ""

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

    def open(self, person: Person) -> bool:
        """Tell whether data of `person` may be seen, or taken out, from where the viewer sits."""
        if str(person.entity_id) == self._entity or person.user_id == self.viewer.pk:
            return True
        return self._countries[person.entity_id] == self._country or person.entity_id in self._granted

    def closed(self, thing: object) -> bool:
        """Tell whether `thing` is a person who stays masked."""
        return isinstance(thing, Person) and not self.open(thing)

    def shown(self, person: Person, value: str) -> str:
        """Return a value of a person, masked unless the border is open."""
        return value if self.open(person) else mask(value)

    def require(self, person: Person) -> None:
        """Return if the border is open to data of `person`.

        Raises:
            BorderError: it is not.
        """
        if not self.open(person):
            raise BorderError(country=str(person.entity.get_country_display()))


def guard(user: object) -> Callable[[object], bool]:
    """Return what stays masked for `user` in a list."""
    return Border(user).closed if isinstance(user, User) else lambda thing: isinstance(thing, Person)
