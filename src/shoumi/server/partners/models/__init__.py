"""Rows of the partners app."""

from shoumi.server.partners.models.meetings import Handout, Meeting, Paper, Participant
from shoumi.server.partners.models.partners import Filing, Partner

__all__ = ["Filing", "Handout", "Meeting", "Paper", "Participant", "Partner"]
