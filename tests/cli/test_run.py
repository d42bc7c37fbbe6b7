"""What `shoumi run` says at its start, in the language of the environment."""

from __future__ import annotations

import pytest

from shoumi.cli import run


@pytest.mark.parametrize(
    ("language", "ready"),
    [("zh_CN.UTF-8", "守秘已就绪"), ("ja_JP.UTF-8", "準備ができました"), ("C.UTF-8", "Shoumi is ready")],
)
def test_it_greets_with_the_address_and_the_accounts(monkeypatch, capsys, language, ready):
    monkeypatch.setenv("LC_ALL", language)
    run._greet("http://127.0.0.1:8460", [("owner", "pw-1", "提出"), ("it", "pw-2", "IT")])
    lines = capsys.readouterr().out.splitlines()
    assert ready in lines[1]
    assert "http://127.0.0.1:8460" in lines[1]
    assert "  owner  pw-1  提出" in lines
    assert "  it     pw-2  IT" in lines
    assert "Ctrl-C" in lines[-1]
