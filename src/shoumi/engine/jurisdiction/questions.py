"""Questions and answers about trade secrets, in three languages, by topic, with the rooms they lead to.

Source of the content: `questions.yaml` of each pack, our own wording; each answer says how well it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.reading import Entry, read_pack_file
from shoumi.engine.jurisdiction.values import Status, Texts

FILE = "questions.yaml"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer."""

    id: str
    topic: str
    question: Texts
    answer: Texts
    status: Status
    source: str
    rooms: tuple[str, ...]  # names of addresses of the console


@dataclass(frozen=True, slots=True)
class QuestionBook:
    """All questions of a pack, by topic."""

    topics: tuple[Named, ...]
    questions: tuple[Question, ...]


@cache
def load_questions(pack_id: str) -> QuestionBook:
    """Return the questions and answers of a pack; read once per process.

    Raises:
        PackFaultsError: the file has faults; all of them are listed.
    """
    return read_questions(pack_id)


def read_questions(pack_id: str, root: Traversable | None = None) -> QuestionBook:
    """Read the file; `root` is the folder of packs, for tests.

    Raises:
        PackFaultsError: as for `load_questions`.
    """
    faults, path, entry = read_pack_file(pack_id, FILE, root)
    topics = tuple(_topic(item) for item in entry.entries("topics"))
    known = tuple(topic.id for topic in topics)
    questions = tuple(_question(item, known) for item in entry.entries("questions"))
    entry.close()
    ids = [question.id for question in questions]
    if len(set(ids)) != len(ids):
        faults.add(path, None, "a question stands twice")
    faults.verify_none()
    return QuestionBook(topics, questions)


def _topic(entry: Entry) -> Named:
    named = Named(id=entry.text("id"), names=entry.texts("names"))
    entry.close()
    return named


def _question(entry: Entry, topics: tuple[str, ...]) -> Question:
    question = Question(
        id=entry.text("id"),
        topic=entry.text("topic", among=topics),
        question=entry.texts("q"),
        answer=entry.texts("a"),
        status=entry.status(),
        source=entry.text("source"),
        rooms=entry.words("rooms"),
    )
    entry.close()
    return question
