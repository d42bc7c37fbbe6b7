"""Copies: each becomes a carrier of the same secret, so that level, period and scope are the original's.

Follows the seed guide 五(二)6.  A copy has a number of its own behind the original's, and owes a mark
like every carrier.
"""

from __future__ import annotations

from shoumi.server.register.models import Carrier, MarkingTask, Operation, OperationLine

PAPER = (Operation.Method.PRINT, Operation.Method.PHOTOCOPY, Operation.Method.EXCERPT)


def copies_make(operation: Operation, line: OperationLine) -> list[Carrier]:
    """Return the carriers that copying one line brings into being; the caller has locked the secret."""
    secret, original = line.secret, line.carrier
    base = (original.number if original else None) or secret.number or ""
    version = secret.versions.order_by("-ordinal").first()
    first = _last(base) + 1
    made = []
    for ordinal in range(first, first + operation.copies):
        copy = Carrier.objects.create(
            secret=secret,
            number=f"{base}-C{ordinal:02d}",
            copy_of=original,
            kind=Carrier.Kind.PAPER if operation.method in PAPER else Carrier.Kind.MEDIUM,
            description=str(
                original.description if original else line.file.file.name if line.file else secret.name
            )[:300],
            zone=operation.to_zone,
            keeper=operation.receiver or secret.custodian,
        )
        made.append(copy)
    if version is not None:
        MarkingTask.objects.bulk_create(
            MarkingTask(secret=secret, version=version, carrier=copy) for copy in made
        )
    return made


def _last(base: str) -> int:
    """Return the highest number of a copy behind `base`, 0 for none."""
    known = Carrier.objects.filter(number__startswith=f"{base}-C").values_list("number", flat=True)
    numbers = [str(number).removeprefix(f"{base}-C") for number in known]
    return max((int(number) for number in numbers if number.isdigit()), default=0)
