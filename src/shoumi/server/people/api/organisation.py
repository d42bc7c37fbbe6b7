"""Legal entities, departments and posts over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Status
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.people import services
from shoumi.server.people.api.lookup import found, optional
from shoumi.server.people.api.routing import router
from shoumi.server.people.api.shapes import (
    DepartmentChange,
    DepartmentIn,
    DepartmentMove,
    DepartmentOut,
    EntityOut,
    LevelIn,
    PostIn,
    PostOut,
    Versioned,
)
from shoumi.server.people.models import Department, Post
from shoumi.server.people.queries import departments_visible, entities_visible, persons_visible, posts_visible


@router.get("/entities", response=list[EntityOut])
def entity_list(request: HttpRequest) -> Any:
    """Return the legal entities that the caller may see."""
    return entities_visible(request.user)


@router.get("/departments", response=list[DepartmentOut])
@paginate(Paging)
def department_list(request: HttpRequest, entity_id: UUID | None = None) -> Any:
    """Return the departments that the caller may see, closed ones too."""
    rows = departments_visible(request.user)
    return rows.filter(entity=entity_id) if entity_id else rows


@router.post("/departments", response={201: DepartmentOut})
def department_create(request: HttpRequest, data: DepartmentIn) -> Any:
    """Make a department."""
    made = services.department_create(
        actor=request.user,
        entity=found(entities_visible(request.user), data.entity_id),
        code=data.code,
        name=data.name,
        parent=optional(departments_visible(request.user), data.parent_id),
        owner=optional(persons_visible(request.user), data.owner_id),
    )
    return Status(201, made)


@router.put("/departments/{department_id}", response=DepartmentOut)
def department_change(request: HttpRequest, department_id: UUID, data: DepartmentChange) -> Department:
    """Change code, name or head of a department."""
    return services.department_change(
        actor=request.user,
        department=found(departments_visible(request.user), department_id),
        expected_version=data.expected_version,
        code=data.code,
        name=data.name,
        owner=optional(persons_visible(request.user), data.owner_id),
    )


@router.post("/departments/{department_id}/move", response=DepartmentOut)
def department_move(request: HttpRequest, department_id: UUID, data: DepartmentMove) -> Department:
    """Hang a department elsewhere in the tree of its entity."""
    return services.department_move(
        actor=request.user,
        department=found(departments_visible(request.user), department_id),
        expected_version=data.expected_version,
        parent=optional(departments_visible(request.user), data.parent_id),
    )


@router.post("/departments/{department_id}/close", response=DepartmentOut)
def department_close(request: HttpRequest, department_id: UUID, data: Versioned) -> Department:
    """Close a department in which nobody works."""
    department = found(departments_visible(request.user), department_id)
    return services.department_close(
        actor=request.user, department=department, expected_version=data.expected_version
    )


@router.get("/posts", response=list[PostOut])
@paginate(Paging)
def post_list(request: HttpRequest, department_id: UUID | None = None) -> Any:
    """Return the posts that the caller may see."""
    rows = posts_visible(request.user)
    return rows.filter(department=department_id) if department_id else rows


@router.post("/posts", response={201: PostOut})
def post_create(request: HttpRequest, data: PostIn) -> Any:
    """Make a post; a level above 0 needs the permission to set levels."""
    made = services.post_create(
        actor=request.user,
        department=found(departments_visible(request.user), data.department_id),
        title=data.title,
        level=data.level,
        level_reason=data.level_reason,
    )
    return Status(201, made)


@router.post("/posts/{post_id}/level", response=PostOut)
def post_set_level(request: HttpRequest, post_id: UUID, data: LevelIn) -> Post:
    """Set the secrecy level of a post."""
    return services.post_set_level(
        actor=request.user,
        post=found(posts_visible(request.user), post_id),
        expected_version=data.expected_version,
        level=data.level,
        reason=data.reason,
    )
