"""What a scan found, counted by secret, department, folder, kind and verdict, as far as somebody may see it.

Also how far a scan is, how fast, and how long it will take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoumi.engine.inspection.report.details import detail_in
from shoumi.engine.inspection.report.wording import FACTS, PLACES
from shoumi.engine.inspection.values import MEMBER_MARK
from shoumi.engine.jurisdiction.values import Texts
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Match, Scan
from shoumi.server.documents.queries.access import matches_visible_to
from shoumi.server.documents.queries.excepted import excepted, still_open
from shoumi.server.documents.queries.words import VERDICTS

MOST: Final = 8  # lines of one grouping


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a grouping, and where its rows are."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Findings counted by one property."""

    title: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Results:
    """What one person may know of what a scan found."""

    open: int
    excepted: int
    closed: int  # of the open ones: nobody could look inside
    groupings: list[Grouping]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is."""

    percent: int
    files_a_second: float
    bytes_a_second: float
    seconds_left: float | None  # None: nobody can say yet


def progress_of(scan: Scan) -> Progress:
    """Return how far a scan is, by files and by bytes alike: either alone misleads."""
    share = min(1.0, scan.files / scan.expected_files) if scan.expected_files else 0.0
    if scan.expected_bytes:
        share = (share + min(1.0, scan.bytes / scan.expected_bytes)) / 2
    done = scan.state == Scan.State.DONE
    seconds = scan.seconds
    return Progress(
        percent=100 if done else min(99, int(100 * share)),
        files_a_second=scan.files / seconds if seconds else 0.0,
        bytes_a_second=scan.bytes / seconds if seconds else 0.0,
        seconds_left=seconds / share - seconds if share and scan.state == Scan.State.RUNNING else None,
    )


def results_of(user: User, scan: Scan) -> Results:
    """Return the counts of a scan's findings that `user` may see, and the largest lines of each grouping."""
    rows = matches_visible_to(user).filter(scan=scan).order_by().select_related(None)
    counts = rows.aggregate(
        all=Count("pk"),
        excepted=Count("pk", filter=excepted()),
        closed=Count("pk", filter=Q(kind=Match.Kind.UNREADABLE) & still_open()),
    )
    open_rows = rows.filter(still_open())
    return Results(
        open=counts["all"] - counts["excepted"],
        excepted=counts["excepted"],
        closed=counts["closed"],
        groupings=_groupings(open_rows, scan) if counts["all"] else [],
    )


def _groupings(rows: QuerySet[Match], scan: Scan) -> list[Grouping]:
    kinds = {str(value): str(label) for value, label in Match.Kind.choices}
    wanted: list[tuple[str, str, tuple[str, ...], Callable[[Mapping[str, Any]], str]]] = [
        (_("By kind"), "kind", ("kind",), lambda row: kinds[row["kind"]]),
        (
            _("By trade secret"),
            "secret",
            ("secret", "secret__number"),
            lambda row: row["secret__number"] or "–",
        ),
        (
            _("By owner department"),
            "department",
            ("secret__owner_department", "secret__owner_department__name"),
            lambda row: row["secret__owner_department__name"],
        ),
        (_("By folder"), "folder", ("file__folder",), lambda row: row["file__folder"] or "/"),
        (_("By verdict"), "verdict", ("file__verdict",), lambda row: str(VERDICTS[row["file__verdict"]])),
    ]
    found = []
    for title, parameter, fields, label in wanted:
        counted = rows.exclude(**{fields[0]: None}).values(*fields).annotate(count=Count("pk"))
        lines = [
            Line(label(row), row["count"], url_of(scan, **{parameter: row[fields[0]] or "/"}))
            for row in counted.order_by("-count", fields[0])[:MOST]
        ]
        found.append(Grouping(title, lines))
    return found


def url_of(scan: Scan, **narrowed: object) -> str:
    """Return the address of the open findings of a scan, narrowed."""
    wanted = {"scan": str(scan.pk), "open": "1", **{name: str(value) for name, value in narrowed.items()}}
    return f"{reverse('documents:match_list')}?{urlencode(wanted)}"


def alike_count(user: User, match: Match) -> int:
    """Return how many other files of the scan hold the same text, as far as `user` may see."""
    if not match.like:
        return 0
    rows = matches_visible_to(user).filter(scan=match.scan_id, like=match.like).exclude(file=match.file_id)
    return rows.order_by().values("file").distinct().count()


def place_words(match: Match) -> str:
    """Return where in the file a finding stands, in the reader's language."""
    location = match.location
    told = [str(location["sheet"])] if "sheet" in location else []
    told += [_in(texts, location[name]) for name, texts in PLACES.items() if name in location]
    return " · ".join([*([match.member] if match.member else []), *told])


def full_path(match: Match) -> str:
    """Return the path of a finding, through containers."""
    return f"{match.file.path}{MEMBER_MARK}{match.member}" if match.member else match.file.path


def facts_words(match: Match) -> list[str]:
    """Return what an explanation tells beside the place: the row, the share copied, why it stayed closed."""
    detail = str(match.facts.get("detail", ""))
    told = [detail_in(get_language() or "en", detail)] if detail else []
    for name, texts in FACTS.items():
        value = match.facts.get(name)
        if value not in {None, ""} and name not in {"secret", "file"}:
            told.append(_in(texts, value))
    return told


def _in(texts: Texts, value: object) -> str:
    return str(texts.in_language(get_language() or "en").format(value=value))
