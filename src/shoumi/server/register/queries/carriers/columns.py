"""The tables of carriers and storage units as spreadsheets: columns, and headers in companies' own lists.

Nothing is looked up here; `services.carriers.importing` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from shoumi.server.files.tables import ColumnSpec, TableSpec
from shoumi.server.files.tables.cells import Parser, number_between, one_of, text_up_to
from shoumi.server.files.tables.levels import parse_post_level
from shoumi.server.files.tables.sheets import Value
from shoumi.server.register.models import Carrier, StorageUnit

LONGEST_DAYS = 3660
CARRIER_WORDS: Mapping[str, str] = {
    "paper": "纸质|文件|图纸|纸|紙|書類|document",
    "medium": "U盘|光盘|移动硬盘|介质|USB|媒体|disc",
    "device": "电脑|计算机|设备|PC|端末|パソコン|computer",
    "sample": "样品|样机|模具|試作品|サンプル|金型|prototype",
    "semi_finished": "半成品|在制品|仕掛品|work in progress",
    "equipment": "生产线|装置|設備|line",
    "system": "系统|应用系统|システム|application",
    "database": "数据库|データベース",
    "person": "人员|技术诀窍|ノウハウ|know-how",
    "other": "其他|その他",
}
UNIT_WORDS: Mapping[str, str] = {
    "computer": "电脑|计算机|台式机|笔记本|PC|パソコン|laptop",
    "server": "服务器|サーバー|サーバ",
    "drive": "硬盘|ハードディスク|disk",
    "portable": "U盘|移动硬盘|光盘|USBメモリ|外付け|usb",
    "system": "系统|应用系统|システム|application",
    "database": "数据库|データベース",
    "other": "其他|その他",
}


def _text(value: Value) -> str:
    return str(text_up_to(300)(value))


def _kind(choices: type[TextChoices], more: Mapping[str, str]) -> Parser:
    """Return a parser for a closed list, whose words are gathered when the first cell is read."""

    @lru_cache(maxsize=1)
    def parser() -> Parser:
        words: dict[str, list[str]] = {str(value): [] for value in choices.values}
        for language, _name in settings.LANGUAGES:
            with override(language):
                for value, label in choices.choices:
                    words[str(value)].append(str(label))
        return one_of(
            {value: (*dict.fromkeys(found), *more[value].split("|")) for value, found in words.items()}
        )

    def parse(value: Value) -> object:
        return parser()(value)

    return parse


HEADERS: Mapping[str, str] = {
    "secret": "商业秘密编号|秘密编号|涉密信息编号|秘密番号|secret",
    "carrier": "载体编号|编号|媒体番号|番号|carrier no",
    "carrier_kind": "载体类型|载体形式|类型|種類|媒体の種類|type",
    "description": "载体名称|名称|描述|説明|名前|name",
    "zone": "涉密区域|区域|存放区域|区域コード|秘密区域|zone",
    "place": "存放地点|存管地点|位置|保管場所|場所|location",
    "keeper": "保管人|管理人|责任人工号|保管者|管理者|custodian",
    "unit": "存储设备|存储单元|設備番号|保存先|storage",
    "status": "状态|状態",
    "department": "部门|部门代码|所属部门|部署|部署コード|department code",
    "code": "设备编号|资产编号|编号|設備番号|資産番号|番号|asset no",
    "name": "设备名称|名称|名前|設備名|device",
    "unit_kind": "设备类型|类型|種類|type",
    "encryption": "加密方式|加密|暗号化|暗号方式|encryption",
    "key_owner": "密钥保管人|密钥负责人|鍵の管理者|key",
    "backup_days": "备份周期|バックアップ周期",
    "restore_days": "恢复测试周期|復元試験周期",
    "permitted": "准予存储最高密级|密级|許可区分",
}


def _column(name: str, title: Any, parser: Any = _text, *, headers: str = "", **more: Any) -> ColumnSpec:
    more.setdefault("blank", "")
    return ColumnSpec(name, title, tuple(HEADERS[headers or name].split("|")), parser, **more)


DAYS = number_between(1, LONGEST_DAYS)
ZONE = _column("zone", _("Secret zone"), width=12)
PLACE = _column("place", _("Place"), width=20)
KEEPER = _column("keeper", _("Keeper"), width=14)
CARRIERS = TableSpec(
    "register.carriers",
    _("Carriers"),
    (
        _column("secret", _("Number of the secret"), required=True, width=18),
        _column("number", _("Number"), headers="carrier", width=20),
        _column(
            "kind",
            _("Kind"),
            _kind(Carrier.Kind, CARRIER_WORDS),
            headers="carrier_kind",
            required=True,
            width=16,
        ),
        _column("description", _("Description"), required=True, width=30),
        ZONE,
        PLACE,
        KEEPER,
        _column("unit", _("Storage unit"), width=14),
        _column("status", _("Status"), width=14),
    ),
)
UNITS = TableSpec(
    "register.units",
    _("Storage units"),
    (
        _column("department", _("Department"), required=True, width=14),
        _column("code", _("Number"), required=True, width=16),
        _column("name", pgettext_lazy("of a thing", "Name"), required=True, width=24),
        _column(
            "kind",
            _("Kind"),
            _kind(StorageUnit.Kind, UNIT_WORDS),
            headers="unit_kind",
            required=True,
            width=14,
        ),
        ZONE,
        PLACE,
        KEEPER,
        _column("encryption", _("Encrypted with"), width=16),
        _column("key_owner", _("Owner of the key"), width=14),
        _column("backup_days", _("Backed up every (days)"), DAYS, blank=None, width=10),
        _column("restore_days", _("Restore tested every (days)"), DAYS, blank=None, width=10),
        _column("permitted", _("Highest level permitted"), parse_post_level, blank=0, width=14),
    ),
    key=("department", "code"),
)
