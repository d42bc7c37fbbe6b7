"""How commands speak: errors and notes in the language of the environment, without Django.

Texts of errors are those of the console, whose catalogues are read as plain gettext.  Where they were not
compiled, the English of the class is told.  Help of options and reports for programs stay English.
"""

from __future__ import annotations

import gettext
import os
import sys
from functools import cache
from importlib.resources import files
from typing import Final

from shoumi.engine.errors import FieldValue, Phrase, ShoumiError
from shoumi.engine.jurisdiction.values import Texts

_CATALOGUES: Final = {"zh": "zh_Hans", "ja": "ja"}
_TAGS: Final = {"zh": "zh-hans", "ja": "ja"}
NO_VERB: Final = Texts(
    "没有“{verb}”这个命令；请参看 `shoumi --help`。",
    "「{verb}」というコマンドはありません。`shoumi --help` をご覧ください。",
    "there is no verb “{verb}”; try `shoumi --help`",
)
_PART: Final = "error part"  # context of the fixed English words that fill a message's fields
_FILE_SYSTEM: Final = {  # what an operating system says most
    "No such file or directory": Texts(
        "没有该文件或目录", "ファイルまたはフォルダーがありません", "no such file"
    ),
    "Permission denied": Texts("没有权限", "権限がありません", "permission denied"),
    "Is a directory": Texts("是目录", "フォルダーです", "it is a folder"),
    "Not a directory": Texts("不是目录", "フォルダーではありません", "it is no folder"),
    "Read-only file system": Texts(
        "文件系统只读", "ファイルシステムが読み取り専用です", "the file system is read-only"
    ),
    "No space left on device": Texts("磁盘已满", "ディスクに空きがありません", "the disk is full"),
}


def language() -> str:
    """Return the language of messages by the environment, as POSIX orders its variables."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value for value in named if value), "en")


def tag() -> str:
    """Return the language of messages as the console names it; English where the console has no such."""
    return _TAGS.get(_head(), "en")


def told(error: ShoumiError) -> str:
    """Return what went wrong in the language of the environment, preceded by the place if there is one."""
    words = _catalogue(_head())
    fields = {name: _part(words, value) for name, value in error.fields.items()}
    message = words.pgettext(error.code, error.message).format(**fields)
    return f"{error.location}: {message}" if error.location else message


def faults(error: ShoumiError) -> list[str]:
    """Return the single faults that an error lists, each with its place, in the same language."""
    listed = error.fields.get("faults")
    words = _catalogue(_head())
    return [str(_part(words, each)) for each in listed] if isinstance(listed, tuple) else []


def say(text: Texts, verb: str, **fields: object) -> None:
    """Write a note of `verb` to standard error."""
    note(text.in_language(language()).format(**fields), verb)


def note(text: str, verb: str) -> None:
    """Write `text` of `verb` to standard error; nothing in it steers a terminal."""
    print(f"shoumi {verb}: {printable(text)}", file=sys.stderr)


def printable(text: str) -> str:
    """Return `text` on one line, with everything that could steer a terminal written as a question mark."""
    return "".join(each if each.isprintable() else " " if each.isspace() else "?" for each in text)


def _head() -> str:
    return language().split("_")[0].split("-")[0].lower()


def _part(words: gettext.NullTranslations, value: FieldValue) -> FieldValue:
    if isinstance(value, Phrase):
        fields = {
            name: _part(words, each) if isinstance(each, Phrase) else each  # a name stays as it is written
            for name, each in value.fields.items()
        }
        return words.pgettext(_PART, value.form).format(**fields)
    if not isinstance(value, str) or not value:
        return value
    if value in _FILE_SYSTEM:
        return _FILE_SYSTEM[value].in_language(language())
    return words.pgettext(_PART, value)


@cache
def _catalogue(head: str) -> gettext.NullTranslations:
    name = _CATALOGUES.get(head)
    file = files("shoumi").joinpath("server", "locale", name or "en", "LC_MESSAGES", "django.mo")
    if name is None or not file.is_file():
        return gettext.NullTranslations()
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)
