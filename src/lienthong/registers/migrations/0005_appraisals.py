"""Entries whose time is over, and what was decided about each."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

DECISIONS = [("open", "to be decided"), ("erase", "to be erased"), ("keep", "kept on"), ("erased", "erased")]


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_absences"),
        ("registers", "0004_files_of_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(F("register"), F("organisation"), name="registers_appraisal_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AppraisedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_id", models.BigIntegerField()),
                ("over_since", models.DateField(help_text="First day on which it need not be kept any more")),
                ("decision", models.CharField(choices=DECISIONS, default="open", max_length=6)),
                ("kept_until", models.DateField(help_text="On this day it is decided anew", null=True)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who decided",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "appraisal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="registers.appraisal",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.post",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(F("appraisal"), F("decision"), F("id").desc(), name="registers_appraised_list"),
                    models.Index(F("decided_at"), condition=Q(("decision", "erase")), name="registers_to_erase"),
                    models.Index(F("kept_until"), condition=Q(("decision", "keep")), name="registers_kept_on"),
                ],
                "constraints": [
                    models.UniqueConstraint(F("appraisal"), F("entry_id"), name="registers_appraised_once"),
                    models.CheckConstraint(
                        condition=Q(
                            ("account", None),
                            ("decided_at", None),
                            ("decision", "open"),
                            ("erased_at", None),
                            ("kept_until", None),
                        )
                        | Q(
                            ("account__isnull", False),
                            ("decided_at__isnull", False),
                            ("decision", "erase"),
                            ("erased_at", None),
                            ("kept_until", None),
                        )
                        | Q(
                            ("account__isnull", False),
                            ("decided_at__isnull", False),
                            ("decision", "keep"),
                            ("erased_at", None),
                            ("kept_until__isnull", False),
                        )
                        | Q(
                            ("account__isnull", False),
                            ("decided_at__isnull", False),
                            ("decision", "erased"),
                            ("erased_at__isnull", False),
                        ),
                        name="registers_appraised_so",
                    ),
                ],
            },
        ),
    ]
