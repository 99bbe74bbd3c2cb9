from django.db import migrations

# Who sees little finds a page among what they see of the last years: for that, each key by which a line is seen stands
# there with its year too. Looked up with the words in one index, so a year costs a tenth of ten.
KEYS = """
CREATE FUNCTION documents_with_year(keys text[], day date) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array(
        SELECT unnest(keys)
         UNION
        SELECT key || '@' || extract(year FROM day) FROM unnest(keys) key
         WHERE split_part(key, ':', 1) IN ('register', 'see', 'desk', 'post', 'unit', 'archive')
         ORDER BY 1)
$$;
ALTER FUNCTION documents_keys_of_arrival(bigint) RENAME TO documents_timeless_keys_of_arrival;
ALTER FUNCTION documents_keys_of_issue(bigint) RENAME TO documents_timeless_keys_of_issue;
ALTER FUNCTION documents_keys_of_record(bigint) RENAME TO documents_timeless_keys_of_record;
CREATE FUNCTION documents_keys_of_arrival(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT documents_with_year(documents_timeless_keys_of_arrival(asked), arrived_on)
      FROM documents_arrival WHERE id = asked
$$;
CREATE FUNCTION documents_keys_of_issue(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT documents_with_year(
               documents_timeless_keys_of_issue(asked), (issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
      FROM documents_issue WHERE id = asked
$$;
CREATE FUNCTION documents_keys_of_record(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT documents_with_year(documents_timeless_keys_of_record(asked), started_on)
      FROM documents_record WHERE id = asked
$$;
UPDATE documents_findable SET keys = documents_with_year(keys, day);
"""
KEYS_NO_MORE = """
DROP FUNCTION documents_keys_of_arrival(bigint);
DROP FUNCTION documents_keys_of_issue(bigint);
DROP FUNCTION documents_keys_of_record(bigint);
ALTER FUNCTION documents_timeless_keys_of_arrival(bigint) RENAME TO documents_keys_of_arrival;
ALTER FUNCTION documents_timeless_keys_of_issue(bigint) RENAME TO documents_keys_of_issue;
ALTER FUNCTION documents_timeless_keys_of_record(bigint) RENAME TO documents_keys_of_record;
DROP FUNCTION documents_with_year(text[], date);
UPDATE documents_findable SET keys = array(SELECT key FROM unnest(keys) key WHERE key NOT LIKE '%@____' ORDER BY key);
"""

# Who sees much goes through months, and each line there is asked by whom it is seen; who sees little, through years of
# what they see. Most pages are full after the first slice.
FIND = """
CREATE OR REPLACE FUNCTION documents_find(
    wanted tsquery, readers text[], is_wide boolean, all_of text[], first_day date, last_day date,
    before_day date, before_id bigint, newer_than bigint, today date, most integer
) RETURNS TABLE (id bigint) LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    part text := CASE WHEN is_wide THEN 'month' ELSE 'year' END;
    step interval := ('1 ' || part)::interval;
    end_of_slice date := date_trunc(part, coalesce(least(last_day, before_day), today)) + step;
    slice integer;
    in_slice text[];
    got integer := 0;
    added integer;
BEGIN
    FOREACH slice IN ARRAY CASE WHEN is_wide THEN ARRAY[1, 3, 12, NULL] ELSE ARRAY[1, 3, NULL] END LOOP
        IF is_wide THEN
            SELECT array_agg('month:' || to_char(end_of_slice - n * step, 'YYYY-MM'))
              INTO in_slice FROM generate_series(1, slice) n;
        ELSE
            SELECT array_agg(reader || '@' || extract(year FROM end_of_slice - n * step))
              INTO in_slice FROM unnest(readers) reader, generate_series(1, slice) n;
        END IF;
        RETURN QUERY
        SELECT line.id FROM (
            SELECT findable.id, findable.day, findable.keys FROM documents_findable findable
             WHERE (wanted IS NULL OR findable.words @@ wanted)
               AND (all_of = '{}' OR findable.keys @> all_of)
               AND CASE WHEN slice IS NULL THEN findable.day < end_of_slice ELSE findable.keys && in_slice END
               AND (is_wide OR slice IS NOT NULL OR findable.keys && readers)
               AND (first_day IS NULL OR findable.day >= first_day)
               AND (last_day IS NULL OR findable.day <= last_day)
               AND (before_day IS NULL OR (findable.day, findable.id) < (before_day, before_id))
               AND (newer_than IS NULL OR findable.id > newer_than)
             ORDER BY findable.day DESC, findable.id DESC OFFSET 0) line
         WHERE NOT is_wide OR EXISTS (SELECT FROM unnest(line.keys) key WHERE key = ANY (readers))
         LIMIT most - got;
        GET DIAGNOSTICS added = ROW_COUNT;
        got := got + added;
        EXIT WHEN got >= most OR slice IS NULL;
        end_of_slice := end_of_slice - slice * step;
        EXIT WHEN first_day >= end_of_slice;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0015_publishing")]

    operations = [migrations.RunSQL(KEYS, KEYS_NO_MORE), migrations.RunSQL(FIND, migrations.RunSQL.noop)]
