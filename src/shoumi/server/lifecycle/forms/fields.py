"""Fields of cases: people by name."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.models import User
from shoumi.server.lifecycle.models import PersonCase
from shoumi.server.people.models import Person
from shoumi.server.people.queries import persons_visible

CHOOSE = ("", _("Choose…"))


def people_of(user: User, case: PersonCase, *, signed_in: bool = False) -> QuerySet[Person]:
    """Return whom the user may look up in the case's entity, and whoever has a part in the case.

    `signed_in`: with an account only.  Whoever does a step from another entity knows the parties by the case.
    """
    known = Q(pk__in=persons_visible(user).filter(entity=case.entity).order_by().values("pk"))
    rows = Person.objects.filter(known | Q(pk__in=case.parties.order_by().values("person")))
    if signed_in:
        rows = rows.filter(user__isnull=False, user__is_active=True)
    return rows.order_by("reading", "name")
