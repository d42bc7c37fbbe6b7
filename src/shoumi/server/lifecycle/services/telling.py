"""Tells people of steps, each in their own language; what is told never says what the case is about.

Follows the notifications app: a row in the inbox, and an e-mail that names no record.
"""

from __future__ import annotations

from collections.abc import Iterable

from shoumi.server.accounts.models import User
from shoumi.server.lifecycle.models import CaseStep
from shoumi.server.notifications.services import notify


def step_title(step: CaseStep, language: str) -> str:
    """Return what a step is called in a language of the console."""
    head = language.split("-", maxsplit=1)[0]
    titles = {"zh": step.title_zh, "ja": step.title_ja}
    return titles.get(head, step.title_en)


def tell(users: Iterable[User | None], message: str, step: CaseStep, *, mail_text: str) -> None:
    """Tell each of the users once; part of the caller's transaction."""
    for user in {user.pk: user for user in users if user}.values():
        notify(
            users=[user],
            message=message,
            parameters={"step": step_title(step, user.language), "case": step.case.number},
            link=step.get_absolute_url(),
            mail_text=mail_text,
        )
