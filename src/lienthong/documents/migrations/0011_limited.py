from django.db import migrations, models

# Keys of what is limited to posts by name: neither the register nor what lies below leads to it. Changed rights change
# the keys at once.
KEYS = """
CREATE OR REPLACE FUNCTION documents_keys_of_arrival(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT DISTINCT key FROM (
            SELECT unnest(ARRAY[
                       'what:incoming', 'agency:' || arrival.organisation_id,
                       CASE WHEN NOT arrival.limited THEN 'register:' || arrival.organisation_id END,
                       'month:' || to_char(arrival.arrived_on, 'YYYY-MM'), 'type:' || document.kind,
                       'issuer:' || lt_fold(document.issuer_name)])
              FROM documents_arrival arrival JOIN documents_document document ON document.id = arrival.document_id
             WHERE arrival.id = asked
             UNION ALL
            SELECT unnest(ARRAY[
                       'had:' || task.organisation_id,
                       CASE WHEN NOT arrival.limited THEN 'see:' || task.organisation_id END,
                       coalesce('post:' || task.post_id, 'desk:' || task.organisation_id || ':' || task.role)])
              FROM documents_task task JOIN documents_arrival arrival ON arrival.id = task.arrival_id
             WHERE task.arrival_id = asked
             UNION ALL
            SELECT 'post:' || post_id FROM documents_arrival_readers WHERE arrival_id = asked
        ) found (key) WHERE key IS NOT NULL ORDER BY key)
$$;

CREATE OR REPLACE FUNCTION documents_keys_of_issue(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT DISTINCT key FROM (
            SELECT unnest(ARRAY[
                       'what:outgoing', 'agency:' || issue.organisation_id, 'had:' || issue.unit_id,
                       CASE WHEN NOT issue.limited THEN 'register:' || issue.organisation_id END,
                       CASE WHEN NOT issue.limited THEN 'see:' || issue.organisation_id END,
                       CASE WHEN NOT issue.limited THEN 'unit:' || issue.unit_id END,
                       'month:' || to_char(issue.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM'),
                       'type:' || document.kind, 'issuer:' || lt_fold(document.issuer_name)])
              FROM documents_issue issue JOIN documents_document document ON document.id = issue.document_id
             WHERE issue.id = asked
             UNION ALL
            SELECT 'post:' || post_id FROM documents_issue_readers WHERE issue_id = asked
        ) found (key) WHERE key IS NOT NULL ORDER BY key)
$$;

CREATE OR REPLACE FUNCTION documents_keys_of_record(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT DISTINCT key FROM (
            SELECT unnest(ARRAY[
                       'what:record', 'agency:' || organisation_id, 'had:' || unit_id, 'post:' || maker_id,
                       CASE WHEN rights <> 'named' OR stage IN ('handed-over', 'destroyed')
                            THEN 'archive:' || organisation_id END,
                       CASE WHEN rights <> 'named' THEN 'see:' || unit_id END,
                       CASE WHEN rights = 'unit' THEN 'unit:' || unit_id END,
                       'month:' || to_char(started_on, 'YYYY-MM')])
              FROM documents_record WHERE id = asked
             UNION ALL
            SELECT 'post:' || post_id FROM documents_record_posts WHERE record_id = asked
        ) found (key) WHERE key IS NOT NULL ORDER BY key)
$$;

DROP TRIGGER finding_changed ON documents_arrival;
CREATE TRIGGER finding_changed AFTER UPDATE ON documents_arrival FOR EACH ROW
    WHEN (OLD.arrived_on <> NEW.arrived_on OR OLD.organisation_id <> NEW.organisation_id OR OLD.limited <> NEW.limited)
    EXECUTE FUNCTION documents_arrival_changed();
DROP TRIGGER finding_changed ON documents_issue;
CREATE TRIGGER finding_changed AFTER UPDATE ON documents_issue FOR EACH ROW
    WHEN (OLD.issued_at <> NEW.issued_at OR OLD.unit_id IS DISTINCT FROM NEW.unit_id OR OLD.limited <> NEW.limited)
    EXECUTE FUNCTION documents_issue_changed();

CREATE FUNCTION documents_arrival_readers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_findable SET keys = documents_keys_of_arrival(arrival_id)
     WHERE arrival_id IN (SELECT arrival_id FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER finding_came AFTER INSERT ON documents_arrival_readers REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_arrival_readers_changed();
CREATE TRIGGER finding_went AFTER DELETE ON documents_arrival_readers REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_arrival_readers_changed();

CREATE FUNCTION documents_issue_readers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_findable SET keys = documents_keys_of_issue(issue_id)
     WHERE issue_id IN (SELECT issue_id FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER finding_came AFTER INSERT ON documents_issue_readers REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_issue_readers_changed();
CREATE TRIGGER finding_went AFTER DELETE ON documents_issue_readers REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_issue_readers_changed();
"""


def _limited(model: str, said: str) -> migrations.AddField:
    told = f"Seen only by the posts that are named{said}"
    field = models.BooleanField(db_default=False, default=False, help_text=told)
    return migrations.AddField(model_name=model, name="limited", field=field)


def _readers(model: str) -> migrations.AddField:
    return migrations.AddField(
        model_name=model,
        name="readers",
        field=models.ManyToManyField(blank=True, related_name="+", to="organisations.post"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0010_finding"),
        ("organisations", "0002_absences"),
    ]

    operations = [
        _limited("arrival", " and whom it was handed to"),
        _readers("arrival"),
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(models.F("id"), name="arrival_limited", condition=models.Q(limited=True)),
        ),
        _limited("issue", ""),
        _readers("issue"),
        migrations.AlterField(
            model_name="record",
            name="rights",
            field=models.CharField(
                choices=[
                    ("unit", "the unit that makes it"),
                    ("posts", "the posts that are named, and those who lead the unit"),
                    ("named", "the posts that are named, and nobody above them"),
                ],
                default="unit",
                max_length=5,
            ),
        ),
        migrations.RunSQL(KEYS),
    ]
