"""How long a kind of data is kept at the least: by a rule of the pack, or by the company's own choice.

Whose rule: `retention` of the packs' `personal_data.yaml`.  How long the company keeps it beyond stands
in its register; nothing is erased or counted here.
"""

from __future__ import annotations

from datetime import date

from shoumi.engine.jurisdiction.basis import Force, basis_on, proposal
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.personal_data.values import Least, PersonalDataTable
from shoumi.engine.jurisdiction.rules import RuleNotInForceError

MONTHS = 12  # of a year


def least_of(pack: Pack, table: PersonalDataTable, kind: str, day: date) -> Least:
    """Return how long `kind` is kept at the least by what holds on `day`."""
    found = table.retention.get(kind)
    if found is None or not found.rule:
        return Least(0, proposal(), found.after if found else None)
    try:
        basis, params = basis_on(pack, found.rule, day, Force.LAW)
    except RuleNotInForceError:
        return Least(0, proposal(), found.after)
    number = int(str(params[found.param]))
    return Least(number if found.param.endswith("months") else number * MONTHS, basis, found.after)
