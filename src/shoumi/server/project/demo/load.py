"""Loads the demonstration company once, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.accounts.models import User
from shoumi.server.notifications.services import notifications_read_all
from shoumi.server.people.models import LegalEntity
from shoumi.server.project.demo.agreements import Agreements
from shoumi.server.project.demo.assurance import Assurance
from shoumi.server.project.demo.carriers import Carriers
from shoumi.server.project.demo.concerns import Concerns
from shoumi.server.project.demo.copies import Copies
from shoumi.server.project.demo.directories import Directories
from shoumi.server.project.demo.governance import Governance
from shoumi.server.project.demo.ledgers import Ledgers
from shoumi.server.project.demo.lifecycle import Lifecycle
from shoumi.server.project.demo.meetings import Meetings
from shoumi.server.project.demo.operations import Operations
from shoumi.server.project.demo.organisation import PASSWORD, Organisation
from shoumi.server.project.demo.partners import Partners
from shoumi.server.project.demo.places import Premises
from shoumi.server.project.demo.privacy import Privacy
from shoumi.server.project.demo.register import Register
from shoumi.server.project.demo.scans import Scans
from shoumi.server.project.demo.training import Training

HERE = Path(__file__).parent
# who is worth signing in as first, and why
GUIDE = {
    "owner": _("department owner, R&D: proposes"),
    "officer": _("secrecy officer: reviews"),
    "officer2": _("second secrecy officer: reviews what the first brings in"),
    "leader": _("leader: approves"),
    "leader2": _("second leader: a core secret needs two"),
    "employee": _("engineer, R&D: sees what is in scope"),
    "joiner": _("joins R&D in a week: signs and learns"),
    "leaver": _("leaves R&D in two weeks: what is handed over and signed"),
    "it": _("IT administrator: runs it, reads no secret"),
    "hr": _("HR: people, no secrets"),
    "legal": _("legal"),
    "auditor": _("auditor: metadata and the ledger"),
    "counsel": _("outside counsel: one case, until a date"),
    "contractor": _("responsible person of a contractor: what its company is asked for"),
    "jp-owner": _("department owner, Japan (Japanese)"),
}


def demonstration_load(*, report: Callable[[str], None]) -> list[tuple[str, str, str]]:
    """Load the company if there is none yet; return sign-in name, password and words of accounts to try."""
    if not LegalEntity.objects.exists():
        report(gettext("Loading the demonstration company: 60 people, 40 secrets with their files ..."))
        company = yaml.safe_load((HERE / "company.yaml").read_text(encoding="utf-8"))
        secrets = yaml.safe_load((HERE / "secrets.yaml").read_text(encoding="utf-8"))["secrets"]
        assurance = yaml.safe_load((HERE / "assurance.yaml").read_text(encoding="utf-8"))
        with transaction.atomic(), remembered_subjects():
            organisation = Organisation(company)
            organisation.bring_in()
            Register(organisation).fill(secrets)
            Operations(organisation).fill()
            places = yaml.safe_load((HERE / "places.yaml").read_text(encoding="utf-8"))
            Premises(organisation, places).furnish()
            Carriers(organisation).fill()
            Assurance(organisation).fill(assurance)
            Ledgers(organisation).fill()
            Governance(organisation).fill()
            Agreements(organisation).fill()
            Partners(organisation).fill()
            Meetings(organisation).fill()
            Privacy(organisation).fill()
            Concerns(organisation).fill()
            for user in User.objects.order_by("pk"):  # whoever works here has read what came up to now
                notifications_read_all(actor=user)
            Copies(organisation).fill()
            Scans(organisation).fill()
            training = yaml.safe_load((HERE / "training.yaml").read_text(encoding="utf-8"))
            Training(organisation).fill(training)
            Lifecycle(organisation).fill()
            Directories(organisation).fill()
    return [(name, PASSWORD, str(text)) for name, text in GUIDE.items()]
