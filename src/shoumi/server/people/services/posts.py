"""Makes, renames, grades and closes posts.

Follows the guide: posts are graded by the risk of what they deal with.  Human resources make posts; the
secrecy office sets their level, with the reason.  A level above none needs both permissions at once.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LEVELS, Department, Engagement, Post
from shoumi.server.people.queries import department_resource, not_over, today_of
from shoumi.server.people.services.editing import locked, record, text_of

LONGEST_REASON = 400  # characters, as the column


class PostExistsError(ConflictError):
    """The department has a post of this title."""

    code = "people.post_exists"
    message = "The department has a post “{title}” already."


class PostLevelError(InputError):
    """The level is none of ours."""

    code = "people.post_level"
    message = "{level} is not a secrecy level; levels run from 0 to 3."


class PostInUseError(ConflictError):
    """Somebody still holds the post, or it is closed already."""

    code = "people.post_in_use"
    message = "{count} persons still hold this post; move or end them first."


class DepartmentClosedError(ConflictError):
    """The department is closed."""

    code = "people.department_closed"
    message = "The department “{name}” is closed."


def post_create(
    *, actor: User, department: Department, title: str, level: int = 0, level_reason: str = ""
) -> Post:
    """Store a post; with a level above 0 the actor must also be allowed to set levels.

    Raises:
        NotPermittedError, PostExistsError, PostLevelError, DepartmentClosedError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, department_resource(department))
    if level:
        gate.require(actor, Action.POST_SET_LEVEL, department_resource(department))
    with transaction.atomic():
        post = post_made(department=department, title=title, level=level, level_reason=level_reason)
        _refuse_second(post)
        post.save(force_insert=True)
        record(
            LedgerTag.PEOPLE_POST_CREATED,
            actor=actor,
            subject=post.ledger_subject,
            detail={"department": str(department.pk), "title": post.title, "level": level},
        )
    return post


def post_made(*, department: Department, title: str, level: int, level_reason: str = "") -> Post:
    """Return a post that is not stored yet.

    Raises:
        PostLevelError, DepartmentClosedError, FieldMissingError, FieldTooLongError: each as it says.
    """
    if not department.is_open:
        raise DepartmentClosedError(name=department.name)
    return Post(
        id=uuid4(),
        department=department,
        title=text_of(Post, "title", title, required=True),
        level=_checked(level),
        level_reason=text_of(Post, "level_reason", level_reason),
        created_at=clock().now(),
    )


def post_rename(*, actor: User, post: Post, expected_version: int, title: str) -> Post:
    """Give a post another title.

    Raises:
        NotPermittedError, RecordChangedError, PostExistsError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, department_resource(post.department))
    with transaction.atomic():
        row = locked(Post, post.pk, expected_version)
        before, row.title = row.title, text_of(Post, "title", title, required=True)
        if before != row.title:
            _refuse_second(row)
            row.version += 1
            row.save()
            record(
                LedgerTag.PEOPLE_POST_CHANGED,
                actor=actor,
                subject=row.ledger_subject,
                detail={"before": before, "after": row.title},
            )
    return row


def post_set_level(*, actor: User, post: Post, expected_version: int, level: int, reason: str) -> Post:
    """Set the secrecy level of a post, and with it the clearance of everybody who holds it.

    Raises:
        NotPermittedError, RecordChangedError, PostLevelError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.POST_SET_LEVEL, department_resource(post.department))
    with transaction.atomic():
        row = locked(Post, post.pk, expected_version)
        before, row.level = row.level, _checked(level)
        row.level_reason = text_of(Post, "level_reason", reason, required=True)
        row.version += 1
        row.save()
        record(
            LedgerTag.PEOPLE_POST_LEVEL_SET,
            actor=actor,
            subject=row.ledger_subject,
            detail={"before": before, "after": row.level, "reason": row.level_reason},
        )
    return row


def post_level_apply(*, actor: User, post: Post, level: int, reason: str) -> Post:
    """Set the level that an approved designation gives a post, in the caller's transaction.

    Whoever calls has seen to it that two persons decided; it asks nobody for permission.

    Raises:
        PostLevelError: the level is none of ours.
    """
    row = locked(Post, post.pk, None)
    before, row.level = row.level, _checked(level)
    row.level_reason = text_of(Post, "level_reason", reason[:LONGEST_REASON], required=True)
    row.version += 1
    row.save()
    record(
        LedgerTag.PEOPLE_POST_LEVEL_SET,
        actor=actor,
        subject=row.ledger_subject,
        detail={"before": before, "after": row.level, "reason": row.level_reason},
    )
    return row


def post_close(*, actor: User, post: Post, expected_version: int) -> Post:
    """Close a post that nobody holds.

    Raises:
        NotPermittedError, RecordChangedError, PostInUseError: each as it says.
    """
    gate.require(actor, Action.ORGANISATION_EDIT, department_resource(post.department))
    with transaction.atomic():
        row = locked(Post, post.pk, expected_version)
        held = Engagement.objects.filter(not_over(), post=row).count()
        if held:
            raise PostInUseError(count=held)
        row.closed_on = row.closed_on or today_of(row.department.entity)
        row.version += 1
        row.save()
        record(
            LedgerTag.PEOPLE_POST_CLOSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"closed_on": row.closed_on.isoformat()},
        )
    return row


def _checked(level: int) -> int:
    if level not in dict(LEVELS):
        raise PostLevelError(level=level)
    return level


def _refuse_second(post: Post) -> None:
    others = Post.objects.filter(department_id=post.department_id, title=post.title).exclude(pk=post.pk)
    if others.exists():
        raise PostExistsError(title=post.title)
