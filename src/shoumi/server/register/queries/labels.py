"""Label formats, and what stands on a label: the four parts of the guide and a QR code without any secret.

Source of the four parts: the seed guide 五(一)1; computers and storage bear the highest level they may hold.
The QR code holds an address with an opaque id; what it leads to is shown after sign-in.  Sizes are in mm.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoumi.server.files.printing import Label
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.register.models import Carrier, StorageUnit
from shoumi.server.register.queries.marking import period_on_mark
from shoumi.server.register.queries.standards import level_of, pack_for
from shoumi.server.register.queries.words import label_of


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """One sheet or roll of labels."""

    id: str
    label: object  # lazily translated
    width: float
    height: float
    columns: int = 1
    rows: int = 1
    left: float = 0  # from the edge of the paper to the first label
    top: float = 0
    page: str = ""  # CSS size of the page; empty: that of one label

    @property
    def places(self) -> int:
        """How many labels a page has."""
        return self.columns * self.rows


FORMATS = (
    LabelFormat("a4-24", gettext_lazy("A4, 24 labels of 70 × 37 mm"), 70, 37, 3, 8, 0, 0.5, "A4"),
    LabelFormat("a4-40", gettext_lazy("A4, 40 labels of 52.5 × 29.7 mm"), 52.5, 29.7, 4, 10, 0, 0, "A4"),
    LabelFormat("a4-10", gettext_lazy("A4, 10 labels of 99 × 57 mm"), 99, 57, 2, 5, 6, 6, "A4"),
    LabelFormat("single", gettext_lazy("Label printer, 80 × 50 mm"), 80, 50),
)


def format_of(format_id: str) -> LabelFormat | None:
    """Return the format with this id, None if there is none."""
    return next((item for item in FORMATS if item.id == format_id), None)


def carrier_label(carrier: Carrier) -> Label:
    """Return the label of a carrier in the language in force."""
    secret = carrier.secret
    return Label(
        name=secret.name,
        number=carrier.number or "",
        level=secret.level,
        level_text=label_of(secret),
        period=period_on_mark(secret),
        owner=f"{secret.entity} {secret.owner_department}",
        link=_address(carrier.get_absolute_url()),
    )


def unit_label(unit: StorageUnit) -> Label:
    """Return the label of a storage unit: the highest level it may hold, and whose it is."""
    pack = pack_for(unit.department.entity.pack)
    level = level_of(pack, LEVEL_IDS[unit.permitted])
    language = {"cn": "zh-hans", "jp": "ja"}[pack.id]
    return Label(
        name=unit.name,
        number=unit.code,
        level=LEVEL_IDS[unit.permitted],
        level_text=level.labels.in_language(language) if level else _("No secrets"),
        period=_("While in use"),
        owner=f"{unit.department.entity} {unit.department}",
        link=_address(unit.get_absolute_url()),
    )


def _address(path: str) -> str:
    return settings.CONFIG.public_url.rstrip("/") + path
