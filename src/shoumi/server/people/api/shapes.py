"""What goes in and out of the API of people.

Annotations are evaluated at once here: django-ninja wraps paginated functions in a module of its own that
does not know the names in ours.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from shoumi.server.accounts.masking import mask
from shoumi.server.people.border import Border, border_of
from shoumi.server.people.models import Person

Short = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=400)]
Kind = Literal["employee", "dispatched_worker", "contractors_worker", "adviser"]
Level = Annotated[int, Field(ge=0, le=3)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class EntityOut(Schema):
    """A legal entity."""

    id: UUID
    code: str
    country: Literal["CN", "JP"]
    name_zh: str
    name_ja: str
    name_en: str
    registration_number: str
    version: int


class DepartmentOut(Schema):
    """A department."""

    id: UUID
    entity_id: UUID
    parent_id: UUID | None
    code: str
    name: str
    owner_id: UUID | None
    closed_on: date | None
    version: int


class PostOut(Schema):
    """A post with its secrecy level, 0 none to 3 core."""

    id: UUID
    department_id: UUID
    title: str
    level: int
    level_reason: str
    closed_on: date | None
    version: int


class EngagementOut(Schema):
    """A stretch of work; it holds until the first moment of `ends_on`."""

    id: UUID
    person_id: UUID
    kind: Kind
    department_id: UUID
    post_id: UUID | None
    contractor: str
    starts_on: date
    ends_on: date | None
    end_reason: str
    version: int


class PersonOut(Schema):
    """A person as colleagues may look them up."""

    id: UUID
    entity_id: UUID
    number: str
    name: str
    reading: str
    active: bool
    departments: list[UUID]
    posts: list[UUID]
    version: int

    @staticmethod
    def resolve_name(row: Person, context: Mapping[str, Any]) -> str:
        """Return the name, masked unless the border is open."""
        return border_in(context).shown(row, row.name)

    @staticmethod
    def resolve_reading(row: Person, context: Mapping[str, Any]) -> str:
        """Return the reading, masked likewise."""
        return border_in(context).shown(row, row.reading)

    @staticmethod
    def resolve_number(row: Person, context: Mapping[str, Any]) -> str:
        """Return the number, masked likewise."""
        return border_in(context).shown(row, row.number)

    @staticmethod
    def resolve_active(row: Person) -> bool:
        """Tell whether an engagement holds today."""
        return bool(row.current)

    @staticmethod
    def resolve_departments(row: Person) -> list[UUID]:
        """Return where the person works today."""
        return [item.department_id for item in row.current]

    @staticmethod
    def resolve_posts(row: Person) -> list[UUID]:
        """Return the posts held today."""
        return [item.post_id for item in row.current if item.post_id]


def border_in(context: Mapping[str, Any]) -> Border:
    """Return the border of whoever calls."""
    return border_of(context["request"].user)


class PersonRecord(PersonOut):
    """A person's record, masked."""

    phone: str
    email: str
    user_id: UUID | None

    @staticmethod
    def resolve_phone(row: Person) -> str:
        """Return the telephone with its middle hidden."""
        return mask(row.phone)

    @staticmethod
    def resolve_email(row: Person) -> str:
        """Return the e-mail with its middle hidden."""
        return mask(row.email)


class PersonIn(Schema):
    """A person to be entered."""

    entity_id: UUID
    number: Annotated[str, Field(min_length=1, max_length=32)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    reading: Annotated[str, Field(max_length=160)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    department_id: UUID | None = None  # where they will work, for permission only


class PersonChange(Schema):
    """Fields of a person to be changed; absent ones stay."""

    expected_version: Version
    number: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    reading: Annotated[str, Field(max_length=160)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None


class RevealIn(Schema):
    """What shall be shown, and why."""

    field: Literal["phone", "email"]
    purpose: Line = ""


class Revealed(Schema):
    """One field in full."""

    value: str


class TermsIn(Schema):
    """As what, where and when somebody works."""

    kind: Kind
    department_id: UUID
    post_id: UUID | None = None
    starts_on: date
    ends_on: date | None = None
    contractor: Short = ""


class MoveIn(TermsIn):
    """Where somebody goes."""

    expected_version: Version
    note: Line = ""


class EndIn(Schema):
    """When and why an engagement ends."""

    expected_version: Version
    ends_on: date
    reason: Literal["resigned", "expired", "dismissed", "retired", "other", ""] = ""
    note: Line = ""


class DepartmentIn(Schema):
    """A department to be made."""

    entity_id: UUID
    code: Annotated[str, Field(min_length=1, max_length=32)]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    parent_id: UUID | None = None
    owner_id: UUID | None = None


class DepartmentChange(Schema):
    """A department as it shall be."""

    expected_version: Version
    code: Annotated[str, Field(min_length=1, max_length=32)]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    owner_id: UUID | None = None


class DepartmentMove(Schema):
    """Where a department shall stand; without parent at the top of its entity."""

    expected_version: Version
    parent_id: UUID | None = None


class Versioned(Schema):
    """The version that was read."""

    expected_version: Version


class PostIn(Schema):
    """A post to be made."""

    department_id: UUID
    title: Annotated[str, Field(min_length=1, max_length=120)]
    level: Level = 0
    level_reason: Line = ""


class LevelIn(Schema):
    """The level of a post and why."""

    expected_version: Version
    level: Level
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class CellFaultOut(Schema):
    """One thing that is wrong in a file, at its cell."""

    cell: str
    column: str
    code: str
    text: str


class ImportOut(Schema):
    """An import under way."""

    id: UUID
    state: str
    version: int
    counts: dict[str, int]
    faults: list[CellFaultOut] = []


class ApplyIn(Schema):
    """Apply an import; faulty rows are left out only if that is said."""

    expected_version: Version
    leave_out_faulty: bool = False
