"""The ledger as a transparency log over HTTP: checkpoint, key and tiles at the addresses others expect.

Source: C2SP tlog-tiles.  Checkpoint, key and hash tiles are open to everybody: they hold hashes and a number,
and a witness elsewhere needs nothing else.  Entry bundles say who did what when, with opaque ids and without
content; only those read them who may take proofs.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shoumi.engine.evidence.tiles import TileShapeError, parse_tile_path, tile_width
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.console.ledger.queries import ledger_resource
from shoumi.server.ledger import queries

TEXT = "text/plain; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MOMENT = "no-cache"


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Give the newest checkpoint with its cosignatures."""
    latest = queries.checkpoints().first()
    if latest is None:
        raise Http404
    note = queries.checkpoint_note(latest)
    return HttpResponse(note, content_type=TEXT, headers={"Cache-Control": FOR_A_MOMENT})


@require_safe
def verifier_key(_request: HttpRequest) -> HttpResponse:
    """Give the ledger's public key in one line."""
    return HttpResponse(f"{queries.log_key()}\n", content_type=TEXT, headers={"Cache-Control": FOR_A_MOMENT})


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """Give a hash tile, or an entry bundle to those who may take proofs."""
    try:
        wanted = parse_tile_path(f"tile/{path}")
    except TileShapeError:
        raise Http404 from None
    if wanted.level is None:
        gate.require(request.user, Action.LEDGER_PROVE, ledger_resource())
    latest = queries.checkpoints().first()
    level = wanted.level or 0
    if latest is None or tile_width(level, wanted.index, latest.size) < wanted.width:
        raise Http404
    data = queries.tile_source().read_tile(wanted)
    headers = {"Cache-Control": "private, no-store" if wanted.level is None else FOR_EVER}
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)
