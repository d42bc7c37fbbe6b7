import django.db.models.deletion
import shoumi.server.register.models.search
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
    ]

    operations = [
        migrations.CreateModel(
            name="TradeSecret",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True, max_length=40, null=True, unique=True, verbose_name="number"
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.legalentity",
                        verbose_name="legal entity",
                    ),
                ),
                (
                    "owner_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="owner department",
                    ),
                ),
                (
                    "custodian",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="custodian",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposer",
                    ),
                ),
                ("pack", models.CharField(max_length=8, verbose_name="law pack")),
                (
                    "national_security",
                    models.CharField(blank=True, max_length=3, verbose_name="national security"),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("category", models.CharField(blank=True, max_length=20, verbose_name="category")),
                ("necessity", models.TextField(blank=True, verbose_name="why it must be kept secret")),
                ("level", models.CharField(blank=True, max_length=20, verbose_name="level")),
                (
                    "suggested_level",
                    models.CharField(blank=True, max_length=20, verbose_name="suggested level"),
                ),
                (
                    "level_reason",
                    models.TextField(blank=True, verbose_name="reason for another level than suggested"),
                ),
                (
                    "period",
                    models.CharField(blank=True, max_length=20, verbose_name="confidentiality period"),
                ),
                ("period_starts_on", models.DateField(blank=True, null=True, verbose_name="period begins")),
                ("period_ends_on", models.DateField(blank=True, null=True, verbose_name="last secret day")),
                (
                    "publication_event",
                    models.CharField(blank=True, max_length=300, verbose_name="publication awaited"),
                ),
                (
                    "period_reason",
                    models.TextField(blank=True, verbose_name="reason for another period than the default"),
                ),
                (
                    "scope_reason",
                    models.TextField(blank=True, verbose_name="reason for a wider scope than the template"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("under_review", "Under review"),
                            ("awaiting_approval", "Awaiting approval"),
                            ("registered", "Registered"),
                            ("changing", "Being changed"),
                            ("returned", "Sent back"),
                            ("withdrawn", "Withdrawn"),
                            ("not_a_secret", "Not a secret"),
                            ("declassified", "Declassified"),
                            ("destroyed", "Destroyed"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("step", models.PositiveSmallIntegerField(default=1, verbose_name="step reached")),
                (
                    "led_out",
                    models.BooleanField(default=False, verbose_name="led out: may concern state secrets"),
                ),
                ("outcome_reason", models.TextField(blank=True, verbose_name="reason of the outcome")),
                ("request_id", models.UUIDField(blank=True, null=True, verbose_name="approval request")),
                ("worked_on_by", models.JSONField(blank=True, default=list, verbose_name="worked on by")),
                ("designated_by", models.JSONField(blank=True, default=list, verbose_name="designated by")),
                (
                    "standard_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="by the standard of"),
                ),
                (
                    "legacy",
                    models.BooleanField(default=False, verbose_name="taken over from an older register"),
                ),
                (
                    "legacy_number",
                    models.CharField(blank=True, max_length=80, verbose_name="number in the older register"),
                ),
                (
                    "search",
                    shoumi.server.register.models.search.SearchTextField(
                        of=("name", "number", "legacy_number", "description")
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("updated_at", models.DateTimeField(verbose_name="last changed")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("registered_at", models.DateTimeField(blank=True, null=True, verbose_name="registered")),
                ("declassified_at", models.DateTimeField(blank=True, null=True, verbose_name="declassified")),
                (
                    "declassification_reason",
                    models.CharField(blank=True, max_length=20, verbose_name="reason of declassification"),
                ),
            ],
            options={
                "verbose_name": "trade secret",
                "verbose_name_plural": "trade secrets",
                "ordering": ["-created_at", "id"],
                "indexes": [
                    models.Index(fields=["state", "period_ends_on"], name="register_state_period"),
                    models.Index(fields=["owner_department", "state"], name="register_owner_state"),
                    models.Index(fields=["-updated_at", "id"], name="register_by_change"),
                    models.Index(fields=["name", "id"], name="register_by_name"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__isnull", False),
                            models.Q(
                                ("state__in", ["registered", "changing", "declassified", "destroyed"]),
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="register_registered_has_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("national_security__in", ["", "no"]),
                            models.Q(
                                ("led_out", False),
                                models.Q(("description", ""), ("name", "")),
                                _connector="OR",
                            ),
                        ),
                        name="register_no_state_secret_kept",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
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
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "number series",
                "verbose_name_plural": "number series",
                "constraints": [
                    models.UniqueConstraint(fields=("entity", "year"), name="register_series_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="BookSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
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
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("owner", "Owner department"), ("office", "Secrecy office")],
                        max_length=10,
                        verbose_name="book",
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("lines", models.PositiveIntegerField(verbose_name="lines")),
                ("differences", models.PositiveIntegerField(verbose_name="open differences")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the book")),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("signed_at", models.DateTimeField(verbose_name="signed")),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received by the office"),
                ),
            ],
            options={
                "verbose_name": "signature of a secrets ledger",
                "verbose_name_plural": "signatures of secrets ledgers",
                "ordering": ["-month", "-signed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("department", None)),
                        fields=("entity", "month"),
                        name="register_office_signs_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", False)),
                        fields=("department", "month"),
                        name="register_department_signs_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department", None), ("received_at", None), ("side", "office")),
                            models.Q(("department__isnull", False), ("side", "owner")),
                            _connector="OR",
                        ),
                        name="register_signature_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_by", None),
                            models.Q(("received_by", models.F("signed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="register_receipt_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done")],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="secrets")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="compared")),
                ("last_secret", models.UUIDField(blank=True, null=True)),
                ("found", models.PositiveIntegerField(default=0, verbose_name="differences")),
            ],
            options={
                "verbose_name": "comparison of the secrets ledgers",
                "verbose_name_plural": "comparisons of the secrets ledgers",
                "ordering": ["-started_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("entity",),
                        name="register_one_comparison",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StorageUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("code", models.CharField(max_length=40, verbose_name="number")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("computer", "Computer"),
                            ("server", "Server"),
                            ("drive", "Hard disk or drive"),
                            ("portable", "Portable medium"),
                            ("system", "Application system"),
                            ("database", "Database"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in_use", "In use"),
                            ("servicing", "In repair or maintenance"),
                            ("scrapped", "Scrapped"),
                        ],
                        default="in_use",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "permitted",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "No secrets"), (1, "General"), (2, "Important"), (3, "Core")],
                        default=0,
                        verbose_name="highest level permitted",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="keeper",
                    ),
                ),
                ("encryption", models.CharField(blank=True, max_length=120, verbose_name="encrypted with")),
                (
                    "key_owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="owner of the key",
                    ),
                ),
                (
                    "backup_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="backed up every (days)"
                    ),
                ),
                (
                    "restore_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="restore tested every (days)"
                    ),
                ),
                (
                    "authorised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("authorised_at", models.DateTimeField(blank=True, null=True, verbose_name="authorised")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "storage unit",
                "verbose_name_plural": "storage units",
                "ordering": ["code", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("department", "code"), name="register_unit_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("authorised_at", None), ("permitted__gte", 1), _connector="OR"),
                        name="register_authorised_has_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessReview",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("figures", models.JSONField(verbose_name="figures")),
                ("unusual", models.BooleanField(verbose_name="something unusual was found")),
                ("result", models.TextField(verbose_name="result")),
                ("due_on", models.DateField(verbose_name="next review due")),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(verbose_name="reviewed")),
            ],
            options={
                "verbose_name": "review of access",
                "verbose_name_plural": "reviews of access",
                "ordering": ["-reviewed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CarrierRule",
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
                (
                    "subject",
                    models.CharField(
                        choices=[("mark", "Form of the mark"), ("keeping", "Manner of keeping")],
                        max_length=8,
                        verbose_name="what about",
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind of carrier")),
                ("narrowed", models.CharField(blank=True, max_length=20, verbose_name="only for")),
                ("value", models.CharField(max_length=20, verbose_name="value")),
                ("pack_value", models.CharField(max_length=20, verbose_name="value of the pack")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced")),
            ],
            options={
                "verbose_name": "rule for carriers",
                "verbose_name_plural": "rules for carriers",
                "ordering": ["subject", "kind", "narrowed", "-set_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False), ("replaced_at", None)),
                        fields=("entity", "subject", "kind", "narrowed"),
                        name="register_one_rule_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CatalogueEntry",
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
                (
                    "catalogue",
                    models.CharField(
                        choices=[
                            ("categories", "Categories"),
                            ("factors", "Level factors"),
                            ("thresholds", "Totals for a level"),
                            ("periods", "Periods on offer"),
                            ("scope_kinds", "Kinds of knowledge scope"),
                            ("exclusion_fields", "Fields of the exclusions"),
                            ("marks", "Words of the marks"),
                            ("due_days", "Days to decide"),
                            ("archive_access", "Who reads the secrets ledgers"),
                        ],
                        max_length=20,
                        verbose_name="catalogue",
                    ),
                ),
                ("item", models.CharField(max_length=60, verbose_name="entry")),
                ("value", models.JSONField(verbose_name="value")),
                ("pack_value", models.JSONField(verbose_name="value of the pack")),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced")),
            ],
            options={
                "verbose_name": "entry of a catalogue",
                "verbose_name_plural": "entries of a catalogue",
                "ordering": ["entity", "catalogue", "item", "-set_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False), ("replaced_at", None)),
                        fields=("entity", "catalogue", "item"),
                        name="register_catalogue_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("set_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="register_catalogue_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TileKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tile_key",
                        to="files.contentkey",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced")),
            ],
            options={
                "verbose_name": "tile key",
                "verbose_name_plural": "tile keys",
                "ordering": ["-created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("retired_at", None)),
                        name="register_one_tile_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CopySearch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copy_searches",
                        to="files.storedfile",
                    ),
                ),
                ("purpose", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Being examined"),
                            ("done", "Examined"),
                            ("failed", "Could not be read"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="pages examined")),
                ("found", models.JSONField(default=list, verbose_name="what was found")),
                ("failure", models.CharField(blank=True, max_length=80, verbose_name="code of the failure")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "look-up of a copy",
                "verbose_name_plural": "look-ups of copies",
                "ordering": ["-asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LevelDefault",
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
                ("level", models.CharField(max_length=20, verbose_name="level")),
                (
                    "setting",
                    models.CharField(
                        choices=[
                            ("period", "Default confidentiality period"),
                            ("quorum", "Number of approving leaders"),
                            ("notice_days", "Days of notice before the period ends"),
                            ("scope", "Kinds of knowledge scope"),
                        ],
                        max_length=20,
                        verbose_name="setting",
                    ),
                ),
                ("value", models.CharField(max_length=200, verbose_name="value")),
                ("pack_value", models.CharField(max_length=200, verbose_name="value of the pack")),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced")),
            ],
            options={
                "verbose_name": "company default",
                "verbose_name_plural": "company defaults",
                "ordering": ["entity", "level", "setting", "-set_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False), ("replaced_at", None)),
                        fields=("entity", "level", "setting"),
                        name="register_default_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("set_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="register_default_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("department", "Department"), ("post", "Post"), ("person", "Person")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="people.post",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="people.person",
                    ),
                ),
                ("grades", models.JSONField(default=dict, verbose_name="risk")),
                ("total", models.FloatField(verbose_name="risk in percent")),
                (
                    "highest_secret",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "No secrets"), (1, "General"), (2, "Important"), (3, "Core")],
                        verbose_name="highest secret they may know",
                    ),
                ),
                (
                    "proposed_level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "No secrets"), (1, "General"), (2, "Important"), (3, "Core")],
                        verbose_name="proposed level",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "No secrets"), (1, "General"), (2, "Important"), (3, "Core")],
                        verbose_name="level",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Awaiting approval"),
                            ("in_force", "In force"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("replaced", "Replaced"),
                            ("ended", "Ended"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("request_id", models.UUIDField(blank=True, null=True, verbose_name="approval request")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="to be reviewed on")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("outcome_reason", models.TextField(blank=True, verbose_name="reason of the outcome")),
            ],
            options={
                "verbose_name": "designation",
                "verbose_name_plural": "designations",
                "ordering": ["-proposed_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "department"), ("person", None), ("post", None)),
                            models.Q(("kind", "post"), ("person", None), ("post__isnull", False)),
                            models.Q(("kind", "person"), ("person__isnull", False), ("post", None)),
                            _connector="OR",
                        ),
                        name="register_duty_names_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "department"), ("state", "waiting")),
                        fields=("department",),
                        name="register_duty_department_waiting",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "department"), ("state", "in_force")),
                        fields=("department",),
                        name="register_duty_department_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "post"), ("state", "waiting")),
                        fields=("post",),
                        name="register_duty_post_waiting",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "post"), ("state", "in_force")),
                        fields=("post",),
                        name="register_duty_post_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "person"), ("state", "waiting")),
                        fields=("person",),
                        name="register_duty_person_waiting",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "person"), ("state", "in_force")),
                        fields=("person",),
                        name="register_duty_person_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inventory",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
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
                    "scope",
                    models.CharField(
                        choices=[("zone", "A zone"), ("department", "A department"), ("keeper", "A keeper")],
                        max_length=10,
                        verbose_name="what is counted",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="keeper",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("counting", "Counting"),
                            ("counted", "Counted, to be signed off"),
                            ("signed", "Signed off"),
                        ],
                        default="counting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="begun")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="counted")),
                (
                    "keeper_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="signed by the keeper"),
                ),
                (
                    "office_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="signed by the office"),
                ),
            ],
            options={
                "verbose_name": "inventory",
                "verbose_name_plural": "inventories",
                "ordering": ["-started_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LegacyBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.legalentity"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legacy_batches",
                        to="files.storedfile",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("under_review", "Under review"),
                            ("awaiting_approval", "Awaiting approval"),
                            ("registering", "Being registered"),
                            ("registered", "Registered"),
                            ("returned", "Sent back"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("elements", models.JSONField(default=dict, verbose_name="the three elements")),
                ("exclusions", models.JSONField(default=dict, verbose_name="exclusions")),
                ("necessity", models.TextField(blank=True, verbose_name="why they must be kept secret")),
                ("request_id", models.UUIDField(blank=True, null=True, verbose_name="approval request")),
                ("deciders", models.JSONField(blank=True, default=list, verbose_name="decided by")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True, verbose_name="reason of the outcome")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "imported register",
                "verbose_name_plural": "imported registers",
                "ordering": ["-created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="MarkLook",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mark_looks",
                        to="people.legalentity",
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=20, verbose_name="category")),
                ("level", models.CharField(blank=True, max_length=20, verbose_name="level")),
                ("banner", models.BooleanField(default=True, verbose_name="box on the first page")),
                ("header", models.BooleanField(default=True, verbose_name="header")),
                ("footer", models.BooleanField(default=True, verbose_name="footer")),
                ("watermark", models.BooleanField(default=True, verbose_name="watermark on every page")),
                ("cover_sheet", models.BooleanField(default=True, verbose_name="cover sheet in workbooks")),
                ("label_id", models.UUIDField(blank=True, null=True, verbose_name="Purview label")),
                ("site_id", models.UUIDField(blank=True, null=True, verbose_name="Purview tenant")),
                (
                    "label_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of the Purview label"),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="set")),
            ],
            options={
                "verbose_name": "look of marks",
                "verbose_name_plural": "looks of marks",
                "ordering": ["entity", "category", "level"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entity", "category", "level"), name="register_look_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("header", True), ("watermark", True), _connector="OR"),
                        name="register_look_shows_on_every_page",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("label_id", None), ("site_id", None)),
                            models.Q(("label_id__isnull", False), ("site_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="register_look_label_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThirdParty",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="third_parties",
                        to="people.department",
                        verbose_name="responsible department",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name of the third party")),
                (
                    "registration_number",
                    models.CharField(blank=True, max_length=60, verbose_name="registration number"),
                ),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="contact")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "third party",
                "verbose_name_plural": "third parties",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("department", "name"), name="register_third_party_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name of the template")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consult", "Consult"),
                            ("borrow", "Borrow"),
                            ("copy", "Copy"),
                            ("transfer", "Move to another zone"),
                            ("disclose", "Disclose to a third party"),
                            ("release", "Review before publication"),
                            ("destroy", "Destroy"),
                            ("scrap", "Scrap"),
                            ("repair", "Repair"),
                        ],
                        max_length=10,
                        verbose_name="operation",
                    ),
                ),
                ("answers", models.JSONField(verbose_name="answers")),
            ],
            options={
                "verbose_name": "template of an operation",
                "verbose_name_plural": "templates of operations",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="register_template_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationSeries",
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
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "number series of operations",
                "verbose_name_plural": "number series of operations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entity", "year"), name="register_operation_series_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ElementJudgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="elements",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "element",
                    models.CharField(
                        choices=[
                            ("secrecy", "Not publicly known"),
                            ("value", "Commercial value"),
                            ("measures", "Confidentiality measures"),
                        ],
                        max_length=20,
                        verbose_name="element",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Met"), ("not_met", "Not met"), ("unclear", "Not clear yet")],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
            ],
            options={
                "verbose_name": "element judgement",
                "verbose_name_plural": "element judgements",
                "constraints": [
                    models.UniqueConstraint(fields=("secret", "element"), name="register_element_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExclusionAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exclusions",
                        to="register.tradesecret",
                    ),
                ),
                ("exclusion", models.CharField(max_length=20, verbose_name="exclusion")),
                ("answer", models.CharField(blank=True, max_length=3, verbose_name="answer")),
                ("fields", models.JSONField(blank=True, default=dict, verbose_name="what was recorded")),
            ],
            options={
                "verbose_name": "exclusion answer",
                "verbose_name_plural": "exclusion answers",
                "constraints": [
                    models.UniqueConstraint(fields=("secret", "exclusion"), name="register_exclusion_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factors",
                        to="register.tradesecret",
                    ),
                ),
                ("factor", models.CharField(max_length=20, verbose_name="factor")),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="name of a free factor")),
            ],
            options={
                "verbose_name": "factor score",
                "verbose_name_plural": "factor scores",
                "constraints": [
                    models.UniqueConstraint(fields=("secret", "factor"), name="register_factor_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Deviation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deviations",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("level", "Level"),
                            ("period", "Confidentiality period"),
                            ("scope", "Knowledge scope"),
                            ("approval", "Approval steps"),
                        ],
                        max_length=20,
                        verbose_name="what differs",
                    ),
                ),
                ("default", models.CharField(max_length=200, verbose_name="default")),
                ("chosen", models.CharField(max_length=200, verbose_name="chosen")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
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
                "verbose_name": "deviation",
                "verbose_name_plural": "deviations",
                "ordering": ["recorded_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SecretFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_secrets",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "file of a secret",
                "verbose_name_plural": "files of a secret",
                "ordering": ["added_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("secret", "file"), name="register_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Carrier",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carriers",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True, max_length=60, null=True, unique=True, verbose_name="number"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "In its place"),
                            ("lent", "Lent"),
                            ("outside", "With a third party"),
                            ("repair", "In repair"),
                            ("returned", "Given back"),
                            ("scrapped", "Scrapped"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="held",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "copy_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="register.carrier",
                        verbose_name="copy of",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carriers",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("paper", "Paper document"),
                            ("medium", "Storage medium"),
                            ("device", "Computer or device"),
                            ("sample", "Sample, prototype or mould"),
                            ("semi_finished", "Semi-finished product"),
                            ("equipment", "Equipment or production line"),
                            ("system", "Information system"),
                            ("database", "Database"),
                            ("person", "Know-how carried by persons"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("description", models.CharField(max_length=300, verbose_name="description")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="keeper",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="in use by",
                    ),
                ),
                ("keeping", models.CharField(blank=True, max_length=20, verbose_name="manner of keeping")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carriers",
                        to="register.storageunit",
                        verbose_name="storage unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "carrier",
                "verbose_name_plural": "carriers",
                "ordering": ["kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="ScopeEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scope",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("departments", "Department"),
                            ("posts", "Post"),
                            ("persons", "Person"),
                            ("all_staff", "All staff"),
                        ],
                        max_length=20,
                        verbose_name="kind",
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
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "scope entry",
                "verbose_name_plural": "scope entries",
                "ordering": ["kind", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("department__isnull", False),
                                ("kind", "departments"),
                                ("person", None),
                                ("post", None),
                            ),
                            models.Q(
                                ("department", None),
                                ("kind", "posts"),
                                ("person", None),
                                ("post__isnull", False),
                            ),
                            models.Q(
                                ("department", None),
                                ("kind", "persons"),
                                ("person__isnull", False),
                                ("post", None),
                            ),
                            models.Q(
                                ("department", None), ("kind", "all_staff"), ("person", None), ("post", None)
                            ),
                            _connector="OR",
                        ),
                        name="register_scope_names_one_target",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "departments")),
                        fields=("secret", "department"),
                        name="register_scope_department_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "posts")),
                        fields=("secret", "post"),
                        name="register_scope_post_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "persons")),
                        fields=("secret", "person"),
                        name="register_scope_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "all_staff")),
                        fields=("secret",),
                        name="register_scope_all_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="book_lines",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("owner", "Owner department"), ("office", "Secrecy office")],
                        max_length=10,
                        verbose_name="book",
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("in_force", "In force"),
                            ("declassified", "Declassified"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="in_force",
                        max_length=12,
                        verbose_name="stands for",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("level", models.CharField(max_length=20, verbose_name="level")),
                ("period", models.CharField(max_length=40, verbose_name="confidentiality period")),
                ("owner", models.CharField(max_length=200, verbose_name="owner")),
                ("carrier_form", models.JSONField(default=list, verbose_name="form of the carriers")),
                ("storage_place", models.TextField(blank=True, verbose_name="storage place")),
                ("storage_form", models.JSONField(default=list, verbose_name="form of storage")),
                ("keeper", models.CharField(blank=True, max_length=200, verbose_name="keeper")),
                ("reading_scope", models.TextField(blank=True, verbose_name="reading scope")),
                ("drawn", models.JSONField(default=dict)),
                (
                    "head",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the last entry"),
                ),
                ("version", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "line of a secrets ledger",
                "verbose_name_plural": "lines of a secrets ledger",
                "ordering": ["secret", "-side"],
                "indexes": [models.Index(fields=["side", "standing"], name="register_line_side")],
                "constraints": [
                    models.UniqueConstraint(fields=("secret", "side"), name="register_line_per_side")
                ],
            },
        ),
        migrations.CreateModel(
            name="SecretVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="register.tradesecret",
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(verbose_name="version")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("legacy", "Taken over from an older register"),
                            ("changed", "Changed"),
                            ("declassified", "Declassified"),
                            ("destroyed", "Destroyed"),
                        ],
                        max_length=20,
                        verbose_name="cause",
                    ),
                ),
                ("snapshot", models.JSONField(verbose_name="record")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the record")),
                ("made_at", models.DateTimeField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "version of a secret",
                "verbose_name_plural": "versions of a secret",
                "ordering": ["secret", "ordinal"],
                "constraints": [
                    models.UniqueConstraint(fields=("secret", "ordinal"), name="register_version_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="SecretChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("change", "Change"), ("declassify", "Declassification")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("under_review", "Under review"),
                            ("awaiting_approval", "Awaiting approval"),
                            ("returned", "Sent back"),
                            ("applied", "Applied"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("wished", models.JSONField(verbose_name="what shall hold")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "declassification_reason",
                    models.CharField(blank=True, max_length=20, verbose_name="reason of declassification"),
                ),
                ("incident", models.CharField(blank=True, max_length=80, verbose_name="incident")),
                ("measures", models.JSONField(blank=True, default=list, verbose_name="measures planned")),
                ("based_on", models.PositiveIntegerField(verbose_name="based on version")),
                ("request_id", models.UUIDField(blank=True, null=True, verbose_name="approval request")),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("outcome_reason", models.TextField(blank=True, verbose_name="reason of the outcome")),
            ],
            options={
                "verbose_name": "change of a secret",
                "verbose_name_plural": "changes of secrets",
                "ordering": ["-requested_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "under_review", "awaiting_approval", "returned"])
                        ),
                        fields=("secret",),
                        name="register_one_open_change",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpiryNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="expiry_notices",
                        to="register.tradesecret",
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="last secret day")),
                ("days_before", models.PositiveIntegerField(verbose_name="days before")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
            ],
            options={
                "verbose_name": "expiry notice",
                "verbose_name_plural": "expiry notices",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("secret", "ends_on", "days_before"), name="register_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publication",
                        to="register.tradesecret",
                    ),
                ),
                ("published_on", models.DateField(verbose_name="day of publication")),
                ("proof", models.TextField(verbose_name="where it was published")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
            },
        ),
        migrations.CreateModel(
            name="StorageAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accounts",
                        to="register.storageunit",
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
                ("name", models.CharField(max_length=120, verbose_name="account name")),
                ("rights", models.CharField(max_length=200, verbose_name="rights")),
                (
                    "password_kept",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="where the password is registered"
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("granted_at", models.DateTimeField(verbose_name="granted")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "filed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("filed_at", models.DateTimeField(blank=True, null=True, verbose_name="filed")),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason of the removal"),
                ),
            ],
            options={
                "verbose_name": "account on a storage unit",
                "verbose_name_plural": "accounts on storage units",
                "ordering": ["unit", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("unit", "name"),
                        name="register_account_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attestations",
                        to="register.storageunit",
                    ),
                ),
                ("no_internet", models.BooleanField(verbose_name="not connected to the internet")),
                ("no_usb", models.BooleanField(verbose_name="takes no USB or other portable storage")),
                ("note", models.CharField(max_length=300, verbose_name="how it was checked")),
                (
                    "attested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("attested_at", models.DateTimeField(verbose_name="attested")),
                ("due_on", models.DateField(verbose_name="due again")),
            ],
            options={
                "verbose_name": "attestation",
                "verbose_name_plural": "attestations",
                "ordering": ["-attested_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="BackupRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backups",
                        to="register.storageunit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("backup", "Backup"), ("restore", "Restore test")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("succeeded", models.BooleanField(verbose_name="succeeded")),
                ("medium", models.CharField(max_length=200, verbose_name="where to, or where from")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("done_on", models.DateField(verbose_name="done on")),
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
                "verbose_name": "backup record",
                "verbose_name_plural": "backup records",
                "ordering": ["-done_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Servicing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="servicings",
                        to="register.storageunit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("repair", "Repair"),
                            ("maintenance", "Maintenance"),
                            ("scrap", "Scrapping"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for approval"),
                            ("refused", "Refused"),
                            ("approved", "Approved, to be secured"),
                            ("secured", "Secured, may begin"),
                            ("out", "Under way"),
                            ("done", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("provider", models.CharField(blank=True, max_length=200, verbose_name="carried out by")),
                ("request_id", models.UUIDField(blank=True, null=True, verbose_name="approval request")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("removed", "The storage was removed"),
                            ("deleted", "Backed up, then deleted"),
                            ("empty", "Nothing secret was on it"),
                        ],
                        max_length=8,
                        verbose_name="measure",
                    ),
                ),
                (
                    "secured_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="secured by",
                    ),
                ),
                ("secured_at", models.DateTimeField(blank=True, null=True, verbose_name="secured")),
                ("proof", models.CharField(blank=True, max_length=300, verbose_name="proof")),
                ("began_at", models.DateTimeField(blank=True, null=True, verbose_name="begun")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="outcome")),
            ],
            options={
                "verbose_name": "servicing",
                "verbose_name_plural": "servicings",
                "ordering": ["-asked_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "approved", "secured", "out"])),
                        fields=("unit",),
                        name="register_one_open_servicing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CopyIssue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("copy_id", models.BigIntegerField(unique=True, verbose_name="copy number")),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="files.storedfile",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed to",
                    ),
                ),
                ("purpose", models.CharField(max_length=20, verbose_name="purpose")),
                ("at", models.DateTimeField(verbose_name="handed out")),
                (
                    "form",
                    models.CharField(
                        choices=[("hidden", "Hidden in its pages"), ("none", "Not hidden")],
                        max_length=10,
                        verbose_name="bears its number",
                    ),
                ),
                (
                    "tile_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.tilekey",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the copy")),
            ],
            options={
                "verbose_name": "issued copy",
                "verbose_name_plural": "issued copies",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["secret", "-at"], name="register_copy_of_secret")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("copy_id__gte", 0), ("copy_id__lt", 281474976710656)),
                        name="register_copy_id_bits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", "none"), ("tile_key", None)),
                            models.Q(("form", "hidden"), ("tile_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="register_copy_hidden_has_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerInformation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="customer_information",
                        to="register.tradesecret",
                    ),
                ),
                ("kinds", models.JSONField(default=list, verbose_name="kinds of information")),
                ("collected", models.TextField(blank=True, verbose_name="how it was collected")),
                ("worked_up", models.TextField(blank=True, verbose_name="how it was sorted and worked up")),
                ("effort", models.TextField(blank=True, verbose_name="time, money and people spent")),
                (
                    "sources",
                    models.TextField(blank=True, verbose_name="sources, and what of it is not public"),
                ),
            ],
            options={
                "verbose_name": "customer information",
                "verbose_name_plural": "customer information",
            },
        ),
        migrations.CreateModel(
            name="LegacyRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="register.legacybatch",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="row in the file")),
                ("values", models.JSONField(verbose_name="values")),
                (
                    "secret",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="legacy_row",
                        to="register.tradesecret",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported row",
                "verbose_name_plural": "imported rows",
                "ordering": ["batch", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "position"), name="register_row_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfidentialityAgreement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "third_party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="register.thirdparty",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="signed agreement",
                    ),
                ),
                ("parties", models.CharField(max_length=400, verbose_name="parties")),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "General"), (2, "Important"), (3, "Core")], verbose_name="covers up to"
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
                "verbose_name": "confidentiality agreement",
                "verbose_name_plural": "confidentiality agreements",
                "ordering": ["-signed_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("signed_on")),
                            _connector="OR",
                        ),
                        name="register_agreement_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScopeNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scope_notices",
                        to="people.person",
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scope_notices",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scope_notices",
                        to="register.legacybatch",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("designated", "Designated"),
                            ("changed", "Scope changed"),
                            ("joined", "Came into the scope later"),
                        ],
                        max_length=12,
                        verbose_name="cause",
                    ),
                ),
                ("told_at", models.DateTimeField(verbose_name="told")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="acknowledged")),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "notice to a person in the knowledge scope",
                "verbose_name_plural": "notices to persons in the knowledge scope",
                "ordering": ["-told_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", False), ("secret", None)),
                            models.Q(("batch", None), ("secret__isnull", False)),
                            _connector="OR",
                        ),
                        name="register_notice_about_one",
                    ),
                    models.UniqueConstraint(fields=("person", "secret"), name="register_notice_per_secret"),
                    models.UniqueConstraint(fields=("person", "batch"), name="register_notice_per_batch"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ElementEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "judgement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="register.elementjudgement",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="evidence in words")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_evidence",
                        to="files.storedfile",
                        verbose_name="evidence file",
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
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["added_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="life_events",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="life_events",
                        to="register.carrier",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("circulated", "Circulated"),
                            ("copied", "Copied"),
                            ("released", "Released"),
                            ("changed", "Changed"),
                            ("declassified", "Declassified"),
                            ("destroyed", "Destroyed"),
                        ],
                        max_length=12,
                        verbose_name="event",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "life event",
                "verbose_name_plural": "life events",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["secret", "-at"], name="register_life_of_secret"),
                    models.Index(fields=["kind", "-at"], name="register_life_by_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecretFiling",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filings",
                        to="register.secretversion",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("owner", "Owner department"), ("office", "Secrecy office")],
                        max_length=10,
                        verbose_name="filed by",
                    ),
                ),
                ("record", models.JSONField(verbose_name="record")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the record")),
                ("filed_for", models.CharField(max_length=200, verbose_name="unit")),
                ("filed_at", models.DateTimeField(verbose_name="filed")),
            ],
            options={
                "verbose_name": "filing",
                "verbose_name_plural": "filings",
                "ordering": ["version", "-side"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "side"), name="register_filing_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclassificationAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declassification_acts",
                        to="register.tradesecret",
                    ),
                ),
                ("measure", models.CharField(max_length=20, verbose_name="measure")),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.carrier",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.secretfile",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what was done")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
            ],
            options={
                "verbose_name": "declassification act",
                "verbose_name_plural": "declassification acts",
                "ordering": ["measure", "id"],
            },
        ),
        migrations.CreateModel(
            name="MarkingTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marking_tasks",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.secretversion",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.carrier",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.secretfile",
                    ),
                ),
                ("anew", models.BooleanField(default=False, verbose_name="the old mark is void")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("escalated_on", models.DateField(blank=True, null=True, verbose_name="escalated")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
            ],
            options={
                "verbose_name": "marking task",
                "verbose_name_plural": "marking tasks",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["carrier", "done_at"], name="register_marking_of_carrier")],
            },
        ),
        migrations.CreateModel(
            name="StorageFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unauthorised", "Stored outside the authorised storage"),
                            ("exceeded", "A higher level is stored than permitted"),
                            ("unencrypted", "No encryption or no owner of the key is recorded"),
                            ("profile", "“No internet, no USB” is not attested or not met"),
                            ("backup", "No backup in time"),
                            ("restore", "No successful restore test in time"),
                            ("account", "An account has ended and is not removed"),
                        ],
                        max_length=12,
                        verbose_name="finding",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="register.storageunit",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="register.carrier",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.department"
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="mended")),
            ],
            options={
                "verbose_name": "storage finding",
                "verbose_name_plural": "storage findings",
                "ordering": ["-found_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None), ("unit__isnull", False)),
                        fields=("kind", "unit"),
                        name="register_finding_of_unit_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("carrier__isnull", False), ("closed_at", None)),
                        fields=("kind", "carrier"),
                        name="register_finding_of_carrier_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handovers",
                        to="register.carrier",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("make", "Making"),
                            ("send", "Receiving and sending"),
                            ("pass", "Passing on"),
                            ("use", "Use"),
                            ("keep", "Keeping"),
                            ("destroy", "Destruction"),
                        ],
                        max_length=8,
                        verbose_name="step",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Waits for the receiver"),
                            ("received", "Received"),
                            ("refused", "Refused, back with the giver"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="given")),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="received by",
                    ),
                ),
                (
                    "receiver_name",
                    models.CharField(blank=True, max_length=120, verbose_name="receiver without a sign-in"),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="drawn signature",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "answer",
                    models.CharField(blank=True, max_length=300, verbose_name="reason of the refusal"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
            ],
            options={
                "verbose_name": "handover",
                "verbose_name_plural": "handovers",
                "ordering": ["-given_at", "id"],
                "indexes": [models.Index(fields=["receiver", "state"], name="register_handover_receiver")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "offered")),
                        fields=("carrier",),
                        name="register_one_open_handover",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receiver__isnull", False), ("receiver_name", "")),
                            models.Q(("receiver", None), models.Q(("receiver_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="register_handover_one_receiver",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelPrint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="label_prints",
                        to="register.carrier",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="label_prints",
                        to="register.storageunit",
                    ),
                ),
                ("sheet", models.CharField(max_length=12, verbose_name="sheet")),
                ("level", models.CharField(max_length=20, verbose_name="level")),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("printed_at", models.DateTimeField(verbose_name="printed")),
            ],
            options={
                "verbose_name": "printed label",
                "verbose_name_plural": "printed labels",
                "ordering": ["-printed_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("carrier__isnull", False), ("unit", None)),
                            models.Q(("carrier", None), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="register_label_is_for_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InventoryItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inventory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="register.inventory",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.carrier",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=120, verbose_name="code")),
                ("expected", models.BooleanField(verbose_name="expected")),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("open", "Not scanned yet"),
                            ("found", "Found"),
                            ("missing", "Missing"),
                            ("misplaced", "In the wrong place"),
                            ("unknown", "Unknown code"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("unmarked", models.BooleanField(default=False, verbose_name="without a valid mark")),
                (
                    "scanned_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                    ),
                ),
                (
                    "scanned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("scanned_at", models.DateTimeField(blank=True, null=True, verbose_name="scanned")),
                ("task_due", models.DateField(blank=True, null=True, verbose_name="to be cleared by")),
                (
                    "cleared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cleared_at", models.DateTimeField(blank=True, null=True, verbose_name="cleared")),
                ("clearing", models.CharField(blank=True, max_length=300, verbose_name="how it was cleared")),
            ],
            options={
                "verbose_name": "line of an inventory",
                "verbose_name_plural": "lines of an inventory",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("carrier__isnull", False)),
                        fields=("inventory", "carrier"),
                        name="register_counted_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmbeddedMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="embedded_marks",
                        to="register.secretfile",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.secretversion",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="name or number")),
                ("level", models.CharField(max_length=200, verbose_name="level")),
                ("period", models.CharField(max_length=200, verbose_name="period")),
                ("owner", models.CharField(max_length=200, verbose_name="owner unit")),
                (
                    "sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the marked file"),
                ),
                (
                    "fault",
                    models.CharField(blank=True, max_length=80, verbose_name="why there is no mark inside"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="marked")),
            ],
            options={
                "verbose_name": "mark inside a file",
                "verbose_name_plural": "marks inside files",
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("file", "version"), name="register_embedded_once"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), ("fault", ""), _connector="XOR"),
                        name="register_embedded_or_fault",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True, max_length=60, null=True, unique=True, verbose_name="number"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consult", "Consult"),
                            ("borrow", "Borrow"),
                            ("copy", "Copy"),
                            ("transfer", "Move to another zone"),
                            ("disclose", "Disclose to a third party"),
                            ("release", "Review before publication"),
                            ("destroy", "Destroy"),
                            ("scrap", "Scrap"),
                            ("repair", "Repair"),
                        ],
                        max_length=10,
                        verbose_name="operation",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("awaiting_approval", "Awaiting approval"),
                            ("approved", "Approved, to be carried out"),
                            ("under_way", "Under way"),
                            ("returned", "Sent back"),
                            ("done", "Done"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="owner department",
                    ),
                ),
                ("level", models.CharField(max_length=20, verbose_name="level")),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "let_in",
                    models.BooleanField(
                        default=False, verbose_name="lets somebody in from outside the knowledge scope"
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="handed to",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("print", "Print"),
                            ("photocopy", "Photocopy"),
                            ("scan", "Scan"),
                            ("excerpt", "Excerpt"),
                            ("network", "Transfer over a network"),
                            ("paper", "Paper or book"),
                            ("talk", "Talk or lecture"),
                            ("exhibition", "Exhibition"),
                            ("website", "Website or advertisement"),
                            ("other", "Another way"),
                        ],
                        max_length=12,
                        verbose_name="way",
                    ),
                ),
                ("copies", models.PositiveSmallIntegerField(default=1, verbose_name="copies of each")),
                (
                    "to_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                        verbose_name="to zone",
                    ),
                ),
                (
                    "third_party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="register.thirdparty",
                        verbose_name="third party",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="register.confidentialityagreement",
                        verbose_name="confidentiality agreement",
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=300, verbose_name="what exactly")),
                ("where", models.CharField(blank=True, max_length=300, verbose_name="where")),
                (
                    "ends_secret",
                    models.BooleanField(default=False, verbose_name="ends the secret as destroyed"),
                ),
                ("conditions", models.TextField(blank=True, verbose_name="conditions of the approval")),
                ("request_id", models.UUIDField(blank=True, null=True, verbose_name="approval request")),
                ("outcome_reason", models.TextField(blank=True, verbose_name="reason of the outcome")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("begun_at", models.DateTimeField(blank=True, null=True, verbose_name="carried out")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "operation",
                "verbose_name_plural": "operations",
                "ordering": ["-created_at", "id"],
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="register_operation_due"),
                    models.Index(fields=["department", "state"], name="register_operation_owner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", False),
                            models.Q(("state__in", ["under_way", "done"]), _negated=True),
                            _connector="OR",
                        ),
                        name="register_no_operation_before_approval",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BookEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="register.bookline",
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(verbose_name="number")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("event", "Life event"),
                            ("drawn", "Taken over from the register"),
                            ("correction", "Correction"),
                            ("struck", "Life event struck out"),
                        ],
                        max_length=12,
                        verbose_name="cause",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="book_entries",
                        to="register.lifeevent",
                    ),
                ),
                ("changes", models.JSONField(default=dict, verbose_name="what changed")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "entry of a secrets ledger",
                "verbose_name_plural": "entries of a secrets ledger",
                "ordering": ["line", "ordinal"],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "ordinal"), name="register_entry_order")
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.secretversion",
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mark",
                        to="register.markingtask",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="register.carrier",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="register.secretfile",
                    ),
                ),
                ("form", models.CharField(max_length=20, verbose_name="form of the mark")),
                ("spot", models.CharField(blank=True, max_length=200, verbose_name="where on it")),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="photo",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="marked by",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="marked")),
            ],
            options={
                "verbose_name": "mark",
                "verbose_name_plural": "marks",
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("carrier__isnull", False), ("file", None)),
                            models.Q(("carrier", None), ("file__isnull", False)),
                            _connector="OR",
                        ),
                        name="register_mark_is_on_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InventoryScan",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "inventory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="register.inventory",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="register.inventoryitem",
                    ),
                ),
                ("code", models.CharField(max_length=500, verbose_name="code")),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                    ),
                ),
                ("unmarked", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="received")),
            ],
            options={
                "verbose_name": "scan",
                "verbose_name_plural": "scans",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OperationLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="register.operation",
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operation_lines",
                        to="register.tradesecret",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operation_lines",
                        to="register.carrier",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operation_lines",
                        to="register.secretfile",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be carried out"),
                            ("out", "Handed out"),
                            ("unwitnessed", "To be witnessed"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("dropped", "Not carried out"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "from_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.zone",
                    ),
                ),
                ("method", models.CharField(blank=True, max_length=20, verbose_name="method")),
                ("tool", models.CharField(blank=True, max_length=120, verbose_name="tool")),
                ("verification", models.CharField(blank=True, max_length=300, verbose_name="verification")),
                ("condition", models.CharField(blank=True, max_length=300, verbose_name="condition")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="carried out")),
                ("back_at", models.DateTimeField(blank=True, null=True, verbose_name="given back")),
                ("copies", models.ManyToManyField(related_name="copied_by", to="register.carrier")),
            ],
            options={
                "verbose_name": "line of an operation",
                "verbose_name_plural": "lines of operations",
                "ordering": ["operation", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("carrier", None), ("file", None), _connector="OR"),
                        name="register_line_of_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("carrier__isnull", False)),
                        fields=("operation", "carrier"),
                        name="register_line_carrier_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("file__isnull", False)),
                        fields=("operation", "file"),
                        name="register_line_file_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationWitness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="witnesses",
                        to="register.operation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="witness",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
            ],
            options={
                "verbose_name": "witness",
                "verbose_name_plural": "witnesses",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("operation", "user"), name="register_witness_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationFiling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filings",
                        to="register.operation",
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[("begun", "Carried out"), ("closed", "Closed")],
                        max_length=8,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("owner", "Owner department"), ("office", "Secrecy office")],
                        max_length=10,
                        verbose_name="filed by",
                    ),
                ),
                ("record", models.JSONField(verbose_name="record")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the record")),
                ("filed_for", models.CharField(max_length=200, verbose_name="unit")),
                ("filed_at", models.DateTimeField(verbose_name="filed")),
            ],
            options={
                "verbose_name": "filing of an operation",
                "verbose_name_plural": "filings of operations",
                "ordering": ["operation", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "occasion", "side"), name="register_operation_filing_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationExtension",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="register.operation",
                    ),
                ),
                ("until", models.DateField(verbose_name="until")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Awaiting approval"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("lapsed", "No longer needed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("request_id", models.UUIDField(null=True, verbose_name="approval request")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
            ],
            options={
                "verbose_name": "extension",
                "verbose_name_plural": "extensions",
                "ordering": ["-asked_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("operation",),
                        name="register_one_open_extension",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="register.operation",
                    ),
                ),
                ("kind", models.CharField(max_length=12, verbose_name="what")),
                ("due_on", models.DateField(verbose_name="due")),
                ("days", models.IntegerField(verbose_name="days before")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
            ],
            options={
                "verbose_name": "notice about an operation",
                "verbose_name_plural": "notices about operations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "kind", "due_on", "days"), name="register_operation_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BookDifference",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="register.reconciliation",
                    ),
                ),
                (
                    "secret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="book_differences",
                        to="register.tradesecret",
                    ),
                ),
                ("field", models.CharField(max_length=20, verbose_name="field")),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.lifeevent",
                    ),
                ),
                ("owner_value", models.JSONField(null=True, verbose_name="owner department")),
                ("office_value", models.JSONField(null=True, verbose_name="secrecy office")),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolves",
                        to="register.bookentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "difference between the secrets ledgers",
                "verbose_name_plural": "differences between the secrets ledgers",
                "ordering": ["secret", "field", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("event", None), ("resolved_at", None)),
                        fields=("secret", "field"),
                        name="register_difference_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("event__isnull", False), ("resolved_at", None)),
                        fields=("secret", "event"),
                        name="register_event_difference_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to="register.operation",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("carried_out", "Carried out"),
                            ("received", "Received"),
                            ("given_back", "Given back"),
                            ("witnessed", "Witnessed"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
                ("signed_by", models.CharField(default="password", max_length=10, verbose_name="signature")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("recording", models.CharField(blank=True, max_length=300, verbose_name="recording")),
                ("lines", models.ManyToManyField(related_name="acts", to="register.operationline")),
            ],
            options={
                "verbose_name": "act",
                "verbose_name_plural": "acts",
                "ordering": ["at", "id"],
            },
        ),
    ]
