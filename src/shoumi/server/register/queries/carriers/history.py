"""The history of a carrier from its own records: life events, handovers, marks, labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shoumi.server.register.models import Carrier
from shoumi.server.register.queries.carriers.rules import value_words
from shoumi.server.register.queries.standards import pack_for

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened."""

    at: datetime
    text: str
    by: str
    note: str = ""


def history_of(carrier: Carrier) -> list[Moment]:
    """Return what happened to a carrier."""
    pack = pack_for(carrier.secret.pack)
    rows = [
        Moment(row.at, str(row.get_kind_display()), str(row.actor or _("Shoumi itself")), row.note)
        for row in carrier.life_events.select_related("actor")[:LONGEST]
    ]
    for handover in carrier.handovers.select_related("giver", "receiver", "answered_by")[:LONGEST]:
        step = str(handover.get_step_display())
        words = {"step": step, "receiver": handover.receiver_words}
        rows.append(
            Moment(
                handover.given_at,
                _("%(step)s: offered to %(receiver)s") % words,
                str(handover.giver),
                handover.note,
            )
        )
        if handover.answered_at:
            state = str(handover.get_state_display())
            text = _("%(step)s: %(state)s") % {"step": step, "state": state}
            rows.append(Moment(handover.answered_at, text, str(handover.answered_by), handover.answer))
    rows += [
        Moment(
            mark.made_at,
            _("Marked: %(form)s") % {"form": value_words(pack, "mark", mark.form)},
            str(mark.made_by),
            mark.spot,
        )
        for mark in carrier.marks.select_related("made_by")[:LONGEST]
    ]
    prints = list(carrier.label_prints.select_related("printed_by")[:LONGEST])
    rows += [
        Moment(
            row.printed_at,
            _("Label printed again") if at < len(prints) - 1 else _("Label printed"),
            str(row.printed_by),
        )
        for at, row in enumerate(prints)
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)
