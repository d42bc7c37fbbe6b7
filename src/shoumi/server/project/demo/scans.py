"""Has the office of the demonstration company scan a few files that were brought, and what comes of it.

The files are of our own making, so they are inspected in this process; all else is what the worker does.  The
index compared with holds one secret only: that of all secrets is made by the worker, after the start.
"""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from shoumi.engine.inspection.fingerprint import Document, FingerprintIndex
from shoumi.engine.inspection.values import Extraction
from shoumi.sandbox.reading import extraction_of
from shoumi.sandbox.scanning import IndexFile
from shoumi.sandbox.scanning.local import SameProcessEngine
from shoumi.sandbox.workers import WorkLimits
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Match, MatchException, Scan
from shoumi.server.documents.models.indexes import document_id
from shoumi.server.documents.services.exceptions import Grounds, exception_propose
from shoumi.server.documents.services.keeping import index_of_secrets
from shoumi.server.documents.services.running import scan_end, scan_inspect, setting_of
from shoumi.server.documents.services.scans import Wish, scan_queue
from shoumi.server.files.services import file_open, file_store
from shoumi.server.ledger.services import clock
from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.register.models import SecretFile, TradeSecret

DEPARTMENT = "CN-RD"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = {
    "培训样张.txt": "密级标识样张（培训用）\n核心商密\n本页不含任何真实内容。",
    "旧报价单.txt": "报价单（作废）\n普通商密\n有效期至上一季度末。",
    "会议纪要.txt": "周例会：食堂菜单、班车时间、下周值班安排。",
}
BROKEN = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog"
REASON = "摘录经批准提供给已签保密协议的供应商"
DAYS = 90


class Scans:
    """One finished scan, with an exception that waits for a decision."""

    def __init__(self, organisation: Organisation) -> None:
        """Take the organisation whose secret is found."""
        self._department = organisation.departments[DEPARTMENT]

    def fill(self) -> None:
        """Scan, and let the owner of the secret call one of the findings harmless."""
        held = (
            SecretFile.objects.filter(
                secret__state=TradeSecret.State.REGISTERED,
                secret__owner_department=self._department,
                file__media_type=DOCX,
            )
            .select_related("secret", "file")
            .order_by("secret__number")
            .first()
        )
        if held is None:
            return
        with file_open(held.file) as reader:
            extraction = extraction_of(reader.read(), held.file.name)
        scan = self._queued(extraction)
        self._run(scan, held, extraction)
        match = Match.objects.filter(scan=scan, kind=Match.Kind.FINGERPRINT).first()
        if match is not None:
            until = clock().now().date() + timedelta(days=DAYS)
            grounds = Grounds(MatchException.Scope.FILE, REASON, until)
            exception_propose(actor=User.objects.get(username="owner"), match=match, grounds=grounds)

    def _queued(self, extraction: Extraction) -> Scan:
        officer = User.objects.get(username="officer")
        text = max((part.text for part in extraction.parts), key=len)
        contents = {
            "给供应商的邮件.txt": f"您好，您要的说明如下：\n{text[:200]}\n请查收。".encode(),
            **{name: content.encode() for name, content in FILES.items()},
            "扫描件.pdf": BROKEN,
        }
        files = [file_store(actor=officer, name=name, chunks=[content]) for name, content in contents.items()]
        wish = Wish(entity=self._department.entity, files=files, index_ids=[str(index_of_secrets().pk)])
        return scan_queue(wish=wish, asked_by=officer, actor=officer.ledger_actor)

    def _run(self, scan: Scan, held: SecretFile, extraction: Extraction) -> None:
        runner, now = uuid4(), clock().now()
        Scan.objects.filter(pk=scan.pk).update(
            state=Scan.State.RUNNING, runner=runner, began_at=now, seen_at=now
        )
        secret, key = held.secret, secrets.token_bytes(32)
        document = Document(
            document_id(secret.pk, held.file_id),
            secret.number or "",
            held.file.name,
            extraction.parts,
            extraction.pictures,
            secret.level,
        )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "secrets.index"
            path.write_bytes(FingerprintIndex.empty(key).with_([document]).sealed(key))
            setting = replace(setting_of(scan), indexes=(IndexFile(path, path, held=key),))
            scan_inspect(
                scan,
                runner,
                engine=SameProcessEngine(setting),
                setting=setting,
                most=WorkLimits().read_bytes,
            )
        scan_end(scan.pk, runner, Scan.State.DONE)
