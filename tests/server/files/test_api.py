"""The API of one's own files, by access token as programs use it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import include, path
from ninja import NinjaAPI
from tests.server.files.conftest import acknowledged

from shoumi.server.accounts.api import authentication
from shoumi.server.accounts.services import token_issue
from shoumi.server.files.api import router
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.files.services import file_open, file_store
from shoumi.server.ledger.services import clock

pytestmark = pytest.mark.django_db
api = NinjaAPI(auth=authentication, urls_namespace="files-alone")
api.add_router("/files", router)
urlpatterns = [path("api/v1/", api.urls), path("accounts/", include("shoumi.server.accounts.urls"))]
LARGE = b"the recipe of the coating " * 100_000


@pytest.fixture
def program(user, settings):
    settings.ROOT_URLCONF = __name__
    until = clock().now() + timedelta(days=1)
    _, secret = token_issue(actor=acknowledged(user), name="t", rights=["files:write"], expires_at=until)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.parametrize("content", [b"small", LARGE], ids=["small", "large"])
def test_a_program_stores_a_file_and_reads_its_facts(program, user, content):
    answer = program.post("/api/v1/files", {"file": SimpleUploadedFile("配方.txt", content)})
    assert answer.status_code == 201, answer.content
    facts = answer.json()
    assert (facts["name"], facts["state"], facts["size_bytes"]) == ("配方.txt", "ready", len(content))
    stored = StoredFile.objects.get(pk=facts["id"], owner=user)
    with file_open(stored) as reader:
        assert reader.read() == content
    assert program.get(f"/api/v1/files/{stored.pk}").json() == facts
    assert program.get("/api/v1/files").json()["items"] == [facts]
    assert program.delete(f"/api/v1/files/{stored.pk}").status_code == 204
    stored.refresh_from_db()
    assert stored.state == FileState.SHREDDED


def test_other_peoples_files_are_not_there(program, other):
    theirs = file_store(actor=other, name="a", chunks=[b"content"])
    for file_id in (theirs.pk, uuid4()):
        assert program.get(f"/api/v1/files/{file_id}").status_code == 404
        assert program.delete(f"/api/v1/files/{file_id}").status_code == 404
    assert program.get("/api/v1/files").json()["items"] == []


def test_nobody_without_a_token_or_session(program):
    for content in (b"small", LARGE):
        answer = Client().post("/api/v1/files", {"file": SimpleUploadedFile("a", content)})
        assert answer.status_code == 401
    assert not StoredFile.objects.exists()
