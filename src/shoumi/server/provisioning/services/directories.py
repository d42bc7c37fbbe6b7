"""Directories set up by IT, tested, and let run by HR; each reading is kept with its counts and faults.

Who sets a directory up decides who would join and leave, so every change of it stops the runs until somebody
of HR, who is not the same person, lets them go on; they run in that person's name and by their rights.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_noop as _
from django_tasks import task

from shoumi.connectors.directory import DirectoryEntry, DirectorySource, entries
from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import Action, Role, resources
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import locked
from shoumi.server.provisioning.errors import DirectoryFieldError, StartedByAnotherError
from shoumi.server.provisioning.models import Directory, SyncRun
from shoumi.server.provisioning.queries.directories import PRESETS, directories_due
from shoumi.server.provisioning.queries.filters import ENTERPRISE
from shoumi.server.provisioning.sealing import password_open, password_seal
from shoumi.server.provisioning.services.directory import (
    Fault,
    SyncPlan,
    compared,
    fault_of,
    sync_apply,
    sync_plan,
)

SETUP = resources.setting("directory")
KEPT = 100  # runs of a directory
MOST_FAULTS = 500  # of one run that are kept
FAILED = _("The directory of %(entity)s could not be read or applied.")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a directory stands and how it is read; `password` None keeps the one that is there."""

    kind: str
    url: str
    base: str
    filter: str
    bind_dn: str = ""
    password: str | None = None
    authority: str = ""


def directory_connect(
    *, actor: User, entity: LegalEntity, wish: Connection, expected_version: int | None = None
) -> Directory:
    """Set up the directory of a legal entity, or change where it stands; nothing runs after that by itself.

    Another kind brings its own names for everything.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        DirectoryFieldError: an address that is none of LDAP's, no base, a filter without brackets.
    """
    gate.require(actor, Action.SETTINGS_EDIT, SETUP)
    _verify(wish)
    with transaction.atomic():
        known = Directory.objects.select_for_update(of=("self",), no_key=True).filter(entity=entity).first()
        row = locked(Directory, known.pk, expected_version) if known else Directory(entity=entity)
        if known is None or row.kind != wish.kind:
            row.attributes = dict(PRESETS[Directory.Kind(wish.kind)].attributes)
        for name in ("kind", "url", "base", "filter", "bind_dn", "authority"):
            setattr(row, name, getattr(wish, name).strip())
        if wish.password is not None:
            password_seal(row, wish.password)
        _changed(actor, row, {"parts": ["connection"], "password": wish.password is not None}, new=not known)
    return row


def directory_name(
    *,
    actor: User,
    directory: Directory,
    expected_version: int,
    attributes: Mapping[str, str],
    member_of: Sequence[str] | None = None,
) -> Directory:
    """Say what the directory calls things, and which groups count; nothing runs after that by itself.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        DirectoryFieldError: what everybody needs has no name, or groups are named without their attribute.
    """
    gate.require(actor, Action.SETTINGS_EDIT, SETUP)
    with transaction.atomic():
        row = locked(Directory, directory.pk, expected_version)
        row.attributes = {**row.attributes, **{name: value.strip() for name, value in attributes.items()}}
        if member_of is not None:
            row.member_of = [name.strip() for name in member_of if name.strip()]
        for name in ("number", "name", "department"):
            if not row.attributes.get(name):
                raise DirectoryFieldError(field=name)
        if row.member_of and not row.attributes.get("groups"):
            raise DirectoryFieldError(field="groups")
        _changed(actor, row, {"parts": ["names"]})
    return row


def directory_start(
    *, actor: User, directory: Directory, expected_version: int, rhythm: str, most_leavers: int | None = None
) -> Directory:
    """Let a directory run by itself in the actor's name, or no longer.

    Raises:
        NotPermittedError, RecordChangedError: each as it says.
        StartedByAnotherError: the actor changed the directory last.
    """
    gate.require(actor, Action.PERSON_IMPORT, entity_resource(directory.entity))
    with transaction.atomic():
        row = locked(Directory, directory.pk, expected_version)
        runs = rhythm != Directory.Rhythm.OFF
        if runs and row.changed_by_id == actor.pk:
            raise StartedByAnotherError
        row.rhythm, row.most_leavers = Directory.Rhythm(rhythm), most_leavers
        row.started_by = actor if runs else None
        row.version += 1
        row.save()
        _record(actor, row, {"parts": ["rhythm"], "rhythm": row.rhythm, "most_leavers": most_leavers})
    return row


def directory_test(*, actor: User, directory: Directory) -> SyncRun:
    """Read a directory and keep what it would change; nothing is changed.

    Raises:
        NotPermittedError: the actor neither sets directories up nor brings people into the entity.
    """
    if not gate.permits(actor, Action.PERSON_IMPORT, entity_resource(directory.entity)):
        gate.require(actor, Action.SETTINGS_EDIT, SETUP)
    with _reading(actor, directory, SyncRun.Kind.TEST) as run:
        found = _entries(directory)
        plan = compared(directory.entity, found, directory.attributes, directory.member_of)
        _count(run, found, plan, [])
    return run


def directory_run(*, actor: User, directory: Directory, kind: str = SyncRun.Kind.HAND) -> SyncRun:
    """Read a directory and do what it says, in the actor's name.

    What stops the whole run stands in the run that is returned; what stands against one entry as well.

    Raises:
        NotPermittedError: the actor does not bring people into the entity.
        StartedByAnotherError: the actor changed the directory last.
    """
    gate.require(actor, Action.PERSON_IMPORT, entity_resource(directory.entity))
    if directory.changed_by_id == actor.pk:
        raise StartedByAnotherError
    with _reading(actor, directory, SyncRun.Kind(kind)) as run:
        found = _entries(directory)
        plan = sync_plan(
            actor=actor, entity=directory.entity, found=found, attributes=directory.attributes,
            member_of=directory.member_of,
        )  # fmt: skip
        _count(run, found, plan, [])
        refused = sync_apply(
            actor=actor, entity=directory.entity, plan=plan, most_leavers=directory.most_leavers
        )
        _count(run, found, plan, refused)
    return run


def directories_read() -> int:
    """Read each directory whose time has come; return how many were. One that fails holds up no other."""
    done = 0
    for directory in directories_due(clock().now()):
        starter = directory.started_by
        if starter is None:
            continue
        try:
            run = directory_run(actor=starter, directory=directory, kind=SyncRun.Kind.CLOCK)
        except ShoumiError as error:  # whoever let it run may no longer do so
            run = SyncRun(
                directory=directory, kind=SyncRun.Kind.CLOCK, started_by=starter, started_at=clock().now()
            )
            _stopped(run, error)
        _tell(directory, run)
        done += 1
    return done


def directory_ask(*, actor: User, directory: Directory, kind: str) -> None:
    """Have a directory read in the background: tested, or run by hand.

    Raises:
        NotPermittedError, StartedByAnotherError: as the reading itself would.
    """
    wide = gate.permits(actor, Action.PERSON_IMPORT, entity_resource(directory.entity))
    if kind == SyncRun.Kind.TEST and not wide:
        gate.require(actor, Action.SETTINGS_EDIT, SETUP)
    else:
        gate.require(actor, Action.PERSON_IMPORT, entity_resource(directory.entity))
    if kind != SyncRun.Kind.TEST and directory.changed_by_id == actor.pk:
        raise StartedByAnotherError
    directory_read.enqueue(str(directory.pk), str(actor.pk), str(kind))


@task()
def directory_read(directory_id: str, user_id: str, kind: str) -> int:
    """Test or run a directory for whoever asked; return the number of its reading."""
    directory = Directory.objects.select_related("entity", "key").get(pk=directory_id)
    actor = User.objects.get(pk=user_id)
    if kind == SyncRun.Kind.TEST:
        return int(directory_test(actor=actor, directory=directory).pk)
    return int(directory_run(actor=actor, directory=directory, kind=kind).pk)


@contextmanager
def _reading(actor: User, directory: Directory, kind: str) -> Iterator[SyncRun]:
    """Yield a new run to be filled; an error of the tree ends in it."""
    run = SyncRun.objects.create(directory=directory, kind=kind, started_by=actor, started_at=clock().now())
    try:
        yield run
    except ShoumiError as error:
        _stopped(run, error)
    run.finished_at = clock().now()
    run.save()
    old = directory.runs.values_list("pk", flat=True)[KEPT:]
    directory.runs.filter(pk__in=list(old)).delete()
    with transaction.atomic():
        append(
            LedgerTag.PROVISIONING_DIRECTORY_READ,
            actor=actor.ledger_actor,
            subject=directory.ledger_subject,
            detail={
                "kind": kind, "found": run.found, "joiners": len(run.joiners), "changes": len(run.changes),
                "leavers": len(run.leavers), "faults": len(run.faults), "stopped": run.fault_code,
            },
        )  # fmt: skip


def _entries(directory: Directory) -> list[DirectoryEntry]:
    """Read the directory; the certificate of its authority lies on the disk while that takes."""
    source = DirectorySource(
        directory.url, directory.base, directory.filter, directory.bind_dn, password_open(directory)
    )
    names = [name for name in directory.attributes.values() if name]
    if not directory.authority:
        return entries(source, names)
    with tempfile.NamedTemporaryFile("w", suffix=".pem", encoding="ascii", errors="ignore") as file:
        file.write(directory.authority)
        file.flush()
        return entries(replace(source, ca_file=file.name), names)


def _count(run: SyncRun, found: Sequence[DirectoryEntry], plan: SyncPlan, refused: Sequence[Fault]) -> None:
    run.found = len(found)
    run.joiners = [resource[ENTERPRISE]["employeeNumber"] for resource in plan.joiners]
    run.changes = [row.person.number for row, _resource in plan.changes]
    run.leavers = [row.person.number for row in plan.leavers]
    run.faults = [asdict(fault) for fault in (*plan.faults, *refused)][:MOST_FAULTS]


def _stopped(run: SyncRun, error: ShoumiError) -> None:
    """Keep why a run stopped, for translating; the log says the code alone."""
    log.warning("A directory was not read: %s", error.code)
    run.fault_code = error.code
    run.fault = asdict(fault_of("", error))
    run.finished_at = run.finished_at or clock().now()
    run.save()


def _tell(directory: Directory, run: SyncRun) -> None:
    """Tell IT and HR when a run by itself stops, and not again as long as it stops for the same reason."""
    before = directory.runs.filter(kind=SyncRun.Kind.CLOCK).exclude(pk=run.pk).first()
    if not run.fault_code or (before is not None and before.fault_code == run.fault_code):
        return
    scope = entity_scope(directory.entity_id)
    users = {*role_holders(Role.IT_ADMINISTRATOR, scope), *role_holders(Role.HR, scope)}
    notify(
        users=users,
        message=FAILED,
        parameters={"entity": directory.entity.name},
        link=directory.get_absolute_url(),
    )


def _verify(wish: Connection) -> None:
    """Return if the description can be used as far as that can be told without asking the directory.

    Raises:
        DirectoryFieldError: it cannot.
    """
    if wish.kind not in Directory.Kind.values:
        raise DirectoryFieldError(field="kind")
    if not wish.url.strip().startswith(("ldap://", "ldaps://")):
        raise DirectoryFieldError(field="url")
    text = wish.filter.strip()
    if not (text.startswith("(") and text.endswith(")") and text.count("(") == text.count(")")):
        raise DirectoryFieldError(field="filter")
    if not wish.base.strip() or wish.base.strip().startswith("-"):
        raise DirectoryFieldError(field="base")
    if wish.authority.strip() and "-----BEGIN CERTIFICATE-----" not in wish.authority:
        raise DirectoryFieldError(field="authority")


def _changed(actor: User, row: Directory, detail: Mapping[str, JSONValue], *, new: bool = False) -> None:
    """Save a directory as changed by `actor`: its runs stop until somebody else lets them go on."""
    row.rhythm, row.started_by = Directory.Rhythm.OFF, None
    row.changed_by, row.changed_at = actor, clock().now()
    if not new:
        row.version += 1
    row.save()
    _record(actor, row, detail)


def _record(actor: User, row: Directory, detail: Mapping[str, JSONValue]) -> None:
    append(
        LedgerTag.PROVISIONING_DIRECTORY_CHANGED,
        actor=actor.ledger_actor,
        subject=row.ledger_subject,
        detail=dict(detail),
    )
