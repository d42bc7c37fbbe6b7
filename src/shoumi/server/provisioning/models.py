"""What an identity provider calls a person, beside the person's own record, which stays the one truth."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """A user of an identity provider, and the person of ours that it stands for."""

    person = models.OneToOneField(
        "people.Person", models.PROTECT, related_name="provisioned", verbose_name=_("person")
    )
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    user_name = models.CharField(_("user name at the identity provider"), max_length=120)
    external_id = models.CharField(_("key at the identity provider"), max_length=120, blank=True)
    manager = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("manager")
    )
    active = models.BooleanField(_("active"), default=True)
    removed_at = models.DateTimeField(_("removed at the identity provider"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("provisioned account")
        verbose_name_plural = _("provisioned accounts")
        constraints = [
            models.UniqueConstraint("entity", Lower("user_name"), name="provisioning_user_name_once")
        ]

    def __str__(self) -> str:
        return self.user_name
