import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations, models

import lienthong.foundation.files.search

# What every room that searches stands on: depend on ("files", "0001_initial").
#
# unaccent() is only STABLE, because somebody could load another dictionary, so an index or a generated column needs
# this wrapper. The schema of the extension is written into it, so that it also works while a backup is restored.
FOLD = """
DO $do$
BEGIN
    EXECUTE format(
        $$CREATE FUNCTION lt_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
          RETURN lower(%1$I.unaccent('%1$I.unaccent'::regdictionary, normalize($1, NFC)))$$,
        (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'unaccent'));
END $do$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        CreateExtension("ltree"),
        migrations.RunSQL(FOLD, "DROP FUNCTION lt_fold(text)"),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("format", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=160)),
                ("stored_at", models.DateTimeField()),
                ("account_id", models.BigIntegerField(null=True)),
                ("post_id", models.BigIntegerField(null=True)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for the virus scanner"),
                            ("clean", "no virus found"),
                            ("infected", "infected"),
                            ("not-scanned", "not scanned"),
                        ],
                        max_length=16,
                    ),
                ),
                ("scanned_at", models.DateTimeField(null=True)),
                ("infection", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="FileText",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="files.storedfile",
                    ),
                ),
                (
                    "reading",
                    models.CharField(
                        choices=[
                            ("read", "was read"),
                            ("cut", "was read from its beginning, as far as is searched"),
                            ("no-text", "contains no text, perhaps scanned pages"),
                            ("failed", "could not be read"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(
                            lienthong.foundation.files.search.Fold("text"), config="simple"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(models.F("sha256"), name="files_storedfile_sha256"),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="files_sha256"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="files_size"),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan__in", ["pending", "clean", "infected", "not-scanned"])), name="files_scan"
            ),
        ),
        migrations.AddIndex(
            model_name="filetext",
            index=django.contrib.postgres.indexes.GinIndex(models.F("words"), name="files_filetext_words"),
        ),
        migrations.AddConstraint(
            model_name="filetext",
            constraint=models.CheckConstraint(
                condition=models.Q(("reading__in", ["read", "cut", "no-text", "failed"])), name="files_reading"
            ),
        ),
    ]
