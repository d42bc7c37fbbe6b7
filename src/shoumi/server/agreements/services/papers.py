"""Makes the papers of an agreement in the language of its country: the PDF that is signed, and a docx.

By WeasyPrint and python-docx.  Both carry the hashes of the canonical text; the docx is for working with and
is not what is signed.
"""

from __future__ import annotations

import io
from typing import Final

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from shoumi.engine.jurisdiction.agreements import Assembled
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.libraries import TAGS, library_of
from shoumi.server.files.models import StoredFile
from shoumi.server.files.printing import PrintingFailedError
from shoumi.server.files.printing import pdf_of as printed

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF: Final = "application/pdf"
FONTS: Final = {"zh": ("SimSun", "SimHei"), "ja": ("MS Mincho", "MS Gothic")}  # text and headings
LANGUAGES: Final = {"zh": "zh-Hans", "ja": "ja"}  # as HTML names them


def pdf_of(row: Agreement, made: Assembled, form: StoredFile) -> bytes:
    """Return the PDF of an assembled agreement, whose canonical text is `form`.

    Raises:
        PrintingFailedError: the PDF library is missing or failed.
    """
    language = library_of(row.entity).language
    with override(TAGS[language]):
        source = render_to_string(
            "agreements/print/agreement.html",
            {
                "agreement": row,
                "made": made,
                "form": form,
                "language_tag": LANGUAGES[language],
                "opening": lines_of(made.opening),
                "clauses": [(clause, lines_of(clause.text)) for clause in made.clauses],
                "closing": lines_of(made.closing),
            },
        )
    try:
        return printed(source)
    except OSError as error:
        raise PrintingFailedError from error


def docx_of(row: Agreement, made: Assembled, form: StoredFile) -> bytes:
    """Return an assembled agreement as an office document."""
    language = library_of(row.entity).language
    text_font, head_font = FONTS[language]
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    paper.core_properties.title = made.title
    paper.core_properties.author = row.entity.name
    paper.core_properties.language = {"zh": "zh-CN", "ja": "ja-JP"}[language]
    style = paper.styles["Normal"]
    style.font.name, style.font.size = text_font, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), text_font)
    heading = paper.add_heading(level=0)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set_in(heading.add_run(made.title), head_font, 18)
    for line in lines_of(made.opening):
        paper.add_paragraph(line).paragraph_format.line_spacing = 1.4
    for clause in made.clauses:
        head = paper.add_heading(level=2)
        _set_in(head.add_run(f"{clause.label} {clause.heading}"), head_font, 12)
        for line in lines_of(clause.text):
            paper.add_paragraph(line).paragraph_format.line_spacing = 1.4
    for line in lines_of(made.closing):
        paper.add_paragraph(line).paragraph_format.line_spacing = 1.6
    with override(TAGS[language]):
        words = (_("SHA-256 of the text"), _("SM3 of the text"))
    for label, value in zip(words, (form.sha256, form.sm3), strict=True):
        _set_in(paper.add_paragraph().add_run(f"{label}: {value}"), text_font, 8)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def lines_of(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _set_in(run: object, font: str, points: int) -> None:
    run.font.name, run.font.size = font, Pt(points)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - the only way
    fonts.set(qn("w:eastAsia"), font)
