"""What must be on record of an outsider before a secret may go there: asked by the register's operations.

Follows the seed guide 五(六)1 and 2.  A third party without a record here is bound by the register's own rule
about the signed agreement; a record here asks for more.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator

from shoumi.engine.errors import ConflictError, ShoumiError
from shoumi.server.partners.models import Filing, Partner
from shoumi.server.partners.queries.outsourcing import (
    AssessmentMissingError,
    assessed_until,
    needs_assessment,
)
from shoumi.server.partners.queries.partners import partners
from shoumi.server.register.queries.operations.agreements import agreement_for
from shoumi.server.register.queries.operations.outside import Going


class PartnerEndedError(ConflictError):
    """The company does not work with this partner any more."""

    code = "partners.ended"
    message = "The work with “{partner}” ended on {day}; nothing is disclosed to it any more."


class AgreementUnfiledError(ConflictError):
    """The agreement is signed but not registered."""

    code = "partners.agreement_unfiled"
    message = (
        "The signed agreement with “{partner}” is not filed yet: its number and its five parts are missing."
    )


def before_going(going: Going) -> Iterator[ShoumiError]:
    """Yield everything that is missing before secrets may go to a third party or an outsider."""
    if going.third_party is None:
        return
    partner = partners().filter(third_party=going.third_party).first()
    if partner is not None:
        yield from before_partner(partner, going)


def before_partner(partner: Partner, going: Going) -> Iterator[ShoumiError]:
    """Yield what is missing before secrets may go to a partner."""
    if partner.ended_on is not None and partner.ended_on <= going.until:
        yield PartnerEndedError(partner=str(partner), day=partner.ended_on.isoformat())
    yield from agreement_gaps(partner, going)
    if needs_assessment(partner) and not assessed_until(partner, going.today):
        yield AssessmentMissingError(partner=str(partner))


def agreement_gaps(partner: Partner, going: Going) -> Iterator[ShoumiError]:
    """Yield that no agreement covers it, or that the one that does is not filed."""
    known = partner.third_party
    try:
        agreement = agreement_for(known, rank=going.rank, today=going.today, until=going.until)
    except ConflictError as error:
        if going.third_party is None:  # for a third party the register says so itself
            yield error
        return
    if not Filing.objects.filter(agreement=agreement).exists():
        yield AgreementUnfiledError(partner=str(partner))
