"""Settings that name folders and databases."""

from __future__ import annotations

import pytest

from shoumi.server.project.config import Config, connections_of


def test_connections_have_a_name_and_perhaps_an_entity():
    found = connections_of("crm=postgresql://a:hunter2@h/d?x=y; 客户@CN-01=sqlite:////var/crm.sqlite3;")
    assert [(each.name, each.url, each.entity) for each in found.values()] == [
        ("crm", "postgresql://a:hunter2@h/d?x=y", ""),
        ("客户", "sqlite:////var/crm.sqlite3", "CN-01"),
    ]


@pytest.mark.parametrize(
    "value", ["=sqlite:///x", "crm=mysql://u:hunter2@h/d", "crm=hunter2", "a=sqlite:///x;a=sqlite:///y"]
)
def test_a_fault_in_a_connection_is_told_without_its_address(value):
    with pytest.raises(ValueError, match="connection") as caught:
        connections_of(value)
    assert "hunter2" not in str(caught.value)


def test_no_address_is_printed(monkeypatch):
    monkeypatch.setenv("SHOUMI_TABLE_CONNECTIONS", "crm=postgresql://a:hunter2@h/d")
    config = Config()
    assert "hunter2" not in f"{config!r}{config.connections!r}"
