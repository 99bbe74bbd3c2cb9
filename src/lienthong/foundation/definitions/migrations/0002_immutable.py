"""What was published stays as it was: the database refuses every change and removal.

TRUNCATE is not refused here: it is a right of the tables' owner alone, and empties the database between tests.
"""

from django.db import migrations

TABLES = ["definitions_definition", "definitions_retirement"]

REFUSE = """
CREATE FUNCTION definitions_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published never changes: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'publish a new version, or retire this one';
END
$$;
"""

ATTACH = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION definitions_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("definitions", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION definitions_never_change();"),
        *(
            migrations.RunSQL(ATTACH.format(table=table), f"DROP TRIGGER never_change ON {table};")
            for table in TABLES
        ),
    ]
