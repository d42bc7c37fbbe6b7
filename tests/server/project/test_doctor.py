"""The doctor sees what is wrong with an installation and says what to do."""

from __future__ import annotations

import json
import os
import re
import stat
from argparse import Namespace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from shoumi.cli import doctor as verb
from shoumi.cli.speaking import faults, told
from shoumi.engine.errors import UnavailableError
from shoumi.server.ledger.guards import checkpoint_lag, missing_triggers
from shoumi.server.ledger.ports import Ports, ports_replaced
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.project import doctor
from shoumi.server.project.config import Config, InvalidSettingsError, load_config
from shoumi.server.project.doctor import PARTS, Level, machine
from shoumi.server.project.doctor.machine import data_findings, keys_findings, settings_findings
from shoumi.server.project.doctor.services import mail_findings, time_findings, witness_findings


def config(tmp_path, **settings) -> Config:
    return Config(data_directory=tmp_path, **settings)


def worst(findings) -> Level:
    levels = [finding.level for finding in findings]
    return next(level for level in (Level.FAIL, Level.WARN, Level.OK) if level in levels)


def test_a_missing_data_directory_is_named(tmp_path):
    found = list(data_findings(config(tmp_path / "nowhere")))
    assert worst(found) is Level.FAIL
    assert "nowhere" in found[0].text


def test_an_open_data_directory_is_told_how_to_close(tmp_path):
    tmp_path.chmod(0o755)
    found = list(data_findings(config(tmp_path)))
    assert worst(found) is Level.WARN
    assert f"chmod 700 {tmp_path}" in [finding.remedy for finding in found]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o622])
def test_an_open_key_file_fails(tmp_path, mode):
    key = tmp_path / "keys" / "seal.key"
    key.parent.mkdir()
    key.touch()
    key.chmod(mode)
    found = list(keys_findings(config(tmp_path)))
    assert worst(found) is Level.FAIL
    assert found[0].remedy == f"chmod 600 {key}"


def test_closed_key_files_are_fine(tmp_path):
    key = tmp_path / "keys" / "seal.key"
    key.parent.mkdir()
    key.touch(mode=0o600)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert worst(keys_findings(config(tmp_path))) is Level.OK


def test_plain_http_beyond_this_machine_fails(tmp_path):
    assert worst(settings_findings(config(tmp_path, public_url="http://shoumi.example.com"))) is Level.FAIL
    assert worst(settings_findings(config(tmp_path, public_url="https://shoumi.example.com"))) is Level.OK
    assert worst(settings_findings(config(tmp_path, debug=True))) is Level.FAIL


class Authority:
    """A time-stamp authority whose clock is `away` from ours."""

    name = "authority.example.com"

    def __init__(self, away: timedelta) -> None:
        self.away = away

    def stamp(self, data: bytes):
        return SimpleNamespace(time=clock().now() + self.away)


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, Level.OK), (5, Level.WARN), (-5, Level.WARN), (90, Level.FAIL), (-3600, Level.FAIL)],
)
def test_drift_against_the_authority_is_measured(tmp_path, seconds, level):
    with ports_replaced(Ports(external=lambda: Authority(timedelta(seconds=seconds)))):
        assert worst(time_findings(config(tmp_path))) is level


def test_a_silent_witness_fails(tmp_path):
    def silent():
        raise UnavailableError

    with ports_replaced(Ports(witness=silent)):
        assert worst(witness_findings(config(tmp_path, witness_url="http://127.0.0.1:9"))) is Level.FAIL


def test_a_silent_mail_server_fails(tmp_path, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
    assert worst(mail_findings(config(tmp_path, smtp_url="smtp://127.0.0.1:9"))) is Level.FAIL


@pytest.mark.django_db
def test_the_guards_of_the_ledger_are_up():
    assert missing_triggers() == []


@pytest.mark.django_db
def test_a_guard_that_was_taken_down_is_named():
    on = " ON ledger_ledgerentry" if connection.vendor == "postgresql" else ""
    name = "ledger_ledgerentry_row" if connection.vendor == "postgresql" else "ledger_ledgerentry_update"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert missing_triggers() == [name]


@pytest.mark.django_db
def test_an_entry_without_checkpoint_is_late(fixed_clock):
    with transaction.atomic():
        append(LedgerTag.LEDGER_GAP_OPENED, actor="system:test", subject="gap:1")
    fixed_clock.advance(timedelta(seconds=30))
    assert checkpoint_lag(clock().now()) == timedelta(seconds=30)


def test_a_check_that_breaks_is_a_finding(tmp_path, monkeypatch):
    def broken_findings(_config):
        fault = "the disk said no"
        raise OSError(fault)
        yield

    monkeypatch.setattr(doctor, "CHECKS", (broken_findings,))
    (found,) = doctor.examine(config(tmp_path))
    assert (found.level, found.about) == (Level.FAIL, "broken")
    assert "the disk said no" in found.text


def test_all_faults_of_the_configuration_are_listed_at_once(monkeypatch):
    for name, value in {
        "SHOUMI_PORT": "many",
        "DATABASE_URL": "oracle://x",
        "SHOUMI_DEFAULT_LANGUAGE": "tlh",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    with pytest.raises(InvalidSettingsError) as caught:
        load_config.__wrapped__()
    assert caught.value.fields["count"] == 3
    for listed in (caught.value.fields["faults"], caught.value.__notes__):  # by our command, and by others
        for name in ("SHOUMI_PORT", "DATABASE_URL", "SHOUMI_DEFAULT_LANGUAGE"):
            assert any(fault.startswith(f"{name}: ") for fault in listed)


WRONG = {
    "SHOUMI_PORT": "many",
    "SHOUMI_SCAN_JOBS": "0",
    "SHOUMI_MARKING_SECONDS": "601",
    "SHOUMI_DEBUG": "perhaps",
    "DATABASE_URL": "oracle://scott:hunter2@h/x",
    "SHOUMI_DEFAULT_LANGUAGE": "tlh",
    "SHOUMI_PUBLIC_URL": "ftp://example.com",
    "SHOUMI_SCAN_SHARES": "share",
    "SHOUMI_TABLE_CONNECTIONS": "crm=hunter2",
}


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "ja_JP.UTF-8"])
def test_faults_of_the_configuration_are_told_in_the_language_of_the_environment(monkeypatch, language):
    for name, value in WRONG.items():
        monkeypatch.setitem(os.environ, name, value)
    monkeypatch.setenv("LC_ALL", language)
    with pytest.raises(InvalidSettingsError) as caught:
        load_config.__wrapped__()
    listed = [told(caught.value), *faults(caught.value)]
    assert {fault.split("：")[0] for fault in listed[1:]} == set(WRONG)
    assert [line for line in listed if english(line)] == []
    assert "hunter2" not in "".join([*listed, *caught.value.__notes__])
    assert any("tlh" not in line and "zh-hans, ja, en" in line for line in listed)


def english(text: str) -> bool:
    """Return whether words of English are left, beside commands, paths, addresses and names of settings."""
    for code in (r"`[^`]*`", r"apt install \S+", r"ch(mod|own) \d+", r"\S*[/_=@]\S*", r"\S+\.\S+"):
        text = re.sub(code, "", text)
    return bool(re.search(r"\b[a-z]{2,} [a-z]{2,}\b", text))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "ja_JP.UTF-8"])
def test_every_finding_is_told_in_the_language_of_the_environment(tmp_path, monkeypatch, capsys, language):
    monkeypatch.setenv("LC_ALL", language)
    key = tmp_path / "keys" / "seal.key"
    key.parent.mkdir(parents=True)
    key.touch(mode=0o644)
    bad = config(
        tmp_path,
        debug=True,
        public_url="http://shoumi.example.com",
        witness_url="http://127.0.0.1:9",
        smtp_url="",
    )
    monkeypatch.setattr("shoumi.server.project.config.load_config", lambda: bad)
    monkeypatch.setattr(machine.shutil, "which", lambda _name: None)
    monkeypatch.setattr(machine, "find_library", lambda _name: None)
    monkeypatch.setattr(machine, "FREE_BYTES_AT_LEAST", 1 << 62)

    def silent():
        raise UnavailableError

    late = Authority(timedelta(seconds=90))
    with ports_replaced(
        Ports(internal=lambda: Authority(timedelta()), external=lambda: late, witness=silent)
    ):
        assert verb.run(Namespace(json=False)) == 5
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if english(line)] == []
        assert verb.run(Namespace(json=True)) == 5
    found = json.loads(capsys.readouterr().out)
    advised = [each for each in found if each["level"] != "ok"]
    assert {each["about"] for each in advised} >= {"data", "keys", "settings", "programs", "time", "mail"}
    assert {each["about"] for each in found} <= set(PARTS)
    assert all(each["remedy"] for each in advised)
    assert sum("→" in line for line in lines) == len(advised)
    assert any("is missing" in each["text"] for each in advised)  # a program reads codes, and English
