"""The tables of people: columns, further headers under which companies keep them, and how cells are read.

Six tables: legal entities, departments, posts, persons, engagements, and the roster that holds a person and
an engagement in one row.  Words for kinds and countries are taken in every language of the console.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from shoumi.server.files.tables import ColumnSpec, TableSpec
from shoumi.server.files.tables.cells import CellError, Parser, email_address, one_of, text_up_to
from shoumi.server.files.tables.dates import parse_date
from shoumi.server.files.tables.levels import parse_post_level
from shoumi.server.files.tables.sheets import Value
from shoumi.server.people.models import Country, EndReason, EngagementKind

KIND_WORDS = {
    EngagementKind.EMPLOYEE: "员工|正式员工|正式|合同工|在编|全职|社員|正社員|従業員|staff|full-time",
    EngagementKind.DISPATCHED_WORKER: "派遣|劳务派遣|派遣工|派遣员工|派遣社員|派遣労働者|dispatched",
    EngagementKind.CONTRACTORS_WORKER: "外包|外包人员|外协|業務委託|請負|委託先社員|contractor|outsourced",
    EngagementKind.ADVISER: "顾问|外聘顾问|专家|顧問|アドバイザー|consultant|advisor",
}
COUNTRY_WORDS = {Country.CN: "中国|中国大陆|china|prc", Country.JP: "日本|japan"}
REASON_WORDS = {
    EndReason.MOVED: "调岗|调动|异动|異動|transfer",
    EndReason.RESIGNED: "辞职|离职|自愿离职|退職|自己都合|resignation",
    EndReason.EXPIRED: "到期|合同到期|期满|期間満了|満了|end of term",
    EndReason.DISMISSED: "辞退|解雇|解除|解聘|dismissal",
    EndReason.RETIRED: "退休|定年|定年退職|retirement",
    EndReason.OTHER: "其他|その他|other",
}

HEADERS = {
    "entity": "法人|公司|所属公司|主体|公司代码|法人代码|所属法人|会社|会社コード|legal entity|company",
    "code": "代码|编码|部门代码|部门编码|部门编号|コード|部署コード|department code",
    "country": "国家|国别|国|所在国",
    "name_zh": "中文名|中文名称|中国語名",
    "name_ja": "日文名|日文名称|日本語名",
    "name_en": "英文名|英文名称|英語名",
    "registration_number": "统一社会信用代码|注册号|登记号|法人番号|registration no",
    "name": "名称|部门名称|部门|部署名|部署|department name",
    "parent": "上级部门|上级|上级部门代码|父部门|上位部署|親部署|parent|parent department",
    "owner": "负责人|部门负责人|负责人工号|部門長|責任者|責任者番号|head|owner",
    "closed_on": "撤销日期|关闭日期|廃止日|closed",
    "department": "部门|部门代码|所属部门|所在部门|部署|所属|所属部署|部署コード|department code",
    "title": "岗位|岗位名称|职位|职务|职位名称|役職|職位|ポスト|post|position|job title",
    "level": "涉密等级|岗位密级|涉密岗位等级|密级|保密等级|秘密区分|職位の秘密区分|secrecy level",
    "level_reason": "定级理由|定级依据|等级理由|区分の理由|reason of level",
    "number": "工号|员工号|员工编号|编号|职工号|社員番号|従業員番号|職員番号|番号|employee no",
    "person_name": "姓名|名字|员工姓名|氏名|名前|full name",
    "check_name": "姓名核对|核对姓名|確認用氏名",
    "reading": "拼音|姓名拼音|フリガナ|ふりがな|カナ|氏名カナ|よみがな|pinyin|kana",
    "phone": "电话|手机|手机号|手机号码|联系电话|联系方式|電話|電話番号|携帯|携帯電話|mobile|phone",
    "email": "邮箱|电子邮箱|电子邮件|邮件|メール|メールアドレス|mail|email address",
    "kind": "用工形式|用工性质|人员类别|人员类型|员工类型|雇用形態|雇用区分|区分|employment type",
    "post": "岗位|岗位名称|职位|职务|役職|職位|post|position|job title",
    "contractor": "派遣单位|承包商|外包公司|劳务公司|所属单位|派遣元|委託先|派遣会社|agency",
    "starts_on": "入职日期|入职时间|到岗日期|开始日期|入社日|入社年月日|開始日|配属日|hire date|start date",
    "ends_on": "离职日期|离岗日期|结束日期|终止日期|退職日|終了日|退社日|end date|end",
    "end_reason": "离职原因|结束原因|退職理由|終了理由|reason of leaving",
}  # fmt: skip


def text_of(value: Value) -> str:
    """Read a text whose length the record checks itself."""
    return str(text_up_to(400)(value))


def _words_in_all_languages(
    choices: type[TextChoices], more: Mapping[Any, str]
) -> dict[str, tuple[str, ...]]:
    """Return stored value → its labels in every language, then the further words."""
    labels: dict[str, list[str]] = {str(value): [] for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for value, label in choices.choices:
                labels[str(value)].append(str(label))
    return {
        value: (*dict.fromkeys(found), *more[choices(value)].split("|")) for value, found in labels.items()
    }


def _choice(choices: type[TextChoices], more: Mapping[Any, str]) -> Parser:
    """Return a parser for a closed list, whose words are gathered when the first cell is read."""

    @lru_cache(maxsize=1)
    def parser() -> Parser:
        return one_of(_words_in_all_languages(choices, more))

    def parse(value: Value) -> object:
        return parser()(value)

    return parse


kind_of = _choice(EngagementKind, KIND_WORDS)
country_of = _choice(Country, COUNTRY_WORDS)
reason_of = _choice(EndReason, REASON_WORDS)


def _column(name: str, title: Any, parser: Any = text_of, *, headers: str = "", **more: Any) -> ColumnSpec:
    more.setdefault("blank", None if more.get("dated") else "")
    return ColumnSpec(name, title, tuple(HEADERS[headers or name].split("|")), parser, **more)


class EndsFirstError(CellError):
    """The end lies before the beginning."""

    code = "people.import_ends_first"
    message = "It would end before it begins."


class ContractorCellError(CellError):
    """A contractor's worker without the contractor."""

    code = "people.import_contractor"
    message = "Name the company that employs a contractor's worker."


def check_terms(values: Mapping[str, Any]) -> Iterable[tuple[str, CellError]]:
    """Yield what is wrong between the cells of one engagement."""
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        yield "ends_on", EndsFirstError()
    if values["kind"] == EngagementKind.CONTRACTORS_WORKER and not values["contractor"]:
        yield "contractor", ContractorCellError()


ENTITY = _column("entity", _("Legal entity"), width=10)
NUMBER = _column("number", _("Employee number"), required=True, width=14)
PERSON_NAME = _column("name", pgettext_lazy("person", "Name"), headers="person_name", required=True, width=16)
TERMS = (
    _column("department", _("Department"), required=True, width=14),
    _column("post", _("Post"), width=18),
    _column("kind", _("Kind"), kind_of, blank=EngagementKind.EMPLOYEE.value, width=16),
    _column("contractor", _("Employing company"), width=26),
    _column("starts_on", _("From"), parse_date, dated=True, required=True, width=12),
    _column("ends_on", _("Ended on"), parse_date, dated=True, width=12),
    _column("end_reason", _("Reason of the end"), reason_of, width=14),
)
CONTACT = (
    _column("reading", _("Reading"), width=20),
    _column("phone", _("Telephone"), width=18),
    _column("email", _("E-mail"), email_address, width=26),
)

ENTITIES = TableSpec(
    name="people.entity",
    title=_("Legal entities"),
    key=("code",),
    columns=(
        _column("code", _("Short code"), required=True, width=10),
        _column("country", _("Country"), country_of, required=True, width=10),
        _column("name_zh", _("Chinese name"), width=36),
        _column("name_ja", _("Japanese name"), width=36),
        _column("name_en", _("English name"), width=36),
        _column("registration_number", _("Registration number"), width=22),
    ),
)
DEPARTMENTS = TableSpec(
    name="people.department",
    title=_("Departments"),
    key=("entity", "code"),
    columns=(
        ENTITY,
        _column("code", _("Code"), required=True, width=12),
        _column("name", _("Name"), required=True, width=24),
        _column("parent", _("Part of"), width=12),
        _column("owner", _("Head of the department"), width=14),
        _column("closed_on", _("Closed on"), parse_date, dated=True, width=12),
    ),
)
POSTS = TableSpec(
    name="people.post",
    title=_("Posts"),
    key=("entity", "department", "title"),
    columns=(
        ENTITY,
        _column("department", _("Department"), required=True, width=14),
        _column("title", _("Title"), required=True, width=20),
        _column("level", _("Secrecy level"), parse_post_level, blank=None, width=12),
        _column("level_reason", _("Reason of the level"), width=30),
        _column("closed_on", _("Closed on"), parse_date, dated=True, width=12),
    ),
)
PERSONS = TableSpec(
    name="people.person",
    title=_("Persons"),
    key=("entity", "number"),
    columns=(ENTITY, NUMBER, PERSON_NAME, *CONTACT),
)
ENGAGEMENTS = TableSpec(
    name="people.engagement",
    title=_("Engagements"),
    key=("entity", "number", "department", "post", "starts_on"),
    check=check_terms,
    columns=(
        ENTITY,
        NUMBER,
        _column("check_name", _("Name, to check"), width=16),
        *TERMS,
    ),
)
ROSTER = TableSpec(
    name="people.roster",
    title=_("Roster"),
    key=("entity", "number", "department", "post", "starts_on"),
    check=check_terms,
    columns=(ENTITY, NUMBER, PERSON_NAME, *CONTACT, *TERMS),
)
SPECS = (ENTITIES, DEPARTMENTS, POSTS, PERSONS, ENGAGEMENTS, ROSTER)
