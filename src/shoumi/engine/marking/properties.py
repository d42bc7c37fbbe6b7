"""The mark as properties of an office file, for programs to read: ours, and those of Microsoft Purview.

Sources: ECMA-376 part 1, 22.3 (custom properties); MS-OFFCRYPTO 2.6 (sensitivity labels: `MSIP_Label_*`
in `docProps/custom.xml`, and `docMetadata/LabelInfo.xml`); MS-OI29500 3.4.1.5.  Readers prefer one or
the other. Labels of other parties stay as they are; one with the very id that is to be set is left to
whoever set it.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from shoumi.engine.marking.package import Package
from shoumi.engine.marking.tags import (
    appended,
    check,
    children,
    elements,
    emptied,
    namespace_of,
    root_of,
    tags,
    text_of,
)
from shoumi.engine.marking.values import Form, Label, Labels, Mark, fingerprint

PREFIX: Final = "Shoumi"
FIELDS: Final = {
    "title": "ShoumiTitle",
    "level": "ShoumiLevel",
    "period": "ShoumiPeriod",
    "owner": "ShoumiOwner",
    "reminder": "ShoumiReminder",
    "language": "ShoumiLanguage",
}
COPY: Final = "ShoumiCopy"
FINGERPRINT: Final = "ShoumiMark"
LABEL_SET: Final = "ShoumiLabel"  # the id of the Purview label that we set, so that we alone remove it

_FORMAT_ID: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_CUSTOM_RELATIONSHIP: Final = f"{_OFFICE}/relationships/custom-properties"
_STRICT_CUSTOM: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties"
_CUSTOM_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_VALUES: Final = f"{_OFFICE}/docPropsVTypes"
_CUSTOM: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_VALUES}"></Properties>'
).encode()
_LABELS_RELATIONSHIP: Final = "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels"
_LABELS_TYPE: Final = "application/vnd.ms-office.classificationlabels+xml"
_LABELS_NAMESPACE: Final = "http://schemas.microsoft.com/office/2020/mipLabelMetadata"
_LABELS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<clbl:labelList xmlns:clbl="{_LABELS_NAMESPACE}"></clbl:labelList>'
).encode()
_CUSTOM_PART: Final = "docProps/shoumi-custom.xml"
_LABELS_PART: Final = "docMetadata/shoumi-LabelInfo.xml"


def pairs_of(mark: Mark, form: Form) -> dict[str, str]:
    """Return what is written under our names, the same in every format."""
    found = {name: getattr(mark, field) for field, name in FIELDS.items()}
    if form.copy:
        found[COPY] = form.copy
    return found | {FINGERPRINT: fingerprint(mark, form)}


def msip_pairs(label: Label, bits: int) -> dict[str, str]:
    """Return the properties that Purview would write for this label."""
    values = {
        "Enabled": "true",
        "SetDate": label.set_at,
        "Method": "Privileged",
        "Name": label.name,
        "SiteId": label.site_id,
        "ContentBits": str(bits),
    }
    return {f"MSIP_Label_{label.label_id}_{key}": value for key, value in values.items() if value}


def labels_from(pairs: dict[str, str]) -> Labels:
    """Return what `pairs`, name by value, say."""
    found = {field: pairs.get(name, "") for field, name in FIELDS.items()}
    mark = Mark(**found) if all(found.values()) else None  # type: ignore[arg-type]
    names: dict[str, str] = {}
    for key in sorted(pairs):
        if key.startswith("MSIP_Label_") and key.count("_") > 2:  # noqa: PLR2004 - prefix, id, property
            names.setdefault(key.split("_")[2].lower(), "")
            if key.endswith("_Name"):
                names[key.split("_")[2].lower()] = pairs[key]
    return Labels(mark, pairs.get(COPY, ""), tuple(sorted(names.items())))


def write_properties(package: Package, mark: Mark, form: Form, more: dict[str, str]) -> None:
    """Add the properties to a package that bears none of ours; `more` are notes for removal."""
    name = _part_of(package, (_CUSTOM_RELATIONSHIP, _STRICT_CUSTOM))
    if name is None:
        name = _new_part(package, _CUSTOM_PART, _CUSTOM, _CUSTOM_TYPE, "Custom", _CUSTOM_RELATIONSHIP)
    data = package.read(name)
    facts = [tag.attributes for tag in tags(data, "property") if tag.opens]
    taken = {fact.get("name", "") for fact in facts}
    pairs = pairs_of(mark, form) | more
    if form.label and not any(key.startswith(f"MSIP_Label_{form.label.label_id}") for key in taken):
        pairs |= msip_pairs(form.label, form.content_bits) | {LABEL_SET: form.label.label_id}
        _write_label_info(package, form.label, form.content_bits)
    last = max((int(fact["pid"]) for fact in facts if fact.get("pid", "").isdigit()), default=1)
    space = namespace_of(root_of(data, name))
    values = (
        _VALUES
        if "purl.oclc.org" not in space
        else "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"
    )
    new = "".join(
        f'<property xmlns="{space}" fmtid="{_FORMAT_ID}" pid="{number}" name={quoteattr(key)}>'
        f'<vt:lpwstr xmlns:vt="{values}">{escape(value)}</vt:lpwstr></property>'
        for number, (key, value) in enumerate(pairs.items(), start=last + 1)
    )
    _append(package, name, new)


def erase_properties(package: Package) -> dict[str, str]:
    """Take our properties and our label out; return what they said."""
    pairs: dict[str, str] = {}
    name = _part_of(package, (_CUSTOM_RELATIONSHIP, _STRICT_CUSTOM))
    if name:
        data = package.read(name)
        every = read_pairs(package)
        prefixes = (PREFIX, f"MSIP_Label_{every[LABEL_SET]}_") if LABEL_SET in every else (PREFIX,)
        pairs = {key: value for key, value in every.items() if key.startswith(prefixes)}
        found = elements(data, "property")
        package.edit(
            name,
            [(item.start, item.end, b"") for item in found if item.open.attributes.get("name", "") in pairs],
        )
        package.edit(name, emptied(package.read(name), "Properties"))
    if LABEL_SET in pairs:
        _erase_label_info(package, pairs[LABEL_SET])
    return pairs


def read_pairs(package: Package) -> dict[str, str]:
    """Return every custom property of the package, name by value."""
    name = _part_of(package, (_CUSTOM_RELATIONSHIP, _STRICT_CUSTOM))
    if name is None:
        return {}
    data = package.read(name)
    found = {}
    for item in elements(data, "property"):
        inner = next(children(data, item.open.end, item.close.start), None)
        if inner:
            found[item.open.attributes.get("name", "")] = text_of(data, inner)
    return found


def _write_label_info(package: Package, label: Label, bits: int) -> None:
    name = _part_of(package, (_LABELS_RELATIONSHIP,))
    if name is None:
        name = _new_part(package, _LABELS_PART, _LABELS, _LABELS_TYPE, "Labels", _LABELS_RELATIONSHIP)
    entry = (
        f'<clbl:label xmlns:clbl="{_LABELS_NAMESPACE}" id="{{{label.label_id}}}" enabled="1"'
        f' method="Privileged" siteId="{{{label.site_id}}}" contentBits="{bits}" removed="0"/>'
    )
    _append(package, name, entry)


def _erase_label_info(package: Package, label_id: str) -> None:
    name = _part_of(package, (_LABELS_RELATIONSHIP,))
    if name is None:
        return
    found = elements(package.read(name), "label")
    mine = [item for item in found if item.open.attributes.get("id", "").strip("{}").lower() == label_id]
    package.edit(name, [(item.start, item.end, b"") for item in mine])


def _part_of(package: Package, kinds: tuple[str, ...]) -> str | None:
    found = [arrow.target for arrow in package.relationships("") if arrow.type in kinds]
    return next((name for name in found if package.has(name)), None)


def _new_part(  # noqa: PLR0913, PLR0917 - what a part is
    package: Package, name: str, content: bytes, content_type: str, key: str, kind: str
) -> str:
    check(content, name)
    package.write(name, content)
    package.declare(name, content_type)
    package.relate("", key, kind, name)
    return name


def _append(package: Package, name: str, new: str) -> None:
    """Add to the end of a part's root element."""
    data = package.read(name)
    package.edit(name, [appended(data, root_of(data, name), new.encode())])
