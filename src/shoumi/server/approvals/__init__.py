"""Requests, steps, quorum, delegation: one engine for everything that somebody else must decide."""
