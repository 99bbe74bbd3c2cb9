"""The trigger by which every register keeps what its entries were."""

from django.db import migrations

KEEP_PAST = """
CREATE FUNCTION registers_keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    past text := TG_TABLE_NAME || '_past';
    adding text := format(
        'INSERT INTO %I SELECT made.* FROM jsonb_populate_record(NULL::%I, $1 || jsonb_build_object('
        '''id'', nextval(pg_get_serial_sequence(%L, ''id'')))) made', past, past, past);
    was jsonb := to_jsonb(OLD) || jsonb_build_object('entry_id', OLD.id);
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('lienthong.erase', true) IS DISTINCT FROM 'on' THEN
            RAISE restrict_violation USING MESSAGE = format('an entry of %s is ended, not deleted', TG_TABLE_NAME);
        END IF;
        EXECUTE format('DELETE FROM %I WHERE entry_id = $1', past) USING OLD.id;
        RETURN NULL;
    END IF;
    IF NEW.revision = OLD.revision THEN
        IF to_jsonb(NEW) - 'search' <> to_jsonb(OLD) - 'search' THEN
            RAISE restrict_violation USING MESSAGE = format('a change in %s counts one revision up', TG_TABLE_NAME);
        END IF;
        RETURN NULL;
    END IF;
    -- What was believed until now, and what is still believed of the days before the change.
    EXECUTE adding USING was || jsonb_build_object('recorded_until', NEW.recorded_at);
    IF current_setting('lienthong.correcting', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF NEW.valid_from > OLD.valid_from THEN
        EXECUTE adding USING was || jsonb_build_object(
            'valid_until', NEW.valid_from, 'recorded_at', NEW.recorded_at, 'recorded_until', NULL);
    ELSIF NEW.valid_from < OLD.valid_from THEN
        RAISE restrict_violation USING MESSAGE = format('a change in %s counts from a later day', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("organisations", "0002_absences"), ("files", "0001_initial")]
    operations = [migrations.RunSQL(KEEP_PAST, "DROP FUNCTION registers_keep_past()")]
