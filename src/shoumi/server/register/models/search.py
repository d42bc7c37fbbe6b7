"""The text that a search looks through: kept beside the fields it is made of, in one even spelling.

Half width, small letters, katakana as hiragana, so that a search finds ＣＡＤ by “cad”; one column, so that
finding a part of a word, from one character on, is one comparison a row on both databases.  The field fills
itself when a row is written, as Django's `auto_now` does.  Never holds content, only what describes it.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from shoumi.server.people.readings import hiragana_of


class SearchTextField(models.TextField):
    """A text made of the fields `of` of the same row, whenever the row is saved."""

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **options: Any) -> None:
        """Remember the fields it is made of."""
        self.of = of
        options |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what a migration needs to make the field again."""
        name, path, args, options = super().deconstruct()
        for fixed in ("editable", "blank", "default"):
            options.pop(fixed, None)
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the text to store."""
        del add
        text = search_text(getattr(model_instance, name) or "" for name in self.of)
        setattr(model_instance, self.attname, text)
        return text


def search_text(parts: Any) -> str:
    """Return texts in the even spelling of a search, one after the other."""
    return hiragana_of("\n".join(parts))
