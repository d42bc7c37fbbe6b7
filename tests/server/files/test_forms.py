"""The field for files: one's own, ready ones only, and plain files where no script runs."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from shoumi.server.files.forms import StoredFileField
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.services import file_shred, file_store, upload_create

pytestmark = pytest.mark.django_db


class Example(forms.Form):
    files = StoredFileField(required=True)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].for_user(user)


class One(Example):
    files = StoredFileField(required=False, multiple=False)


def filled(kind, user, ids=(), plain=()):
    data = MultiValueDict({"files": [str(one) for one in ids]})
    return kind(data, MultiValueDict({"files-plain": list(plain)}), user=user)


def codes(form) -> list[str]:
    return [error.code for error in form.errors.as_data().get("files", [])]


def stored(user, name="a.txt") -> StoredFile:
    return file_store(actor=user, name=name, chunks=[b"content"])


def test_uploaded_and_plain_files_come_in_the_order_chosen(user):
    first, second = stored(user), stored(user)
    plain = SimpleUploadedFile("c.txt", b"content")
    form = filled(Example, user, [second.pk, first.pk, second.pk], [plain])
    assert form.is_valid()
    assert form.cleaned_data["files"] == [second, first, plain]


def test_somebody_elses_file_is_unknown(user, other):
    mine, theirs = stored(user), stored(other)
    assert codes(filled(Example, user, [mine.pk, theirs.pk])) == ["unknown"]
    assert codes(filled(Example, user, [uuid4()])) == ["unknown"]
    assert codes(filled(Example, user, ["../etc"])) == ["unknown"]
    assert "a.txt" not in str(filled(Example, other, [mine.pk])["files"])


def test_what_is_not_ready_is_refused_by_name(user):
    upload = upload_create(actor=user, name="big.bin", length_bytes=9)
    form = filled(Example, user, [upload.pk])
    assert codes(form) == ["arriving"]
    assert "big.bin" in str(form.errors)
    StoredFile.objects.filter(pk=upload.pk).update(state=FileState.FAILED)
    assert codes(filled(Example, user, [upload.pk])) == ["failed"]
    gone = stored(user)
    file_shred(actor=user, stored=gone, reason="r")
    assert codes(filled(Example, user, [gone.pk])) == ["unknown"]


def test_nothing_chosen(user):
    assert codes(filled(Example, user)) == ["required"]
    form = filled(One, user)
    assert form.is_valid()
    assert form.cleaned_data["files"] is None


def test_one_file_only(user):
    form = filled(One, user, [stored(user).pk])
    assert form.is_valid()
    assert form.cleaned_data["files"].name == "a.txt"
    assert codes(filled(One, user, [stored(user).pk, stored(user).pk])) == ["several"]


def test_empty_and_too_large_files_are_refused(user, settings):
    assert codes(filled(Example, user, plain=[SimpleUploadedFile("a", b"")])) == ["empty"]
    settings.CONFIG = settings.CONFIG.model_copy(update={"upload_limit_bytes": 5})
    assert codes(filled(Example, user, plain=[SimpleUploadedFile("a", b"content")])) == ["too_large"]


def test_a_form_shown_again_keeps_what_was_uploaded(user):
    chosen = stored(user, "<b>配方.txt")
    page = str(filled(Example, user, [chosen.pk])["files"])
    assert f'value="{chosen.pk}" checked' in page
    assert "&lt;b&gt;配方.txt" in page
    assert 'name="files-plain"' in page
    assert filled(Example, user).is_multipart()


def test_the_page_needs_no_inline_script_or_style(user):
    page = str(Example(user=user)["files"])
    assert "style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert page.count("<script") == page.count("<script src=") == 2


def test_changes_are_noticed(user):
    chosen = stored(user)
    field = Example(user=user).fields["files"]
    same = field.widget.value_from_datadict(
        MultiValueDict({"files": [str(chosen.pk)]}), MultiValueDict(), "files"
    )
    assert not field.has_changed([chosen], same)
    assert field.has_changed([], same)
