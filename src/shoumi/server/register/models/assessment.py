"""Why it is a secret and how secret: the three elements, the exclusions, the level factors, the deviations.

Follows the seed guide 四(一)3 and 四(二)2; the questions themselves live in the pack, only answers live here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models.secrets import TradeSecret


class ElementJudgement(models.Model):
    """The verdict on one of the three elements, with its reason; its evidence hangs below."""

    class Element(models.TextChoices):
        """The three elements, in the order in which they are shown."""

        SECRECY = "secrecy", _("Not publicly known")
        VALUE = "value", _("Commercial value")
        MEASURES = "measures", _("Confidentiality measures")

    class Verdict(models.TextChoices):
        """What the company found."""

        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")
        UNCLEAR = "unclear", _("Not clear yet")

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="elements")
    element = models.CharField(_("element"), max_length=20, choices=Element)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("element judgement")
        verbose_name_plural = _("element judgements")
        constraints = [models.UniqueConstraint(fields=["secret", "element"], name="register_element_unique")]

    def __str__(self) -> str:
        return f"{self.element}: {self.verdict}"


class ElementEvidence(models.Model):
    """One piece of evidence for an element: a text, a file, or both."""

    judgement = models.ForeignKey(ElementJudgement, on_delete=models.CASCADE, related_name="evidence")
    text = models.TextField(_("evidence in words"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile",
        on_delete=models.PROTECT,
        related_name="in_evidence",
        null=True,
        blank=True,
        verbose_name=_("evidence file"),
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.text[:60] or str(self.file_id)


class ExclusionAnswer(models.Model):
    """The answer to one exclusion of the pack (`IDN-X1`…), with the fields the pack asks for."""

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="exclusions")
    exclusion = models.CharField(_("exclusion"), max_length=20)
    answer = models.CharField(_("answer"), max_length=3, blank=True)  # "yes", "no" or not answered yet
    fields = models.JSONField(_("what was recorded"), default=dict, blank=True)

    class Meta:
        verbose_name = _("exclusion answer")
        verbose_name_plural = _("exclusion answers")
        constraints = [
            models.UniqueConstraint(fields=["secret", "exclusion"], name="register_exclusion_unique")
        ]

    def __str__(self) -> str:
        return f"{self.exclusion}: {self.answer}"


class FactorScore(models.Model):
    """The score of one level factor with its reason; `title` names a free factor."""

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="factors")
    factor = models.CharField(_("factor"), max_length=20)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    title = models.CharField(_("name of a free factor"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("factor score")
        verbose_name_plural = _("factor scores")
        constraints = [models.UniqueConstraint(fields=["secret", "factor"], name="register_factor_unique")]

    def __str__(self) -> str:
        return f"{self.factor}: {self.score}"


class Deviation(models.Model):
    """A place where a secret departs from the default of the pack or the company, with the reason."""

    class Field(models.TextChoices):
        """What may differ."""

        LEVEL = "level", _("Level")
        PERIOD = "period", _("Confidentiality period")
        SCOPE = "scope", _("Knowledge scope")
        APPROVAL = "approval", _("Approval steps")

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="deviations")
    field = models.CharField(_("what differs"), max_length=20, choices=Field)
    default = models.CharField(_("default"), max_length=200)
    chosen = models.CharField(_("chosen"), max_length=200)
    reason = models.TextField(_("reason"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("deviation")
        verbose_name_plural = _("deviations")
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.default} → {self.chosen}"
