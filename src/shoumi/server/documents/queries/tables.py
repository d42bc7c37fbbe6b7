"""Which indexes of tables somebody sees, which entities they may make one for, and from which databases.

An index of a table belongs to the legal entity whose table it is.  What the gate says of one, the list says
of all; a test compares the two.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from shoumi.connectors.databases import Connection
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import GivenTable, Index, IndexRun
from shoumi.server.documents.queries.access import SEEING_SCANS, of_entities, scopes_held
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource

OPEN = (IndexRun.State.WAITING, IndexRun.State.RUNNING)


def table_resource(row: Index | GivenTable) -> Resource:
    """Return an index of a table, or a given table, as the rules see it: its legal entity."""
    return entity_resource(row.entity)


def tables_visible_to(user: User | AnonymousUser) -> QuerySet[Index]:
    """Return the indexes of tables whose rule and counts `user` may see, with their runs."""
    newest = IndexRun.objects.order_by("-began_at", "-pk")
    rows = Index.objects.filter(kind=Index.Kind.TABLE, dropped_at=None)
    rows = rows.filter(of_entities(scopes_held(user, SEEING_SCANS)))
    return rows.select_related("entity").prefetch_related(Prefetch("runs", newest, to_attr="newest"))


def table_get(user: User, index_id: UUID, action: Action = Action.INDEX_VIEW) -> Index | None:
    """Return the index of a table if it is there and `user` may do `action`; None if it is not there.

    Raises:
        NotPermittedError: the gate refuses.
    """
    rows = Index.objects.select_related("entity", "key", "created_by")
    row = rows.filter(pk=index_id, kind=Index.Kind.TABLE, dropped_at=None).first()
    if row is not None:
        gate.require(user, action, table_resource(row))
    return row


def given_get(user: User, table_id: UUID) -> GivenTable | None:
    """Return a given table that is not yet taken, to whoever may make an index of it; None if there is none.

    Raises:
        NotPermittedError: the gate refuses.
    """
    rows = GivenTable.objects.select_related("entity", "file", "given_by").filter(run=None)
    row = rows.filter(pk=table_id).first()
    if row is not None:
        gate.require(user, Action.INDEX_MANAGE, table_resource(row))
    return row


def entities_to_index(user: User) -> list[LegalEntity]:
    """Return the legal entities for which `user` may make indexes of tables."""
    entities = list(LegalEntity.objects.order_by("code"))
    decisions = gate.decide_each(user, [(Action.INDEX_MANAGE, entity_resource(each)) for each in entities])
    return [each for each, decision in zip(entities, decisions, strict=True) if decision.permitted]


def given_tables_of(user: User) -> QuerySet[GivenTable]:
    """Return the tables that `user` gave and has not yet made an index of."""
    return GivenTable.objects.filter(given_by=user, run=None).select_related("entity", "file")


def connections_for(entities: list[LegalEntity]) -> list[Connection]:
    """Return the databases of the settings that one of `entities` may use."""
    codes = {each.code for each in entities}
    found: dict[str, Connection] = settings.SHOUMI_TABLE_CONNECTIONS
    return [each for each in found.values() if not each.entity or each.entity in codes]
