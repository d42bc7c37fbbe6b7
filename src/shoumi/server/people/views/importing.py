"""The import wizard (upload, preview with mapping, apply) and the export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.tables.imports import (
    Preview,
    annotated_copy,
    import_apply,
    import_choose,
    import_discard,
    import_get,
    import_open,
    import_preview,
)
from shoumi.server.files.tables.models import ImportState, TableImport
from shoumi.server.files.tables.plans import Effect, ImportKind
from shoumi.server.files.tables.writing import TableFormat
from shoumi.server.ledger.services import clock
from shoumi.server.people.forms.importing import EncodingForm, ExportForm, MappingForm, UploadForm
from shoumi.server.people.importing import PEOPLE_IMPORT, people_export
from shoumi.server.people.importing.exporting import exportable

UNPROCESSABLE = 422
SHOWN = 200  # faults and changes listed on the page; the rest is in the annotated file


@dataclass(frozen=True)
class Wizard:
    """The three pages of one kind of import; another app makes one of its own and names its addresses.

    `namespace` has the addresses `import_new`, `import_preview` and `import_faults`; `home` is the name of
    the page that the import serves, with its label and the words of the button that leads back to it.
    """

    kind: ImportKind
    namespace: str
    home: str
    home_label: Any
    back_label: Any

    def new(self, request: HttpRequest) -> HttpResponse:
        """Take the file."""
        self.kind.allow(request.user)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                draft = import_open(actor=request.user, kind=self.kind, name=file.name, content=file.read())
            except InputError as error:
                form.add_error("file", words_of(error))
            else:
                return self._to(draft)
        context = {"form": form, "kind": self.kind, "specs": self.kind.specs, "wizard": self}
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "people/import_new.html", context, status=status)

    def page(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        """Show what the file would do; take corrections; apply or discard."""
        draft = import_get(actor=request.user, kind=self.kind, import_id=import_id)
        if draft.state != ImportState.OPEN:
            return render(request, "people/import_done.html", {"draft": draft, "wizard": self})
        if request.method == "POST" and request.POST.get("do") == "discard":
            version = _version(request)
            import_discard(actor=request.user, kind=self.kind, draft=draft, expected_version=version)
            messages.success(request, _("The import is discarded; the uploaded file is destroyed."))
            return redirect(self.new_address)
        if request.method == "POST" and request.POST.get("do") == "apply":
            return self._apply(request, draft)
        preview = import_preview(actor=request.user, kind=self.kind, draft=draft)
        if request.method == "POST":
            return self._choose(request, draft, preview)
        return self._shown(request, preview)

    def faults(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        """Return the upload as xlsx with every fault marked at its cell."""
        draft = import_get(actor=request.user, kind=self.kind, import_id=import_id)
        preview = import_preview(actor=request.user, kind=self.kind, draft=draft)
        return _download(annotated_copy(preview), TableFormat.XLSX, "faults")

    @property
    def home_address(self) -> str:
        """Where the import leads back to."""
        return reverse(self.home)

    @property
    def new_address(self) -> str:
        """Where another file is taken."""
        return reverse(f"{self.namespace}:import_new")

    def _to(self, draft: TableImport) -> HttpResponse:
        return redirect(f"{self.namespace}:import_preview", draft.pk)

    def _apply(self, request: HttpRequest, draft: TableImport) -> HttpResponse:
        try:
            done = import_apply(
                actor=request.user,
                kind=self.kind,
                draft=draft,
                expected_version=_version(request),
                leave_out_faulty=request.POST.get("leave_out") == "1",
            )
        except (InputError, ConflictError) as error:
            messages.error(request, words_of(error))
            return self._to(draft)
        written = done.counts["new"] + done.counts["changed"]
        said = ngettext("%(count)d row was written.", "%(count)d rows were written.", written)
        messages.success(request, said % {"count": written})
        return self._to(draft)

    def _mapping_forms(self, request: HttpRequest, preview: Preview) -> list[MappingForm]:
        data: Any = request.POST if request.POST.get("do") == "choose" else None
        return [
            MappingForm(data, kind=self.kind, item=item, prefix=f"sheet{place}")
            for place, item in enumerate(preview.sheets)
        ]

    def _choose(self, request: HttpRequest, draft: TableImport, preview: Preview) -> HttpResponse:
        found = self._mapping_forms(request, preview)
        encoding = EncodingForm(request.POST)
        if not all(form.is_valid() for form in found) or not encoding.is_valid():
            messages.error(request, _("The columns could not be understood; look at them again."))
            return self._to(draft)
        try:
            import_choose(
                actor=request.user,
                kind=self.kind,
                draft=draft,
                expected_version=_version(request),
                choices={form.item.sheet.name: form.choice for form in found},
                encoding=encoding.cleaned_data["encoding"],
            )
        except (InputError, ConflictError) as error:
            messages.error(request, words_of(error))
        return self._to(draft)

    def _shown(self, request: HttpRequest, preview: Preview) -> HttpResponse:
        plan, specs = preview.plan, self.kind.specs
        moving = [change for change in plan.changes if change.effect is not Effect.UNCHANGED]
        tables = [
            {
                "title": spec.title,
                "new": plan.count(Effect.NEW, spec.name),
                "changed": plan.count(Effect.CHANGED, spec.name),
                "unchanged": plan.count(Effect.UNCHANGED, spec.name),
            }
            for spec in specs
            if any(item.spec is spec for item in preview.sheets)
        ]
        left_out = [row for item in preview.sheets if item.parsed for row in item.parsed.left_out]
        titles = {spec.name: spec.title for spec in specs}
        context = {
            "wizard": self,
            "draft": preview.draft,
            "preview": preview,
            "tables": tables,
            "totals": plan.counts,
            "mappings": self._mapping_forms(request, preview),
            "encoding": EncodingForm(initial={"encoding": preview.draft.encoding}),
            "is_text": preview.table.encoding != "xlsx",
            "changes": [{"change": change, "table": titles[change.table]} for change in moving[:SHOWN]],
            "changes_more": max(len(moving) - SHOWN, 0),
            "faults": preview.faults[:SHOWN],
            "faults_more": max(len(preview.faults) - SHOWN, 0),
            "faults_address": reverse(f"{self.namespace}:import_faults", args=[preview.draft.pk]),
            "left_out": left_out[:SHOWN],
        }
        return render(request, "people/import_preview.html", context)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("expected_version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


PEOPLE = Wizard(
    PEOPLE_IMPORT, "people", "people:person_list", gettext_lazy("Persons"), gettext_lazy("To the persons")
)
import_new = login_required(require_http_methods(["GET", "POST"])(PEOPLE.new))
import_page = login_required(require_http_methods(["GET", "POST"])(PEOPLE.page))
import_faults = login_required(require_safe(PEOPLE.faults))


@login_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Give the organisation and people out, as one workbook or one table."""
    tables = exportable(request.user)
    form = ExportForm(request.POST or None, tables=tables)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        content = people_export(
            actor=request.user,
            file_format=values["file_format"],
            table=values["table"],
            purpose=values["purpose"],
        )
        return _download(content, TableFormat(values["file_format"]), values["table"] or "people")
    context = {"form": form, "back": reverse("people:person_list")}
    return render(
        request, "people/export.html", context, status=UNPROCESSABLE if request.method == "POST" else 200
    )


def _download(content: bytes, file_format: TableFormat, stem: str) -> HttpResponse:
    name = f"{stem.replace('.', '-')}-{clock().now():%Y-%m-%d}.{file_format}"
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=file_format.media_type, headers=headers)
