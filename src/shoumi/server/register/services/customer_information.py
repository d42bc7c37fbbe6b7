"""Saves of what customer information consists and how it was worked up, without the customers themselves.

Follows the seed guide 四(一)2.  A text that seems to hold customers' own contacts is refused: the record says
of what the information consists, the content belongs into an encrypted file.
"""

from __future__ import annotations

from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.duties import load_duties
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import CustomerInformation, LifeEvent, SecretVersion, TradeSecret
from shoumi.server.register.queries.customer_information import faults_of_depth, is_customer_information
from shoumi.server.register.queries.hints import holds_contacts
from shoumi.server.register.services.editing import OPEN_TO_EDITS, SecretStateError, editing
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.registration import version_file
from shoumi.server.register.values import CustomerDepth

LONGEST = 4000  # characters of one text


class CustomersNamedError(InputError):
    """A text holds customers instead of describing the information about them."""

    code = "register.customers_named"
    message = "Describe the information; the customers themselves and their contacts are never kept here."


class DepthError(InputError):
    """An unknown kind, a text too long, or another category."""

    code = "register.customer_depth"
    message = (
        "Choose kinds from the list, at most 4,000 characters for a text, and only for customer information."
    )


def customer_information_save(
    *, actor: User, secret_id: UUID, expected_version: int | None, depth: CustomerDepth
) -> CustomerInformation:
    """Save the depth of a draft.

    Raises:
        CustomersNamedError, DepthError: each as it says.
    """
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_EDIT,
        tag=RegisterTag.SECRET_SAVED,
        expected_version=expected_version,
        states=OPEN_TO_EDITS,
        detail={"step": "3", "part": "customer_information"},
    ) as edit:
        return _written(edit.secret, depth)


def customer_information_complete(
    *, actor: User, secret_id: UUID, expected_version: int, depth: CustomerDepth
) -> CustomerInformation:
    """Supply the depth of a registered secret that has none, such as one from an older register; filed anew.

    Raises:
        SecretStateError: the secret has it already: another depth is another assessment, by a change.
        CustomersNamedError, DepthError: each as it says.
    """
    with editing(
        actor=actor,
        secret_id=secret_id,
        action=Action.SECRET_CHANGE,
        tag=RegisterTag.CUSTOMERS_DESCRIBED,
        expected_version=expected_version,
        states=(TradeSecret.State.REGISTERED,),
    ) as edit:
        if CustomerInformation.objects.filter(secret=edit.secret).exists():
            raise SecretStateError(state=edit.secret.get_state_display())
        row = _written(edit.secret, depth)
        if list(faults_of_depth(edit.secret)):
            raise DepthError
        version = version_file(edit.secret, cause=SecretVersion.Cause.CHANGED, at=clock().now())
        edit.detail["record_sha256"] = version.sha256
        life_event_record(secret=edit.secret, kind=LifeEvent.Kind.CHANGED, actor=actor)
    return row


def _written(secret: TradeSecret, depth: CustomerDepth) -> CustomerInformation:
    known = [row.id for row in load_duties(secret.pack).customer_information]
    texts = (depth.collected, depth.worked_up, depth.effort, depth.sources)
    if not is_customer_information(secret) or set(depth.kinds) - set(known):
        raise DepthError
    if any(len(text) > LONGEST for text in texts):
        raise DepthError
    if any(holds_contacts(text) for text in texts):
        raise CustomersNamedError
    row, _created = CustomerInformation.objects.update_or_create(
        secret=secret,
        defaults={
            "kinds": [kind for kind in known if kind in depth.kinds],
            "collected": depth.collected.strip(),
            "worked_up": depth.worked_up.strip(),
            "effort": depth.effort.strip(),
            "sources": depth.sources.strip(),
        },
    )
    return row
