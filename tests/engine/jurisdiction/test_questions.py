"""Questions and answers: about fifty, whole in three languages, each with its status and a topic."""

from __future__ import annotations

import pytest

from shoumi.engine.jurisdiction import Status
from shoumi.engine.jurisdiction.questions import load_questions


@pytest.mark.requirement("TJ-04")
def test_there_are_about_fifty_questions_for_china_and_some_for_japan():
    assert len(load_questions("cn").questions) >= 50
    assert len(load_questions("jp").questions) >= 12


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_each_is_whole(pack):
    book = load_questions(pack)
    topics = {topic.id for topic in book.topics}
    assert {item.topic for item in book.questions} == topics
    for item in book.questions:
        assert item.question.en.endswith("?")
        assert item.status in set(Status)
        assert item.source
        assert item.rooms
        for text in (item.answer.zh, item.answer.ja, item.answer.en):
            assert len(text) > 8
