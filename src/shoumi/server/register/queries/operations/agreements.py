"""The confidentiality agreement that must be there before anything is disclosed to a third party.

Follows the seed guide 五(二)5.  Whether an agreement is good in law is for people to judge; here
it is checked that there is one, that it holds until the end, and that it covers the level.
"""

from __future__ import annotations

from datetime import date

from shoumi.engine.errors import ConflictError
from shoumi.server.people.models import LEVELS
from shoumi.server.register.models import ConfidentialityAgreement, ThirdParty


class AgreementMissingError(ConflictError):
    """The third party signed nothing yet."""

    code = "register.agreement_missing"
    message = "There is no confidentiality agreement with “{third_party}”; record the signed one first."


class AgreementExpiredError(ConflictError):
    """No agreement holds as long as it must."""

    code = "register.agreement_expired"
    message = "No confidentiality agreement with “{third_party}” holds until {day}."


class AgreementLevelError(ConflictError):
    """The agreement is made for lower levels."""

    code = "register.agreement_level"
    message = (
        "The confidentiality agreement with “{third_party}” covers “{level}” at most; “{needed}” is needed."
    )


def agreement_for(
    third_party: ThirdParty, *, rank: int, today: date, until: date
) -> ConfidentialityAgreement:
    """Return the agreement that covers a level of `rank` from `today` until `until`, the latest first.

    Raises:
        AgreementMissingError: there is none at all.
        AgreementExpiredError: none holds that long.
        AgreementLevelError: none of those that hold covers the level.
    """
    known = list(third_party.agreements.order_by("-signed_on", "pk"))
    if not known:
        raise AgreementMissingError(third_party=str(third_party))
    last = max(today, until)
    holding = [
        row
        for row in known
        if row.signed_on <= today and (row.valid_until is None or row.valid_until >= last)
    ]
    if not holding:
        raise AgreementExpiredError(third_party=str(third_party), day=last.isoformat())
    for row in holding:
        if row.level >= rank:
            return row
    words = dict(LEVELS)
    highest = max(row.level for row in holding)
    raise AgreementLevelError(
        third_party=str(third_party), level=str(words[highest]), needed=str(words[rank])
    )
