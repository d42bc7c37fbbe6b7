"""Turns a version of a rule document into a docx to work with and a PDF to hand out.

By python-docx and WeasyPrint.  Both carry the title, version, approver, day in force and the hash of the
words; neither is the record: that is the version itself.
"""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from shoumi.server.accounts.naming import text_now
from shoumi.server.assurance.models import RuleVersion
from shoumi.server.assurance.queries.facts import LANGUAGE_TAGS
from shoumi.server.assurance.queries.rules import words_sha256
from shoumi.server.files.printing import DocumentHead, render_pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
FONTS = {
    "zh": ("SimSun", "SimHei"),
    "ja": ("MS Mincho", "MS Gothic"),
}  # text and headings, as offices have them


def facts_on_paper(version: RuleVersion) -> list[tuple[str, str]]:
    """Return what stands below the title, label and value, in the document's language."""
    with override(LANGUAGE_TAGS[version.document.language]):
        approvers = ", ".join(str(row["name"]) for row in version.approvers)
        return [
            (_("Legal entity"), version.document.entity.name),
            (_("Version"), str(version.ordinal)),
            (_("State"), str(RuleVersion.State(version.state).label)),
            (_("Approved by"), approvers or "–"),
            (_("Approved on"), version.approved_at.date().isoformat() if version.approved_at else "–"),
            (_("In force from"), version.in_force_from.isoformat() if version.in_force_from else "–"),
            (_("Binds"), ", ".join(str(row) for row in version.audience.all()) or "–"),
            (_("SHA-256 of the text"), version.sha256 or words_sha256(version)),
        ]


def numbered(version: RuleVersion) -> list[tuple[str, str, list[str]]]:
    """Return the clauses as printed: number, heading, paragraphs."""
    pattern = {"zh": "第{}条", "ja": "第{}条"}[version.document.language]
    return [
        (pattern.format(number), clause.heading, clause.text.split("\n"))
        for number, clause in enumerate(version.clauses.order_by("ordinal"), 1)
    ]


def docx_of(version: RuleVersion) -> bytes:
    """Return the version as an office document."""
    language = version.document.language
    text_font, head_font = FONTS[language]
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    paper.core_properties.title = version.title
    paper.core_properties.author = version.document.entity.name
    paper.core_properties.language = {"zh": "zh-CN", "ja": "ja-JP"}[language]
    style = paper.styles["Normal"]
    style.font.name, style.font.size = text_font, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), text_font)
    heading = paper.add_heading(level=0)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set_in(heading.add_run(version.title), head_font, 18)
    for label, value in facts_on_paper(version):
        row = paper.add_paragraph()
        row.paragraph_format.space_after = Pt(0)
        _set_in(row.add_run(text_now(f"{label}: {value}")), text_font, 9)
    for number, title, lines in numbered(version):
        head = paper.add_heading(level=2)
        _set_in(head.add_run(text_now(f"{number} {title}")), head_font, 12)
        for line in lines:
            body = paper.add_paragraph(text_now(line))
            body.paragraph_format.line_spacing = 1.4
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def pdf_of(version: RuleVersion) -> bytes:
    """Return the version as a PDF."""
    entity = version.document.entity
    head = DocumentHead(name=version.title, number=f"v{version.ordinal}", owner=entity.name)
    context = {
        "head": head,
        "version": version,
        "facts": facts_on_paper(version),
        "clauses": numbered(version),
    }
    return render_pdf("assurance/print/rule.html", context, LANGUAGE_TAGS[version.document.language])


def _set_in(run: object, font: str, points: int) -> None:
    run.font.name, run.font.size = font, Pt(points)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - the only way
    fonts.set(qn("w:eastAsia"), font)
