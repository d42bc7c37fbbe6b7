"""Takes each of the demonstration company's secrets as far as it goes: drafted, reviewed, registered, ended.

Every step is the service that the console calls, by a person who may do it; nothing is written beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shoumi.engine.jurisdiction import load_pack
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_decide
from shoumi.server.files.services import file_store
from shoumi.server.project.demo.documents import document_make, language_of
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.customer_information import is_customer_information
from shoumi.server.register.services import changes, drafts, proposals
from shoumi.server.register.services.customer_information import customer_information_save
from shoumi.server.register.values import (
    CarrierValue,
    CustomerDepth,
    ElementValue,
    EvidenceValue,
    ExclusionValue,
    FactorValue,
    Grading,
    Identity,
    Limits,
    ScopeValue,
)

PROPOSERS = {
    "CN-GM": "officer2",
    "CN-RD": "owner",
    "CN-MF": "mf-owner",
    "CN-SA": "sales-owner",
    "CN-HR": "legal",
    "CN-IT": "it-engineer",
    "JP-TK": "jp-owner",
}
REVIEWER = "officer"
LEADERS = ("leader", "leader2")
CORE_POST_LEVEL = 3
GRADES = {"core": 4, "important": 2, "general": 1}
# how many decisions each state takes: None is all of them
DECISIONS = {"proposed": 0, "returned": 0, "reviewed": 1, "approved_once": 2}

WORDS = {
    "zh": {
        "necessity": "一旦泄露，竞争对手可以缩短追赶时间，因此确有必要作为商业秘密保护。",
        "secrecy": "经检索公开资料未见相同内容，仅少数岗位掌握。",
        "secrecy_evidence": "检索记录：行业期刊、公开网站和产品说明书，均未见相同内容。",
        "value": "直接支持在售产品的性能和成本优势。",
        "value_evidence": "投入记录：累计试验和人力成本见项目台账。",
        "measures": "限定知悉范围，文件加密存储，接触人员签有保密义务。",
        "measures_evidence": "文件存放于加密存储，权限按岗位配置，打开均有记录。",
        "collected": "销售人员在多年拜访和展会中逐户记录。",
        "worked_up": "按地区和行业归类，核对后补充交易习惯与特定需求，并分级。",
        "effort": "三名销售人员、约两年，差旅与人力成本见部门台账。",
        "sources": "名称可公开查得；联系人、习惯与需求来自往来，不为公众所知悉。",
        "text": "与公开资料不同，由本公司试验和整理形成。",
        "grade": "参照同类信息，由权属部门评估。",
        "level": "结合知悉范围由权属部门提出。",
        "place": "保密柜 B-02",
        "paper": "装订成册的纸质件，一份",
        "publication": "新品正式发布",
        "review": "要件齐备，同意提交审批。",
        "approve": "同意。",
        "return": "请补充客户同意收集信息的依据后再提出。",
        "not_a_secret": "编号方法已在公开的产品目录中使用，不具备秘密性。",
        "withdraw": "路线将对外公布，撤回。",
        "declassify": "所载信息已无保护价值。",
        "change": "项目转入量产，需要扩大知悉范围。",
    },
    "ja": {
        "necessity": "漏えいすると競合他社が差を縮められるため、営業秘密として管理する必要がある。",
        "secrecy": "公開資料に同じ内容はなく、限られた職位だけが知っている。",
        "secrecy_evidence": "検索記録：業界誌、公開ウェブサイト、製品資料に同一の内容は見つからなかった。",
        "value": "販売中の製品の性能と原価の優位を直接支えている。",
        "value_evidence": "投入記録：試験費と工数の累計は案件台帳にある。",
        "measures": "開示範囲を限定し、暗号化して保存し、接する者は守秘義務を負う。",
        "measures_evidence": "暗号化された保存先に置き、権限は職位ごとに設定し、閲覧はすべて記録される。",
        "collected": "営業担当者が長年の訪問と展示会で一社ずつ記録した。",
        "worked_up": "地域と業種で分類し、照合のうえ取引慣行と特別な要望を加えて区分した。",
        "effort": "担当者二名で約三年、旅費と工数は部署の記録にある。",
        "sources": "名称は公開情報で分かるが、担当者・慣行・要望は取引から得たもので公知でない。",
        "text": "公開資料と異なり、自社の試験と整理によって得られた。",
        "grade": "同種の情報に照らし、所管部署が評価した。",
        "level": "開示範囲を踏まえて所管部署が提案した。",
        "place": "施錠書庫 B-02",
        "paper": "製本した紙の控え、一部",
        "publication": "新製品の正式発表",
        "review": "要件を満たしているため、承認に回します。",
        "approve": "承認します。",
    },
}


class Register:
    """The register while it is being filled."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.users = organisation.users
        self.today = organisation.today

    def fill(self, rows: Iterable[dict[str, Any]]) -> None:
        """Make every secret and take it as far as its row says."""
        for row in rows:
            self._make(row)

    def _make(self, row: dict[str, Any]) -> None:
        words = WORDS[language_of(row["name"] + row["hint"])]
        actor = self.users[PROPOSERS[row["in"]]]
        secret = self._draft(row, words, actor)
        if row["to"] == "draft":
            return
        if row["to"] == "not_a_secret":
            proposals.secret_find_not_a_secret(
                actor=actor,
                secret_id=secret.pk,
                expected_version=secret.version,
                reason=words["not_a_secret"],
            )
            return
        proposals.secret_submit(actor=actor, secret_id=secret.pk, expected_version=secret.version)
        if row["to"] == "withdrawn":
            proposals.secret_withdraw(actor=actor, secret_id=secret.pk, reason=words["withdraw"])
            return
        self._decide(secret.pk, words, DECISIONS.get(row["to"]))
        if row["to"] == "returned":
            self._send_back(secret.pk, words)
        elif row["to"] == "declassified":
            self._declassify(secret.pk, words, actor)
        elif row["to"] == "changing":
            self._change(secret.pk, words, actor, row)

    # --- the draft, step by step

    def _draft(self, row: dict[str, Any], words: dict[str, str], actor: User) -> TradeSecret:
        department = self.organisation.departments[row["in"]]
        custodian = self._custodian(row["in"])
        secret = drafts.secret_draft(
            actor=actor,
            department=department,
            identity=Identity(
                name=row["name"],
                description=row["hint"],
                category=f"IDN-{row['category']}",
                necessity=words["necessity"],
                custodian=custodian,
            ),
        )
        stored = file_store(
            actor=actor,
            name=f"{row['name']}.{row['file']}",
            chunks=[document_make(title=row["name"], kind=row["file"])],
        )
        secret = drafts.secret_file_attach(
            actor=actor, secret_id=secret.pk, expected_version=secret.version, files=[stored]
        )
        if row["level"] == "core":
            paper = CarrierValue(
                kind="paper", description=words["paper"], place=words["place"], keeper=custodian
            )
            secret = drafts.secret_carry(
                actor=actor, secret_id=secret.pk, expected_version=secret.version, carriers=[paper]
            )
        pack = load_pack(department.entity.pack)
        secret = drafts.secret_assess(
            actor=actor,
            secret_id=secret.pk,
            expected_version=secret.version,
            elements=[
                ElementValue(element, "met", words[element], (EvidenceValue(words[f"{element}_evidence"]),))
                for element in ("secrecy", "value", "measures")
            ],
            exclusions=[self._exclusion(each, words, actor) for each in pack.exclusions],
        )
        if is_customer_information(secret):
            customer_information_save(
                actor=actor, secret_id=secret.pk, expected_version=None, depth=self._depth(words)
            )
            secret.refresh_from_db()
        grades = tuple(
            FactorValue(factor.id, GRADES[row["level"]], words["grade"])
            for factor in pack.factors
            if factor.required
        )
        secret = drafts.secret_grade(
            actor=actor,
            secret_id=secret.pk,
            expected_version=secret.version,
            grading=Grading(grades, row["level"], words["level"]),
        )
        return drafts.secret_limit(
            actor=actor, secret_id=secret.pk, expected_version=secret.version, limits=self._limits(row, words)
        )

    def _depth(self, words: dict[str, str]) -> CustomerDepth:
        """Return of what customer information consists, and how it came about."""
        texts = (words["collected"], words["worked_up"], words["effort"], words["sources"])
        return CustomerDepth(("name", "contact", "habit", "special_need"), *texts)

    def _custodian(self, department: str) -> str:
        """Return the id of the first person of a department."""
        number = next(
            row["number"] for row in self.organisation.company["people"] if row["department"] == department
        )
        return str(self.organisation.people[number].pk)

    def _exclusion(self, exclusion: Any, words: dict[str, str], actor: User) -> ExclusionValue:
        """Answer no, with whatever must be recorded then."""
        values = {"text": words["text"], "date": self.today.isoformat()}
        wanted = [field for field in exclusion.fields if field.record_when in {"no", "always"}]
        return ExclusionValue(
            exclusion.id,
            "no",
            {
                field.id: actor.display_name
                if field.id.endswith("_by")
                else values.get(field.kind, words["text"])
                for field in wanted
            },
        )

    def _limits(self, row: dict[str, Any], words: dict[str, str], *, wider: Iterable[str] = ()) -> Limits:
        period = row["period"]
        code = (
            f"P{period}Y"
            if isinstance(period, int)
            else f"P{period['days']}D"
            if isinstance(period, dict)
            else period
        )
        departments = [self.organisation.departments[name] for name in [*row["scope"], *wider]]
        if row["level"] == "core":
            posts = [
                post
                for (code_of, _title), post in self.organisation.posts.items()
                if code_of in row["scope"] and post.level == CORE_POST_LEVEL
            ]
            scope = [ScopeValue("posts", str(post.pk)) for post in posts]
            scope.append(ScopeValue("persons", self._custodian(row["in"])))
        else:
            scope = [ScopeValue("departments", str(department.pk)) for department in departments]
        return Limits(
            period=code,
            scope=tuple(scope),
            publication_event=words["publication"] if code == "until_publication" else "",
            period_reason=words["level"],
            scope_reason=words["level"],
        )

    # --- decisions

    def _ask(self, secret_id: UUID) -> ApprovalRequest:
        """Return the open request about a secret."""
        open_requests = ApprovalRequest.objects.filter(subject=f"secret:{secret_id}", closed_at=None)
        return open_requests.latest("opened_at")

    def _decide(self, secret_id: UUID, words: dict[str, str], most: int | None) -> None:
        """Let officer and leaders approve, one after the other, at most `most` of them."""
        request = self._ask(secret_id)
        deciders = (REVIEWER, *LEADERS)
        for count, name in enumerate(deciders):
            request.refresh_from_db()
            if not request.is_open or count == most:
                return
            reason = words["review"] if name == REVIEWER else words["approve"]
            request_decide(request=request, actor=self.users[name], verdict="approve", reason=reason)

    def _send_back(self, secret_id: UUID, words: dict[str, str]) -> None:
        request_decide(
            request=self._ask(secret_id), actor=self.users[REVIEWER], verdict="return", reason=words["return"]
        )

    def _declassify(self, secret_id: UUID, words: dict[str, str], actor: User) -> None:
        secret = TradeSecret.objects.get(pk=secret_id)
        changes.declassification_open(
            actor=actor,
            secret_id=secret_id,
            expected_version=secret.version,
            ground="DEC-02",
            reason=words["declassify"],
        )
        self._decide(secret_id, words, None)

    def _change(self, secret_id: UUID, words: dict[str, str], actor: User, row: dict[str, Any]) -> None:
        secret = TradeSecret.objects.get(pk=secret_id)
        limits = self._limits(row, words, wider=["CN-RD"])
        changes.change_open(
            actor=actor,
            secret_id=secret_id,
            expected_version=secret.version,
            wished=changes.wish_of(limits=limits, grading=None, custodian=None),
            reason=words["change"],
        )
