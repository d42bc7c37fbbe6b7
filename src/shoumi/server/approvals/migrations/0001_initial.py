import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from shoumi.server.migrating import TablesAtOnce


class Migration(TablesAtOnce):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("subject", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=300, verbose_name="request")),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("escalated", "Overdue"),
                            ("approved", "Approved"),
                            ("returned", "Sent back"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "No longer needed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("outcome_reason", models.CharField(blank=True, max_length=2000, verbose_name="reason")),
                ("barred", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "request for approval",
                "verbose_name_plural": "requests for approval",
                "ordering": ["-opened_at", "id"],
                "indexes": [
                    models.Index(fields=["subject"], name="approvals_request_subject"),
                    models.Index(
                        condition=models.Q(("state__in", ["open", "escalated"])),
                        fields=["due_at"],
                        name="approvals_request_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "delegator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who is away",
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who stands in",
                    ),
                ),
                ("kinds", models.JSONField(default=list, verbose_name="for")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended early")),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ["-starts_at", "id"],
                "indexes": [models.Index(fields=["delegate", "ends_at"], name="approvals_delegation_held")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="approvals_delegation_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delegate", models.F("delegator")), _negated=True),
                        name="approvals_delegation_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="approvals.approvalrequest",
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="step")),
                ("role", models.CharField(blank=True, max_length=32, verbose_name="role")),
                ("scope", models.CharField(blank=True, max_length=80, verbose_name="for")),
                ("quorum", models.PositiveSmallIntegerField(default=1, verbose_name="persons needed")),
                ("due_in", models.DurationField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("open", "Open"),
                            ("approved", "Approved"),
                            ("returned", "Sent back"),
                            ("rejected", "Rejected"),
                            ("closed", "Not decided"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("escalated_at", models.DateTimeField(null=True, verbose_name="passed on")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("named", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["request", "ordinal"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["role"], name="approvals_step_role"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "ordinal"), name="approvals_step_order"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("request",),
                        name="approvals_one_step_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quorum__gte", 1)), name="approvals_step_quorum"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="approvals.approvalrequest",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="approvals.approvalstep",
                    ),
                ),
                ("place", models.CharField(max_length=80)),
            ],
            options={
                "indexes": [models.Index(fields=["place", "step"], name="approvals_place")],
                "constraints": [
                    models.UniqueConstraint(fields=("step", "place"), name="approvals_place_of_step_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("step__isnull", True)),
                        fields=("request", "place"),
                        name="approvals_place_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="approvals.approvalrequest",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="approvals.approvalstep",
                    ),
                ),
                (
                    "decider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="on behalf of",
                    ),
                ),
                (
                    "voice_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approve", "Approve"), ("return", "Send back"), ("reject", "Reject")],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="decided")),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "decider"), name="approvals_one_decision_each"
                    ),
                    models.UniqueConstraint(fields=("request", "voice_of"), name="approvals_one_voice_each"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("on_behalf_of__isnull", True), ("voice_of", models.F("decider"))),
                            models.Q(
                                ("on_behalf_of__isnull", False),
                                ("voice_of", models.F("on_behalf_of")),
                                models.Q(("on_behalf_of", models.F("decider")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approvals_voice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "approve"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="approvals_reason_given",
                    ),
                ],
            },
        ),
    ]
