"""The record of a secret as one JSON value, and the hash under which it is filed.

RFC 8785 makes the bytes, SHA-256 the hash.  Files appear with their hashes; their content never does.
Versions, filings, exports of the evidence package and the reconciliation all read this one form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from shoumi.engine.canonical import canonical_bytes
from shoumi.server.register.models import (
    Carrier,
    ElementEvidence,
    ElementJudgement,
    ExclusionAnswer,
    FactorScore,
    ScopeEntry,
    SecretFile,
    SecretVersion,
    TradeSecret,
)

FORM = "shoumi.register.secret.v1"
SCOPE_TARGETS = ("department", "post__department", "person")
FEW = 20  # secrets up to which one query with what they point to takes less than several queries


def snapshot_of(secret: TradeSecret) -> dict[str, Any]:
    """Return the whole record of `secret` as it stands in the database; about ten queries."""
    return record_of(secrets_read([secret.pk])[secret.pk])


def secrets_read(keys: Iterable[Any]) -> dict[Any, TradeSecret]:
    """Return secrets by key, read anew with all that their records tell; about ten queries.

    What belongs to them stands in lists of their own, `files_read` and so on: to give thousands of secrets a
    query set each for every table would take longer than the reading itself.
    """
    wanted = list(keys)
    rows = _along(secrets_for_books(wanted), wanted, "entity", "proposer", "customer_information")
    secrets = {row.pk: row for row in rows}
    _attach(secrets, "factors_read", FactorScore.objects.all(), "factor", "score", "reason", "title")
    _attach(secrets, "exclusions_read", ExclusionAnswer.objects.all(), "exclusion", "answer", "fields")
    _attach(secrets, "elements_read", ElementJudgement.objects.all(), "element", "verdict", "reason")
    evidence = ElementEvidence.objects.order_by("added_at", "id")
    columns = ("judgement__element", "text", "file__name", "file__sha256")
    _attach(secrets, "evidence_read", evidence, *columns, of="judgement__secret")
    return secrets


def _attach(
    secrets: Mapping[Any, TradeSecret], name: str, rows: QuerySet[Any], *columns: str, of: str = "secret"
) -> None:
    """Give each secret the list `name` of its rows, as plain tuples: there are a dozen for every secret."""
    lists = {key: secret.__dict__.setdefault(name, []) for key, secret in secrets.items()}
    for row in rows.filter(**{f"{of}__in": secrets}).values_list(of, *columns, named=True):
        lists[row[0]].append(row)


def secrets_for_books(keys: Iterable[Any]) -> QuerySet[TradeSecret]:
    """Return secrets, read anew with what a ledger's line tells of them; four queries, for many some more."""
    wanted = list(keys)
    rows = TradeSecret.objects.filter(pk__in=wanted)
    carriers, scope = Carrier.objects.all(), ScopeEntry.objects.order_by("kind", "pk")
    return _along(rows, wanted, "owner_department__owner", "custodian").prefetch_related(
        Prefetch("files", SecretFile.objects.select_related("file"), to_attr="files_read"),
        Prefetch("carriers", _along(carriers, wanted, "keeper", "zone"), to_attr="carriers_read"),
        Prefetch("scope", _along(scope, wanted, *SCOPE_TARGETS), to_attr="scope_lines_read"),
    )


def _along(rows: QuerySet[Any], keys: Collection[Any], *names: str) -> QuerySet[Any]:
    """Read along what rows point to.

    Hundreds of secrets point to the same few departments and persons: each of these is then read once, by a
    query of its own, instead of once for each row.
    """
    return rows.select_related(*names) if len(keys) <= FEW else rows.prefetch_related(*names)


def scope_read() -> QuerySet[ScopeEntry]:
    """Return the lines of knowledge scopes with what they name, in their order."""
    return ScopeEntry.objects.select_related(*SCOPE_TARGETS).order_by("kind", "pk")


def record_of(secret: TradeSecret) -> dict[str, Any]:
    """Return the record of a secret that `secrets_read` read; no query."""
    return _record(secret) | _customer_information(secret)


def _record(secret: TradeSecret) -> dict[str, Any]:
    return {
        "form": FORM,
        "id": str(secret.id),
        "number": secret.number or "",
        "pack": secret.pack,
        "entity": _named(secret.entity),
        "owner_department": _named(secret.owner_department),
        "custodian": _named(secret.custodian),
        "proposer": _named(secret.proposer),
        "name": secret.name,
        "description": secret.description,
        "category": secret.category,
        "necessity": secret.necessity,
        "state": secret.state,
        "level": secret.level,
        "suggested_level": secret.suggested_level,
        "level_reason": secret.level_reason,
        "factors": [
            {"factor": row.factor, "grade": row.score, "reason": row.reason, "title": row.title}
            for row in sorted(secret.factors_read, key=lambda row: row.factor)
        ],
        "period": {
            "code": secret.period,
            "starts_on": _day(secret.period_starts_on),
            "ends_on": _day(secret.period_ends_on),
            "publication_event": secret.publication_event,
            "reason": secret.period_reason,
        },
        "scope": scope_lines(secret),
        "scope_reason": secret.scope_reason,
        "elements": [
            _element(secret, row) for row in sorted(secret.elements_read, key=lambda row: row.element)
        ],
        "exclusions": [
            {"exclusion": row.exclusion, "answer": row.answer, "fields": row.fields}
            for row in sorted(secret.exclusions_read, key=lambda row: row.exclusion)
        ],
        "files": [_file(row) for row in sorted(secret.files_read, key=lambda row: (row.added_at, row.pk))],
        "carriers": [
            {
                "id": str(row.id),
                "kind": row.kind,
                "description": row.description,
                "place": row.place,
                "keeper": _named(row.keeper),
            }
            for row in sorted(secret.carriers_read, key=lambda row: (row.kind, row.pk))
        ],
        "designated_by": secret.designated_by,
        "declassification_reason": secret.declassification_reason,
        "legacy_number": secret.legacy_number,
    }


def _customer_information(secret: TradeSecret) -> dict[str, Any]:
    """Return the depth of customer information; nothing for any other secret."""
    row = getattr(secret, "customer_information", None)
    if row is None:
        return {}
    texts = {name: getattr(row, name) for name in ("collected", "worked_up", "effort", "sources")}
    return {"customer_information": {"kinds": row.kinds, **texts}}


def scope_lines(secret: TradeSecret) -> list[dict[str, str]]:
    """Return the knowledge scope as sorted lines of kind, id and name."""
    lines = [
        {"kind": row.kind, "id": str(target.pk) if target else "", "name": str(target) if target else ""}
        for row in scope_of(secret)
        for target in [scope_target(row)]
    ]
    return sorted(lines, key=lambda line: (line["kind"], line["id"]))


def scope_of(secret: TradeSecret) -> Iterable[ScopeEntry]:
    """Return the lines of the knowledge scope: those read along, or else those in the database."""
    read = getattr(secret, "scope_lines_read", None)
    return scope_read().filter(secret=secret) if read is None else read


def scope_target(row: ScopeEntry) -> Any:
    """Return the department, post or person that a scope line names; None for all staff."""
    return row.department or row.post or row.person


def record_sha256(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record's canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(record)).hexdigest()


def reconcile(version: SecretVersion) -> list[str]:
    """Return what does not agree between a version and its two filings; empty if all agree.

    Each hash is computed again from its own record, so that an edited row is found on whichever side it lies.
    Values: `version`, `owner`, `office` for a record that misses its hash, `owner_missing`, `office_missing`,
    and `differ` where the filings do not tell the same.
    """
    faults = [] if record_sha256(version.snapshot) == version.sha256 else ["version"]
    filings = {filing.side: filing for filing in version.filings.all()}
    for side in ("owner", "office"):
        filing = filings.get(side)
        if filing is None:
            faults.append(f"{side}_missing")
        elif record_sha256(filing.record) != filing.sha256:
            faults.append(side)
    hashes = {version.sha256, *(filing.sha256 for filing in filings.values())}
    return [*faults, "differ"] if len(hashes) > 1 else faults


def _named(row: Any) -> dict[str, str] | None:
    return {"id": str(row.pk), "name": str(row)} if row else None


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _file(row: SecretFile) -> dict[str, Any]:
    stored = row.file
    return {
        "id": str(row.id),
        "name": stored.name,
        "size_bytes": str(stored.size_bytes),  # a text: JSON numbers end at 2⁵³
        "sha256": stored.sha256,
        "sm3": stored.sm3,
        "note": row.note,
    }


def _element(secret: TradeSecret, row: Any) -> dict[str, Any]:
    return {
        "element": row.element,
        "verdict": row.verdict,
        "reason": row.reason,
        "evidence": [
            {
                "text": piece.text,
                "file": piece.file__name or "",
                "sha256": piece.file__sha256 or "",
            }
            for piece in secret.evidence_read
            if piece.judgement__element == row.element
        ],
    }
