"""A secret approved in the console is found by the command line and by a scan, deep in an archive."""

from __future__ import annotations

import io
import json
import time
import zipfile

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.test_first_secret import decide, is_about, propose

pytestmark = pytest.mark.any_database  # scans and indexes have tests of their own on both

NAME = "粘接剂固化工艺"
RECIPE = (
    "基体树脂与固化剂按一百比三十二称量，在真空度九十五千帕下脱泡十八分钟；"
    "随后以每分钟二点五度升温至一百二十八度并保持七十分钟，降温期间压力不得低于零点四兆帕。"
)
PATIENCE_SECONDS = 300  # a quiet machine needs some ten; a scan alone takes twenty on a busy one


def approved(installation) -> tuple[str, float]:
    """Return the number of a secret that was proposed and approved over HTTP, and when."""
    owner, officer, leader = (
        Browser(installation, name, language="zh-hans") for name in ("owner", "officer", "leader")
    )
    home, page = propose(owner, "zh-hans", NAME, RECIPE.encode("gb18030"))
    page.submit("expected_version", {})
    request = next(
        link for link in officer.open("/approvals/").links("/approvals/") if is_about(officer, link, NAME)
    )
    decide(officer, request, "approve", "依据充分")
    decide(leader, request, "approve", "同意")
    text = owner.open(f"{home}/").text
    return text[text.index("CN-2026-") :][: len("CN-2026-0001")], time.monotonic()


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def findings(installation, tmp_path, share):
    """Return the fingerprint findings of a scan with the index that the installation hands out."""
    places = ["--index-directory", str(tmp_path / "i"), "--key-directory", str(tmp_path / "k")]
    handed = installation.run("manage", "exportindex", "secrets", *places)
    if handed.returncode:
        return []
    told = installation.run("scan", str(share), "--format", "jsonl", "--index", "secrets", *places)
    assert told.returncode in {0, 10, 11, 12, 13, 14}, told.stderr
    records = [json.loads(line) for line in told.stdout.splitlines()]
    return [each for each in records if each.get("kind") == "fingerprint"]


def scanned(officer, content):
    """Return the id of a scan of a file that was uploaded in the console, once the worker has run it."""
    form = officer.open("/documents/scans/new/")
    page = form.submit("packs", {}, files={"files-plain": ("photos.zip", content)})
    began = time.monotonic()
    while 'hx-trigger="every 2s"' in page.response.text and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(1)
        page = officer.open(page.path)
    assert "已完成" in page.text
    return page.path.split("/")[-2]


def test_an_approved_secret_is_found_in_a_nested_archive(installation, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    letter = f"老王你好，上次说的参数如下：{RECIPE[12:62]}，看完请删除。"
    inner = archive(a_eml=f"Subject: hi\n\n{letter}".encode(), b_txt=b"nothing of interest here")
    (share / "photos.zip").write_bytes(archive(old_zip=inner, c_txt="周末去爬山".encode()))
    number, at = approved(installation)
    found = []
    while not found and time.monotonic() - at < PATIENCE_SECONDS:
        found = [
            each
            for each in findings(installation, tmp_path, share)
            if each["explanation"]["facts"]["secret"] == number
        ]
    assert [each["path"].partition("photos.zip")[2] for each in found] == ["!/old.zip!/a.eml"]
    assert found[0]["level"] == "important"
    assert RECIPE[20:40] not in json.dumps(found, ensure_ascii=False), "it is told masked"
    officer = Browser(installation, "officer", language="zh-hans")
    assert officer.open("/documents/index/").response.status_code == 200
    scan = scanned(officer, (share / "photos.zip").read_bytes())
    rows = officer.open(f"/documents/findings/?scan={scan}&kind=fingerprint")
    assert number in rows.text
    assert "old.zip!/a.eml" in rows.text
    (match,) = {
        link for link in rows.links("/documents/findings/") if link.endswith("/") and "?" not in link
    } - {"/documents/findings/"}
    assert RECIPE[20:40] not in officer.open(f"{match}context/").text
    assert RECIPE[20:40] in officer.open(match).submit("purpose", {"purpose": "核对来源"}).text
