import django.db.models.deletion
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
    ]

    operations = [
        migrations.CreateModel(
            name="Zone",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
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
                        related_name="zones",
                        to="people.department",
                        verbose_name="responsible department",
                    ),
                ),
                ("code", models.CharField(max_length=32, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("secret", "Secret zone"),
                            ("office", "Office zone"),
                            ("reception", "Reception zone"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "No secrets"), (1, "General"), (2, "Important"), (3, "Core")],
                        default=0,
                        verbose_name="secrecy level",
                    ),
                ),
                ("location", models.CharField(blank=True, max_length=200, verbose_name="where it is")),
                ("ground", models.CharField(blank=True, max_length=12, verbose_name="ground")),
                (
                    "ground_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="reason of the ground"),
                ),
                ("bans_devices", models.BooleanField(default=False, verbose_name="no devices inside")),
                ("inspected_on", models.DateField(blank=True, null=True, verbose_name="last inspected")),
                (
                    "next_inspection_on",
                    models.DateField(blank=True, null=True, verbose_name="next inspection"),
                ),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "zone",
                "verbose_name_plural": "zones",
                "ordering": ["entity", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("entity", "code"), name="places_zone_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "secret"), ("level__gte", 1), ("level__lte", 3)),
                            ("level", 0),
                            _connector="OR",
                        ),
                        name="places_only_secret_zones_have_a_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FloorPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="floor_plans",
                        to="people.legalentity",
                        verbose_name="legal entity",
                    ),
                ),
                ("site", models.CharField(max_length=80, verbose_name="site")),
                ("building", models.CharField(blank=True, max_length=80, verbose_name="building")),
                ("floor", models.CharField(max_length=40, verbose_name="floor")),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="floor_plans",
                        to="files.storedfile",
                        verbose_name="picture",
                    ),
                ),
                ("width", models.PositiveIntegerField(verbose_name="width of the picture")),
                ("height", models.PositiveIntegerField(verbose_name="height of the picture")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "floor plan",
                "verbose_name_plural": "floor plans",
                "ordering": ["entity", "site", "building", "floor"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=("entity", "site", "building", "floor"),
                        name="places_plan_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("height__gt", 0), ("width__gt", 0)), name="places_plan_size"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitorRetention",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visitor_retention",
                        to="people.legalentity",
                        verbose_name="legal entity",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="days")),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set by",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="set")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "keeping of visitors' details",
                "verbose_name_plural": "keeping of visitors' details",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 3650)),
                        name="places_retention_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Designation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("department", "Key department"), ("place", "Key place")],
                        max_length=10,
                        verbose_name="kind",
                    ),
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
                        related_name="key_designations",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="key_designations",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                ("reason", models.CharField(max_length=600, verbose_name="reason")),
                ("conditions", models.JSONField(default=dict, verbose_name="conditions")),
                ("rule", models.TextField(blank=True, verbose_name="secrecy rule")),
                ("rule_version", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("in_force", "In force"),
                            ("rejected", "Rejected"),
                            ("withdrawing", "Withdrawal proposed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("request_id", models.UUIDField(blank=True, null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("in_force_since", models.DateField(blank=True, null=True, verbose_name="in force since")),
                (
                    "withdrawal_reason",
                    models.CharField(blank=True, max_length=600, verbose_name="reason of the withdrawal"),
                ),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="withdrawn on")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "designation",
                "verbose_name_plural": "designations",
                "ordering": ["-proposed_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("department__isnull", False), ("kind", "department"), ("zone__isnull", True)
                            ),
                            models.Q(
                                ("department__isnull", True), ("kind", "place"), ("zone__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="places_designation_target",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("proposed", "in_force", "withdrawing"))),
                        fields=("department",),
                        name="places_key_department_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("proposed", "in_force", "withdrawing"))),
                        fields=("zone",),
                        name="places_key_place_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "department"),
                            models.Q(("state__in", ("in_force", "withdrawing")), _negated=True),
                            models.Q(("rule", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="places_key_place_has_rule",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryPermission",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry_permissions",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("post", "Post"), ("department", "Department")],
                        max_length=10,
                        verbose_name="kind",
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
                        verbose_name="person",
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
                        verbose_name="post",
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
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Asked for"),
                            ("granted", "Given"),
                            ("rejected", "Rejected"),
                            ("revoked", "Taken back"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("request_id", models.UUIDField(blank=True, null=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="asked for")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "revoked_reason",
                    models.CharField(blank=True, max_length=400, verbose_name="reason of taking back"),
                ),
                ("noticed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "entry permission",
                "verbose_name_plural": "entry permissions",
                "ordering": ["zone", "kind", "-starts_on"],
                "indexes": [models.Index(fields=["zone", "state", "ends_on"], name="places_entry_held")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("department", None),
                                ("kind", "person"),
                                ("person__isnull", False),
                                ("post", None),
                            ),
                            models.Q(
                                ("department", None),
                                ("kind", "post"),
                                ("person", None),
                                ("post__isnull", False),
                            ),
                            models.Q(
                                ("department__isnull", False),
                                ("kind", "department"),
                                ("person", None),
                                ("post", None),
                            ),
                            _connector="OR",
                        ),
                        name="places_entry_names_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="places_entry_days"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inspections",
                        to="places.zone",
                    ),
                ),
                ("inspected_on", models.DateField(verbose_name="inspected on")),
                ("next_on", models.DateField(verbose_name="next inspection")),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inspector",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
            ],
            options={
                "verbose_name": "inspection of a zone",
                "verbose_name_plural": "inspections of zones",
                "ordering": ["-inspected_on", "-recorded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__lte", 100)), name="places_inspection_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("next_on__gt", models.F("inspected_on"))),
                        name="places_inspection_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlines",
                        to="places.floorplan",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlines",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                ("points", models.JSONField(verbose_name="corners")),
            ],
            options={
                "verbose_name": "outline of a zone",
                "verbose_name_plural": "outlines of zones",
                "ordering": ["zone__code"],
                "constraints": [models.UniqueConstraint(fields=("plan", "zone"), name="places_outline_once")],
            },
        ),
        migrations.CreateModel(
            name="Entrance",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrances",
                        to="places.zone",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="entrance")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
            ],
            options={
                "verbose_name": "entrance",
                "verbose_name_plural": "entrances",
                "ordering": ["zone", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("zone", "name"), name="places_entrance_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IsolationProof",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="isolation_proofs",
                        to="places.zone",
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("door", "Door"),
                            ("wall", "Wall"),
                            ("partition", "Partition"),
                            ("other", "Other means"),
                        ],
                        max_length=10,
                        verbose_name="means",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="isolation_proofs",
                        to="files.storedfile",
                        verbose_name="photo",
                    ),
                ),
                ("taken_on", models.DateField(verbose_name="taken on")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added")),
            ],
            options={
                "verbose_name": "proof of isolation",
                "verbose_name_plural": "proofs of isolation",
                "ordering": ["-taken_on", "-added_at"],
            },
        ),
        migrations.CreateModel(
            name="SuggestionDecision",
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
                        related_name="+",
                        to="people.legalentity",
                        verbose_name="legal entity",
                    ),
                ),
                ("group", models.CharField(max_length=12, verbose_name="ground")),
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
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestion_decisions",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accepted", "Accepted"), ("declined", "Declined")],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="decided")),
            ],
            options={
                "verbose_name": "decision on a suggested zone",
                "verbose_name_plural": "decisions on suggested zones",
                "ordering": ["-decided_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "accepted"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="places_declined_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("department__isnull", False), ("zone__isnull", False), _connector="OR"
                        ),
                        name="places_decision_target",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted_visits",
                        to="people.person",
                        verbose_name="host",
                    ),
                ),
                (
                    "escort",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escorted_visits",
                        to="people.person",
                        verbose_name="escort",
                    ),
                ),
                ("organisation", models.CharField(blank=True, max_length=200, verbose_name="organisation")),
                ("purpose", models.CharField(max_length=400, verbose_name="purpose")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Waits for approval"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Called off"),
                            ("over", "Over"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("request_id", models.UUIDField(blank=True, null=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="asked for")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="details erased")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "ordering": ["-starts_at", "id"],
                "indexes": [models.Index(fields=["zone", "starts_at"], name="places_visit_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="places_visit_times"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "designation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="places.designation",
                    ),
                ),
                ("defence", models.CharField(max_length=12, verbose_name="defence")),
                ("description", models.CharField(max_length=200, verbose_name="measure or equipment")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="equipment number")),
            ],
            options={
                "verbose_name": "measure of a key place",
                "verbose_name_plural": "measures of key places",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="InspectionItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="places.inspection",
                    ),
                ),
                ("check_id", models.CharField(max_length=12, verbose_name="question")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("met", "In place"),
                            ("partly", "Partly in place"),
                            ("missing", "Missing"),
                            ("unneeded", "Not needed here"),
                        ],
                        max_length=8,
                        verbose_name="answer",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "answer of an inspection",
                "verbose_name_plural": "answers of an inspection",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "check_id"), name="places_answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "met"), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="places_answer_says_what_is_missing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ZoneTask",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="places.inspection",
                    ),
                ),
                ("check_id", models.CharField(max_length=12, verbose_name="question")),
                ("gap", models.CharField(max_length=300, verbose_name="gap")),
                ("due_on", models.DateField(verbose_name="due")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="what was done")),
            ],
            options={
                "verbose_name": "gap in the protection of a zone",
                "verbose_name_plural": "gaps in the protection of zones",
                "ordering": ["due_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=("zone", "check_id"),
                        name="places_gap_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="places_gap_closed_with_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sign",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "entrance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signs",
                        to="places.entrance",
                        verbose_name="entrance",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("warning", "Prohibitions at the entrance"), ("key_place", "Key place")],
                        max_length=10,
                        verbose_name="sign",
                    ),
                ),
                ("put_up_on", models.DateField(verbose_name="put up on")),
                (
                    "put_up_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_signs",
                        to="files.storedfile",
                        verbose_name="photo",
                    ),
                ),
                ("taken_down_on", models.DateField(blank=True, null=True, verbose_name="taken down on")),
            ],
            options={
                "verbose_name": "sign",
                "verbose_name_plural": "signs",
                "ordering": ["entrance", "kind", "-put_up_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_down_on__isnull", True)),
                        fields=("entrance", "kind"),
                        name="places_sign_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_down_on__isnull", True),
                            ("taken_down_on__gte", models.F("put_up_on")),
                            _connector="OR",
                        ),
                        name="places_sign_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guard",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guards", to="places.zone"
                    ),
                ),
                (
                    "entrance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guards",
                        to="places.entrance",
                        verbose_name="entrance",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person who keeps the entrance"),
                            ("service", "Security service"),
                            ("access", "Access control"),
                            ("camera", "Camera"),
                            ("alarm", "Alarm"),
                            ("locker", "Locker"),
                            ("other", "Other device"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_zones",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "verbose_name": "guard or device",
                "verbose_name_plural": "guards and devices",
                "ordering": ["zone", "kind", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "person"), ("person__isnull", False)),
                            models.Q(
                                models.Q(("kind", "person"), _negated=True),
                                ("person__isnull", True),
                                models.Q(("description", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="places_guard_is_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="places_guard_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visitor",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visitors",
                        to="places.visit",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                (
                    "pledged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="pledge acknowledged"),
                ),
                ("pledge_version", models.CharField(blank=True, max_length=20)),
                ("pledge_sha256", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "visitor",
                "verbose_name_plural": "visitors",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="places.zone",
                        verbose_name="zone",
                    ),
                ),
                (
                    "visitor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="places.visitor",
                        verbose_name="visitor",
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
                        verbose_name="person",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                ("entered_at", models.DateTimeField(blank=True, null=True, verbose_name="entered")),
                (
                    "expected_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="expected to leave by"),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                (
                    "left_recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("devices", "Did not hand in forbidden devices"),
                            ("no_permission", "Has no permission for this zone today"),
                            ("other", "Other reason"),
                        ],
                        max_length=14,
                        verbose_name="refused because",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("alerted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "entry and exit",
                "verbose_name_plural": "entries and exits",
                "ordering": ["-recorded_at", "id"],
                "indexes": [models.Index(fields=["zone", "-recorded_at"], name="places_passage_log")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", True), ("visitor__isnull", False)),
                            models.Q(("person__isnull", False), ("visitor__isnull", True)),
                            _connector="OR",
                        ),
                        name="places_passage_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entered_at__isnull", False), ("refusal", "")),
                            models.Q(
                                ("entered_at__isnull", True),
                                ("left_at__isnull", True),
                                models.Q(("refusal", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="places_passage_or_refusal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True),
                            ("left_at__gte", models.F("entered_at")),
                            _connector="OR",
                        ),
                        name="places_passage_times",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True), ("refusal", "")),
                        fields=("zone", "visitor"),
                        name="places_visitor_inside_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True), ("refusal", "")),
                        fields=("zone", "person"),
                        name="places_person_inside_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to="places.passage",
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="device")),
                ("locker", models.CharField(blank=True, max_length=20, verbose_name="locker")),
                ("handed_in_at", models.DateTimeField(blank=True, null=True, verbose_name="handed in")),
                ("given_back_at", models.DateTimeField(blank=True, null=True, verbose_name="given back")),
            ],
            options={
                "verbose_name": "device",
                "verbose_name_plural": "devices",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("given_back_at__isnull", True),
                                ("handed_in_at__isnull", True),
                                ("locker", ""),
                            ),
                            models.Q(
                                ("handed_in_at__isnull", False), models.Q(("locker", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="places_device_in_locker",
                    )
                ],
            },
        ),
    ]
