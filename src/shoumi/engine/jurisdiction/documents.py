"""The templates of rule documents: clauses in Chinese and Japanese with places for the company's data.

Source of the content: `documents/*.yaml` of each pack.  A document may be `like` the same one of another
pack: it takes that one's clauses, replaces those it names and leaves out what it omits.  Filling in is not
done here; which places there are is `PLACES`, and a text with any other is a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.governance import Governance, read_governance
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.reading import Entry, Faults, read_file
from shoumi.engine.jurisdiction.values import Origin, Texts

PLACES = frozenset(
    {
        "company",
        "responsible",
        "body",
        "office",
        "office_staff",
        "officers",
        "departments",
        "levels",
        "periods",
        "approvals",
        "zones",
        "posts",
        "measures",
        "scope",
        "year",
        "plan_goals",
        "plan_tasks",
        "categories",
    }
)
_PLACE = re.compile(r"\{([a-z_]+)\}")


class UnknownDocumentError(InputError):
    """The pack has no template of this kind."""

    code = "jurisdiction.unknown_document"
    message = "The pack “{pack}” has no rule document {document}."


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in the two languages in which rules are made."""

    zh: str
    ja: str

    def in_language(self, code: str) -> str:
        """Return the Japanese text for `ja`, the Chinese one otherwise."""
        return self.ja if code == "ja" else self.zh


@dataclass(frozen=True, slots=True)
class ClauseTemplate:
    """One clause of a template."""

    id: str
    heading: Bilingual
    text: Bilingual
    part: str  # id of the part of the document that it is, empty if of none


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """One template with its clauses in order, and the parts it must not lose."""

    id: str
    order: int
    names: Texts
    edition: str
    origin: Origin
    parts: tuple[Named, ...]
    needs_negligence: bool  # must name a leak by negligence as a breach
    clauses: tuple[ClauseTemplate, ...]

    @property
    def parts_present(self) -> frozenset[str]:
        """The ids of the parts that some clause is."""
        return frozenset(clause.part for clause in self.clauses if clause.part)


@cache
def load_documents(pack_id: str) -> tuple[DocumentTemplate, ...]:
    """Return the templates of a pack in their order; read once per process, in about 0.2 s.

    Raises:
        PackFaultsError: a file has faults; all of them are listed.
    """
    return read_documents(pack_id)


def read_documents(pack_id: str, root: Traversable | None = None) -> tuple[DocumentTemplate, ...]:
    """Read the templates of a pack; `root` is the folder of packs, for tests.

    Raises:
        PackFaultsError: as for `load_documents`.
    """
    faults = Faults(pack_id)
    folder = (root or files("shoumi.packs")).joinpath(pack_id).joinpath("documents")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    found = [_read(pack_id, name, folder.joinpath(name).read_text("utf-8"), faults, root) for name in names]
    _check(pack_id, found, faults, read_governance(pack_id, root))
    faults.verify_none()
    return tuple(sorted(found, key=lambda item: item.order))


def document_template(pack_id: str, document_id: str) -> DocumentTemplate:
    """Return one template of a pack.

    Raises:
        UnknownDocumentError: there is none of this id.
    """
    for template in load_documents(pack_id):
        if template.id == document_id:
            return template
    raise UnknownDocumentError(pack=pack_id, document=document_id)


def places_in(text: str) -> tuple[str, ...]:
    """Return the names of the places that `text` leaves for the company's data, in order."""
    return tuple(_PLACE.findall(text))


def filled(text: str, values: dict[str, str]) -> str:
    """Return `text` with the company's data in its places.

    Raises:
        KeyError: a place has no value.
    """
    return _PLACE.sub(lambda found: values[found[1]], text)


def _read(pack_id: str, name: str, text: str, faults: Faults, root: Traversable | None) -> DocumentTemplate:
    entry = read_file(faults, f"{pack_id}/documents/{name}", text)
    document_id = entry.text("id")
    own = tuple(_clause(item) for item in entry.entries("clauses"))
    model = _model(entry, entry.text("like"), document_id, root) if entry.has("like") else None
    omitted = set(entry.words("omit"))
    clauses = own if model is None else _merged(model.clauses, own, omitted)
    parts = tuple(_part(item) for item in entry.entries("parts")) if entry.has("parts") else ()
    template = DocumentTemplate(
        id=document_id,
        order=entry.number("order", lowest=1, highest=99),
        names=entry.texts("names") if entry.has("names") or model is None else model.names,
        edition=entry.text("edition"),
        origin=Origin(entry.quoted("source"), entry.status()),
        parts=parts or (model.parts if model else ()),
        needs_negligence=entry.flag("needs_negligence", default=bool(model and model.needs_negligence)),
        clauses=clauses,
    )
    entry.close()
    return template


def _model(entry: Entry, pack_id: str, document_id: str, root: Traversable | None) -> DocumentTemplate | None:
    if pack_id == entry.faults.pack:
        entry.fault("a document cannot be like itself", at="like")
        return None
    for template in load_documents(pack_id) if root is None else read_documents(pack_id, root):
        if template.id == document_id:
            return template
    entry.fault(f"the pack {pack_id} has no document {document_id}", at="like")
    return None


def _merged(
    model: tuple[ClauseTemplate, ...], own: tuple[ClauseTemplate, ...], omitted: set[str]
) -> tuple[ClauseTemplate, ...]:
    """Return the model's clauses with `own` in the places of the same id, and new ones before the last."""
    mine = {clause.id: clause for clause in own}
    kept = [mine.pop(clause.id, clause) for clause in model if clause.id not in omitted]
    return (*kept[:-1], *mine.values(), *kept[-1:])


def _clause(entry: Entry) -> ClauseTemplate:
    clause = ClauseTemplate(
        id=entry.text("id"),
        heading=_bilingual(entry.entry("heading")),
        text=_bilingual(entry.entry("text")),
        part=entry.text("part", ""),
    )
    for text in (clause.text.zh, clause.text.ja):
        for place in set(places_in(text)) - PLACES:
            entry.fault(f"the place {{{place}}} is not known", at="text")
    entry.close()
    return clause


def _bilingual(entry: Entry) -> Bilingual:
    text = Bilingual(zh=entry.text("zh").strip(), ja=entry.text("ja").strip())
    entry.close()
    return text


def _part(entry: Entry) -> Named:
    named = Named(id=entry.text("id"), names=entry.texts("names"))
    entry.close()
    return named


def _check(pack_id: str, found: list[DocumentTemplate], faults: Faults, words: Governance) -> None:
    """Remember what does not fit together."""
    if len({item.id for item in found}) != len(found):
        faults.add(f"{pack_id}/documents", None, "a document stands twice")
    for item in found:
        path = f"{pack_id}/documents ({item.id})"
        ids = [clause.id for clause in item.clauses]
        if len(set(ids)) != len(ids):
            faults.add(path, None, "a clause stands twice")
        missing = {part.id for part in item.parts} - item.parts_present
        if missing:
            faults.add(path, None, f"no clause is the part {', '.join(sorted(missing))}")
        for language in ("zh", "ja") if item.needs_negligence else ():
            texts = [clause.text.in_language(language) for clause in item.clauses]
            if not any(words.names_negligence(text, language) for text in texts):
                faults.add(path, None, f"no clause names a leak by negligence as a breach in {language}")
