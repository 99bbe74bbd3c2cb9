"""Which entry has which file."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_imports_and_exports"), ("files", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="EntryFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=60)),
                ("entry_id", models.BigIntegerField(null=True)),
                (
                    "field",
                    models.CharField(
                        blank=True, help_text="Key of the field, or of the table in which it is", max_length=60
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("entry_id__isnull", False)),
                        fields=("register", "entry_id", "field", "file"),
                        name="registers_file_of_entry",
                    ),
                    models.UniqueConstraint(
                        condition=Q(("entry_id", None)), fields=("file",), name="registers_file_uploaded"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry_id", None), ("field", "")),
                            models.Q(("entry_id__isnull", False), models.Q(("field", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="registers_file_in_field",
                    ),
                ],
            },
        )
    ]
