"""Lets people of the demonstration company download files, and the office trace one of the copies.

The look-up waits for the worker, as it does in life; nothing here marks or reads by itself.
"""

from __future__ import annotations

import io

from PIL import Image

from shoumi.server.accounts.models import User
from shoumi.server.files.services import file_store
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import SecretFile, TradeSecret
from shoumi.server.register.services.contents import Handout, secret_file_open
from shoumi.server.register.services.tracing import copy_search_open

DEPARTMENT = "CN-RD"
READERS = ("owner", "officer")


class Copies:
    """A few issued copies, and one that turned up."""

    def __init__(self, organisation: Organisation) -> None:
        """Take the organisation whose people download."""
        self._department = organisation.departments[DEPARTMENT]

    def fill(self) -> None:
        """Have one picture of the laboratory downloaded by several people, and a part of a copy traced."""
        file = (
            SecretFile.objects.filter(
                secret__state=TradeSecret.State.REGISTERED,
                secret__owner_department=self._department,
                file__media_type="image/png",
            )
            .order_by("secret__number")
            .first()
        )
        if file is None:
            return
        copies = [self._download(file, name) for name in READERS]
        leaked = copies[0].content
        if leaked is None:
            return
        officer = User.objects.get(username="officer")
        stored = file_store(actor=officer, name="论坛截图.jpg", chunks=[_part(leaked)])
        copy_search_open(actor=officer, stored=stored, purpose="在行业论坛上发现的截图，需查明来源")

    def _download(self, file: SecretFile, name: str) -> Handout:
        reader = User.objects.get(username=name)
        return secret_file_open(actor=reader, secret_id=file.secret_id, file_id=file.file_id)


def _part(content: bytes) -> bytes:
    """Return what somebody has cut out of a copy and saved as a JPEG."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    stream = io.BytesIO()
    picture.crop((40, 30, picture.width - 60, picture.height - 90)).save(stream, "JPEG", quality=60)
    return stream.getvalue()
