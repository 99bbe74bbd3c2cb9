import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("signing", "0002_examinations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Personal signature"), ("seal", "Organisation's seal")], max_length=10
                    ),
                ),
                ("account_id", models.BigIntegerField(null=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("diameter", models.PositiveSmallIntegerField(null=True)),
                ("given_at", models.DateTimeField()),
                ("given_by", models.BigIntegerField(help_text="Account of who gave it")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("account_id__isnull", False),
                                ("diameter", None),
                                ("kind", "person"),
                                ("organisation_id", None),
                            ),
                            models.Q(
                                ("account_id", None),
                                ("diameter__range", (20, 50)),
                                ("kind", "seal"),
                                ("organisation_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="signing_picture_holder",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("kind", "person")),
                        fields=("account_id",),
                        name="signing_picture_of_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("kind", "seal")),
                        fields=("organisation_id",),
                        name="signing_picture_of_seal",
                    ),
                ],
            },
        ),
    ]
