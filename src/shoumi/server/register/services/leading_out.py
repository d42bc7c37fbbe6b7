"""Follows a yes to the question about national security: nothing typed or uploaded is kept here.

Follows the seed guide 四(二)3: what may concern state secrets takes the statutory way, outside this product.
The ledger keeps that the question was answered with yes, when and by whom; everything behind it is erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action, Role
from shoumi.engine.policy.values import entity_scope
from shoumi.engine.workflow import SECRET, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.files.models import StoredFile
from shoumi.server.files.queries import file_is_referenced
from shoumi.server.files.services import file_shred
from shoumi.server.ledger.erasing import NothingToEraseError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, detail_erase
from shoumi.server.notifications.models import Notification
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_resource
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.holdings import stored_files_of
from shoumi.server.register.services.deciding import request_stop
from shoumi.server.register.services.drafts import wipe
from shoumi.server.register.services.editing import UNDECIDED, WAITING, editing
from shoumi.server.register.services.notices import tell

ERASED = _("Led out of the register")
REASON = "may concern state secrets"


def proposal_lead_out(*, actor: User, department: Department, secret_id: UUID | None = None) -> None:
    """Lead a proposal out: before anything was typed, or with everything that was.

    The office is told to talk to the person.  A draft that had been begun is emptied, its files are
    destroyed, and what the ledger, the request and the notifications said of it is erased.

    Raises:
        NotPermittedError: the actor may neither propose for the department nor work on the proposal.
    """
    office = role_holders(Role.SECRECY_OFFICER, entity_scope(department.entity_id))
    if secret_id is None:
        gate.require(actor, Action.SECRET_PROPOSE, department_resource(department))
        with transaction.atomic():
            tell(office, "led_out")
            append(
                RegisterTag.PROPOSAL_LED_OUT,
                actor=actor.ledger_actor,
                subject=f"department:{department.pk}",
            )
        return
    found = TradeSecret.objects.get(pk=secret_id)
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_REVIEW if found.state in WAITING else Action.SECRET_EDIT,
        tag=RegisterTag.PROPOSAL_LED_OUT,
        states=UNDECIDED,
    ) as edit:
        stored = stored_files_of(edit.secret)
        request_stop(edit.secret.request_id, actor=actor)
        wipe(edit.secret)
        _erase(edit.secret, stored, actor)
        edit.secret.state = advance(SECRET, edit.secret.state, "withdraw")
        edit.secret.national_security, edit.secret.led_out = "", True
        edit.secret.request_id, edit.secret.custodian = None, None
        edit.secret.outcome_reason = ""
        tell(office, "led_out")


def _erase(secret: TradeSecret, stored: Iterable[StoredFile], actor: User) -> None:
    """Destroy the files and erase what other rooms know of a proposal: names, titles, ledger details."""
    subjects = [secret.ledger_subject]
    for row in stored:
        if file_is_referenced(row):
            continue  # another record holds the same file
        subjects.append(row.subject)
        try:
            file_shred(actor=actor, stored=row, reason=REASON)
        except ConflictError:
            continue  # it is gone already
        StoredFile.objects.filter(pk=row.pk).update(name=ERASED)
    requests = ApprovalRequest.objects.filter(subject=secret.ledger_subject)
    ids = [str(pk) for pk in requests.values_list("pk", flat=True)]
    requests.update(title=ERASED, outcome_reason="")
    links = [str(secret.pk), *ids]
    for part in links:
        Notification.objects.filter(link__contains=part).update(message=ERASED, parameters={})
    for subject in subjects:
        for entry in entries_of(subject):
            try:
                detail_erase(entry, actor=actor.ledger_actor, reason=REASON)
            except NothingToEraseError:
                continue
