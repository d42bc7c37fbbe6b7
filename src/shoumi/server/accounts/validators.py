"""What a password must not be, beyond Django's own checks.

NIST SP 800-63B: length and unguessability count, rules of composition do not.  Length, common passwords and
likeness to the user's own data are checked by Django.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoumi.server.accounts.models import User


class VarietyValidator:
    """Refuses passwords that consist of very few different characters, such as aaaaaaaaaaaa."""

    def __init__(self, min_different: int = 5) -> None:
        """Ask for at least `min_different` different characters."""
        self.min_different = min_different

    def validate(self, password: str, user: User | None = None) -> None:
        """Return if the password varies enough.

        Raises:
            ValidationError: it does not.
        """
        del user
        if len(set(password.casefold())) < self.min_different:
            raise ValidationError(_("The password repeats the same few characters."), code="password_repeats")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return ngettext(
            "The password has at least %(count)d different character.",
            "The password has at least %(count)d different characters.",
            self.min_different,
        ) % {"count": self.min_different}
