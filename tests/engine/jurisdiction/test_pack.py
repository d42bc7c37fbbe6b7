"""The packs themselves: complete in three languages, and every example they carry holds."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest
import yaml

from shoumi.engine.jurisdiction import (
    ExclusionAnswer,
    GradeError,
    NoProvisionError,
    PeriodFormError,
    ReservedLevelError,
    RuleNotInForceError,
    UnknownCategoryError,
    UnknownLevelError,
    article_of,
    category_named,
    check_exclusions,
    level_named,
    load_pack,
    pack_ids,
    period_named,
    rule_at,
    suggest_level,
)


def entries(name, key):
    """Every entry of one list of a file, in every pack, with the examples it carries."""
    found = []
    for pack_id in pack_ids():
        text = files("shoumi.packs").joinpath(pack_id, name).read_text(encoding="utf-8")
        read = yaml.safe_load(text)[key]
        found += [pytest.param(pack_id, entry, id=f"{pack_id}-{entry['id']}") for entry in read]
    return found


def whole(name):
    folder = files("shoumi.packs")
    texts = {pack_id: folder.joinpath(pack_id, name).read_text(encoding="utf-8") for pack_id in pack_ids()}
    return [
        pytest.param(pack_id, yaml.safe_load(text)["examples"], id=pack_id) for pack_id, text in texts.items()
    ]


def test_both_countries_are_there():
    assert pack_ids() == ("cn", "jp")


@pytest.mark.parametrize(("pack_id", "entry"), entries("rules.yaml", "rules"))
@pytest.mark.requirement("GEN-08")
def test_a_rule_holds_on_the_days_it_says(pack_id, entry):
    pack = load_pack(pack_id)
    assert entry["source"].strip()
    assert entry["id"].startswith(pack_id.upper() + "-")
    if entry["in_force"]["from"] is None:
        assert rule_at(pack, entry["id"], date(2026, 11, 21)).caveats, "an unknown first day stays visible"
        return
    for day in entry["examples"]["match"]:
        answer = rule_at(pack, entry["id"], day)
        assert answer.rule.cite == entry["cite"]
        assert str(answer.rule.status) == entry["status"]
    for day in entry["examples"]["refuse"]:
        try:
            answer = rule_at(pack, entry["id"], day)
        except RuleNotInForceError:
            continue
        assert answer.rule.cite != entry["cite"], "another version of the rule holds on that day"


@pytest.mark.parametrize(("pack_id", "entry"), entries("concepts.yaml", "concepts"))
@pytest.mark.requirement("GEN-08")
def test_a_concept_stands_where_it_says(pack_id, entry):
    pack = load_pack(pack_id)
    for example in entry["examples"]["match"]:
        assert article_of(pack, entry["id"], example["day"]).article == example["article"]
    for example in entry["examples"]["refuse"]:
        if "article" in example:
            assert article_of(pack, entry["id"], example["day"]).article != example["article"]
        else:
            with pytest.raises(NoProvisionError):
                article_of(pack, entry["id"], example["day"])


@pytest.mark.parametrize(("pack_id", "entry"), entries("levels.yaml", "levels"))
def test_a_level_is_called_as_it_says(pack_id, entry):
    pack = load_pack(pack_id)
    for text in entry["examples"]["match"]:
        assert level_named(pack, text).id == entry["id"]
    for text in entry["examples"]["refuse"]:
        with pytest.raises((UnknownLevelError, ReservedLevelError)):
            level_named(pack, text)


@pytest.mark.parametrize(("pack_id", "entry"), entries("categories.yaml", "categories"))
def test_a_category_is_called_as_it_says(pack_id, entry):
    pack = load_pack(pack_id)
    for text in entry["examples"]["match"]:
        assert category_named(pack, text).id == entry["id"]
    for text in entry["examples"]["refuse"]:
        with pytest.raises(UnknownCategoryError):
            category_named(pack, text)


@pytest.mark.parametrize(("pack_id", "entry"), entries("exclusions.yaml", "exclusions"))
def test_an_exclusion_excludes_what_it_says(pack_id, entry):
    pack = load_pack(pack_id)

    def verdict(example):
        answer = ExclusionAnswer(applies=example["answer"] == "yes", fields=example.get("fields", {}))
        return check_exclusions(pack, {entry["id"]: answer}, example.get("day", date(2026, 3, 1)))

    for example in entry["examples"]["match"]:
        assert [item.id for item in verdict(example).excluded] == [entry["id"]]
        assert not verdict(example).faults
    for example in entry["examples"]["refuse"]:
        assert not verdict(example).excluded
        assert not verdict(example).faults
    for example in entry["examples"]["faulty"]:
        assert verdict(example).faults
        assert not verdict(example).complete


@pytest.mark.parametrize(("pack_id", "examples"), whole("factors.yaml"))
def test_grades_suggest_the_levels_they_say(pack_id, examples):
    pack = load_pack(pack_id)
    required = [factor.id for factor in pack.factors if factor.required]
    for example in examples["match"]:
        scores = dict(zip(required, example["grades"], strict=True))
        assert suggest_level(pack, scores).level.id == example["level"], example
    for example in examples["refuse"]:
        with pytest.raises(GradeError):
            suggest_level(pack, dict(zip(required, example["grades"], strict=True)))


@pytest.mark.parametrize(("pack_id", "examples"), whole("periods.yaml"))
def test_periods_are_spelled_as_they_say(pack_id, examples):
    pack = load_pack(pack_id)
    for example in examples["match"]:
        assert period_named(pack, example["text"]).code == example["is"]
    for text in examples["refuse"]:
        with pytest.raises(PeriodFormError):
            period_named(pack, text)


@pytest.mark.parametrize("pack_id", pack_ids())
def test_names_and_spellings_never_mean_two_things(pack_id):
    pack = load_pack(pack_id)
    for items, named in ((pack.levels, level_named), (pack.categories, category_named)):
        for item in items:
            for text in (item.id, item.names.zh, item.names.ja, item.names.en, *item.spellings):
                assert named(pack, text) is item, text


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.requirement(
    "IDN-T1",
    "IDN-T2",
    "IDN-T3",
    "IDN-T4",
    "IDN-T5",
    "IDN-B1",
    "IDN-B2",
    "IDN-B3",
    "IDN-B4",
    "IDN-B5",
    "IDN-B6",
    "IDN-B7",
    "IDN-B8",
)
def test_the_guides_thirteen_categories_are_there(pack_id):
    pack = load_pack(pack_id)
    assert [category.id for category in pack.categories if category.group == "technical"] == [
        f"IDN-T{n}" for n in range(1, 6)
    ]
    assert [category.id for category in pack.categories if category.group == "business"] == [
        f"IDN-B{n}" for n in range(1, 9) if n != 4
    ]
    assert [category.id for category in pack.categories if category.group == "customer"] == ["IDN-B4"]
    for category in pack.categories:
        if category.id not in {"IDN-T5", "IDN-B8"}:
            assert all(category.contents[code] for code in ("zh", "ja", "en"))


@pytest.mark.parametrize(
    ("category_id", "phrase"),
    [
        ("IDN-T1", "设计程序、图纸、模型、样板、测试记录、关键信息资源储备、数据"),
        ("IDN-T2", "原料、配方、工艺、流程、样式、技术参数、电子数据、制作方法、技术诀窍"),
        ("IDN-T3", "设备仪器的型号、配置参数、特别要求"),
        ("IDN-T4", "源代码、应用程序、数据算法"),
        ("IDN-B1", "公司组织架构、决议文件、内部通知、规章制度、会议纪要"),
        (
            "IDN-B2",
            "战略规划（计划）、投融资决策、研发策略、商业模式、管理方法、产权交易、股权激励方案、专利规划布局",
        ),
        ("IDN-B5", "财务账簿、财务报表、融资报表、预决算报告、审计报告、股权分配资料"),
        ("IDN-B6", "员工名册、通讯录、工资表、社保公积金清单"),
        ("IDN-B7", "应用系统、网络拓扑图、信息安全风险报告、运维日志"),
    ],
)
def test_contents_are_the_guides_own_words(category_id, phrase):
    category = category_named(load_pack("cn"), category_id)
    assert "、".join(category.contents["zh"]) == phrase


@pytest.mark.requirement("GEN-09")
def test_the_six_principles_are_the_guides():
    assert [item.names.zh for item in load_pack("cn").principles] == [
        "依法规范",
        "自主负责",
        "预防为主",
        "突出重点",
        "便利工作",
        "合理适当",
    ]


@pytest.mark.requirement("GEN-11")
def test_the_programme_has_the_guides_five_parts():
    assert [item.names.zh for item in load_pack("cn").programme_parts] == [
        "目标任务",
        "组织架构",
        "运行机制",
        "职责分工",
        "年度工作计划",
    ]


@pytest.mark.parametrize("pack_id", pack_ids())
def test_languages_are_not_mixed_up(pack_id):
    """English has no Chinese characters except quoted law; Japanese and Chinese texts are not English."""
    han, kana = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u3040-\u30ff]")
    pack = load_pack(pack_id)
    texts = [pack.notice, *pack.reminders.values(), pack.state_secret.question, pack.state_secret.consequence]
    texts += [grade for factor in pack.factors for grade in factor.grades]
    texts += [level.scope_template for level in pack.levels]
    texts += [item.question for item in pack.exclusions]
    for text in texts:
        assert not han.search(text.en), text.en
        assert not kana.search(text.zh), text.zh
        assert han.search(text.zh)
        assert han.search(text.ja) or kana.search(text.ja)


@pytest.mark.parametrize("pack_id", pack_ids())
def test_reminders_stand_for_every_place(pack_id):
    assert set(load_pack(pack_id).reminders) == {"sign_in", "screen", "document", "audio"}
