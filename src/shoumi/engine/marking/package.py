"""An office file as a package of parts with relationships and content types.

Source: ECMA-376 part 2 (Open Packaging Conventions), clauses 8 to 11. Knows nothing of documents, sheets
and slides.  Relationships and content types that a mark adds bear ids that begin with `rIdShoumi` and
part names that hold `shoumi`, which is how they are found again.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

from shoumi.engine.marking.archive import Member, packed, read_members, renewed, written
from shoumi.engine.marking.errors import DamagedError, SignedError
from shoumi.engine.marking.tags import Edit, appended, applied, check, elements, emptied, root_of, tags

OURS: Final = "rIdShoumi"
TYPES: Final = "[Content_Types].xml"
_RELATIONSHIPS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_SIGNATURE: Final = "package.digital-signature"
_OUR_PART: Final = re.compile(r"(^|/)shoumi-[^/]*$")


@dataclass(frozen=True, slots=True)
class Relationship:
    """One arrow from a part to another."""

    id: str
    type: str
    target: str  # name of the part, resolved; as written if it points outside


class Package:
    """The parts of an office file while it is marked."""

    def __init__(self, data: bytes) -> None:
        """Read the directory of `data`; parts are unpacked when they are asked for.

        Raises:
            whatever `read_members` raises, and
            SignedError: the package bears a digital signature.
        """
        self._members = {member.name: member for member in read_members(data)}
        self._changed: dict[str, bytes] = {}
        if TYPES not in self._members:
            raise DamagedError(reason="it has no content types")
        if _SIGNATURE.encode() in self.read(TYPES) or "_xmlsignatures/origin.sigs" in self._members:
            raise SignedError

    @property
    def names(self) -> list[str]:
        """The names of all parts in their order."""
        return list(self._members)

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return name in self._members

    def read(self, name: str) -> bytes:
        """Return a part as it stands now, checked to be sound XML if its name says XML.

        Raises:
            DamagedError: there is no such part, or it is broken.
        """
        if name in self._changed:
            return self._changed[name]
        if name not in self._members:
            raise DamagedError(reason=f"the part {name} is missing")
        content = self._members[name].read()
        if name.endswith((".xml", ".rels", ".vml")):
            check(content, name)
        self._changed[name] = content
        return content

    def write(self, name: str, content: bytes) -> None:
        """Change a part, or add it behind the others."""
        if name not in self._members:
            self._members[name] = packed(name, b"")
        self._changed[name] = content

    def edit(self, name: str, edits: list[Edit]) -> None:
        """Carry out `edits` on a part."""
        if edits:
            self.write(name, applied(self.read(name), edits))

    def drop(self, name: str) -> None:
        """Take a part out, if it is there."""
        self._members.pop(name, None)
        self._changed.pop(name, None)

    def bytes(self) -> bytes:
        """Return the package as it stands now."""
        return written([self._now(member) for member in self._members.values()])

    def _now(self, member: Member) -> Member:
        content = self._changed.get(member.name)
        same = content is None or (content == member.read() if member.size == len(content) else False)
        return member if same else renewed(member, content or b"")

    # --- relationships

    def relationships(self, source: str) -> list[Relationship]:
        """Return the relationships of a part; of the package itself for the empty name."""
        name = _rels_name(source)
        if not self.has(name):
            return []
        found = []
        for tag in tags(self.read(name), "Relationship"):
            if tag.opens:
                facts = tag.attributes
                target = facts.get("Target", "")
                if facts.get("TargetMode") != "External":
                    target = _resolved(source, target)
                found.append(Relationship(facts.get("Id", ""), facts.get("Type", ""), target))
        return found

    def relate(self, source: str, key: str, kind: str, target: str) -> str:
        """Add a relationship from `source` to the part `target`; return its id, `rIdShoumi` with `key`."""
        name, identifier = _rels_name(source), OURS + key
        if not self.has(name):
            self.write(name, _RELATIONSHIPS)
        data = self.read(name)
        root = root_of(data, name)
        arrow = (
            f'<{root.prefix}Relationship Id="{identifier}" Type={quoteattr(kind)}'
            f" Target={quoteattr('/' + target)}/>"
        )
        self.edit(name, [appended(data, root, arrow.encode())])
        return identifier

    def unrelate(self, source: str) -> None:
        """Take out the relationships that `relate` added."""
        name = _rels_name(source)
        if not self.has(name):
            return
        data = self.read(name)
        found = list(elements(data, "Relationship"))
        mine = [item for item in found if item.open.attributes.get("Id", "").startswith(OURS)]
        if mine and len(mine) == len(found) and data.startswith(_RELATIONSHIPS[:-16]):
            self.drop(name)  # it holds nothing but ours and was made by us
            return
        self.edit(name, [(item.start, item.end, b"") for item in mine])
        self.edit(name, emptied(self.read(name), "Relationships"))

    # --- content types

    def declare(self, part: str, content_type: str) -> None:
        """Add the content type of a part of ours."""
        data = self.read(TYPES)
        root = root_of(data, TYPES)
        entry = (
            f"<{root.prefix}Override PartName={quoteattr('/' + part)} ContentType={quoteattr(content_type)}/>"
        )
        self.edit(TYPES, [appended(data, root, entry.encode())])

    def undeclare(self, *parts: str) -> None:
        """Take the content types of these parts out again."""
        names = {f"/{part}" for part in parts}
        data = self.read(TYPES)
        found = elements(data, "Override")
        mine = [item for item in found if item.open.attributes.get("PartName") in names]
        self.edit(TYPES, [(item.start, item.end, b"") for item in mine])

    def type_of(self, part: str) -> str:
        """Return the content type of a part."""
        by_extension = {}
        for tag in tags(self.read(TYPES), "Override", "Default"):
            facts = tag.attributes
            if facts.get("PartName", "").lower() == f"/{part}".lower():
                return facts.get("ContentType", "")
            if "Extension" in facts:
                by_extension[facts["Extension"].lower()] = facts.get("ContentType", "")
        return by_extension.get(part.rsplit(".", 1)[-1].lower(), "")

    def drop_ours(self) -> None:
        """Take out every part whose name says that a mark added it, with its content type."""
        mine = [name for name in self.names if _OUR_PART.search(name)]
        for name in mine:
            self.drop(name)
        if mine:
            self.undeclare(*mine)


def _rels_name(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(source: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
