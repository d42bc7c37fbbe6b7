"""The six catalogues that the office settles, read from the records as they are now, and who has which level.

Follows the guide 二(二)4: scope of information, levels, periods, secret departments with posts and persons,
secret zones; zones, posts and persons each have a level.  The technical measures stand beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.server.assurance.models import TechnicalMeasure, during
from shoumi.server.assurance.queries.bodies import LIVE, cooperations
from shoumi.server.people.models import LegalEntity, Person, Post
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.people.queries import engaged_now
from shoumi.server.places.models import Zone
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.standards import pack_for, standards_of
from shoumi.server.register.queries.words import period_words


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """One entry: what it is, its level if it has one, and more about it."""

    name: str
    level: str = ""  # id, as badges name it
    note: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue with its entries."""

    key: str
    title: str
    lines: Sequence[CatalogueLine]


def catalogues_of(entity: LegalEntity, day: date) -> list[Catalogue]:
    """Return the six catalogues in the order of the guide; persons by name are for who may see the whole."""
    language = get_language() or "en"
    pack = pack_for(entity.pack)
    live = TradeSecret.objects.filter(entity=entity, state__in=LIVE)
    by_category = dict(live.order_by().values_list("category").annotate(count=Count("pk")))
    by_level = dict(live.order_by().values_list("level").annotate(count=Count("pk")))
    standards = standards_of(entity.pk, pack)
    return [
        Catalogue(
            "scope",
            _("Scope of information"),
            [
                CatalogueLine(item.names.in_language(language), note=_secrets(by_category.get(item.id, 0)))
                for item in pack.categories
            ],
        ),
        Catalogue(
            "levels",
            _("Levels"),
            [
                CatalogueLine(
                    item.level.names.in_language(language),
                    item.level.id,
                    _secrets(by_level.get(item.level.id, 0)),
                )
                for item in standards
            ],
        ),
        Catalogue(
            "periods",
            _("Confidentiality periods"),
            [
                CatalogueLine(
                    item.level.labels.in_language(language), item.level.id, period_words(item.period.code)
                )
                for item in standards
            ],
        ),
        Catalogue("departments", _("Secret departments"), _departments(entity, day)),
        Catalogue("posts", _("Secret posts and persons"), _posts(entity)),
        Catalogue("zones", _("Secret zones"), _zones(entity)),
    ]


def persons_by_level(entity: LegalEntity) -> dict[str, int]:
    """Return how many persons engaged today hold which level, by its id; empty for none."""
    rows = Person.objects.filter(engaged_now("engagements__"), engagements__department__entity=entity)
    found: dict[str, int] = {}
    for level in rows.annotate(level=Max("engagements__post__level")).values_list("level", flat=True):
        key = LEVEL_IDS[level or 0]
        found[key] = found.get(key, 0) + 1
    return found


def measures_by_step(entity: LegalEntity, day: date) -> dict[str, list[TechnicalMeasure]]:
    """Return the technical measures in place on `day` by step of the business, with the steps without any."""
    found: dict[str, list[TechnicalMeasure]] = {step: [] for step in TechnicalMeasure.Step.values}
    rows = TechnicalMeasure.objects.filter(during(day), entity=entity).select_related("keeper")
    for row in rows:
        found[row.step].append(row)
    return found


def _secrets(count: int) -> str:
    return _("Secrets in force: %(count)d") % {"count": count}


def _departments(entity: LegalEntity, day: date) -> list[CatalogueLine]:
    lines = []
    for item in cooperations(entity, day):
        names = ", ".join(officer.person.name for officer in item.officers)
        note = _("Secrecy officer: %(names)s") % {"names": names} if names else _("No secrecy officer")
        lines.append(CatalogueLine(str(item.department), note=note))
    return lines


def _posts(entity: LegalEntity) -> list[CatalogueLine]:
    posts = Post.objects.filter(department__entity=entity, level__gt=0, closed_on=None)
    posts = posts.select_related("department").order_by("-level", "department__code", "title")
    held: dict[object, list[str]] = {}
    engaged = Person.objects.filter(engaged_now("engagements__"), engagements__post__in=posts)
    for person in engaged.annotate(held=F("engagements__post")).order_by("reading", "name"):
        held.setdefault(person.held, []).append(person.name)
    return [
        CatalogueLine(f"{row.department} · {row.title}", row.level_id, ", ".join(held.get(row.pk, ())))
        for row in posts
    ]


def _zones(entity: LegalEntity) -> list[CatalogueLine]:
    zones = Zone.objects.filter(entity=entity, kind="secret", closed_on=None).select_related("department")
    return [
        CatalogueLine(f"{row.code} {row.name}", row.level_id, str(row.department or ""))
        for row in zones.order_by("-level", "code")
    ]
