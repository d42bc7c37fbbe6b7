"""Registers the lifecycle app with Django, and what it acts on in the apps below."""

from typing import Any

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    """The lifecycle app."""

    name = "shoumi.server.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens below, lead back to cases, and say what falls due and what is held."""
        from shoumi.server.lifecycle.queries.linking import steps_resting_on
        from shoumi.server.lifecycle.services.cases import case_planned
        from shoumi.server.lifecycle.services.keeping import KEEPER, files_held
        from shoumi.server.people import occurrences
        from shoumi.server.people.keepers import file_holder_register, keeper_register
        from shoumi.server.people.panels import links_register

        keeper_register(KEEPER)
        file_holder_register(files_held)
        case_planned.connect(_case_planned, dispatch_uid="lifecycle.planned")
        occurrences.post_changed.connect(_post_changed, dispatch_uid="lifecycle.transfer")
        occurrences.agreement_settled.connect(_agreement_settled, dispatch_uid="lifecycle.agreement")
        occurrences.certificate_issued.connect(_certificate_issued, dispatch_uid="lifecycle.training")
        for kind in ("agreement", "training_certificate"):
            links_register(kind, steps_resting_on)


def _case_planned(**what: Any) -> None:
    from shoumi.server.lifecycle.services.linking import settled_carry

    settled_carry(what["case"])


def _post_changed(**what: Any) -> None:
    from shoumi.server.lifecycle.services.transferring import transfer_begin

    names = ("actor", "person", "before", "after")
    transfer_begin(**{name: what[name] for name in names})


def _agreement_settled(**what: Any) -> None:
    from shoumi.server.lifecycle.services.linking import agreement_carried

    agreement_carried(what["agreement"])


def _certificate_issued(**what: Any) -> None:
    from shoumi.server.lifecycle.services.linking import certificate_carried

    certificate_carried(what["certificate"])
