import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What is found follows what is written, whoever writes it: so the database keeps it. A task or a file that is added
# changes one row of documents_findable for each line it is about.
FINDING = """
CREATE FUNCTION documents_words_of(asked bigint) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    found tsvector;
    more tsvector;
BEGIN
    SELECT search || to_tsvector('simple', lt_fold(number || ' ' || translate(symbol, '/-–.', '    ')))
      INTO found FROM documents_document WHERE id = asked;
    FOR more IN SELECT text.words FROM documents_documentfile file JOIN files_filetext text USING (file_id)
                 WHERE file.document_id = asked ORDER BY file.place LOOP
        BEGIN
            found := found || more;
        EXCEPTION WHEN program_limit_exceeded THEN
            EXIT; -- together they are longer than a tsvector can be: the first files are found
        END;
    END LOOP;
    RETURN found;
END $$;

CREATE FUNCTION documents_keys_of_arrival(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT DISTINCT key FROM (
            SELECT unnest(ARRAY[
                       'what:incoming', 'agency:' || arrival.organisation_id, 'register:' || arrival.organisation_id,
                       'month:' || to_char(arrival.arrived_on, 'YYYY-MM'), 'type:' || document.kind,
                       'issuer:' || lt_fold(document.issuer_name)])
              FROM documents_arrival arrival JOIN documents_document document ON document.id = arrival.document_id
             WHERE arrival.id = asked
             UNION ALL
            SELECT unnest(ARRAY[
                       'had:' || organisation_id, 'see:' || organisation_id,
                       coalesce('post:' || post_id, 'desk:' || organisation_id || ':' || role)])
              FROM documents_task WHERE arrival_id = asked
        ) found (key) ORDER BY key)
$$;

CREATE FUNCTION documents_keys_of_issue(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
               'what:outgoing', 'agency:' || issue.organisation_id, 'register:' || issue.organisation_id,
               'see:' || issue.organisation_id, 'unit:' || issue.unit_id, 'had:' || issue.unit_id,
               'month:' || to_char(issue.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM'),
               'type:' || document.kind, 'issuer:' || lt_fold(document.issuer_name)], NULL)
      FROM documents_issue issue JOIN documents_document document ON document.id = issue.document_id
     WHERE issue.id = asked
$$;

CREATE FUNCTION documents_keys_of_record(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT DISTINCT key FROM (
            SELECT unnest(ARRAY[
                       'what:record', 'agency:' || organisation_id, 'archive:' || organisation_id,
                       'see:' || unit_id, 'had:' || unit_id, 'post:' || maker_id,
                       CASE WHEN rights = 'unit' THEN 'unit:' || unit_id END,
                       'month:' || to_char(started_on, 'YYYY-MM')])
              FROM documents_record WHERE id = asked
             UNION ALL
            SELECT 'post:' || post_id FROM documents_record_posts WHERE record_id = asked
        ) found (key) WHERE key IS NOT NULL ORDER BY key)
$$;

CREATE FUNCTION documents_arrivals_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH said AS MATERIALIZED (
        SELECT document_id, documents_words_of(document_id) AS words
          FROM (SELECT DISTINCT document_id FROM added) document)
    INSERT INTO documents_findable (arrival_id, day, keys, words)
    SELECT added.id, added.arrived_on, documents_keys_of_arrival(added.id), said.words
      FROM added JOIN said USING (document_id);
    RETURN NULL;
END $$;
CREATE TRIGGER finding_came AFTER INSERT ON documents_arrival REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION documents_arrivals_came();

CREATE FUNCTION documents_arrival_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_findable SET day = NEW.arrived_on, keys = documents_keys_of_arrival(NEW.id)
     WHERE arrival_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER finding_changed AFTER UPDATE ON documents_arrival FOR EACH ROW
    WHEN (OLD.arrived_on <> NEW.arrived_on OR OLD.organisation_id <> NEW.organisation_id)
    EXECUTE FUNCTION documents_arrival_changed();

CREATE FUNCTION documents_tasks_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_findable findable SET keys = known.keys
      FROM (SELECT arrival_id, documents_keys_of_arrival(arrival_id) AS keys
              FROM (SELECT DISTINCT arrival_id FROM added) arrival) known
     WHERE findable.arrival_id = known.arrival_id AND findable.keys <> known.keys;
    RETURN NULL;
END $$;
CREATE TRIGGER finding_came AFTER INSERT ON documents_task REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION documents_tasks_came();

CREATE FUNCTION documents_issues_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO documents_findable (issue_id, day, keys, words)
    SELECT id, (issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, documents_keys_of_issue(id),
           documents_words_of(document_id) FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER finding_came AFTER INSERT ON documents_issue REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION documents_issues_came();

CREATE FUNCTION documents_issue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_findable
       SET day = (NEW.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, keys = documents_keys_of_issue(NEW.id)
     WHERE issue_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER finding_changed AFTER UPDATE ON documents_issue FOR EACH ROW
    WHEN (OLD.issued_at <> NEW.issued_at OR OLD.unit_id IS DISTINCT FROM NEW.unit_id)
    EXECUTE FUNCTION documents_issue_changed();

CREATE FUNCTION documents_found_anew(asked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said tsvector := documents_words_of(asked);
BEGIN
    UPDATE documents_findable findable SET words = said, keys = documents_keys_of_arrival(arrival.id)
      FROM documents_arrival arrival WHERE arrival.document_id = asked AND findable.arrival_id = arrival.id;
    UPDATE documents_findable findable SET words = said, keys = documents_keys_of_issue(issue.id)
      FROM documents_issue issue WHERE issue.document_id = asked AND findable.issue_id = issue.id;
END $$;

CREATE FUNCTION documents_document_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM documents_found_anew(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER finding_changed AFTER UPDATE ON documents_document FOR EACH ROW
    WHEN ((OLD.number, OLD.symbol, OLD.kind, OLD.abstract, OLD.issuer_name, OLD.signer_name)
          IS DISTINCT FROM (NEW.number, NEW.symbol, NEW.kind, NEW.abstract, NEW.issuer_name, NEW.signer_name))
    EXECUTE FUNCTION documents_document_changed();

CREATE FUNCTION documents_files_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM documents_found_anew(document_id) FROM (SELECT DISTINCT document_id FROM changed) document;
    RETURN NULL;
END $$;
CREATE TRIGGER finding_came AFTER INSERT ON documents_documentfile REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_files_changed();
CREATE TRIGGER finding_went AFTER DELETE ON documents_documentfile REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_files_changed();

CREATE FUNCTION documents_file_was_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM documents_found_anew(document_id)
       FROM (SELECT DISTINCT document_id FROM documents_documentfile WHERE file_id = NEW.file_id) document;
    RETURN NULL;
END $$;
CREATE TRIGGER finding_documents AFTER INSERT OR UPDATE ON files_filetext
    FOR EACH ROW EXECUTE FUNCTION documents_file_was_read();

CREATE FUNCTION documents_record_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO documents_findable (record_id, day, keys, words)
    SELECT id, started_on, documents_keys_of_record(id), search FROM documents_record WHERE id = NEW.id
        ON CONFLICT (record_id) DO UPDATE SET day = EXCLUDED.day, keys = EXCLUDED.keys, words = EXCLUDED.words
     WHERE (documents_findable.day, documents_findable.keys, documents_findable.words)
           IS DISTINCT FROM (EXCLUDED.day, EXCLUDED.keys, EXCLUDED.words);
    RETURN NULL;
END $$;
CREATE TRIGGER finding_changed AFTER INSERT OR UPDATE ON documents_record
    FOR EACH ROW EXECUTE FUNCTION documents_record_changed();

CREATE FUNCTION documents_record_posts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents_findable SET keys = documents_keys_of_record(record_id)
     WHERE record_id IN (SELECT record_id FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER finding_came AFTER INSERT ON documents_record_posts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_record_posts_changed();
CREATE TRIGGER finding_went AFTER DELETE ON documents_record_posts REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION documents_record_posts_changed();

INSERT INTO documents_findable (arrival_id, day, keys, words)
SELECT id, arrived_on, documents_keys_of_arrival(id), documents_words_of(document_id) FROM documents_arrival;
INSERT INTO documents_findable (issue_id, day, keys, words)
SELECT id, (issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, documents_keys_of_issue(id),
       documents_words_of(document_id) FROM documents_issue;
INSERT INTO documents_findable (record_id, day, keys, words)
SELECT id, started_on, documents_keys_of_record(id), search FROM documents_record;

-- The newest month first, then the three before it, the year before them, all the rest: a word that many documents have
-- is looked for in few of them, and a rare one costs no more than its own. The index with words and keys is the only
-- way in: going through the rows would read every word of every file.
CREATE FUNCTION documents_find(
    wanted tsquery, readers text[], is_wide boolean, all_of text[], first_day date, last_day date,
    before_day date, before_id bigint, newer_than bigint, today date, most integer
) RETURNS TABLE (id bigint) LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    end_of_slice date := date_trunc('month', coalesce(least(last_day, before_day), today)) + interval '1 month';
    slice integer;
    months text[];
    got integer := 0;
    added integer;
BEGIN
    FOREACH slice IN ARRAY ARRAY[1, 3, 12, NULL] LOOP
        SELECT array_agg('month:' || to_char(end_of_slice - make_interval(months => n), 'YYYY-MM'))
          INTO months FROM generate_series(1, slice) n;
        RETURN QUERY
        SELECT line.id FROM (
            SELECT findable.id, findable.day, findable.keys FROM documents_findable findable
             WHERE (wanted IS NULL OR findable.words @@ wanted)
               AND (is_wide OR findable.keys && readers)
               AND (all_of = '{}' OR findable.keys @> all_of)
               AND CASE WHEN slice IS NULL THEN findable.day < end_of_slice ELSE findable.keys && months END
               AND (first_day IS NULL OR findable.day >= first_day)
               AND (last_day IS NULL OR findable.day <= last_day)
               AND (before_day IS NULL OR (findable.day, findable.id) < (before_day, before_id))
               AND (newer_than IS NULL OR findable.id > newer_than)
             ORDER BY findable.day DESC, findable.id DESC OFFSET 0) line
         WHERE NOT is_wide OR EXISTS (SELECT FROM unnest(line.keys) key WHERE key = ANY (readers))
         LIMIT most - got;
        GET DIAGNOSTICS added = ROW_COUNT;
        got := got + added;
        end_of_slice := end_of_slice - make_interval(months => slice);
        EXIT WHEN got >= most OR first_day >= end_of_slice OR slice IS NULL;
    END LOOP;
END $$;
"""
FOUND_NO_MORE = """
DROP FUNCTION documents_find(
    tsquery, text[], boolean, text[], date, date, date, bigint, bigint, date, integer);
DROP TRIGGER finding_came ON documents_arrival;
DROP TRIGGER finding_changed ON documents_arrival;
DROP TRIGGER finding_came ON documents_task;
DROP TRIGGER finding_came ON documents_issue;
DROP TRIGGER finding_changed ON documents_issue;
DROP TRIGGER finding_changed ON documents_document;
DROP TRIGGER finding_came ON documents_documentfile;
DROP TRIGGER finding_went ON documents_documentfile;
DROP TRIGGER finding_documents ON files_filetext;
DROP TRIGGER finding_changed ON documents_record;
DROP TRIGGER finding_came ON documents_record_posts;
DROP TRIGGER finding_went ON documents_record_posts;
DROP FUNCTION documents_record_posts_changed();
DROP FUNCTION documents_record_changed();
DROP FUNCTION documents_file_was_read();
DROP FUNCTION documents_files_changed();
DROP FUNCTION documents_document_changed();
DROP FUNCTION documents_found_anew(bigint);
DROP FUNCTION documents_issue_changed();
DROP FUNCTION documents_issues_came();
DROP FUNCTION documents_tasks_came();
DROP FUNCTION documents_arrival_changed();
DROP FUNCTION documents_arrivals_came();
DROP FUNCTION documents_keys_of_record(bigint);
DROP FUNCTION documents_keys_of_issue(bigint);
DROP FUNCTION documents_keys_of_arrival(bigint);
DROP FUNCTION documents_words_of(bigint);
"""


def _one_of(name: str, model: str) -> tuple[str, models.Field]:
    field = models.OneToOneField(
        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=f"documents.{model}"
    )
    return name, field


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0009_packages"),
        ("files", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Findable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                _one_of("arrival", "arrival"),
                _one_of("issue", "issue"),
                _one_of("record", "record"),
                ("day", models.DateField()),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="findable",
            constraint=models.CheckConstraint(
                condition=models.Q(arrival__isnull=False, issue=None, record=None)
                | models.Q(arrival=None, issue__isnull=False, record=None)
                | models.Q(arrival=None, issue=None, record__isnull=False),
                name="document_findable_one",
            ),
        ),
        migrations.RunSQL(FINDING, FOUND_NO_MORE),
        migrations.AddIndex(
            model_name="findable",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words", "keys"], name="document_findable", fastupdate=False
            ),
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, help_text="Of the form: once", unique=True)),
                ("name", models.CharField(max_length=100)),
                ("query", models.JSONField()),
                ("watched", models.BooleanField(default=False)),
                ("seen", models.BigIntegerField(default=0)),
                ("kept_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint("account", "name", name="document_search_name")],
            },
        ),
    ]
