"""Rules that no row can meet are refused; values are bared of what only dresses them."""

from __future__ import annotations

import pytest

from shoumi.engine.inspection.exact.rules import Column, ColumnKind, Rule, canonical, walled
from shoumi.engine.inspection.matching.errors import RuleError
from shoumi.engine.inspection.matching.folding import WALL


@pytest.mark.parametrize(
    ("columns", "needed", "within"),
    [
        ((), 1, 10),
        ((Column("a"), Column("a")), 1, 10),
        ((Column("a"),), 2, 10),
        ((Column("a"),), 0, 10),
        ((Column("a"),), 1, 0),
        (tuple(Column(str(number)) for number in range(65)), 1, 10),
    ],
)
def test_rules_that_contradict_themselves_are_refused(columns, needed, within):
    with pytest.raises(RuleError):
        Rule("x", columns, needed, within)


def test_a_rule_comes_back_as_it_was_kept():
    rule = Rule("x", (Column("a", ColumnKind.PHONE, required=True), Column("b")), 1, 7, "core")
    assert Rule.read(rule.described()) == rule


@pytest.mark.parametrize(
    ("kind", "cell", "bare"),
    [
        (ColumnKind.COMPANY, "岱岳精密陶瓷有限公司", "岱岳精密陶瓷"),
        (ColumnKind.COMPANY, "株式会社澤井製作所", "澤井製作所"),
        (ColumnKind.COMPANY, "澤井製作所（株）", "澤井製作所"),
        (ColumnKind.COMPANY, "㈱澤井製作所", "澤井製作所"),
        (ColumnKind.COMPANY, "Acme Widgets Co., Ltd.", "acme widgets"),
        (ColumnKind.COMPANY, "ACME WIDGETS CO.,LTD", "acme widgets"),
        (ColumnKind.COMPANY, "Disco K.K.", "disco"),
        (ColumnKind.COMPANY, "Disco", "disco"),
        (ColumnKind.NAME, "陆知微先生", "陆知微"),
        (ColumnKind.NAME, "Dr. Zoë Müller", "zoë müller"),
        (ColumnKind.TEXT, "Co., Ltd.", "Co., Ltd."),
    ],
)
def test_legal_forms_and_forms_of_address_fall(kind, cell, bare):
    assert canonical(walled([cell, "x"]), kind) == f"{bare}{WALL}x{WALL}"


def test_a_wall_in_a_cell_parts_no_cells():
    assert canonical(walled([f"a{WALL}b", "c"]), ColumnKind.TEXT) == f"ab{WALL}c{WALL}"
