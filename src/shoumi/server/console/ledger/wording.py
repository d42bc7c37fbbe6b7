"""Words for the ledger's vocabulary: what a tag, an actor and a subject are called on a page.

A tag is shown as its three parts, each with its own word; a part without a word is shown as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

AREAS: Mapping[str, object] = {
    "accounts": pgettext_lazy("ledger area", "Accounts"),
    "approvals": pgettext_lazy("ledger area", "Approvals"),
    "files": pgettext_lazy("ledger area", "Files"),
    "ledger": pgettext_lazy("ledger area", "Ledger"),
    "people": pgettext_lazy("ledger area", "People"),
    "places": pgettext_lazy("ledger area", "Places"),
    "policy": pgettext_lazy("ledger area", "Permission"),
    "register": pgettext_lazy("ledger area", "Register"),
}
OBJECTS: Mapping[str, object] = {
    "agreement": pgettext_lazy("ledger object", "confidentiality agreement"),
    "audit": pgettext_lazy("ledger object", "self-audit"),
    "carrier": pgettext_lazy("ledger object", "carrier"),
    "certificate": pgettext_lazy("ledger object", "certificate"),
    "change": pgettext_lazy("ledger object", "change"),
    "copy": pgettext_lazy("ledger object", "copy"),
    "copy-search": pgettext_lazy("ledger object", "look-up of a copy"),
    "decision": pgettext_lazy("ledger object", "decision"),
    "default": pgettext_lazy("ledger object", "default of a level"),
    "delegation": pgettext_lazy("ledger object", "delegation"),
    "department": pgettext_lazy("ledger object", "department"),
    "designation": pgettext_lazy("ledger object", "key department or place"),
    "detail": pgettext_lazy("ledger object", "detail of an entry"),
    "engagement": pgettext_lazy("ledger object", "engagement"),
    "entity": pgettext_lazy("ledger object", "legal entity"),
    "entrance": pgettext_lazy("ledger object", "entrance"),
    "entry": pgettext_lazy("ledger object", "ledger entry"),
    "evidence": pgettext_lazy("ledger object", "evidence"),
    "expiry": pgettext_lazy("ledger object", "end of a period"),
    "export": pgettext_lazy("ledger object", "export"),
    "extension": pgettext_lazy("ledger object", "extension"),
    "extract": pgettext_lazy("ledger object", "register extract"),
    "factor": pgettext_lazy("ledger object", "second factor"),
    "file": pgettext_lazy("ledger object", "file"),
    "gap": pgettext_lazy("ledger object", "gap"),
    "guard": pgettext_lazy("ledger object", "guard or device"),
    "import": pgettext_lazy("ledger object", "import"),
    "inspection": pgettext_lazy("ledger object", "inspection"),
    "installation": pgettext_lazy("ledger object", "installation"),
    "isolation": pgettext_lazy("ledger object", "proof of isolation"),
    "key": pgettext_lazy("ledger object", "key"),
    "key_operation": pgettext_lazy("ledger object", "operation on a key"),
    "label": pgettext_lazy("ledger object", "label"),
    "legacy": pgettext_lazy("ledger object", "older register"),
    "list": pgettext_lazy("ledger object", "list"),
    "listing": pgettext_lazy("ledger object", "list"),
    "measure": pgettext_lazy("ledger object", "measure"),
    "operation": pgettext_lazy("ledger object", "operation on secrets"),
    "package": pgettext_lazy("ledger object", "evidence package"),
    "party": pgettext_lazy("ledger object", "witness or authority"),
    "passage": pgettext_lazy("ledger object", "entry into a zone"),
    "password": pgettext_lazy("ledger object", "password"),
    "permission": pgettext_lazy("ledger object", "entry permission"),
    "person": pgettext_lazy("ledger object", "person"),
    "plan": pgettext_lazy("ledger object", "floor plan"),
    "post": pgettext_lazy("ledger object", "post"),
    "proposal": pgettext_lazy("ledger object", "proposal"),
    "publication": pgettext_lazy("ledger object", "publication"),
    "reminder": pgettext_lazy("ledger object", "reminder of the duty"),
    "request": pgettext_lazy("ledger object", "request"),
    "retention": pgettext_lazy("ledger object", "keeping of visitors' details"),
    "role": pgettext_lazy("ledger object", "role"),
    "role_grant": pgettext_lazy("ledger object", "role"),
    "secret": pgettext_lazy("ledger object", "trade secret"),
    "session": pgettext_lazy("ledger object", "session"),
    "sign": pgettext_lazy("ledger object", "sign"),
    "sign_in": pgettext_lazy("ledger object", "sign-in"),
    "sign_out": pgettext_lazy("ledger object", "sign-out"),
    "suggestion": pgettext_lazy("ledger object", "suggested zone"),
    "task": pgettext_lazy("ledger object", "gap in the protection"),
    "template": pgettext_lazy("ledger object", "template"),
    "third_party": pgettext_lazy("ledger object", "third party"),
    "tile-key": pgettext_lazy("ledger object", "key of hidden marks"),
    "tile_key": pgettext_lazy("ledger object", "key of hidden marks"),
    "token": pgettext_lazy("ledger object", "access token"),
    "user": pgettext_lazy("ledger object", "user"),
    "visit": pgettext_lazy("ledger object", "visit"),
    "visitor": pgettext_lazy("ledger object", "visitor"),
    "withdrawal": pgettext_lazy("ledger object", "withdrawal"),
    "zone": pgettext_lazy("ledger object", "zone"),
}
EVENTS: Mapping[str, object] = {
    "accepted": pgettext_lazy("ledger event", "accepted"),
    "acknowledged": pgettext_lazy("ledger event", "acknowledged"),
    "added": pgettext_lazy("ledger event", "added"),
    "applied": pgettext_lazy("ledger event", "carried out"),
    "approved": pgettext_lazy("ledger event", "approved"),
    "asked": pgettext_lazy("ledger event", "asked for"),
    "attached": pgettext_lazy("ledger event", "attached"),
    "carried_out": pgettext_lazy("ledger event", "carried out"),
    "changed": pgettext_lazy("ledger event", "changed"),
    "closed": pgettext_lazy("ledger event", "closed"),
    "confirmed": pgettext_lazy("ledger event", "confirmed"),
    "corrected": pgettext_lazy("ledger event", "corrected"),
    "created": pgettext_lazy("ledger event", "created"),
    "declassified": pgettext_lazy("ledger event", "declassified"),
    "declined": pgettext_lazy("ledger event", "declined"),
    "deleted": pgettext_lazy("ledger event", "deleted"),
    "destroyed": pgettext_lazy("ledger event", "destroyed"),
    "detached": pgettext_lazy("ledger event", "taken off"),
    "discarded": pgettext_lazy("ledger event", "discarded"),
    "drafted": pgettext_lazy("ledger event", "drafted"),
    "drawn": pgettext_lazy("ledger event", "drawn"),
    "ended": pgettext_lazy("ledger event", "ended"),
    "erased": pgettext_lazy("ledger event", "erased"),
    "escalated": pgettext_lazy("ledger event", "escalated"),
    "expired": pgettext_lazy("ledger event", "expired"),
    "exported": pgettext_lazy("ledger event", "exported"),
    "failed": pgettext_lazy("ledger event", "failed"),
    "found_none": pgettext_lazy("ledger event", "found to be none"),
    "founded": pgettext_lazy("ledger event", "founded"),
    "given_back": pgettext_lazy("ledger event", "given back"),
    "granted": pgettext_lazy("ledger event", "granted"),
    "issued": pgettext_lazy("ledger event", "issued"),
    "lapsed": pgettext_lazy("ledger event", "lapsed"),
    "led_out": pgettext_lazy("ledger event", "led out"),
    "level_set": pgettext_lazy("ledger event", "level set"),
    "line_dropped": pgettext_lazy("ledger event", "line not carried out"),
    "line_refused": pgettext_lazy("ledger event", "line refused"),
    "linked": pgettext_lazy("ledger event", "linked"),
    "locked": pgettext_lazy("ledger event", "locked"),
    "made": pgettext_lazy("ledger event", "made"),
    "marked": pgettext_lazy("ledger event", "marked"),
    "moved": pgettext_lazy("ledger event", "moved"),
    "noticed": pgettext_lazy("ledger event", "notice given"),
    "obstructed": pgettext_lazy("ledger event", "attempted and hindered"),
    "opened": pgettext_lazy("ledger event", "opened"),
    "overdue": pgettext_lazy("ledger event", "overdue"),
    "prepared": pgettext_lazy("ledger event", "prepared"),
    "printed": pgettext_lazy("ledger event", "printed"),
    "proposed": pgettext_lazy("ledger event", "proposed"),
    "recorded": pgettext_lazy("ledger event", "recorded"),
    "refused": pgettext_lazy("ledger event", "refused"),
    "registered": pgettext_lazy("ledger event", "registered"),
    "rejected": pgettext_lazy("ledger event", "rejected"),
    "removed": pgettext_lazy("ledger event", "removed"),
    "renewed": pgettext_lazy("ledger event", "renewed"),
    "reopened": pgettext_lazy("ledger event", "opened again"),
    "requested": pgettext_lazy("ledger event", "requested"),
    "reset": pgettext_lazy("ledger event", "reset"),
    "returned": pgettext_lazy("ledger event", "sent back"),
    "revealed": pgettext_lazy("ledger event", "revealed"),
    "review_started": pgettext_lazy("ledger event", "review begun"),
    "reviewed": pgettext_lazy("ledger event", "reviewed"),
    "revoked": pgettext_lazy("ledger event", "revoked"),
    "rotated": pgettext_lazy("ledger event", "rotated"),
    "saved": pgettext_lazy("ledger event", "saved"),
    "shredded": pgettext_lazy("ledger event", "shredded"),
    "sought": pgettext_lazy("ledger event", "looked up"),
    "started": pgettext_lazy("ledger event", "started"),
    "stored": pgettext_lazy("ledger event", "stored"),
    "submitted": pgettext_lazy("ledger event", "submitted"),
    "succeeded": pgettext_lazy("ledger event", "succeeded"),
    "taken": pgettext_lazy("ledger event", "taken"),
    "traced": pgettext_lazy("ledger event", "examined"),
    "unlocked": pgettext_lazy("ledger event", "unlocked"),
    "withdrawn": pgettext_lazy("ledger event", "withdrawn"),
}
SUBJECT_ID_SHOWN = 8  # characters of an id that lists show


def tag_words(tag: str) -> tuple[str, str, str]:
    """Return the words for area, object and event of `tag`, in the reader's language."""
    area, thing, event = tag.split(":")
    return (
        str(AREAS.get(area, area)),
        str(OBJECTS.get(thing, thing)),
        str(EVENTS.get(event, event)),
    )


def subject_words(subject: str) -> tuple[str, str]:
    """Return what kind of thing `subject` is, in words, and the beginning of its id."""
    kind, _colon, identifier = subject.partition(":")
    return str(OBJECTS.get(kind, kind)), identifier[:SUBJECT_ID_SHOWN]


def actor_words(actor: str, names: Mapping[str, str]) -> str:
    """Return what `actor` is called: the user's name by `names` (id to name), or the part of the system."""
    kind, _colon, identifier = actor.partition(":")
    if kind == "system":
        return _("System (%(part)s)") % {"part": identifier}
    return names.get(identifier, actor)
