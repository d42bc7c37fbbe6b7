"""Loaders that tests put in place of those of `people`."""

from __future__ import annotations

from shoumi.engine.policy import Subject


def nobody(user):
    """A subject without any role."""
    return Subject(id=str(user.pk))


def above(scope):
    """Everything lies in one legal entity."""
    return {scope, "entity:1"}


def scopes(*, closed=False):
    """One department to choose."""
    return [("department:1", "Research")]


def japan(_user):
    """Everybody is employed in Japan."""
    return "jp"
