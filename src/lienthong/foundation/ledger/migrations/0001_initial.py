from django.db import migrations, models
from django.db.models.expressions import RawSQL

from lienthong.foundation import partitions

NEXT_ID = "nextval('ledger_entry_id_seq')"

GUARDS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- A row trigger of a partitioned table is one of every partition, also of later ones. A trigger on TRUNCATE is not:
-- each partition has its own, and partitions.py copies it to later ones.
DO $$
DECLARE guarded text; part regclass;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['ledger_entry', 'ledger_block', 'ledger_key'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION ledger_refuse()', guarded);
        -- ALWAYS: also when a session declares itself a replica.
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', guarded);
        FOR part IN SELECT relid FROM pg_partition_tree(guarded)
                    UNION SELECT to_regclass(guarded) LOOP
            EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s EXECUTE FUNCTION ledger_refuse()', part);
            EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER never_emptied', part);
        END LOOP;
    END LOOP;
END $$;

-- Digests do not compress: do not try.
ALTER TABLE ledger_block ALTER COLUMN digests SET STORAGE EXTERNAL;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL("CREATE SEQUENCE ledger_entry_id_seq AS bigint", "DROP SEQUENCE IF EXISTS ledger_entry_id_seq"),
        partitions.CreateModelByYear(
            name="Entry",
            column="at",
            fields=[
                ("id", models.BigIntegerField(db_default=RawSQL(NEXT_ID, ()), primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=64)),
                ("subject_type", models.CharField(max_length=64)),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField(null=True)),
                ("post_id", models.BigIntegerField(null=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("data", models.JSONField()),
            ],
            options={
                "db_table": "ledger_entry",
                "indexes": [
                    models.Index("subject_type", "subject_id", "id", name="ledger_entry_subject"),
                    models.Index("kind", "id", name="ledger_entry_kind"),
                    models.Index("account_id", "id", name="ledger_entry_account"),
                    models.Index("organisation_id", "id", name="ledger_entry_organisation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("from_id", models.BigIntegerField()),
                ("to_id", models.BigIntegerField()),
                ("count", models.IntegerField()),
                ("digests", models.BinaryField()),
                ("root", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                ("key", models.CharField(max_length=16)),
                ("signature", models.BinaryField()),
            ],
            options={"db_table": "ledger_block"},
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("number", models.IntegerField(unique=True)),
                ("public", models.BinaryField()),
                ("from_block", models.BigIntegerField()),
                ("signed_by_itself", models.BinaryField()),
                ("signed_by_previous", models.BinaryField(null=True)),
                ("taken_at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_key"},
        ),
        partitions.CreateModelByYear(
            name="Delivery",
            column="at",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "subscriber", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", models.BigIntegerField()),
                ("subscriber", models.CharField(max_length=128)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_delivery"},
        ),
        migrations.CreateModel(
            name="FailedDelivery",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "subscriber", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", models.BigIntegerField()),
                ("subscriber", models.CharField(max_length=128)),
                ("failed_at", models.DateTimeField()),
                ("attempts", models.IntegerField()),
                ("error", models.TextField()),
            ],
            options={"db_table": "ledger_faileddelivery"},
        ),
        migrations.RunSQL(GUARDS, "DROP FUNCTION ledger_refuse() CASCADE"),
        # From here on nothing in Django empties or drops these tables, the test runner neither.
        *[migrations.AlterModelOptions(name, {"managed": False}) for name in ("entry", "block", "key")],
    ]
