"""Templates of frequent requests: a name, a kind and the answers, each person's own."""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append
from shoumi.server.register.models import Operation, OperationTemplate
from shoumi.server.register.operation_values import Wish
from shoumi.server.register.queries.operations.lists import operation_get
from shoumi.server.register.queries.operations.resources import operation_resource

KEPT = ("purpose", "method", "copies", "what", "where")
KEPT_IDS = ("receiver", "to_zone", "third_party")


class TemplateNameError(InputError):
    """A template without a name."""

    code = "register.template_name"
    message = "Give the template a name of at most 80 characters."


def template_save(*, actor: User, operation_id: object, name: str) -> OperationTemplate:
    """Keep the answers of an operation that the actor may see under a name; the same name is overwritten."""
    name = name.strip()
    if not 1 <= len(name) <= OperationTemplate._meta.get_field("name").max_length:  # noqa: SLF001 - documented
        raise TemplateNameError
    operation: Operation = operation_get(actor, operation_id)
    gate.require(actor, Action.OPERATION_VIEW, operation_resource(operation))
    answers = {key: getattr(operation, key) for key in KEPT}
    answers |= {key: str(getattr(operation, f"{key}_id") or "") for key in KEPT_IDS}
    with transaction.atomic():
        template, _made = OperationTemplate.objects.update_or_create(
            owner=actor, name=name, defaults={"kind": operation.kind, "answers": answers}
        )
        append(
            RegisterTag.TEMPLATE_SAVED,
            actor=actor.ledger_actor,
            subject=f"template:{template.pk}",
            detail={"kind": operation.kind},
        )
    return template


def template_delete(*, actor: User, template_id: int) -> None:
    """Forget one of the actor's own templates; another's stays as it is."""
    with transaction.atomic():
        row = OperationTemplate.objects.filter(owner=actor, pk=template_id).first()
        if row is not None:
            row.delete()
            append(
                RegisterTag.TEMPLATE_DELETED,
                actor=actor.ledger_actor,
                subject=f"template:{template_id}",
            )


def template_wish(template: OperationTemplate) -> Wish:
    """Return the answers that a template keeps."""
    answers = {key: template.answers[key] for key in KEPT}
    ids = {key: template.answers[key] or None for key in KEPT_IDS}
    return Wish(**answers, **ids)
