"""The six measures of a meeting: which are taken, which are missing, and what people are told.

Follows the seed guide 五(六)4.  A measure counts as taken only by what is recorded.  Reads only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from shoumi.server.partners.models import Handout, Meeting, Participant
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.register.models import ConfidentialityAgreement
from shoumi.server.register.queries.choosing import clearances

LANGUAGE_OF_PACK = {"cn": "zh-hans", "jp": "ja"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the six measures as it stands."""

    id: str  # of the guide: MTG-1 to MTG-6
    name: str
    gaps: tuple[str, ...]  # what is missing, in words; empty: taken
    before: bool = True  # it must be taken before the meeting opens

    @property
    def taken(self) -> bool:
        """Whether nothing of it is missing."""
        return not self.gaps


def measures_of(meeting: Meeting) -> list[Measure]:
    """Return the six measures with what is missing of each."""
    people = list(meeting.participants.select_related("person", "third_party"))
    return [
        Measure("MTG-1", _("A place fit for secrecy"), _place(meeting)),
        Measure("MTG-2", _("Participants limited and named"), _named(meeting, people)),
        Measure("MTG-3", _("Told the requirements, pledged where needed"), _told(meeting, people)),
        Measure(
            "MTG-4",
            _("Where participants may move"),
            () if meeting.area else (_("Say where participants may move."),),
        ),
        Measure("MTG-5", _("Cameras, recorders and storage limited"), _devices(meeting)),
        Measure("MTG-6", _("Papers collected and counted"), _papers(meeting), before=False),
    ]


def missing_before(meeting: Meeting) -> list[str]:
    """Return everything that is missing before a meeting may open, in words."""
    return [gap for measure in measures_of(meeting) if measure.before for gap in measure.gaps]


def missing_after(meeting: Meeting) -> list[str]:
    """Return everything that is missing before a meeting may be closed, in words."""
    return [gap for measure in measures_of(meeting) if not measure.before for gap in measure.gaps]


def requirements_of(meeting: Meeting) -> str:
    """Return what participants are told, in the language of the country: area, devices, and the pledge."""
    entity = meeting.department.entity
    rules = rules_for(entity)
    language = LANGUAGE_OF_PACK.get(entity.pack, "en")
    with override(language):
        devices = [item.names.in_language(language) for item in rules.devices if item.id in meeting.devices]
        lines = [
            meeting.title,
            _("Participants may move in: %(area)s") % {"area": meeting.area},
            _("These stay outside: %(devices)s") % {"devices": ", ".join(devices)} if devices else "",
            meeting.device_rule,
            rules.pledge.in_language(language),
        ]
    return "\n".join(line for line in lines if line)


def requirements_sha256(meeting: Meeting) -> str:
    """Return the hash of what participants are told now."""
    return hashlib.sha256(requirements_of(meeting).encode()).hexdigest()


def agreement_in_force(participant: Participant, level: int, entity: LegalEntity) -> bool:
    """Tell whether a recorded agreement with the outsider's company holds today and covers `level`."""
    if participant.third_party_id is None:
        return False
    today = today_of(entity)
    rows = ConfidentialityAgreement.objects.filter(
        third_party=participant.third_party, signed_on__lte=today, level__gte=level
    )
    return any(row.valid_until is None or row.valid_until >= today for row in rows)


def _place(meeting: Meeting) -> tuple[str, ...]:
    zone = meeting.zone
    if zone is None:
        if not meeting.place:
            return (_("Choose a zone, or say where it takes place."),)
        return () if meeting.place_reason else (_("Say why the place keeps the secret."),)
    if not zone.is_open:
        return (_("The zone %(zone)s is closed.") % {"zone": zone},)
    fit = zone.kind == Zone.Kind.SECRET and zone.level >= meeting.level
    if fit or meeting.place_reason:
        return ()
    return (
        _("%(zone)s is no secret zone of this level: choose another, or say why it keeps the secret.")
        % {"zone": zone},
    )


def _named(meeting: Meeting, people: list[Participant]) -> tuple[str, ...]:
    hearing = [row for row in people if row.hears_secrets]
    if not hearing:
        return (_("Name those who take part in what is secret."),)
    levels = clearances([row.person_id for row in hearing if row.person_id])
    return tuple(
        _("%(person)s holds no post of this level.") % {"person": row.person}
        for row in hearing
        if row.person_id and levels.get(row.person_id, 0) < meeting.level
    )


def _told(meeting: Meeting, people: list[Participant]) -> tuple[str, ...]:
    wanted = requirements_sha256(meeting)
    untold = [row for row in people if row.informed_at is None or row.informed_sha256 != wanted]
    gaps = []
    if untold:
        text = ngettext(
            "%(count)d participant has not been told the present requirements.",
            "%(count)d participants have not been told the present requirements.",
            len(untold),
        )
        gaps.append(text % {"count": len(untold)})
    bare = [
        row
        for row in people
        if row.person_id is None
        and row.hears_secrets
        and row.pledge_id is None
        and not agreement_in_force(row, meeting.level, meeting.department.entity)
    ]
    if bare:
        text = ngettext(
            "%(count)d outsider has neither a pledge nor an agreement in force.",
            "%(count)d outsiders have neither a pledge nor an agreement in force.",
            len(bare),
        )
        gaps.append(text % {"count": len(bare)})
    return tuple(gaps)


def _devices(meeting: Meeting) -> tuple[str, ...]:
    if meeting.devices or meeting.device_rule:
        return ()
    return (_("Say which devices stay outside."),)


def _papers(meeting: Meeting) -> tuple[str, ...]:
    out = Handout.objects.filter(paper__meeting=meeting, returned_at__isnull=True, missing="").count()
    if meeting.state == Meeting.State.PLANNED:
        return (_("Papers are counted when it is over."),)
    if not out:
        return ()
    text = ngettext("%(count)d copy is not back.", "%(count)d copies are not back.", out)
    return (text % {"count": out},)
