import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models

from shoumi.server.migrating import TablesAtOnce


class Migration(TablesAtOnce):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("files", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
        ("register", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadingBody",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leading_bodies",
                        to="people.legalentity",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("body", "Leading body"), ("group", "Leading group")],
                        default="group",
                        max_length=8,
                        verbose_name="form",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="founding decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "leading body",
                "verbose_name_plural": "leading bodies",
                "ordering": ["entity", "-since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("entity",),
                        name="assurance_one_leading_body",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuthorisationLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorisations",
                        to="people.legalentity",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="below",
                        to="assurance.authorisationletter",
                        verbose_name="on the strength of",
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("representative", "Legal representative"),
                            ("responsible", "Authorised person in charge"),
                            ("office_head", "Head of the management office"),
                            ("officer", "Secrecy officer"),
                        ],
                        max_length=16,
                        verbose_name="capacity",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorisations",
                        to="people.person",
                        verbose_name="authorised person",
                    ),
                ),
                ("scope", models.CharField(max_length=400, verbose_name="what it covers")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="signed letter",
                    ),
                ),
                ("letter_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the letter")),
                ("revoked_on", models.DateField(null=True, verbose_name="revoked on")),
                (
                    "revoked_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="reason of the revocation"),
                ),
            ],
            options={
                "verbose_name": "letter of authorisation",
                "verbose_name_plural": "letters of authorisation",
                "ordering": ["entity", "since", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("capacity", "representative"), ("parent__isnull", True)),
                            models.Q(
                                models.Q(("capacity", "representative"), _negated=True),
                                ("parent__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assurance_letter_has_giver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="assurance_letter_not_own_giver",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ManagementOffice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="people.legalentity",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("own", "A department of its own"),
                            ("attached", "Attached to another department"),
                        ],
                        default="own",
                        max_length=8,
                        verbose_name="form",
                    ),
                ),
            ],
            options={
                "verbose_name": "management office",
                "verbose_name_plural": "management offices",
                "ordering": ["entity", "-since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("entity",),
                        name="assurance_one_office",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CooperatingDepartment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cooperations",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=400, verbose_name="which secrets it deals with"),
                ),
            ],
            options={
                "verbose_name": "cooperating department",
                "verbose_name_plural": "cooperating departments",
                "ordering": ["department", "-since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("department",),
                        name="assurance_cooperating_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecretScore",
            fields=[
                (
                    "secret",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="measures_score",
                        serialize=False,
                        to="register.tradesecret",
                    ),
                ),
                ("total", models.PositiveSmallIntegerField(verbose_name="score")),
                ("pass_mark", models.PositiveSmallIntegerField(verbose_name="mark of the level")),
                ("reached", models.BooleanField(verbose_name="mark reached")),
                ("kinds", models.JSONField(verbose_name="strength of each kind")),
                ("missing", models.PositiveSmallIntegerField(verbose_name="missing proofs")),
                ("counted_at", models.DateTimeField(verbose_name="counted")),
            ],
            options={
                "verbose_name": "score of a secret",
                "verbose_name_plural": "scores of secrets",
                "ordering": ["total", "pk"],
                "indexes": [models.Index(fields=["reached", "total"], name="assurance_score_reached")],
            },
        ),
        migrations.CreateModel(
            name="AssuranceSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.legalentity"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("figures", models.JSONField(verbose_name="figures")),
                ("counted_at", models.DateTimeField(verbose_name="counted")),
            ],
            options={
                "verbose_name": "figures of a day",
                "verbose_name_plural": "figures of days",
                "ordering": ["entity", "-day"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("department", None)),
                        fields=("entity", "day"),
                        name="assurance_snapshot_entity_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", False)),
                        fields=("entity", "department", "day"),
                        name="assurance_snapshot_department_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyEvidence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                ("duty", models.CharField(max_length=12, verbose_name="duty")),
                ("day", models.DateField(verbose_name="day")),
                ("text", models.CharField(max_length=400, verbose_name="what was done")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                (
                    "withdrawn_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="reason of the withdrawal"),
                ),
            ],
            options={
                "verbose_name": "proof of a duty",
                "verbose_name_plural": "proof of duties",
                "ordering": ["duty", "-day", "id"],
                "indexes": [models.Index(fields=["entity", "duty", "day"], name="assurance_duty_evidence")],
            },
        ),
        migrations.CreateModel(
            name="TechnicalMeasure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("research", "Research and development"),
                            ("purchasing", "Purchasing"),
                            ("production", "Production"),
                            ("sales", "Sales and customers"),
                            ("finance", "Finance"),
                            ("personnel", "Human resources"),
                            ("systems", "Systems and networks"),
                            ("partners", "Cooperation with outsiders"),
                        ],
                        max_length=12,
                        verbose_name="business step",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="measure")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "General"), (2, "Important"), (3, "Core")],
                        default=1,
                        verbose_name="from which level on",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department in charge",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="how it works")),
            ],
            options={
                "verbose_name": "technical measure",
                "verbose_name_plural": "technical measures",
                "ordering": ["entity", "step", "-level", "name"],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="people.legalentity",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("regular", "Regular inspection"),
                            ("special", "Special inspection"),
                            ("conduct", "Conduct of duties"),
                        ],
                        default="regular",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="led by",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="planned on")),
                ("carried_out_on", models.DateField(null=True, verbose_name="carried out on")),
                ("summary", models.TextField(blank=True, verbose_name="result")),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="report",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("carried_out", "Carried out"),
                            ("closed", "Closed"),
                            ("called_off", "Called off"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "departments",
                    models.ManyToManyField(
                        related_name="inspections", to="people.department", verbose_name="departments"
                    ),
                ),
            ],
            options={
                "verbose_name": "inspection",
                "verbose_name_plural": "inspections",
                "ordering": ["-planned_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="people.legalentity",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("figures", models.JSONField(verbose_name="figures")),
                ("judgement", models.TextField(verbose_name="judgement")),
                ("improvements", models.TextField(verbose_name="improvements for the next year")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "yearly evaluation",
                "verbose_name_plural": "yearly evaluations",
                "ordering": ["-year", "-created_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("entity", "year"), name="assurance_one_evaluation_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.legalentity",
                        verbose_name="legal entity",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure_records",
                        to="register.tradesecret",
                        verbose_name="trade secret",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure_records",
                        to="register.carrier",
                        verbose_name="carrier",
                    ),
                ),
                ("proof", models.CharField(db_index=True, max_length=30, verbose_name="proof")),
                (
                    "party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "Staff"),
                            ("supplier", "Supplier"),
                            ("customer", "Customer"),
                            ("visitor", "Visitor"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="concerns",
                    ),
                ),
                (
                    "party_name",
                    models.CharField(blank=True, max_length=200, verbose_name="name of the partner"),
                ),
                ("text", models.TextField(verbose_name="what was done")),
                ("happened_on", models.DateField(verbose_name="in force from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="in force until")),
                ("covered", models.PositiveIntegerField(default=1, verbose_name="reached")),
                ("needed", models.PositiveIntegerField(default=1, verbose_name="of")),
                (
                    "lived",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="followed (%)"),
                ),
                (
                    "lived_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="how this is known"),
                ),
                (
                    "recognisable",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="recognisable (%)"),
                ),
                (
                    "recognisable_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="how people can tell"),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                (
                    "withdrawn_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="reason of the withdrawal"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "record of a measure",
                "verbose_name_plural": "records of measures",
                "ordering": ["-happened_on", "-recorded_at"],
                "indexes": [
                    models.Index(fields=["entity", "proof", "happened_on"], name="assurance_measure_proof")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("covered__lte", models.F("needed")), ("needed__gte", 1)),
                        name="assurance_measure_covered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lived", None), ("lived__lte", 100), _connector="OR"),
                            models.Q(("recognisable", None), ("recognisable__lte", 100), _connector="OR"),
                        ),
                        name="assurance_measure_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lived", None),
                                models.Q(("lived_reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("recognisable", None),
                                models.Q(("recognisable_reason", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="assurance_measure_grade_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("happened_on")), _connector="OR"
                        ),
                        name="assurance_measure_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WeightChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                ("key", models.CharField(max_length=20, verbose_name="weight")),
                ("value", models.PositiveSmallIntegerField(verbose_name="value")),
                ("pack_value", models.PositiveSmallIntegerField(verbose_name="value of the pack")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="set")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="replaced")),
            ],
            options={
                "verbose_name": "changed weight",
                "verbose_name_plural": "changed weights",
                "ordering": ["entity", "key", "-set_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False), ("replaced_at", None)),
                        fields=("entity", "key"),
                        name="assurance_weight_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("set_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="assurance_weight_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__lte", 100)), name="assurance_weight_percent"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaverStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaver_steps",
                        to="people.engagement",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("register", "Registered what the person had"),
                            ("return", "Returned"),
                            ("delete", "Deleted"),
                            ("destroy", "Destroyed"),
                            ("duty", "Reminded of the duty that goes on"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("done_on", models.DateField(verbose_name="done on")),
                ("text", models.CharField(max_length=400, verbose_name="what was done")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="proof",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
            ],
            options={
                "verbose_name": "step of a leaver",
                "verbose_name_plural": "steps of leavers",
                "ordering": ["engagement", "done_on", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "step"), name="assurance_leaver_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="YearPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_plans",
                        to="people.legalentity",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("goals", models.TextField(verbose_name="goals")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("adopted", "Adopted")],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("adopted_at", models.DateTimeField(null=True, verbose_name="adopted")),
            ],
            options={
                "verbose_name": "yearly plan",
                "verbose_name_plural": "yearly plans",
                "ordering": ["-year", "entity"],
                "constraints": [
                    models.UniqueConstraint(fields=("entity", "year"), name="assurance_one_plan_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("adopted_by__isnull", True),
                            models.Q(("adopted_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="assurance_plan_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("staff", "Staff"),
                            ("training", "Training"),
                            ("systems", "Systems and software"),
                            ("premises", "Premises and locks"),
                            ("counsel", "Counsel and expert opinions"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
            ],
            options={
                "verbose_name": "line of the budget",
                "verbose_name_plural": "budget",
                "ordering": ["-year", "entity", "purpose"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entity", "year", "purpose"), name="assurance_budget_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="assurance_budget_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Expense",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                ("spent_on", models.DateField(verbose_name="spent on")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("staff", "Staff"),
                            ("training", "Training"),
                            ("systems", "Systems and software"),
                            ("premises", "Premises and locks"),
                            ("counsel", "Counsel and expert opinions"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("text", models.CharField(max_length=200, verbose_name="for what")),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="receipt",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("struck_at", models.DateTimeField(null=True, verbose_name="struck out")),
                (
                    "struck_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="reason of striking out"),
                ),
            ],
            options={
                "verbose_name": "expense",
                "verbose_name_plural": "expenses",
                "ordering": ["-spent_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="assurance_expense_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="people.legalentity",
                        verbose_name="legal entity",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="risk")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("harms", models.JSONField(default=list, verbose_name="harms")),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="likelihood",
                    ),
                ),
                ("likelihood_reason", models.TextField(verbose_name="reason for the likelihood")),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="impact",
                    ),
                ),
                ("impact_reason", models.TextField(verbose_name="reason for the impact")),
                (
                    "product",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("likelihood"), "*", models.F("impact")
                        ),
                        output_field=models.PositiveSmallIntegerField(),
                        verbose_name="likelihood × impact",
                    ),
                ),
                (
                    "treatment",
                    models.CharField(
                        choices=[
                            ("reduce", "Reduce"),
                            ("avoid", "Avoid"),
                            ("transfer", "Transfer"),
                            ("accept", "Accept"),
                        ],
                        default="reduce",
                        max_length=10,
                        verbose_name="treatment",
                    ),
                ),
                ("measures", models.TextField(blank=True, verbose_name="what is done about it")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="risk owner",
                    ),
                ),
                ("review_on", models.DateField(verbose_name="to be reviewed by")),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="last reviewed")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("treated", "Treated"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "risk",
                "verbose_name_plural": "risks",
                "ordering": ["entity", "-product", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("entity", "number"), name="assurance_risk_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("impact__range", (1, 5)), ("likelihood__range", (1, 5))),
                        name="assurance_risk_grades",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_documents",
                        to="people.legalentity",
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="kind")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh", "Chinese"), ("ja", "Japanese")], max_length=2, verbose_name="language"
                    ),
                ),
            ],
            options={
                "verbose_name": "rule document",
                "verbose_name_plural": "rule documents",
                "ordering": ["entity", "code", "language"],
                "constraints": [
                    models.UniqueConstraint(fields=("entity", "code", "language"), name="assurance_rule_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EnterpriseProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enterprise_profile",
                        to="people.legalentity",
                    ),
                ),
                (
                    "demonstration",
                    models.BooleanField(default=False, verbose_name="demonstration enterprise (trial)"),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("authority", models.CharField(blank=True, max_length=200, verbose_name="chosen by")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "enterprise profile",
                "verbose_name_plural": "enterprise profiles",
            },
        ),
        migrations.CreateModel(
            name="BodyMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="assurance.leadingbody",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "seat",
                    models.CharField(
                        choices=[
                            ("chair", "Chair"),
                            ("deputy", "Deputy chair"),
                            ("member", "Member"),
                            ("secretary", "Secretary"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="seat",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of the leading body",
                "verbose_name_plural": "members of the leading body",
                "ordering": ["body", "seat", "since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("body", "person"),
                        name="assurance_one_seat",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("seat", "chair"), ("until__isnull", True)),
                        fields=("body",),
                        name="assurance_one_chair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="assurance.leadingbody",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="held on")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="minutes",
                    ),
                ),
                (
                    "attendees",
                    models.ManyToManyField(related_name="+", to="people.person", verbose_name="present"),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["-held_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="OfficeStaff",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="assurance.managementoffice",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
                ("full_time", models.BooleanField(default=False, verbose_name="full time")),
                ("duties", models.CharField(blank=True, max_length=200, verbose_name="duties")),
            ],
            options={
                "verbose_name": "staff of the management office",
                "verbose_name_plural": "staff of the management office",
                "ordering": ["-full_time", "since", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("office", "person"),
                        name="assurance_staff_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DepartmentOfficer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="secrecy_officers",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
                ("full_time", models.BooleanField(default=False, verbose_name="full time")),
                (
                    "letter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officers",
                        to="assurance.authorisationletter",
                        verbose_name="letter of authorisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "secrecy officer of a department",
                "verbose_name_plural": "secrecy officers of departments",
                "ordering": ["department", "-since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("department", "person"),
                        name="assurance_officer_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="assurance.inspection",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                ("text", models.TextField(verbose_name="finding")),
                (
                    "weight",
                    models.CharField(
                        choices=[("minor", "Minor"), ("major", "Major")],
                        default="minor",
                        max_length=6,
                        verbose_name="weight",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="put right by",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be put right"),
                            ("rectified", "Put right, to be verified"),
                            ("returned", "Not accepted"),
                            ("verified", "Verified"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("action", models.TextField(blank=True, verbose_name="what was done")),
                (
                    "proof",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="proof",
                    ),
                ),
                (
                    "rectified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("rectified_at", models.DateTimeField(null=True, verbose_name="put right")),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True, verbose_name="verified")),
                ("verdict", models.TextField(blank=True, verbose_name="words of the verification")),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["due_on", "inspection", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "number"), name="assurance_finding_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), _negated=True),
                            models.Q(("verified_by", models.F("rectified_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="assurance_finding_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("proof__isnull", False), _connector="OR"),
                        name="assurance_finding_proof",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanTask",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="assurance.yearplan",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="task")),
                ("duty", models.CharField(blank=True, max_length=12, verbose_name="duty")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="in charge",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                ("progress", models.PositiveSmallIntegerField(default=0, verbose_name="progress in percent")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="what was done")),
                (
                    "proof",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="proof",
                    ),
                ),
                ("done_on", models.DateField(null=True, verbose_name="done on")),
            ],
            options={
                "verbose_name": "task of a plan",
                "verbose_name_plural": "tasks of plans",
                "ordering": ["due_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)), name="assurance_task_progress"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="assurance.risk"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("secret", "Trade secret"),
                            ("zone", "Zone"),
                            ("post", "Post"),
                            ("partner", "Partner"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_links",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_links",
                        to="places.zone",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_links",
                        to="people.post",
                    ),
                ),
                ("partner", models.CharField(blank=True, max_length=200, verbose_name="partner")),
            ],
            options={
                "verbose_name": "link of a risk",
                "verbose_name_plural": "links of risks",
                "ordering": ["kind", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "secret"),
                                ("partner", ""),
                                ("post", None),
                                ("secret__isnull", False),
                                ("zone", None),
                            ),
                            models.Q(
                                ("kind", "zone"),
                                ("partner", ""),
                                ("post", None),
                                ("secret", None),
                                ("zone__isnull", False),
                            ),
                            models.Q(
                                ("kind", "post"),
                                ("partner", ""),
                                ("post__isnull", False),
                                ("secret", None),
                                ("zone", None),
                            ),
                            models.Q(
                                ("kind", "partner"),
                                ("post", None),
                                ("secret", None),
                                ("zone", None),
                                models.Q(("partner", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assurance_risk_link_names_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "secret")),
                        fields=("risk", "secret"),
                        name="assurance_risk_secret_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "zone")),
                        fields=("risk", "zone"),
                        name="assurance_risk_zone_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "post")),
                        fields=("risk", "post"),
                        name="assurance_risk_post_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "partner")),
                        fields=("risk", "partner"),
                        name="assurance_risk_partner_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="assurance.risk",
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(verbose_name="version")),
                ("record", models.JSONField(verbose_name="record")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason of the change")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="saved")),
            ],
            options={
                "verbose_name": "version of a risk",
                "verbose_name_plural": "versions of a risk",
                "ordering": ["risk", "-ordinal"],
                "constraints": [
                    models.UniqueConstraint(fields=("risk", "ordinal"), name="assurance_risk_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="assurance.ruledocument",
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("awaiting_approval", "Awaiting approval"),
                            ("returned", "Sent back"),
                            ("approved", "Approved, not published"),
                            ("in_force", "Published"),
                            ("replaced", "Replaced"),
                            ("retired", "Retired"),
                            ("rejected", "Rejected"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("template", models.CharField(max_length=20, verbose_name="edition of the template")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("worked_on_by", models.JSONField(default=list)),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the text")),
                ("request_id", models.UUIDField(blank=True, null=True, verbose_name="approval request")),
                ("approvers", models.JSONField(default=list, verbose_name="approved by")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="approved")),
                ("outcome_reason", models.TextField(blank=True, verbose_name="reason of the outcome")),
                ("published_on", models.DateField(null=True, verbose_name="published on")),
                ("in_force_from", models.DateField(null=True, verbose_name="in force from")),
                ("in_force_until", models.DateField(null=True, verbose_name="in force until")),
                (
                    "negligence",
                    models.BooleanField(default=False, verbose_name="names negligent leaks as a breach"),
                ),
                (
                    "docx",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                ("reminded_on", models.DateField(null=True, verbose_name="last reminder")),
            ],
            options={
                "verbose_name": "version of a rule document",
                "verbose_name_plural": "versions of rule documents",
                "ordering": ["document", "-ordinal"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "ordinal"), name="assurance_rule_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "awaiting_approval", "returned", "approved"])
                        ),
                        fields=("document",),
                        name="assurance_rule_one_in_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "in_force"), _negated=True),
                            models.Q(
                                ("in_force_from__isnull", False),
                                ("published_on__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assurance_rule_in_force_is_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfInspection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_inspections",
                        to="people.legalentity",
                    ),
                ),
                ("pack", models.CharField(max_length=8, verbose_name="law pack")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("frozen", "Frozen")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "demonstration",
                    models.BooleanField(default=False, verbose_name="demonstration enterprise (trial)"),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("frozen_at", models.DateTimeField(null=True, verbose_name="frozen")),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assurance.inspection",
                        verbose_name="inspection",
                    ),
                ),
                (
                    "sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the frozen run"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "self-inspection",
                "verbose_name_plural": "self-inspections",
                "ordering": ["-day", "-opened_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("entity",),
                        name="assurance_one_open_self_inspection",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frozen_at", None), ("state", "open")),
                            models.Q(("state", "frozen"), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="assurance_frozen_has_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="assurance.meeting",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.TextField(verbose_name="resolution")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="carried out by",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be carried out"),
                            ("done", "Carried out"),
                            ("dropped", "Dropped"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("outcome", models.TextField(blank=True, verbose_name="outcome")),
                (
                    "proof",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="proof",
                    ),
                ),
                ("closed_on", models.DateField(null=True, verbose_name="closed on")),
            ],
            options={
                "verbose_name": "resolution",
                "verbose_name_plural": "resolutions",
                "ordering": ["due_on", "meeting", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "number"), name="assurance_resolution_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleClause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clauses",
                        to="assurance.ruleversion",
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField(verbose_name="number")),
                ("key", models.CharField(max_length=40)),
                ("part", models.CharField(blank=True, max_length=40)),
                ("heading", models.CharField(max_length=120, verbose_name="heading")),
                ("text", models.TextField(verbose_name="text")),
                ("template_text", models.TextField(blank=True, verbose_name="words of the template")),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="why it departs from the template"
                    ),
                ),
                (
                    "negligence",
                    models.BooleanField(default=False, verbose_name="names negligent leaks as a breach"),
                ),
            ],
            options={
                "verbose_name": "clause",
                "verbose_name_plural": "clauses",
                "ordering": ["version", "ordinal"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "key"), name="assurance_clause_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleAudience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audience",
                        to="assurance.ruleversion",
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.legalentity",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "whom a rule binds",
                "verbose_name_plural": "whom rules bind",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("department__isnull", True),
                                ("entity__isnull", False),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("department__isnull", False),
                                ("entity__isnull", True),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("department__isnull", True),
                                ("entity__isnull", True),
                                ("post__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assurance_audience_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcedureRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="procedure",
                        to="assurance.ruleversion",
                    ),
                ),
                ("step", models.CharField(max_length=20, verbose_name="step")),
                ("day", models.DateField(verbose_name="day")),
                ("participants", models.CharField(max_length=400, verbose_name="participants")),
                ("outcome", models.TextField(blank=True, verbose_name="opinions and how they were answered")),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="record",
                    ),
                ),
                (
                    "text_sha256",
                    models.CharField(max_length=64, verbose_name="SHA-256 of the text it was about"),
                ),
                ("waived", models.BooleanField(default=False, verbose_name="not required here")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
            ],
            options={
                "verbose_name": "step of the procedure",
                "verbose_name_plural": "steps of the procedure",
                "ordering": ["day", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("waived", True), ("file__isnull", False), _connector="OR"),
                        name="assurance_procedure_has_file",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleAcknowledgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="assurance.ruleversion",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_acknowledgements",
                        to="people.person",
                    ),
                ),
                (
                    "text_sha256",
                    models.CharField(max_length=64, verbose_name="SHA-256 of the text that was read"),
                ),
                ("acknowledged_at", models.DateTimeField(verbose_name="acknowledged")),
            ],
            options={
                "verbose_name": "acknowledgement of a rule",
                "verbose_name_plural": "acknowledgements of rules",
                "ordering": ["-acknowledged_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "person"), name="assurance_acknowledged_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfInspectionRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="assurance.selfinspection",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("row", models.CharField(max_length=12, verbose_name="row")),
                ("group", models.CharField(max_length=8, verbose_name="group")),
                ("field", models.CharField(max_length=12, verbose_name="field")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("shown", "Shown by records"),
                            ("partly", "Partly shown"),
                            ("gap", "Gap"),
                            ("ask", "To be looked at by a person"),
                            ("none", "Does not arise here"),
                        ],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("have", models.PositiveIntegerField(default=0, verbose_name="shown")),
                ("need", models.PositiveIntegerField(default=0, verbose_name="of")),
                ("link", models.CharField(blank=True, max_length=300, verbose_name="rows behind it")),
                (
                    "override",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shown", "Shown by records"),
                            ("partly", "Partly shown"),
                            ("gap", "Gap"),
                            ("ask", "To be looked at by a person"),
                            ("none", "Does not arise here"),
                        ],
                        max_length=8,
                        verbose_name="result by the inspector",
                    ),
                ),
                ("override_reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "override_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="proof",
                    ),
                ),
                (
                    "override_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("override_at", models.DateTimeField(null=True, verbose_name="looked at")),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assurance.finding",
                        verbose_name="finding",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a self-inspection",
                "verbose_name_plural": "rows of a self-inspection",
                "ordering": ["run", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "row"), name="assurance_inspection_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("override", ""),
                            models.Q(
                                models.Q(("override_reason", ""), _negated=True),
                                ("override_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assurance_override_has_reason",
                    ),
                ],
            },
        ),
    ]
