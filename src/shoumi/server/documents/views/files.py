"""The files that one scan looked into."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.documents.models import Scan, ScannedFile
from shoumi.server.documents.queries.access import SEEING_MATCHES, scan_get, scopes_held
from shoumi.server.documents.queries.words import VERDICTS
from shoumi.server.documents.views.states import verdict_state, without_exceptions
from shoumi.server.files.listing import Choice, Column, Empty, Flag, Listing, ListingView


class FileListing(Listing):
    """The files of one scan: paths, counts and verdicts, nothing of what is in them."""

    name = "documents.files"
    title = _("Scanned files")
    scan: Scan
    sees = False  # whether the user may see findings
    columns = (
        Column("path", _("Path"), sort="path", primary=True),
        Column("type", _("Kind of content"), sort="type"),
        Column("size", _("Bytes"), "size_bytes", kind="number", sort="size_bytes"),
        Column("count", pgettext_lazy("scan", "Findings"), kind="number", sort="count"),
        Column(
            "verdict",
            _("Verdict"),
            lambda row: verdict_state(row.verdict),
            kind="state",
            sort="verdict",
            sub=lambda row: without_exceptions(row.judged),
        ),
        Column("sha256", "SHA-256", kind="mono", shown=False),
    )
    filters = (
        Choice("verdict", _("Verdict"), choices=list(VERDICTS.items())),
        Flag("found", _("With findings"), condition=Q(count__gt=0)),
    )
    search_fields = ("path",)
    search_label = _("Path")
    default_sort = "-count"
    empty = Empty(_("No file has been looked into yet"), icon="file-search")

    def rows(self) -> QuerySet[ScannedFile]:
        """Return the files of the scan; the view has asked the gate."""
        return ScannedFile.objects.filter(scan=self.scan)

    def row_url(self, row: object) -> str:
        """Return the findings of the file, for those who may see any."""
        if not self.sees:
            return ""
        return f"{reverse('documents:match_list')}?scan={self.scan.pk}&file={row.pk}"


class FileListView(ListingView):
    """The files of the scan in the address."""

    listing = FileListing
    template_name = "documents/files.html"

    def made(self, request: HttpRequest) -> Listing:
        """Return the list for this scan, after the gate."""
        listing = FileListing(request.user, request.GET)
        scan = scan_get(request.user, self.kwargs["scan_id"])
        if scan is None:
            raise Http404
        listing.scan = scan
        listing.sees = bool(scopes_held(request.user, SEEING_MATCHES))
        return listing
