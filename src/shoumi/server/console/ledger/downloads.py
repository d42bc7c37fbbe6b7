"""Files a stranger needs to check an entry by hand: its bytes, its proof, checkpoints, tokens, keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shoumi.engine.evidence.checkpoint import stamped_bytes
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.console.ledger.queries import entry_or_404, ledger_resource
from shoumi.server.ledger import queries

View = Callable[..., HttpResponse]


def _for_provers(view: View) -> View:
    """Let only those take files who may take proofs."""

    @wraps(view)
    @require_safe
    @login_required
    def asked(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        gate.require(request.user, Action.LEDGER_PROVE, ledger_resource())
        return view(request, *args, **parts)

    return asked


def _file(content: bytes | str, name: str, media_type: str = "text/plain; charset=utf-8") -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


@_for_provers
def entry_body(_request: HttpRequest, index: int) -> HttpResponse:
    """Give the entry's canonical bytes, those that are hashed."""
    body = bytes(entry_or_404(index).body)
    return _file(body, f"entry-{index}.json", "application/json")


@_for_provers
def entry_proof(_request: HttpRequest, index: int) -> HttpResponse:
    """Give the entry's tlog-proof file."""
    entry_or_404(index)
    return _file(queries.proof_for(index), f"entry-{index}.tlog-proof")


@_for_provers
def checkpoint_file(request: HttpRequest, size: int) -> HttpResponse:
    """Give a checkpoint with its cosignatures, or with `?stamped=1` exactly what was time-stamped."""
    checkpoint = queries.checkpoint_get(size)
    if checkpoint is None:
        raise Http404
    if request.GET.get("stamped"):
        return _file(stamped_bytes(checkpoint.note), f"checkpoint-{size}.stamped")
    return _file(queries.checkpoint_note(checkpoint), f"checkpoint-{size}.txt")


@_for_provers
def timestamp_file(_request: HttpRequest, number: int) -> HttpResponse:
    """Give a time-stamp as the authority sent it."""
    row = queries.timestamp_get(number)
    if row is None:
        raise Http404
    name = f"checkpoint-{row.checkpoint_id}-{row.party.kind}.tsr"
    return _file(bytes(row.token), name, "application/timestamp-reply")


@_for_provers
def party_file(_request: HttpRequest, number: int) -> HttpResponse:
    """Give a witness's key in one line, or an authority's certificates in PEM."""
    party = queries.party_get(number)
    if party is None:
        raise Http404
    is_witness = party.kind == "witness"
    content, ending = (party.material + "\n", "key") if is_witness else (party.material, "pem")
    return _file(content, f"{party.kind}-{number}.{ending}")
