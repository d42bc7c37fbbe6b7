"""Errors of the tree in words beside a form, in the reader's language; the catalogues hold them by code."""

from __future__ import annotations

from django.utils.translation import pgettext

from shoumi.engine.errors import ShoumiError


def words_of(error: ShoumiError) -> str:
    """Return what went wrong; fixed English phrases in the fields are translated too."""
    fields = {
        name: pgettext("error part", value) if isinstance(value, str) and value else value
        for name, value in error.fields.items()
    }
    return pgettext(type(error).code, type(error).message).format(**fields)
