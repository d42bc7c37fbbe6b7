"""Nobody abroad reads who anybody is: the names of one country are looked for in every room's answers."""

from __future__ import annotations

import io
import json
import re
import zipfile

import lxml.html
import pypdfium2
import pytest
from django.test import Client
from tests.server.demonstration.test_links import ONE_OF_MANY
from tests.server.demonstration.test_query_counts import rooms
from tests.server.people.company import grant
from tests.server.register.company import signed_in

from shoumi.engine.policy import Role
from shoumi.server.accounts.masking import HIDDEN
from shoumi.server.accounts.models import User
from shoumi.server.files.tables.writing import TableFormat
from shoumi.server.people.models import Person
from shoumi.server.privacy.models import ExportBasis
from shoumi.server.privacy.services.border import export_basis_end
from shoumi.server.project.api import api

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
PAPER = re.compile(r"/(pdf|docx|paper|print|certificate)/$|\.(pdf|docx|xlsx|csv)$")
EXPORTED = {"do": "export", "form": "xlsx"}


def words_of(answer) -> str:
    """Return what an answer says, whatever it is: a page, JSON, a PDF, a workbook or a document."""
    content, kind = b"".join(answer), answer.headers.get("Content-Type", "")
    if content[:5] == b"%PDF-":
        pages = pypdfium2.PdfDocument(content)
        return "".join(page.get_textpage().get_text_range() for page in pages)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    text = content.decode()
    return json.dumps(json.loads(text), ensure_ascii=False) if "json" in kind else text


def links(answer) -> dict[str, str]:
    """Return the addresses on a page, one for each sort."""
    document = lxml.html.fromstring(answer.content, base_url="/")
    found = (str(link).split("#")[0] for link in document.xpath("//a/@href"))
    return {ONE_OF_MANY.sub("*", link): link for link in found if link.startswith("/")}


def lists_of_the_api() -> list[str]:
    """Return an address of each area of the API that needs nothing to be named."""
    paths = [path for path, ways in api.get_openapi_schema()["paths"].items() if "get" in ways]
    return list({path.split("/")[3]: path for path in reversed(paths) if "{" not in path}.values())


class Walk:
    """Somebody who goes from room to room, and looks for names in whatever answers."""

    def __init__(self, user, names) -> None:
        self.client = signed_in(Client(), user)
        self.canary = re.compile("|".join(re.escape(name) for name in names))
        self.leaks: dict[str, str] = {}
        self.masked = 0
        self.kinds: set[str] = set()

    def look(self, answer, address):
        """Return an answer, after looking for names in it."""
        text = words_of(answer) if answer.status_code == 200 else ""
        self.masked += HIDDEN in text
        if text:
            self.kinds.add(answer.headers["Content-Type"].partition(";")[0])
        if found := self.canary.search(text):
            self.leaks[address] = text[max(0, found.start() - 60) : found.end() + 20]
        return answer

    def open(self, address: str) -> dict[str, str]:
        """Open a page, and return where it leads."""
        answer = self.look(self.client.get(address), address)
        html = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        return links(answer) if html else {}


@pytest.fixture
def abroad(users):
    """Somebody in Japan who may see everything, with no basis left for data to go there."""
    viewer = User.objects.get(username="jp-owner")
    for role in set(Role) - {Role.OUTSIDE_COUNSEL, Role.EMPLOYEE}:
        if not viewer.role_grants.filter(role=role, scope="").exists():
            grant(viewer, role)
    for row in ExportBasis.objects.filter(ended_at=None):
        export_basis_end(actor=User.objects.get(username="legal"), basis=row, reason="备案撤销")
    return viewer


@pytest.mark.requirement("WEC-14")
def test_no_answer_names_anybody_of_the_other_country(abroad):
    theirs = Person.objects.filter(entity__country="CN")
    names = {*theirs.values_list("name", flat=True), *theirs.values_list("user__display_name", flat=True)}
    numbers = set(theirs.values_list("number", flat=True))  # no text hides them, only the fields themselves
    walk, further, opened = Walk(abroad, (names | numbers) - {None}), {}, set()
    for _room, address in rooms():
        further = {**walk.open(address), **further}
    for sort, address in sorted(further.items()):
        app = sort.split("/")[1]
        if "*" in sort and app not in opened:
            opened.add(app)
            papers = [link for link in walk.open(address).values() if PAPER.search(link)]
            for paper in papers[:1]:
                walk.open(paper)
    for address in lists_of_the_api():
        walk.look(walk.client.get(address), address)
    for app, address in {address.split("/")[1]: address for _room, address in rooms()}.items():
        walk.look(walk.client.post(address, EXPORTED), f"{app} as a file")
    assert walk.leaks == {}
    assert {"text/html", "application/json", "application/pdf", TableFormat.XLSX.media_type} <= walk.kinds
    assert len(opened) > 8
    assert walk.masked > 40
