"""Which secrets are customer information, of what each consists, in words, and what is still missing.

Customer information is a group of its own beside technical and business information, with questions, a state
and a view of its own.  Source: the Japanese page (003), for which it is among the most important there is.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.duties import load_duties
from shoumi.engine.jurisdiction.loading import pack_ids
from shoumi.engine.jurisdiction.pack import CUSTOMER
from shoumi.server.register.models import CatalogueEntry, CustomerInformation, TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.values import Fault

TEXTS = ("collected", "worked_up", "effort", "sources")


def is_customer_information(secret: TradeSecret) -> bool:
    """Tell whether the secret's category is one of customers, the pack's or the company's own."""
    return any(row.id == secret.category and row.group == CUSTOMER for row in pack_of(secret).categories)


def customer_secrets(rows: QuerySet[TradeSecret]) -> QuerySet[TradeSecret]:
    """Return those of `rows` that are customer information, each saying whether its traces are complete.

    `complete` tells of the five parts alone; whether a secret lacks anything else is `checks`' matter.
    """
    known = {row.id for name in pack_ids() for row in load_pack(name).categories if row.group == CUSTOMER}
    own = CatalogueEntry.objects.filter(
        entity=OuterRef("entity"),
        catalogue=CatalogueEntry.Catalogue.CATEGORIES,
        item=OuterRef("category"),
        value__group=CUSTOMER,
        confirmed_at__isnull=False,
        replaced_at=None,
    )
    empty = Q(customer_information=None) | Q(customer_information__kinds=[])
    for field in TEXTS:
        empty |= Q(**{f"customer_information__{field}": ""})
    found = rows.filter(Q(category__in=known) | Exists(own)).select_related("customer_information")
    return found.annotate(complete=Case(When(empty, then=Value(False)), default=Value(True)))


def depth_of(secret: TradeSecret) -> CustomerInformation | None:
    """Return what was recorded, None if nothing was."""
    return CustomerInformation.objects.filter(secret=secret).first()


def kind_choices(pack_id: str) -> list[tuple[str, str]]:
    """Return the kinds of information with their names in the reader's language."""
    tongue = get_language() or "en"
    return [(row.id, row.names.in_language(tongue)) for row in load_duties(pack_id).customer_information]


def kinds_in_words(secret: TradeSecret, depth: CustomerInformation) -> list[str]:
    """Return the kinds present in the reader's language."""
    return [name for key, name in kind_choices(secret.pack) if key in depth.kinds]


def faults_of_depth(secret: TradeSecret) -> Iterator[Fault]:
    """Yield what the record of customer information still lacks; nothing for any other category."""
    if not is_customer_information(secret):
        return
    depth = depth_of(secret)
    if depth is None or not depth.kinds:
        text = _("Customer information: say which kinds of information it consists of.")
        yield Fault(3, "customers_kinds", "customers_kinds_missing", text)
    texts = {
        "collected": _("Customer information: say how it was collected."),
        "worked_up": _("Customer information: say how it was sorted and worked up."),
        "effort": _("Customer information: say what time, money and people it took."),
        "sources": _("Customer information: name the sources, and what of it is not public."),
    }
    for field, text in texts.items():
        if not (getattr(depth, field, "") or "").strip():
            yield Fault(3, f"customers_{field}", f"customers_{field}_missing", text)
