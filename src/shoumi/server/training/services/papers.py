"""Prints certificates: what a person passed, what they saw, and the hash over all of it.

The form of what is hashed is `docs/formats/training-certificate.md`.  Answers stand on no paper.
"""

from __future__ import annotations

from shoumi.server.files.printing import DocumentHead, qr_svg, render_pdf
from shoumi.server.training.models import Certificate
from shoumi.server.training.queries.courses import table_of
from shoumi.server.training.queries.learning import paper_of

LANGUAGES = {"zh": "zh-hans", "ja": "ja", "en": "en"}


def certificate_pdf(row: Certificate, *, viewer: str, language: str = "") -> bytes:
    """Return the certificate as PDF, in the language of its course unless another is asked for.

    Raises:
        PrintingFailedError: the PDF library is missing or failed.
    """
    version = row.version
    course = version.course
    spoken = LANGUAGES.get(language) or LANGUAGES[course.language]
    names = {part.id: part.names.in_language(spoken) for part in table_of(course.entity).parts}
    context = {
        "head": DocumentHead(
            name=course.title, number=row.digest[:12], owner=course.entity.name, viewer=viewer
        ),
        "certificate": row,
        "course": course,
        "version": version,
        "person": row.person,
        "materials": sorted(paper_of(row).seen.materials.items()),
        "parts": [names[part] for part in version.parts],
        "questions": len(row.sitting.questions),
        "code": qr_svg(row.digest),
    }
    return render_pdf("training/certificate_pdf.html", context, spoken)
