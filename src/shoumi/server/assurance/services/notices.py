"""Who is told what of organisation, plans, inspections and rules; delivery is `notifications`' task.

The sentences name no secret; e-mail says only that something waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import LegalEntity, Person

MESSAGES = {
    "resolution": _("A resolution of the leading body is yours to carry out by %(due_on)s."),
    "task": _("“%(task)s” of the yearly plan is yours to do by %(due_on)s."),
    "task_due": _("“%(task)s” of the yearly plan was due on %(due_on)s."),
    "finding": _("A finding of “%(inspection)s” is to be put right by %(due_on)s."),
    "finding_due": _("A finding of “%(inspection)s” was to be put right by %(due_on)s."),
    "finding_returned": _("What was done about a finding of “%(inspection)s” was not accepted."),
    "finding_rectified": _("A finding of “%(inspection)s” was put right and waits to be verified."),
    "systems_due": _("The next evaluation of the security of systems of %(entity)s is due on %(due_on)s."),
    "conduct_due": _("The next inspection of the conduct of duties of %(entity)s is due on %(due_on)s."),
    "plan_missing": _("%(entity)s has no yearly plan for %(year)s yet."),
    "officer_missing": _("%(department)s deals with secrets and has no secrecy officer."),
    "letter_ends": _("A letter of authorisation of %(entity)s ends on %(ends_on)s."),
    "rule_published": _("“%(rule)s” binds you from %(day)s on. Read it and acknowledge it."),
    "rule_unread": _("You have not acknowledged “%(rule)s” yet, which binds you."),
    "rule_returned": _("“%(rule)s” was sent back. The reason is recorded."),
    "rule_approved": _("“%(rule)s” is approved. Record the procedure and publish it."),
    "filing_due": _("“%(rule)s” is published, but a step that has to follow is not recorded yet."),
}
PAGES = {
    "resolution": "assurance:organisation",
    "task": "assurance:task_list",
    "task_due": "assurance:task_list",
    "finding": "assurance:finding_list",
    "finding_due": "assurance:finding_list",
    "finding_returned": "assurance:finding_list",
    "finding_rectified": "assurance:finding_list",
    "systems_due": "assurance:systems_list",
    "conduct_due": "assurance:inspection_list",
    "plan_missing": "assurance:plan_list",
    "officer_missing": "assurance:organisation",
    "letter_ends": "assurance:organisation",
    "rule_published": "assurance:my_rules",
    "rule_unread": "assurance:my_rules",
    "rule_returned": "assurance:rule_list",
    "rule_approved": "assurance:rule_list",
    "filing_due": "assurance:rule_list",
}


def tell(users: Iterable[User], event: str, parameters: Mapping[str, str | int]) -> None:
    """Tell users of an event, with a link to the page on which they see it."""
    notify(users=users, message=MESSAGES[event], parameters=parameters, link=reverse(PAGES[event]))


def tell_persons(persons: Iterable[Person], event: str, parameters: Mapping[str, str | int]) -> None:
    """Tell those of the persons who have a sign-in."""
    tell([person.user for person in persons if person.user_id], event, parameters)


def office_of(entity: LegalEntity) -> set[User]:
    """Return the secrecy office of a legal entity."""
    return set(role_holders(Role.SECRECY_OFFICER, entity_scope(entity.pk)))
