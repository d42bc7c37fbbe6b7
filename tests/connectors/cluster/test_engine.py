"""The cluster as an engine: a real head and two workers, one killed, and a file that kills its reader."""

from __future__ import annotations

import json
import random
import secrets
import tempfile
from pathlib import Path

import pytest

from shoumi.connectors.cluster.engine import BATCH_BYTES, BATCH_FILES, batches
from shoumi.connectors.cluster.results import ResultFiles
from shoumi.engine.inspection.report import Summary
from shoumi.engine.inspection.verdict import Facts, default_policy
from shoumi.sandbox.scanning import Candidate, IndexShelf, LocalEngine, Scan, Setting, Skips, walk
from shoumi.sandbox.scanning.local import Asked
from shoumi.sandbox.workers import WorkLimits

LIMITS = WorkLimits(memory_bytes=160 << 20, seconds=60)
RECIPE = (
    "本配方由聚乙烯醇百分之十二、甘油百分之三、纳米二氧化硅百分之一点五混合，在八十五摄氏度下搅拌四十分钟。"
)


def asked(*sizes: int) -> list[Asked]:
    return [Asked(number, Candidate(Path(str(number)), size)) for number, size in enumerate(sizes)]


def test_batches_hold_every_file_once_within_bounds():
    sizes = [1] * 200 + [BATCH_BYTES * 2] + [BATCH_BYTES // 2] * 5
    made = list(batches(asked(*sizes)))
    assert [each.number for batch in made for each in batch] == list(range(len(sizes)))
    assert max(map(len, made)) == BATCH_FILES
    assert all(sum(each.candidate.size for each in batch[:-1]) < BATCH_BYTES for batch in made)
    assert list(batches([])) == []


@pytest.fixture
def share(tmp_path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    chance = random.Random(5)  # noqa: S311 - test data
    for number in range(300):
        text = f"编号 {number} 手机：139{chance.randrange(10**8):08}\n"
        text += f"摘录 {RECIPE[5:45]}\n" if number % 30 == 0 else ""
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    with (folder / "150 kills its reader.txt").open("wb") as stream:
        stream.write(b"a b " * (LIMITS.memory_bytes >> 2))  # as large as all the memory there is
    return folder


@pytest.fixture
def setting(tmp_path) -> Setting:
    from shoumi.cli import main

    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "配方.txt").write_text(RECIPE, encoding="utf-8")
    shelf = IndexShelf(tmp_path / "indexes", tmp_path / "keys")
    where = ["--index-directory", str(shelf.indexes), "--key-directory", str(shelf.keys)]
    words = ["build", "r", "--folder", str(tmp_path / "secret"), "--secret", "S-1", "--level", "core"]
    assert main(["index", *where, *words]) == 0
    return Setting((shelf.find("r"),))


@pytest.fixture
def cluster(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # else another address stands for 127.0.0.1
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory(prefix="r", ignore_cleanup_errors=True) as short:  # sockets lie in it
        monkeypatch.setenv("RAY_TMPDIR", short)
        small = {"object_store_memory": 80 << 20, "node_ip_address": "127.0.0.1"}
        made = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, **small}
        )
        made.victims = [made.add_node(num_cpus=1, **small) for _ in range(2)]
        yield made
        made.shutdown()


def plain(outcome) -> dict:
    record, findings = outcome
    told = record.to_json()
    del told["seconds"]
    return {**told, "found": [finding.to_json() for finding in findings]}


@pytest.mark.cluster
def test_a_killed_node_and_a_deadly_file_lose_nothing_and_double_nothing(cluster, share, setting, tmp_path):
    from shoumi.connectors.cluster import connect

    policy, facts = default_policy(), Facts()
    with Scan(LocalEngine(setting, 2, LIMITS), policy, facts) as scan:
        local = [plain(each) for each in scan.run(walk([share], Skips()))]
    told = []
    results, summary = ResultFiles(tmp_path / "results"), Summary()
    with Scan(connect(f"ray://{cluster.address}", setting, LIMITS), policy, facts) as scan:
        for record, findings in scan.run(walk([share], Skips())):
            told.append(plain((record, findings)))
            results.file(record, findings)
            summary.add(record, findings)
            if len(told) == 70:
                cluster.remove_node(cluster.victims[0], allow_graceful=False)
    results.end(summary)
    assert [pair for pair in zip(told, local, strict=True) if pair[0] != pair[1]] == []
    assert len({each["path"] for each in told}) == 301
    (dead,) = [each for each in told if "kills" in each["path"]]
    assert dead["found"][0]["id"] == "unreadable.memory"
    assert sum(found["kind"] == "fingerprint" for each in told for found in each["found"]) == 10
    assert_results_hold(tmp_path / "results", told)


def assert_results_hold(folder: Path, told: list[dict]) -> None:
    """Read the files that a scan left, and compare."""
    from pyarrow import parquet

    files = parquet.read_table(folder / "files.parquet").to_pylist()
    assert [(row["path"], row["sha256"], row["verdict"]) for row in files] == [
        (each["path"], each["sha256"], each["verdict"]) for each in told
    ]
    findings = parquet.read_table(folder / "findings.parquet").to_pylist()
    assert [row["finding"] for row in findings] == [
        found["finding"] for each in told for found in each["found"]
    ]
    lines = [json.loads(line) for line in (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["finding"] for line in lines if line["record"] == "finding"] == [
        row["finding"] for row in findings
    ]
    assert lines[-1]["record"] == "scan"
