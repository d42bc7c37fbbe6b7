"""Paper: PDFs with the four label parts, the reader, the time, page numbers and a hash of what they say.

How an app prints::

    from shoumi.server.files.printing import DocumentHead, Label, Table, render_pdf

    head = DocumentHead(name=…, number=…, level="core", level_text=…, period=…, owner=…, viewer=…)
    content = render_pdf("printing/extract.html", {"head": head, "table": Table(…)}, "zh-hans")

Templates: `printing/labels.html` (`labels`, `sheet`), `printing/extract.html` (`head`, `table`, `facts`),
and any template that extends `printing/document.html` and fills its blocks `title` and `content`.
"""

from shoumi.server.files.printing.codes import qr_svg
from shoumi.server.files.printing.paper import DocumentHead, Label, Table
from shoumi.server.files.printing.pdf import PrintingFailedError, pdf_of, render_pdf

__all__ = ["DocumentHead", "Label", "PrintingFailedError", "Table", "pdf_of", "qr_svg", "render_pdf"]
