"""What pages and papers of a breach say alike: states, deadlines with their rule, facts, sections.

An answer of the law is shown with its citation and with how sure it is.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shoumi.engine.jurisdiction.breaches import MANY, Owner
from shoumi.server.accounts.templatetags.shoumi import moment
from shoumi.server.files.listing import State
from shoumi.server.people.models import Country
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.queries.breaches import (
    DutyLine,
    Standing,
    breach_facts,
    countries_words,
    table_for,
)
from shoumi.server.privacy.queries.words import named, said, table_of

TONES = {"open": "active", "closing": "waiting", "closed": "off"}
STANDINGS = {
    Standing.NOT_DUE: (pgettext_lazy("breach", "Need not be told"), "off"),
    Standing.OPEN: (pgettext_lazy("breach", "To be told"), "waiting"),
    Standing.OVERDUE: (pgettext_lazy("breach", "Overdue"), "bad"),
    Standing.DONE: (pgettext_lazy("breach", "Told"), "good"),
    Standing.LATE: (pgettext_lazy("breach", "Told late"), "bad"),
}
OWNERS = {
    Owner.LEGAL: gettext_lazy("Answerable for the law"),
    Owner.SECURITY: gettext_lazy("Answerable for security"),
    Owner.BOTH: gettext_lazy("both"),
}
STATUSES = {
    "primary": gettext_lazy("read in the original"),
    "secondary": gettext_lazy("known from copies or reports only"),
    "unconfirmed": gettext_lazy("unconfirmed"),
}


def state_of(row: Breach) -> State:
    """Return how far a breach is, in words."""
    return State(row.get_state_display(), TONES[row.state])


def standing_of(line: DutyLine) -> State:
    """Return how a duty stands, in words."""
    text, tone = STANDINGS[line.standing]
    return State(text, tone)


def due_words(line: DutyLine) -> Any:
    """Return by when, or that the law says at once."""
    if line.standing == Standing.NOT_DUE:
        return "–"
    due = line.answer.due
    if line.at is None or due is None:
        return _("at once; the law names no number of hours or days")
    if due.last_day is None:
        return moment(line.at)
    place = {"day": due.last_day.isoformat(), "country": country_name(line.country)}
    return _("%(day)s, to the end of the day in %(country)s") % place


def rule_words(line: DutyLine) -> str:
    """Return the citation with how sure it is and everything that must be shown beside it."""
    basis, due = line.answer.basis, line.answer.due
    if basis is None:
        return _("The rule was not in force on that day.")
    told = [said(text) for text in (due.told if due else basis.caveats)]
    return " · ".join([f"{basis.cite} ({STATUSES[basis.status.value]})", *told])


def why_words(line: DutyLine) -> str:
    """Return which facts bring a duty or free from it."""
    if line.assessment is not None:
        return _("By an assessment that both owners agreed to.")
    facts = table_for(line.country).facts
    names = [many_words() if each == MANY else named(facts, each) for each in line.answer.because]
    return " · ".join(names) or (_("In every case.") if line.answer.applies else _("No fact brings it."))


def many_words() -> str:
    """Return the fact that follows from the number of persons."""
    return _("the number of persons is above the mark, or not known")


def facts_words(breach: Breach) -> str:
    """Return what applies, given or following from cause, kinds and number."""
    found = {
        many_words() if each == MANY else named(table_for(country).facts, each)
        for country in breach.countries
        for each in breach_facts(breach, country)
    }
    return " · ".join(sorted(found))


def kinds_of(breach: Breach) -> str:
    """Return the kinds of data."""
    kinds = table_of(breach.entity).kinds
    return " · ".join(named(kinds, kind) for kind in breach.kinds)


def facts_of_page(breach: Breach) -> list[tuple[Any, Any]]:
    """Return what is known, label by label."""
    return [
        (_("What happened"), breach.what),
        (_("Noticed"), moment(breach.noticed_at)),
        (_("Cause"), named(table_for(breach.entity.country).causes, breach.cause)),
        (_("Kinds of data"), kinds_of(breach)),
        (_("Number of persons"), _("not known yet") if breach.persons is None else breach.persons),
        (_("Countries of the persons"), countries_words(breach)),
        (_("What applies"), facts_words(breach)),
        (_("Harm that may follow"), breach.harm),
        (_("Remedies taken"), breach.response),
        (_("What persons can do"), breach.advice),
        (pgettext("breach", "Publication"), breach.publication),
        (_("Measures against its happening again"), breach.prevention),
        (_("Other matters"), breach.other),
        (pgettext("breach", "Contact"), breach.contact),
        (_("Answerable for the law"), breach.legal_owner),
        (_("Answerable for security"), breach.security_owner),
        (pgettext("breach", "Reported by"), breach.reported_by),
        (_("Result"), breach.closing_words),
        (_("Closed by"), breach.closed_by),
        (pgettext("breach", "Closed at"), moment(breach.closed_at)),
    ]


def country_name(code: str) -> str:
    """Return the name of a country."""
    return str(dict(Country.choices).get(code, code))
