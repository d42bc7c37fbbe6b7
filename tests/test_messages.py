"""The catalogues: complete in three languages, same placeholders, our own words, every error in them."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import polib
import pytest
import yaml
from django.utils.translation import override

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import all_reasons
from shoumi.server.console.error_texts import every_error, reason_text

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = yaml.safe_load((ROOT / "src/shoumi/server/locale/glossary.yaml").read_text(encoding="utf-8"))
SHORT = {"zh_Hans": "zh", "ja": "ja"}


def scripts_messages():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MESSAGES = scripts_messages()


@pytest.fixture(scope="module", params=["zh_Hans", "ja", "en"])
def book(request):
    return request.param, polib.pofile(str(MESSAGES.catalogue(request.param)))


def texts(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_message_is_translated_with_the_same_placeholders(book):
    language, entries = book
    assert not MESSAGES.faults_of(entries, language)
    assert not entries.fuzzy_entries()


def test_the_catalogues_hold_the_same_messages():
    keys = [
        {(e.msgctxt, e.msgid) for e in polib.pofile(str(MESSAGES.catalogue(name)))}
        for name in MESSAGES.LANGUAGES
    ]
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize("language", SHORT)
def test_translations_use_the_words_of_the_glossary(language):
    faults = []
    for entry in polib.pofile(str(MESSAGES.catalogue(language))):
        source = f"{entry.msgid} {entry.msgid_plural}"
        for term in GLOSSARY["terms"]:
            left = source
            for phrase in term.get("except", ()):
                left = re.sub(phrase, "", left, flags=re.IGNORECASE)
            if re.search(rf"(?<![\w-]){term['en']}(?![\w-])", left, re.IGNORECASE):
                words = term[SHORT[language]]
                faults += [
                    (term["en"], text)
                    for text in texts(entry)
                    if text and not any(word in text for word in words)
                ]
    assert not faults


@pytest.mark.parametrize("language", SHORT)
def test_no_level_is_called_by_a_word_for_state_secrets(language):
    never = GLOSSARY["never"][SHORT[language]]
    found = [
        text
        for e in polib.pofile(str(MESSAGES.catalogue(language)))
        for text in texts(e)
        if any(w in text for w in never)
    ]
    assert not found


@pytest.mark.parametrize("language", SHORT)
def test_chinese_and_japanese_are_not_mixed_up(language):
    kana = re.compile(r"[\u3040-\u30ff]")
    for entry in polib.pofile(str(MESSAGES.catalogue(language))):
        for text in texts(entry):
            if language == "zh_Hans":
                assert not kana.search(text), text
            else:
                assert not re.search(r"[们这为时间门书东车贝见长]", text.replace("時間", "")), text


def test_every_error_of_the_tree_has_its_text_in_each_language():
    wanted = {(kind.code, kind.message) for kind in every_error() if kind.__module__.startswith("shoumi.")}
    assert len({code for code, _message in wanted}) > 100
    for name in MESSAGES.LANGUAGES:
        known = {(e.msgctxt, e.msgid) for e in polib.pofile(str(MESSAGES.catalogue(name)))}
        assert not wanted - known
    assert issubclass(next(every_error()), ShoumiError)


def test_every_reason_of_the_policy_is_explained_in_each_language():
    for language in ("zh-hans", "ja"):
        with override(language):
            untranslated = [reason for reason, text in all_reasons().items() if reason_text(reason) == text]
        assert not untranslated


def test_a_gap_a_wrong_placeholder_and_a_missing_plural_are_found():
    entries = polib.POFile()
    entries.append(polib.POEntry(msgid="a %(x)s", msgstr="b %(y)s"))
    entries.append(polib.POEntry(msgid="c", msgstr=" "))
    entries.append(polib.POEntry(msgid="d", msgid_plural="%(n)s d", msgstr_plural={0: ""}))
    assert len(MESSAGES.faults_of(entries, "ja")) == 3
