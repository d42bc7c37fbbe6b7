"""A form field for files: uploaded beforehand with progress, or sent with the form where no script runs.

The field gives `StoredFile`s and plain `UploadedFile`s; `services.files_adopt` makes stored files of both.
It takes none but the user's own files, and stores nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.queries import files_of, uploading_state


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form was sent: ids of stored files, and files that came with the form itself."""

    ids: tuple[str, ...] = ()
    plain: tuple[UploadedFile, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids or self.plain)


class StoredFileWidget(forms.Widget):
    """Drag and drop with progress; without script a file input like any other."""

    template_name = "files/upload.html"
    needs_multipart_form = True
    owner: User | None = None
    multiple = True

    def value_from_datadict(self, data: Any, files: MultiValueDict, name: str) -> Choice:
        """Collect both kinds of file from the request."""
        ids = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or ()
        plain = files.getlist(self.plain_name(name)) if hasattr(files, "getlist") else ()
        return Choice(tuple(dict.fromkeys(ids)), tuple(plain))

    def value_omitted_from_data(self, data: Any, files: MultiValueDict, name: str) -> bool:
        """Return False: no file at all is an answer too."""
        del data, files, name
        return False

    def use_required_attribute(self, initial: Any) -> bool:
        """Return False: the browser cannot know of files that were uploaded before."""
        del initial
        return False

    def plain_name(self, name: str) -> str:
        """Return the name of the file input beside the ids."""
        return f"{name}-plain"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the files chosen so far, as far as they are the user's own."""
        context = super().get_context(name, None, attrs)
        context["widget"].update(
            plain_name=self.plain_name(name),
            multiple=self.multiple,
            limit_bytes=settings.CONFIG.upload_limit_bytes,
            files=[uploading_state(stored) for stored in self._chosen(value)],
        )
        return context

    def _chosen(self, value: Any) -> Iterable[StoredFile]:
        if isinstance(value, Choice):
            ids = [found for found in map(_as_uuid, value.ids) if found]
            return files_of(self.owner).filter(pk__in=ids).select_related("upload") if self.owner else ()
        if isinstance(value, StoredFile):
            return (value,)
        return value or ()


class StoredFileField(forms.Field):
    """One file or several, of the user that `for_user` named.

    `cleaned_data` is a list of `StoredFile | UploadedFile`, or one of them or None with `multiple=False`.
    """

    widget = StoredFileWidget
    default_error_messages = {
        "required": _("Choose at least one file."),
        "unknown": _("A chosen file is not there any more; upload it again."),
        "arriving": _("“%(name)s” has not arrived completely yet; wait until it is ready."),
        "failed": _("“%(name)s” could not be stored; upload it again."),
        "several": _("Choose one file only."),
        "too_large": _("“%(name)s” is larger than what is taken."),
        "empty": _("“%(name)s” is empty."),
    }

    def __init__(self, *, multiple: bool = True, allow_empty: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.multiple = self.widget.multiple = multiple
        self.allow_empty = allow_empty
        self.owner: User | None = None

    def for_user(self, user: User) -> None:
        """Take `user`'s files from now on; call it in the form's `__init__`."""
        self.owner = self.widget.owner = user

    def clean(self, value: Any) -> Any:
        """Return the files; see the class.

        Raises:
            ValidationError: none, too many, or one that is not the user's or not ready.
        """
        choice = value if isinstance(value, Choice) else Choice()
        if self.required and not choice:
            raise ValidationError(self.error_messages["required"], code="required")
        chosen: list[StoredFile | UploadedFile] = [*self._stored(choice.ids), *choice.plain]
        if not self.multiple and len(chosen) > 1:
            raise ValidationError(self.error_messages["several"], code="several")
        for item in chosen:
            self._look_at(item)
        if self.multiple:
            return chosen
        return chosen[0] if chosen else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether other files are chosen than before."""
        before = (
            {str(stored.pk) for stored in initial or ()}
            if not isinstance(initial, StoredFile)
            else {str(initial.pk)}
        )
        return bool(data.plain) or set(data.ids) != before

    def _stored(self, ids: Sequence[str]) -> list[StoredFile]:
        wanted = [_as_uuid(text) for text in ids]
        own = files_of(self.owner).in_bulk([one for one in wanted if one]) if self.owner else {}
        if any(one not in own for one in wanted):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return [own[one] for one in wanted if one]

    def _look_at(self, item: StoredFile | UploadedFile) -> None:
        size = item.size_bytes if isinstance(item, StoredFile) else item.size or 0
        fault = ""
        if isinstance(item, StoredFile) and item.state != FileState.READY:
            fault = "arriving" if item.state == FileState.UPLOADING else "failed"
        elif not size and not self.allow_empty:
            fault = "empty"
        elif size > settings.CONFIG.upload_limit_bytes:
            fault = "too_large"
        if fault:
            raise ValidationError(self.error_messages[fault], code=fault, params={"name": item.name})


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
