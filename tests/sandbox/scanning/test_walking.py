"""Walking: every regular file once and in order; links, pipes and loops never; what is refused told."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from shoumi.sandbox.scanning import Skips, walk


@pytest.fixture
def tree(tmp_path) -> Path:
    for name in ("b.txt", "a/2.txt", "a/10.txt", "a/deep/x.txt", "c/空 白.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def names(root: Path, *roots: Path, skips: Skips | None = None) -> list[str]:
    found = walk(roots or [root], skips or Skips())
    return [str(each.path.relative_to(root)) for each in found]


def test_files_come_folder_by_folder_in_the_order_of_names(tree):
    assert names(tree) == ["b.txt", "a/10.txt", "a/2.txt", "a/deep/x.txt", "c/空 白.txt"]


def test_links_are_passed_by_and_loops_end(tree):
    (tree / "a/loop").symlink_to(tree)
    (tree / "link.txt").symlink_to(tree / "b.txt")
    (tree / "broken").symlink_to("nowhere")
    skips = Skips()
    assert len(names(tree, skips=skips)) == 5
    assert skips.count == 3


def test_a_link_named_itself_is_followed_and_a_folder_walked_once(tree):
    link = tree.parent / f"{tree.name}-link"
    link.symlink_to(tree / "a")
    found = list(walk([tree, link, tree / "a"], Skips()))
    assert len(found) == 5


def test_nothing_but_files_is_opened(tree, monkeypatch):
    os.mkfifo(tree / "pipe")
    listener = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(tree)
    listener.bind("socket")
    listener.close()
    skips = Skips()
    assert len(names(tree, skips=skips)) == 5
    assert skips.count == 2
    assert next(iter(walk([Path("/dev/null")], skips)), None) is None


def test_our_own_files_are_left_out(tree):
    facts = (tree / "b.txt").stat()
    assert "b.txt" not in names(tree, skips=Skips(never=frozenset({(facts.st_dev, facts.st_ino)})))


def test_what_may_not_be_listed_is_told(tree, monkeypatch):
    scandir = os.scandir

    def refusing(path):
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    (refused,) = [each for each in walk([tree], Skips()) if each.refused]
    assert (refused.path.name, refused.refused) == ("deep", "Permission denied")
    assert [each.refused for each in walk([tree / "nothing"], Skips())] == ["No such file or directory"]


def test_a_very_deep_tree_is_no_deep_stack(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(tmp_path)
    skips = Skips()
    assert list(walk([Path("d")], skips)) == []
    assert len(skips.seen) == 1200
    subprocess.run(["rm", "-r", "d"], check=True)  # shutil has a stack


def test_a_name_of_any_bytes_is_shown(tmp_path):
    (tmp_path / os.fsdecode("坏\xff".encode("latin-1", "ignore") + b"\xff\xe5")).touch()
    (found,) = walk([tmp_path], Skips())
    assert found.name == "\\xff\\xff\\xe5"
    assert found.shown.endswith(found.name)
