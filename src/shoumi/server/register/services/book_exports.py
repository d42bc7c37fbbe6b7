"""The secrets ledger on its way out, in the form that inspectors know: a titled sheet or a landscape PDF.

Follows the seed guide 五(二): nine columns, the seven life events, the signature of the keeper.  It is itself
a secret of the highest level among its lines and carries that mark, its period and the reader's mark.
Lines that the reader may not see stay out, and the sheet says so.
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out, text_now
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.files.printing import DocumentHead, Table, render_pdf
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.register.models import BookEntry, BookLine, BookSignature, LifeEvent
from shoumi.server.register.models.books import FIELDS
from shoumi.server.register.queries.book_words import event_labels, field_labels, line_words
from shoumi.server.register.queries.books import RANKS, Book, book_resource, lines_visible_to
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.words import period_words
from shoumi.server.register.services.documents import LANGUAGE_OF_PACK

FORMS = ("xlsx", "pdf")
WIDTHS = (5, 15, 20, 10, 14, 12, 14, 18, 18, 13, 20, *(11,) * len(LifeEvent.Kind))
LINE_HEIGHT = 14  # points of one line of text in a cell
HEAD_ROWS = 4  # title, mark, exported for, headings
DATES_SHOWN = 3  # of each life event in a cell; more are counted
_LINE = Side(style="thin", color="808080")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE = PatternFill("solid", fgColor="E8EEF4")


class BookFormError(InputError):
    """A format that is not offered."""

    code = "register.book_form"
    message = "A secrets ledger is exported as xlsx or pdf, not as {form}."


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the sheet says, in words of the language of the pack."""

    title: str
    mark: str  # level and period of the sheet itself
    reader: str
    left_out: str  # how many lines are not shown; empty if all are
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    signatures: tuple[str, ...]
    level: str
    level_text: str
    period: str


@take_out
def book_export(*, actor: User, book: Book, form: str) -> bytes:
    """Return a book as `xlsx` or `pdf`, for the lines that `actor` may see, and record it.

    Raises:
        BookFormError: another format.
        NotPermittedError: the actor may not take the book out.
    """
    if form not in FORMS:
        raise BookFormError(form=form)
    gate.require(actor, Action.BOOK_EXPORT, book_resource(book))
    language = LANGUAGE_OF_PACK.get(book.entity.pack, settings.LANGUAGE_CODE)
    with translation.override(language):
        sheet = _sheet(actor, book)
        content = _workbook(sheet) if form == "xlsx" else _printed(sheet, actor, book, language)
    with transaction.atomic():
        append(
            RegisterTag.BOOK_EXPORTED,
            actor=actor.ledger_actor,
            subject=f"entity:{book.entity.pk}",
            detail={
                "book": f"{book.side}:{book.key}",
                "form": form,
                "lines": str(len(sheet.rows)),
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        )
    return content


def _sheet(actor: User, book: Book) -> Sheet:
    whole = book.lines()
    seen = lines_visible_to(actor).filter(pk__in=whole.values("pk")).order_by("secret__number")
    lines = list(seen)
    hidden = whole.count() - len(lines)
    pack = company_pack(book.entity.pk, book.entity.pack)
    highest = max((line.level for line in lines), key=lambda level: RANKS.get(level, 0), default="general")
    level = next(row for row in pack.levels if row.id == highest)
    level_text = level.labels.in_language(translation.get_language() or "en")
    period = period_words(level.default_period.code)
    labels = field_labels()
    events = _events(lines)
    unit = str(book.department) if book.department else _("Secrecy office")
    moment = timezone.localtime(clock().now())
    return Sheet(
        title=_("%(entity)s: secrets ledger (%(unit)s)") % {"entity": book.entity, "unit": unit},
        mark=_("%(level)s · confidentiality period: %(period)s") % {"level": level_text, "period": period},
        reader=_("Exported for %(reader)s on %(moment)s")
        % {"reader": actor, "moment": f"{moment:%Y-%m-%d %H:%M}"},
        left_out=_("%(count)d lines are not shown to this reader.") % {"count": hidden} if hidden else "",
        heads=(
            _("No."),
            _("Number"),
            *(labels[field] for field in FIELDS),
            *event_labels().values(),
        ),
        rows=tuple(
            (
                str(at),
                line.secret.number or "",
                *line_words(line).values(),
                *(_dates(events[line.pk][kind]) for kind in event_labels()),
            )
            for at, line in enumerate(lines, start=1)
        ),
        signatures=_signatures(book),
        level=highest,
        level_text=level_text,
        period=period,
    )


def _events(lines: Sequence[BookLine]) -> dict[object, dict[str, list[str]]]:
    """Return the days of each life event in each line, without those struck out."""
    found: dict[object, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    keys = [line.pk for line in lines]
    rows = BookEntry.objects.filter(line__in=keys, event__isnull=False).order_by("line", "ordinal")
    for line, cause, event, kind, at in rows.values_list(
        "line_id", "cause", "event_id", "event__kind", "event__at"
    ):
        if cause == BookEntry.Cause.STRUCK:
            found[line][kind].pop(event, None)
        else:
            found[line][kind][event] = f"{timezone.localtime(at):%Y-%m-%d}"
    return defaultdict(
        lambda: defaultdict(list),
        {
            line: defaultdict(
                list, {kind: list(dict.fromkeys(days.values())) for kind, days in kinds.items()}
            )
            for line, kinds in found.items()
        },
    )


def _dates(days: Sequence[str]) -> str:
    shown = "\n".join(days[-DATES_SHOWN:])
    more = len(days) - DATES_SHOWN
    return _("%(days)s\n(%(count)d earlier)") % {"days": shown, "count": more} if more > 0 else shown


def _signatures(book: Book) -> tuple[str, ...]:
    """Return the lines for the keeper's signature: the latest recorded one, and place for ink."""
    rows = BookSignature.objects.filter(entity=book.entity, department=book.department)
    last = rows.select_related("signed_by", "received_by").first()
    blank = "____________________"
    lines = []
    if last:
        lines.append(
            _("Signed for %(month)s by %(name)s on %(day)s, SHA-256 %(sha256)s")
            % {
                "month": f"{last.month:%Y-%m}",
                "name": last.signed_by,
                "day": f"{timezone.localtime(last.signed_at):%Y-%m-%d}",
                "sha256": last.sha256,
            }
        )
    if last and last.received_by and last.received_at:
        lines.append(
            _("Received by the secrecy office: %(name)s on %(day)s")
            % {"name": last.received_by, "day": f"{timezone.localtime(last.received_at):%Y-%m-%d}"}
        )
    lines.append(_("Keeper (signature): %(blank)s  Date: %(blank)s") % {"blank": blank})
    lines.append(_("Head of the unit (signature): %(blank)s  Date: %(blank)s") % {"blank": blank})
    return tuple(lines)


def _workbook(sheet: Sheet) -> bytes:
    workbook = Workbook()
    page = workbook.active
    page.title = "1"
    last = get_column_letter(len(sheet.heads))
    tops = (sheet.title, f"{sheet.mark}", " ".join(part for part in (sheet.reader, sheet.left_out) if part))
    for at, text in enumerate(tops, start=1):
        page.merge_cells(f"A{at}:{last}{at}")
        _put(page.cell(at, 1), text, Font(bold=at <= 2, size=16 if at == 1 else 11), "center")  # noqa: PLR2004 - rows
    page.row_dimensions[1].height = 28
    for column, text in enumerate(sheet.heads, start=1):
        cell = page.cell(HEAD_ROWS, column)
        _put(cell, text, Font(bold=True), "center")
        cell.border, cell.fill = _BORDER, _SHADE
    for at, row in enumerate(sheet.rows, start=HEAD_ROWS + 1):
        for column, text in enumerate(row, start=1):
            cell = page.cell(at, column)
            _put(cell, text, Font(size=10), "left")
            cell.border = _BORDER
        page.row_dimensions[at].height = LINE_HEIGHT * max(map(_lines, row, WIDTHS))
    for at, text in enumerate(sheet.signatures, start=HEAD_ROWS + len(sheet.rows) + 2):
        page.merge_cells(f"A{at}:{last}{at}")
        _put(page.cell(at, 1), text, Font(size=11), "left")
        page.row_dimensions[at].height = 22
    for column, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = page.cell(HEAD_ROWS + 1, 4)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A3
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{HEAD_ROWS}:{HEAD_ROWS}"
    page.oddFooter.center.text = "&P / &N"
    page.oddHeader.right.text = sheet.mark.replace("&", "&&")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; a character of Chinese or Japanese is two wide."""
    wide = [sum(2 if east_asian_width(letter) in "WF" else 1 for letter in part) for part in text.split("\n")]
    return sum(max(1, -(-part // (width - 1))) for part in wide)


def _put(cell: object, text: str, font: Font, align: str) -> None:
    """Write a text as a text, never as a formula."""
    text = text_now(text)
    cell.value, cell.data_type = text, "s"  # type: ignore[attr-defined]
    cell.quotePrefix = text[:1] in "=+-@" if text else False  # type: ignore[attr-defined]
    cell.font = font  # type: ignore[attr-defined]
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)  # type: ignore[attr-defined]


def _printed(sheet: Sheet, actor: User, book: Book, language: str) -> bytes:
    head = DocumentHead(
        name=sheet.title,
        level=sheet.level,
        level_text=sheet.level_text,
        period=sheet.period,
        owner=f"{book.entity} {book.department or ''}".strip(),
        viewer=str(actor),
        watermark=f"{actor} {actor.username}",
        reminder=reminder_for(actor, language).document,
    )
    context = {
        "head": head,
        "title": sheet.title,
        "wide": True,
        "lead": " ".join(part for part in (sheet.mark, sheet.left_out) if part),
        "tables": [Table(sheet.heads, sheet.rows)],
        "signatures": sheet.signatures,
    }
    return render_pdf("printing/secrets_ledger.html", context, language)
