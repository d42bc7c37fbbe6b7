"""`shoumi scan` as people call it: real files and indexes, reports, statuses, killed and continued scans."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from shoumi.cli import main
from shoumi.cli.scan import STATUSES
from shoumi.engine.inspection.verdict import Action

RECIPE = (
    "本配方由聚乙烯醇百分之十二、甘油百分之三、纳米二氧化硅百分之一点五混合，"
    "在八十五摄氏度下搅拌四十分钟后冷却过滤。"
)
SCHEMA = jsonschema.Draft202012Validator(
    json.loads(
        (Path(__file__).parents[3] / "docs/formats/scan-report.schema.json").read_text(encoding="utf-8")
    )
)
PHONE = f"139{7919 * 7877:08}"


@pytest.fixture(autouse=True)
def _own_indexes(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOUMI_INDEX_DIRECTORY", str(tmp_path / "indexes"))
    monkeypatch.setenv("SHOUMI_INDEX_KEY_DIRECTORY", str(tmp_path / "keys"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})  # a second process prepares for a second
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def share(tmp_path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "会议.txt").write_text(f"电话：{PHONE}，请回电。\n核心商密\n", encoding="gb18030")
    (folder / "empty").touch()
    with zipfile.ZipFile(folder / "outer.zip", "w") as outer:
        outer.writestr("内部/摘录.txt", f"摘自资料：{RECIPE[8:52]}，完。")
    (folder / "broken.zip").write_bytes(b"PK\3\4 not really")
    return folder


def lines(capsys, *words: object) -> tuple[int, list[dict]]:
    status = main(["scan", *map(str, words), "--format", "jsonl"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for line in told:
        SCHEMA.validate(line)
    return status, told


def index_recipe(tmp_path: Path, capsys) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "配方.txt").write_text(RECIPE, encoding="utf-8")
    folder = str(tmp_path / "secret")
    assert main(["index", "build", "r", "--folder", folder, "--secret", "2026-1", "--level", "core"]) == 0
    capsys.readouterr()


def test_an_excerpt_in_an_archive_names_its_secret_and_lacks_its_marking(share, tmp_path, capsys):
    index_recipe(tmp_path, capsys)
    status, told = lines(capsys, share, "--index", "r")
    assert status == STATUSES[Action.SEAL]
    inner = [line for line in told if line.get("path", "").endswith("outer.zip!/内部/摘录.txt")]
    assert [line["kind"] for line in inner if line["kind"] in {"fingerprint", "marking"}] == [
        "fingerprint",
        "marking",
    ]
    assert inner[0]["id"] == "2026-1"
    assert inner[0]["explanation"]["facts"]["secret"] == "2026-1"
    assert RECIPE[8:52] not in json.dumps(told, ensure_ascii=False)
    files = {Path(line["path"]).name: line for line in told if line["record"] == "file"}
    assert set(files) == {"会议.txt", "empty", "outer.zip", "broken.zip"}
    assert files["会议.txt"]["type"] == "text/plain"
    closed = [line for line in told if line.get("kind") == "unreadable"]
    assert [Path(line["path"]).name for line in closed] == ["broken.zip"]


@pytest.mark.requirement("VEN-04")
def test_the_status_follows_the_worst_verdict_and_the_policy(share, tmp_path, capsys):
    (share / "会议.txt").unlink()
    (share / "broken.zip").unlink()
    assert main(["scan", str(share)]) == 0
    policy = tmp_path / "own.yaml"
    policy.write_text(
        "policy: own\nrules:\n- id: phones\n  when: {ids: [cn.mobile]}\n  verdict: block\n"
        "  reason: {zh: 电话, ja: 電話, en: A telephone number.}\n"
        "  examples: {match: [{found: [{id: cn.mobile}]}], refuse: [{found: [{id: cn.qq}]}]}\n"
    )
    (share / "a.txt").write_text(f"电话：{PHONE}", encoding="utf-8")
    capsys.readouterr()
    assert main(["scan", str(share), "--policy", str(policy)]) == STATUSES[Action.BLOCK]
    assert "A telephone number. [phones]" in capsys.readouterr().out
    policy.write_text("policy: own\nrules: []\nrulez: 1\n")
    assert main(["scan", str(share), "--policy", str(policy)]) == 2
    assert "own.yaml:3: the key “rulez” is not known here" in capsys.readouterr().err


def test_masked_unless_revealed_in_every_format(share, capsys):
    for form in ("table", "jsonl", "sarif"):
        main(["scan", str(share), "--format", form])
        masked = capsys.readouterr().out
        main(["scan", str(share), "--format", form, "--reveal"])
        assert PHONE not in masked
        assert PHONE in capsys.readouterr().out


def test_a_second_scan_inspects_only_what_changed(share, tmp_path, capsys):
    state = tmp_path / "state"
    _, first = lines(capsys, share, "--since", state)
    (share / "empty").write_text(f"手机：{PHONE}")
    (share / "outer.zip").rename(share / "z.zip")
    _, second = lines(capsys, share, "--since", state)
    reused = {Path(line["path"]).name: line["reused"] for line in second if line["record"] == "file"}
    assert reused == {"broken.zip": True, "empty": False, "z.zip": False, "会议.txt": True}
    same = [line for line in first if line["record"] == "finding" and "会议" in line["path"]]
    assert same
    assert [line for line in second if line["record"] == "finding" and "会议" in line["path"]] == same
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert PHONE.encode() not in state.read_bytes()


def test_other_indexes_make_another_scan(share, tmp_path, capsys):
    lines(capsys, share, "--since", tmp_path / "state")
    index_recipe(tmp_path, capsys)
    status = main(
        ["scan", str(share), "--since", str(tmp_path / "state"), "--index", "r", "--format", "jsonl"]
    )
    told = capsys.readouterr()
    assert status == STATUSES[Action.SEAL]
    assert "every file is inspected anew" in told.err
    assert '"reused": true' not in told.out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nowhere"], 2, "There is nothing at nowhere."),
        ([".", "--index", "nothing"], 2, "There is no index nothing"),
        ([".", "--index", "../evil name"], 2, "There is no index"),
        ([".", "--policy", "nowhere"], 2, "nowhere cannot be read"),
        ([".", "--since", "notes"], 2, "notes is not the state of a scan; it was not touched."),
    ],
)
def test_bad_input_is_told_in_one_line(tmp_path, capsys, words, status, said):
    (tmp_path / "notes").write_text("my notes\n")
    assert main(["scan", *words]) == status
    assert said in capsys.readouterr().err
    assert (tmp_path / "notes").read_text() == "my notes\n"


def test_a_key_that_others_may_read_is_refused(share, tmp_path, capsys):
    index_recipe(tmp_path, capsys)
    key = tmp_path / "keys" / "r.key"
    key.chmod(0o640)
    assert main(["scan", str(share), "--index", "r"]) == 5
    assert "chmod 600" in capsys.readouterr().err
    key.chmod(0o600)
    key.write_text("00" * 32)
    assert main(["scan", str(share), "--index", "r"]) == 2
    assert "made with another key" in capsys.readouterr().err


def many(folder: Path, count: int) -> None:
    chance = random.Random(7)  # noqa: S311 - test data
    for number in range(count):
        (folder / f"{number:03}.txt").write_text(
            f"编号 {number} 手机：139{chance.randrange(10**8):08}\n" * 40
        )


@pytest.mark.slow
def test_a_killed_scan_continues_and_tells_the_same(tmp_path, capsys):
    share = tmp_path / "share"
    share.mkdir()
    many(share, 60)
    _, whole = lines(capsys, share)
    state = tmp_path / "state"
    command = [
        sys.executable,
        "-m",
        "shoumi.cli",
        "scan",
        str(share),
        "--since",
        str(state),
        "--format",
        "jsonl",
    ]
    for ending in (signal.SIGKILL, signal.SIGINT):
        scan = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(20):
            scan.stdout.readline()
        scan.send_signal(ending)
        _out, err = scan.communicate(timeout=30)
        if ending == signal.SIGINT and scan.returncode == 130:
            assert f"interrupted; continue with --since {state}." in err
            assert "Traceback" not in err
    _, continued = lines(capsys, share, "--since", state)
    assert continued[-1]["reused"] > 0

    def told(report):
        return [{**line, "seconds": 0, "reused": 0} for line in report if line["record"] != "scan"]

    assert told(continued) == told(whole)


def test_a_file_that_vanishes_or_may_not_be_read_is_told(share, capsys, monkeypatch):
    from shoumi.cli import scan as verb

    walk = verb.walk

    def vanishing(paths, skips):
        for candidate in walk(paths, skips):
            if candidate.name == "empty":
                candidate.path.unlink(missing_ok=True)
            yield candidate

    monkeypatch.setattr(verb, "walk", vanishing)
    _, told = lines(capsys, share)
    (gone,) = [
        line for line in told if line.get("path", "").endswith("/empty") and line["record"] == "finding"
    ]
    assert gone["id"] == "unreadable.denied"


def test_names_of_any_bytes_and_special_files_are_no_trouble(share, tmp_path, capsys):
    (share / os.fsdecode(b"\xc3\x28\xff.txt")).write_text(f"手机：{PHONE}")
    os.mkfifo(share / "pipe")
    (share / "loop").symlink_to(share)
    _, told = lines(capsys, share, "--since", tmp_path / "state")
    assert any("\\xff.txt" in line.get("path", "") for line in told)
    assert told[-1]["skipped"] == 2


@pytest.mark.slow
def test_letters_in_pictures_are_read_where_asked(share, capsys):
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1400, 200), 255)
    ImageDraw.Draw(picture).text((40, 60), f"TEL {PHONE}", 0, ImageFont.load_default(72))
    picture.save(share / "photo.png")
    _, without = lines(capsys, share / "photo.png")
    _, told = lines(capsys, share / "photo.png", "--ocr")
    assert [line["id"] for line in without if line["record"] == "finding"] == []
    assert "cn.mobile" in [line["id"] for line in told if line["record"] == "finding"]


def test_every_fault_of_a_policy_is_told_with_its_line(share, tmp_path, capsys):
    policy = tmp_path / "own.yaml"
    policy.write_text("policy: own\nrules: []\nrulez: 1\nother: 2\n")
    assert main(["scan", str(share), "--policy", str(policy)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.rpartition("own.yaml:")[2][:2] for line in told[1:]] == ["3:", "4:"]


def test_a_name_that_hides_the_content_is_told(share, capsys):
    (share / "holiday.jpg").write_text("今日无事。", encoding="utf-8")
    _status, told = lines(capsys, share / "holiday.jpg")
    (found,) = [line for line in told if line["record"] == "finding"]
    assert (found["kind"], found["id"]) == ("marking", "marking.other_kind")
    assert found["explanation"]["matched"] == "text/plain"
    main(["scan", str(share / "holiday.jpg")])
    assert "its name says another kind of file; the content is plain text" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN.UTF-8", ("没有", "手机号码 [cn.mobile]")),
        ("ja_JP.UTF-8", ("ありません", "中国携帯電話番号 [cn.mobile]")),
        ("C", ("There is nothing at", "Chinese mobile number [cn.mobile]")),
    ],
)
def test_errors_and_names_are_told_in_the_language_of_the_environment(
    share, capsys, monkeypatch, language, words
):
    monkeypatch.setenv("LC_ALL", language)
    assert main(["scan", "nowhere"]) == 2
    assert words[0] in capsys.readouterr().err
    main(["scan", str(share / "会议.txt")])
    assert words[1] in capsys.readouterr().out
