"""Logs of a case: imported as CSV, workbook or JSON by a mapping of columns, read for the look-back.

Follows the guide 五(五)3(4): only logs of which the person was told are used, and how is written beside each.
A log that was imported is an encrypted stored file; its lines never become rows.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.jurisdiction.procedures import Event
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open, files_adopt
from shoumi.server.files.tables import Limits, read_table
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import CaseLog, PersonCase
from shoumi.server.lifecycle.queries.access import case_resource
from shoumi.server.lifecycle.queries.packs import table_of, zone_of
from shoumi.server.lifecycle.services.cases import locked_open
from shoumi.server.lifecycle.services.errors import LogError, ReasonNeededError
from shoumi.server.people.services.editing import record, text_of

FIELDS = ("at", "account", "object", "act", "target")
HEADERS = {
    "at": ("time", "timestamp", "date", "datetime", "时间", "日期", "登录时间", "日時", "時刻", "发送时间"),
    "account": (
        "account",
        "user",
        "username",
        "login",
        "账号",
        "用户",
        "用户名",
        "アカウント",
        "ユーザー",
        "发件人",
    ),
    "object": ("file", "path", "object", "name", "文件", "路径", "对象", "ファイル", "パス", "対象", "主题"),
    "act": ("action", "operation", "event", "act", "操作", "动作", "事件", "操作種別", "アクション"),
    "target": (
        "to",
        "recipient",
        "target",
        "url",
        "host",
        "收件人",
        "目标",
        "地址",
        "宛先",
        "送信先",
        "接続先",
    ),
}
ACTS = {
    "delete": ("delete", "deleted", "remove", "删除", "削除"),
    "download": ("download", "downloaded", "下载", "ダウンロード"),
    "modify": ("modify", "modified", "change", "changed", "修改", "変更", "更新"),
    "read": ("read", "view", "open", "查阅", "查看", "閲覧", "打开"),
    "copy": ("copy", "copied", "复制", "コピー", "拷贝"),
    "missing": ("missing", "缺失", "欠損"),
}
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M:%S")
LARGEST = Limits(rows=500_000)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogWish:
    """What is imported and how it is understood."""

    kind: str  # of the pack
    basis: str  # how the person was told of this log
    accounts: Sequence[str] = ()  # the person's; empty: every line is theirs
    mapping: Mapping[str, str] | None = None  # field → column; None: by the names of the columns


@dataclass(frozen=True, slots=True)
class ReadLog:
    """The events of a log, and how many lines could not be read."""

    events: tuple[Event, ...]
    faults: int


def log_import(*, actor: User, case: PersonCase, chosen: StoredFile | UploadedFile, wish: LogWish) -> CaseLog:
    """Import a log.

    Raises:
        NotPermittedError, CaseOverError, ReasonNeededError: each as it says.
        LogError: the file is no table or JSON, or has no column for the time.
    """
    gate.require(actor, Action.PERSON_CASE_EXAMINE, case_resource(case))
    if not wish.basis.strip():
        raise ReasonNeededError
    if wish.kind not in table_of(case.entity).logs:
        raise LogError(reason=_("there is no such kind of log"))
    with transaction.atomic():
        open_ = locked_open(case, None)
        (stored,) = files_adopt(actor=actor, chosen=[chosen])
        columns, rows = rows_of(stored)
        mapping = dict(wish.mapping or guessed(columns))
        if not mapping.get("at") or set(mapping.values()) - {"", *columns}:
            raise LogError(reason=_("no column tells the time"))
        log = CaseLog(
            case=open_,
            kind=wish.kind,
            file=stored,
            mapping=mapping,
            accounts=[name.strip() for name in wish.accounts if name.strip()],
            basis=text_of(CaseLog, "basis", wish.basis, required=True),
            imported_by=actor,
            imported_at=clock().now(),
        )
        read = _read(log, rows, zone_of(case.entity))
        if not read.events and read.faults:
            raise LogError(reason=_("no line could be read"))
        log.events, log.faults = len(read.events), read.faults
        log.save()
        record(
            LedgerTag.LIFECYCLE_LOG_IMPORTED,
            actor=actor,
            subject=case.ledger_subject,
            detail={
                "kind": log.kind,
                "file": stored.sha256,
                "events": str(log.events),
                "faults": str(log.faults),
                "basis": log.basis,
            },
        )
    return log


def log_read(log: CaseLog) -> ReadLog:
    """Return the events of a log of a case, read from its file."""
    _columns, rows = rows_of(log.file)
    return _read(log, rows, zone_of(log.case.entity))


def rows_of(stored: StoredFile) -> tuple[list[str], list[Row]]:
    """Return the columns and lines of a log file.

    Raises:
        LogError: it is neither JSON nor a table.
    """
    with file_open(stored) as reader:
        content = reader.read()
    start = content.lstrip()[:1]
    if start in {b"[", b"{"}:
        return _json(content)
    table = read_table(io.BytesIO(content), stored.name, limits=LARGEST)
    lines = [list(row.values) for row in table.sheets[0].rows]
    if not lines:
        raise LogError(reason=_("it is empty"))
    columns = [str(value or "").strip() for value in lines[0]]
    return columns, [dict(zip(columns, line, strict=False)) for line in lines[1:]]


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """Return which column each field stands in, by its name."""
    found = {}
    for field in FIELDS:
        words = HEADERS[field]
        found[field] = next((column for column in columns if column.strip().lower() in words), "")
    return found


def _json(content: bytes) -> tuple[list[str], list[Row]]:
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip().startswith("["):
            rows = json.loads(text)
        else:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as error:
        raise LogError(reason=_("it is no JSON that can be read")) from error
    rows = [row for row in rows if isinstance(row, dict)]
    return list(dict.fromkeys(str(name) for row in rows[:100] for name in row)), rows


def _read(log: CaseLog, rows: Sequence[Row], zone: tzinfo) -> ReadLog:
    accounts = {name.lower() for name in log.accounts}
    events, faults = [], 0
    for number, row in enumerate(rows, 1):
        values = {field: row.get(column, "") if column else "" for field, column in log.mapping.items()}
        if accounts and str(values.get("account") or "").strip().lower() not in accounts:
            continue
        moment = _moment(values.get("at"), zone)
        if moment is None:
            faults += 1
            continue
        events.append(
            Event(
                log=log.kind,
                at=moment,
                row=number,
                object=str(values.get("object") or ""),
                act=_act(str(values.get("act") or "")),
                target=str(values.get("target") or "").strip(),
            )
        )
    return ReadLog(tuple(events), faults)


def _act(word: str) -> str:
    text = word.strip().lower()
    return next((act for act, words in ACTS.items() if text in words), text)


def _moment(value: Any, zone: tzinfo) -> datetime | None:
    """Return the moment of a line; without a zone it is that of the company."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value, time(0), zone)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC)
    for moment in _tries(str(value or "").strip()):
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return None


def _tries(text: str) -> Iterator[datetime]:
    try:
        yield datetime.fromisoformat(text)
    except ValueError:
        for form in MOMENTS:
            try:
                yield datetime.strptime(text, form)  # noqa: DTZ007 - the caller gives the zone
            except ValueError:
                continue
