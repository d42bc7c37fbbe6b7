"""Of what a secret of the category of customer information consists, in words, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.duties import load_duties
from shoumi.server.register.models import CustomerInformation, TradeSecret
from shoumi.server.register.values import Fault

CATEGORY = "IDN-B4"  # customer information, in every pack


def is_customer_information(secret: TradeSecret) -> bool:
    """Tell whether the secret's category asks for these fields."""
    return secret.category == CATEGORY


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
