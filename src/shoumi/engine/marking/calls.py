"""Marking as the sandbox calls it: bytes and plain JSON in, bytes and plain JSON out."""

from __future__ import annotations

import base64
from dataclasses import asdict, replace
from typing import Any

from shoumi.engine.marking.marking import mark, read_labels, unmark
from shoumi.engine.marking.values import Form, Label, Mark


def parameters_of(kind: str, wanted: Mark, form: Form) -> dict[str, Any]:
    """Return what `marked` needs besides the content."""
    facts = asdict(replace(form, typeface=b""))
    facts["typeface"] = base64.b64encode(form.typeface).decode()
    return {"kind": kind, "mark": asdict(wanted), "form": facts}


def marked(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Mark `content` as `parameters_of` says."""
    facts = dict(parameters["form"])
    facts["typeface"] = base64.b64decode(facts["typeface"])
    facts["label"] = Label(**facts["label"]) if facts["label"] else None
    return mark(content, parameters["kind"], Mark(**parameters["mark"]), Form(**facts)), {}


def unmarked(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Take the mark out of `content`."""
    return unmark(content, parameters["kind"]), {}


def labels(content: bytes, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return the labels of `content` as facts, and no bytes."""
    return b"", asdict(read_labels(content, parameters["kind"]))
