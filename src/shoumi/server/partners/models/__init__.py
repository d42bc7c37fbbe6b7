"""Rows of the partners app."""

from shoumi.server.partners.models.meetings import Handout, Meeting, Paper, Participant

__all__ = ["Handout", "Meeting", "Paper", "Participant"]
