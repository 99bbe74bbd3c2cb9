from django.db import migrations

# A record that is limited to posts by name and was destroyed where it was made, since it was kept too short for the
# archive, is not found by the archivist who proposed it.
KEYS = """
CREATE OR REPLACE FUNCTION documents_timeless_keys_of_record(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT DISTINCT key FROM (
            SELECT unnest(ARRAY[
                       'what:record', 'agency:' || organisation_id, 'had:' || unit_id, 'post:' || maker_id,
                       CASE WHEN rights <> 'named' OR stage = 'handed-over' OR stage = 'destroyed' AND EXISTS (
                                SELECT FROM documents_handedrecord line
                                  JOIN documents_handover given ON given.id = line.hand_over_id
                                 WHERE line.record_id = asked AND line.counts AND given.state = 'received')
                            THEN 'archive:' || organisation_id END,
                       CASE WHEN rights <> 'named' THEN 'see:' || unit_id END,
                       CASE WHEN rights = 'unit' THEN 'unit:' || unit_id END,
                       'month:' || to_char(started_on, 'YYYY-MM')])
              FROM documents_record WHERE id = asked
             UNION ALL
            SELECT 'post:' || post_id FROM documents_record_posts WHERE record_id = asked
        ) found (key) WHERE key IS NOT NULL ORDER BY key)
$$;

UPDATE documents_findable SET keys = documents_keys_of_record(record_id)
 WHERE record_id IN (SELECT id FROM documents_record WHERE rights = 'named' AND stage = 'destroyed');
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0018_copying")]

    operations = [migrations.RunSQL(KEYS, migrations.RunSQL.noop)]
