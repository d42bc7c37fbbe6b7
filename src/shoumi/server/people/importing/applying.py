"""Writes what an import has planned, in the caller's transaction: rows in bulk, one ledger entry for each.

The last entry names the import itself with its numbers and the hash of the file.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models, transaction

from shoumi.engine.canonical import JSONValue
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.tables.plans import Plan
from shoumi.server.ledger.services import Record, append_many
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.importing.work import Work
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post
from shoumi.server.people.occurrences import post_changed

ORDER: tuple[type[models.Model], ...] = (LegalEntity, Person, Department, Post, Engagement)
BATCH_ROWS = 500


def people_apply(actor: User, plan: Plan, subject: str, detail: Mapping[str, JSONValue]) -> None:
    """Write all rows of `plan`; what was permitted was asked while planning, in this same transaction.

    Raises:
        IntegrityError: the rows contradict the database; then nothing is written at all.
    """
    work: Work = plan.work
    for model in ORDER:
        model._default_manager.bulk_create(work.new.get(model, []), batch_size=BATCH_ROWS)  # noqa: SLF001
    for model in ORDER:
        _update(model, work.changed.get(model, {}))
    for entity_id in work.moved_entities:
        paths_rebuild(entity_id)
    closing = Record(LedgerTag.PEOPLE_IMPORT_APPLIED, actor.ledger_actor, subject, detail)
    append_many([*work.records, closing])
    gate.forget_subjects()
    _posts_changed(actor, work)
    transaction.on_commit(gate.forget_subjects)


def _posts_changed(actor: User, work: Work) -> None:
    """Tell of everybody whose engagement ends here and who begins another on that day."""
    ended = {row.person_id: row for row in work.changed.get(Engagement, {}) if row.ends_on is not None}
    for row in work.new.get(Engagement, []):
        before = ended.get(row.person_id)
        if before is not None and before.ends_on == row.starts_on:
            post_changed.send(sender=Engagement, actor=actor, person=row.person, before=before, after=row)


def _update(model: type[models.Model], rows: Mapping[models.Model, set[str]]) -> None:
    if not rows:
        return
    for row in rows:
        row.version += 1
    fields = sorted({name for names in rows.values() for name in names} | {"version"})
    model._default_manager.bulk_update(rows, fields, batch_size=BATCH_ROWS)  # noqa: SLF001


def paths_rebuild(entity_id: object) -> None:
    """Write the path of every department of an entity from its parents; part of the caller's transaction."""
    rows = {row.pk: row for row in Department.objects.filter(entity_id=entity_id)}
    wrong = []
    for row in rows.values():
        path, item = f"{row.pk.hex}/", row
        while item.parent_id:
            item = rows[item.parent_id]
            path = f"{item.pk.hex}/{path}"
        if row.path != path:
            row.path = path
            wrong.append(row)
    Department.objects.bulk_update(wrong, ["path"], batch_size=BATCH_ROWS)
