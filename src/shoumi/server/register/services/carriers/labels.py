"""Labels printed singly and in sheets for carriers and storage units; each print is recorded, reprints too.

Follows the seed guide 五(一)1 (four parts) and the device label of storage.  The places of a sheet that are
used up already are left free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from django.db import transaction
from django.utils import translation

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.files.printing import Label, render_pdf
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.register.models import Carrier, LabelPrint, StorageUnit
from shoumi.server.register.queries.labels import LabelFormat, carrier_label, format_of, unit_label
from shoumi.server.register.queries.marking import LANGUAGE_OF_PACK
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.storage.visible import unit_resource
from shoumi.server.register.services.documents import NothingToLabelError

MOST_LABELS = 400  # in one print


class LabelFormatError(InputError):
    """No such format, or a first place that it does not have."""

    code = "register.label_format"
    message = "Choose a label format, and a first place between 1 and {places}."


class TooManyLabelsError(InputError):
    """More labels than one print takes."""

    code = "register.too_many_labels"
    message = "At most {most} labels are printed at once."


@take_out
def carrier_labels_print(*, actor: User, carriers: Sequence[Carrier], sheet: str, first: int = 1) -> bytes:
    """Return the labels of carriers as PDF, beginning at place `first` of the sheet.

    Raises:
        NothingToLabelError, LabelFormatError, TooManyLabelsError: each as it says.
        NotPermittedError: the gate refuses one of them.
    """
    chosen = _checked(sheet, first, carriers)
    for carrier in carriers:
        gate.require(actor, Action.SECRET_PRINT_LABEL, secret_resource(carrier.secret))
    pack = carriers[0].secret.pack
    makers = [(row.secret.pack, partial(carrier_label, row)) for row in carriers]
    content = _render(chosen, first, pack, makers)
    now = clock().now()
    with transaction.atomic():
        LabelPrint.objects.bulk_create(
            LabelPrint(carrier=row, sheet=sheet, level=row.secret.level, printed_by=actor, printed_at=now)
            for row in carriers
        )
        ordered = sorted(carriers, key=lambda row: str(row.secret_id))
        for _key, group in groupby(ordered, key=lambda row: row.secret_id):
            rows = list(group)
            append(
                RegisterTag.CARRIER_LABELLED,
                actor=actor.ledger_actor,
                subject=rows[0].secret.ledger_subject,
                detail={"carriers": [str(row.pk) for row in rows], "sheet": sheet},
            )
    return content


@take_out
def unit_labels_print(*, actor: User, units: Sequence[StorageUnit], sheet: str, first: int = 1) -> bytes:
    """Return the labels of storage units as PDF.

    Raises:
        NothingToLabelError, LabelFormatError, TooManyLabelsError: each as it says.
        NotPermittedError: the gate refuses one of them.
    """
    chosen = _checked(sheet, first, units)
    for unit in units:
        gate.require(actor, Action.STORAGE_TEND, unit_resource(unit))
    pack = units[0].department.entity.pack
    makers = [(row.department.entity.pack, partial(unit_label, row)) for row in units]
    content = _render(chosen, first, pack, makers)
    now = clock().now()
    with transaction.atomic():
        for row in units:
            LabelPrint.objects.create(
                unit=row, sheet=sheet, level=row.permitted_id, printed_by=actor, printed_at=now
            )
            append(
                RegisterTag.STORAGE_LABELLED,
                actor=actor.ledger_actor,
                subject=row.ledger_subject,
                detail={"level": row.permitted_id, "sheet": sheet},
            )
    return content


def _checked(sheet: str, first: int, things: Sequence[object]) -> LabelFormat:
    if not things:
        raise NothingToLabelError
    if len(things) > MOST_LABELS:
        raise TooManyLabelsError(most=MOST_LABELS)
    chosen = format_of(sheet)
    if chosen is None or not 1 <= first <= chosen.places:
        raise LabelFormatError(places=chosen.places if chosen else 1)
    return chosen


def _render(
    chosen: LabelFormat, first: int, pack: str, makers: Sequence[tuple[str, Callable[[], Label]]]
) -> bytes:
    labels: list[Label | None] = [None] * (first - 1)
    for of_pack, make in makers:
        with translation.override(LANGUAGE_OF_PACK.get(of_pack, "en")):
            labels.append(make())
    pages = [labels[at : at + chosen.places] for at in range(0, len(labels), chosen.places)]
    context = {"format": chosen, "pages": pages}
    return render_pdf("printing/label_sheet.html", context, LANGUAGE_OF_PACK.get(pack, "en"))
