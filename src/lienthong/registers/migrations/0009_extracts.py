import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("organisations", "0002_absences"),
        ("registers", "0008_proposals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Extract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, help_text="Of the press that asked for it", unique=True)),
                ("register", models.CharField(max_length=60)),
                ("entry_id", models.BigIntegerField()),
                ("revision", models.IntegerField()),
                ("year", models.IntegerField()),
                ("number", models.IntegerField()),
                ("symbol", models.CharField(max_length=40)),
                ("issued_at", models.DateTimeField()),
                ("day", models.DateField(help_text="Of which it tells")),
                ("fields", models.JSONField(help_text="Keys of the fields that it tells")),
                ("personal", models.BooleanField(help_text="Whether personal data stands in it")),
                ("issued_to", models.CharField(blank=True, max_length=200)),
                ("purpose", models.CharField(blank=True, max_length=500)),
                (
                    "verification",
                    models.CharField(help_text="What its QR code carries", max_length=24, unique=True),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose seal it bears",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.post",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["register", "entry_id", "-id"], name="registers_extract_entry")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "year", "number"), name="registers_extract_number"
                    )
                ],
            },
        ),
    ]
