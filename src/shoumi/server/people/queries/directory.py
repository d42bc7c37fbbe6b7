"""Finds entities, departments, posts and persons by the words that tables use: codes, names, numbers.

Loaded once for a batch of rows.  A word that could mean two records (two departments of one name) is refused,
never guessed.  It holds the rows in memory; a planner may add rows that are not stored yet.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.policy import COMPANY, department_scope, entity_scope
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post


class UnknownEntityError(InputError):
    """No legal entity is called so."""

    code = "people.unknown_entity"
    message = "There is no legal entity “{value}”."


class EntityNeededError(InputError):
    """There are several legal entities and none is named."""

    code = "people.entity_needed"
    message = "Say which legal entity is meant; there is more than one."


class UnknownDepartmentError(InputError):
    """No department is called so."""

    code = "people.unknown_department"
    message = "There is no department “{value}”."


class AmbiguousDepartmentError(InputError):
    """Several departments are called so."""

    code = "people.ambiguous_department"
    message = "“{value}” is the name of {count} departments; write the code instead."


class UnknownPostError(InputError):
    """The department has no such post."""

    code = "people.unknown_post"
    message = "“{department}” has no post “{value}”."


class UnknownPersonError(InputError):
    """Nobody is called so."""

    code = "people.unknown_person"
    message = "There is no person “{value}”."


class AmbiguousPersonError(InputError):
    """Several persons are called so."""

    code = "people.ambiguous_person"
    message = "“{value}” is the name of {count} persons; write the employee number instead."


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class Directory:
    """The organisation in memory."""

    def __init__(self) -> None:
        self.entities: list[LegalEntity] = []
        self.departments: dict[UUID, Department] = {}
        self.engagements: dict[UUID, list[Engagement]] = defaultdict(list)  # by person
        self._entity_words: dict[str, LegalEntity] = {}
        self._department_codes: dict[tuple[UUID, str], Department] = {}
        self._department_names: dict[tuple[UUID, str], list[Department]] = defaultdict(list)
        self._posts: dict[tuple[UUID, str], Post] = {}
        self._numbers: dict[tuple[UUID, str], Person] = {}
        self._names: dict[str, list[Person]] = defaultdict(list)

    @classmethod
    def load(cls) -> Directory:
        """Read the whole organisation: five queries."""
        found = cls()
        for entity in LegalEntity.objects.all():
            found.add_entity(entity)
        known = {entity.pk: entity for entity in found.entities}
        departments = list(Department.objects.order_by("path"))
        for department in departments:
            department.entity = known[department.entity_id]
            found.departments[department.pk] = department
        for department in departments:
            if department.parent_id:
                department.parent = found.departments[department.parent_id]
            found.add_department(department)
        for post in Post.objects.all():
            post.department = found.departments[post.department_id]
            found.add_post(post)
        persons = {person.pk: person for person in Person.objects.all()}
        for person in persons.values():
            person.entity = known[person.entity_id]
            found.add_person(person)
        for engagement in Engagement.objects.order_by("starts_on"):
            engagement.person = persons[engagement.person_id]
            engagement.department = found.departments[engagement.department_id]
            found.engagements[engagement.person_id].append(engagement)
        return found

    # --- rows in

    def add_entity(self, entity: LegalEntity) -> None:
        """Make an entity known by its code and names."""
        self.entities.append(entity)
        for word in (entity.code, entity.name_zh, entity.name_ja, entity.name_en):
            if word:
                self._entity_words.setdefault(_key(word), entity)

    def add_department(self, department: Department) -> None:
        """Make a department known by its code and name."""
        self.departments[department.pk] = department
        self._department_codes[department.entity_id, _key(department.code)] = department
        self._department_names[department.entity_id, _key(department.name)].append(department)

    def add_post(self, post: Post) -> None:
        """Make a post known by its title."""
        self._posts[post.department_id, _key(post.title)] = post

    def add_person(self, person: Person) -> None:
        """Make a person known by number and name."""
        self._numbers[person.entity_id, _key(person.number)] = person
        self._names[_key(person.name)].append(person)

    def forget_person(self, person: Person) -> None:
        """Take back `add_person`."""
        self._numbers.pop((person.entity_id, _key(person.number)), None)
        self._names[_key(person.name)].remove(person)

    # --- rows out

    def entity(self, text: str) -> LegalEntity:
        """Return the entity with this code or name; for an empty text the only one there is.

        Raises:
            UnknownEntityError, EntityNeededError: each as it says.
        """
        if not text.strip():
            if len(self.entities) == 1:
                return self.entities[0]
            raise EntityNeededError
        found = self._entity_words.get(_key(text))
        if found is None:
            raise UnknownEntityError(value=text)
        return found

    def entity_by_code(self, code: str) -> LegalEntity | None:
        """Return the entity with this code, None if there is none."""
        return next((entity for entity in self.entities if _key(entity.code) == _key(code)), None)

    def department_by_code(self, entity: LegalEntity, code: str) -> Department | None:
        """Return the department with this code, None if there is none."""
        return self._department_codes.get((entity.pk, _key(code)))

    def department(self, text: str, entity: LegalEntity | None = None) -> Department:
        """Return the department with this code, else with this name, in `entity` or in any.

        Raises:
            UnknownDepartmentError, AmbiguousDepartmentError: each as it says.
        """
        within = [entity] if entity else self.entities
        coded = [found for item in within if (found := self.department_by_code(item, text))]
        named = [found for item in within for found in self._department_names.get((item.pk, _key(text)), [])]
        found = coded or [item for item in named if item.is_open] or named
        if not found:
            raise UnknownDepartmentError(value=text)
        if len(found) > 1:
            raise AmbiguousDepartmentError(value=text, count=len(found))
        return found[0]

    def post_titled(self, department: Department, title: str) -> Post | None:
        """Return the post of `department` with this title, None if there is none."""
        return self._posts.get((department.pk, _key(title)))

    def post(self, department: Department, title: str) -> Post:
        """Return the post of `department` with this title.

        Raises:
            UnknownPostError: it has none.
        """
        found = self.post_titled(department, title)
        if found is None:
            raise UnknownPostError(value=title, department=department.name)
        return found

    def person_numbered(self, entity: LegalEntity, number: str) -> Person | None:
        """Return the person with this number, None if there is none."""
        return self._numbers.get((entity.pk, _key(number)))

    def person(self, text: str, entity: LegalEntity | None = None) -> Person:
        """Return the person with this number, else with this name, in `entity` or in any.

        Raises:
            UnknownPersonError, AmbiguousPersonError: each as it says.
        """
        within = [entity] if entity else self.entities
        numbered = [found for item in within if (found := self.person_numbered(item, text))]
        named = [
            person
            for person in self._names.get(_key(text), [])
            if entity is None or person.entity_id == entity.pk
        ]
        found = numbered or named
        if not found:
            raise UnknownPersonError(value=text)
        if len(found) > 1:
            raise AmbiguousPersonError(value=text, count=len(found))
        return found[0]

    def ancestry(self, department: Department) -> list[Department]:
        """Return the department and all above it, by the parents in memory; stops at a circle."""
        line: list[Department] = []
        item: Department | None = department
        while item is not None and item not in line:
            line.append(item)
            item = item.parent
        return line

    def places(self, departments: Iterable[Department], entity: LegalEntity) -> frozenset[str]:
        """Return the places of a row that stands in `departments` and belongs to `entity`."""
        found = {COMPANY, entity_scope(entity.pk)}
        for department in departments:
            found.add(entity_scope(department.entity_id))
            found |= {department_scope(item.pk) for item in self.ancestry(department)}
        return frozenset(found)
