"""`shoumi trace` as people call it: pictures and PDFs, statuses, JSON, leads, hostile files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from PIL import Image
from tests.fakes.pages import SMALL, after, crop, jpeg, png, text_page

from shoumi.cli import main
from shoumi.engine.marking.tiles import embed, pdf_overlay

KEY, COPY = bytes(range(32)), 0x0000BEEF1234


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "tiles.key"
    path.write_text(f"# of this year\n{bytes(32).hex()}\n{KEY.hex()}  # the older one\n")
    return str(path)


@pytest.fixture
def marked(tmp_path):
    path = tmp_path / "截图 copy.png"
    path.write_bytes(png(after(crop(0.4), jpeg(50))(embed(text_page(1, SMALL), COPY, KEY))))
    return str(path)


@pytest.fixture
def unmarked(tmp_path):
    path = tmp_path / "plain.png"
    path.write_bytes(png(text_page(1, (500, 400))))
    return str(path)


def test_a_copy_is_named_by_its_id_alone(marked, key, capsys):
    assert main(["trace", marked, "--key", key]) == 0
    out = capsys.readouterr().out
    assert "copy 0000beef1234" in out
    assert "check holds" in out


def test_a_pdf_is_drawn_and_the_page_told(tmp_path, key, capsys):
    path = tmp_path / "pages.pdf"
    path.write_bytes(pdf_overlay((595, 842), COPY, KEY))
    assert main(["trace", str(path), "--key", key, "--json"]) == 0
    (file,) = json.loads(capsys.readouterr().out)["files"]
    (found,) = file["found"]
    assert (found["copy_id"], found["how"], found["page"]) == ("0000beef1234", "read", 1)
    assert found["sync"] > 20
    assert found["chip_pixels"] == pytest.approx(3.42, abs=0.02)


def test_nothing_found_is_a_status_of_its_own_and_called_no_proof(unmarked, key, capsys):
    assert main(["trace", unmarked, "--key", key]) == 1
    assert "does not prove" in capsys.readouterr().out


def test_three_copies_averaged_lead_to_the_one_on_the_list(tmp_path, key, capsys):
    path, ids = tmp_path / "damaged.png", tmp_path / "ids"
    page = text_page(0, SMALL)
    two = Image.blend(embed(page, 0x5A5A5A5A5A5A, KEY), embed(page, 0x123456789ABC, KEY), 0.5)
    path.write_bytes(png(Image.blend(two, embed(page, COPY, KEY), 0.36)))
    assert main(["trace", str(path), "--key", key]) == 1
    ids.write_text("\n".join(f"{each:012x}" for each in (COPY, *range(7, 900))))
    assert main(["trace", str(path), "--key", key, "--ids", str(ids)]) == 0
    assert "a lead only: closest of 894 issued" in capsys.readouterr().out


def test_what_cannot_be_read_is_told_and_does_not_hide_the_rest(tmp_path, marked, key, capsys):
    text = tmp_path / "text.png"
    text.write_text("no picture\x1b[31m")
    assert main(["trace", str(tmp_path / "none.png"), str(text), marked, "--key", key]) == 2
    said = capsys.readouterr()
    assert "copy 0000beef1234" in said.out
    assert said.err.count("shoumi trace:") == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"zz", "line 1 "), (b"\xff\xfe", "cannot be read"), (b"00" * 31, "line 1 ")],
)
def test_a_key_file_of_another_form_is_refused(tmp_path, marked, content, said, capsys):
    path = tmp_path / "bad"
    path.write_bytes(content)
    assert main(["trace", marked, "--key", str(path)]) == 2
    assert said in capsys.readouterr().err


def test_keys_are_needed(marked, tmp_path):
    """As on a machine without an installation."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ran = subprocess.run(
        [sys.executable, "-m", "shoumi.cli", "trace", marked],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"SHOUMI_DATA_DIRECTORY": str(tmp_path / "none")},
    )
    assert ran.returncode == 5
    assert "--key" in ran.stderr


def test_a_pdf_without_the_program_says_so(tmp_path, key, monkeypatch, capsys):
    path = tmp_path / "pages.pdf"
    path.write_bytes(pdf_overlay((595, 842), COPY, KEY))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["trace", str(path), "--key", key]) == 2
    assert "poppler-utils" in capsys.readouterr().err


def test_hostile_files_end_soon_and_without_a_crash(tmp_path, key):
    whole = pdf_overlay((595, 842), COPY, KEY)
    huge = whole.replace(b"[0 0 595.000 842.000]", b"[0 0 99999999 999999]")
    hostile = {"a.pdf": whole[:700], "b.pdf": b"%PDF-1.7\n" + os.urandom(3000), "c.pdf": huge}
    hostile |= {
        "d.png": b"\x89PNG\r\n\x1a\n" + os.urandom(500),
        "e.jpg": b"\xff\xd8\xff\xe0" + os.urandom(500),
    }
    paths = []
    for name, content in hostile.items():
        (tmp_path / name).write_bytes(content)
        paths.append(str(tmp_path / name))
    began = time.monotonic()
    assert main(["trace", *paths, "--key", key]) == 2
    assert time.monotonic() - began < 60
