from django.db import migrations

# Work items of desks that several share kept the abstract of what was limited after they were opened. The words are
# those that are written since, in the language of the province.
NAMELESS = """
UPDATE work_workitem item SET limited = true, title = 'một văn bản hạn chế', code = ''
  FROM documents_arrival line
 WHERE line.limited AND item.subject_type = 'incoming-document' AND item.subject_id = line.id
   AND item.part_id = 0 AND item.post_id IS NULL;
UPDATE work_workitem item SET limited = true, title = 'một văn bản hạn chế', code = ''
  FROM documents_issue line
 WHERE line.limited AND item.subject_type = 'outgoing-document' AND item.subject_id = line.id AND item.post_id IS NULL;
UPDATE work_workitem item SET limited = true, title = 'một văn bản hạn chế', code = ''
  FROM documents_copyuse asked JOIN documents_issue line ON line.id = asked.issue_id
 WHERE line.limited AND item.subject_type = 'kept-copy' AND item.subject_id = asked.id AND item.post_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0019_destroyed_unseen"),
        ("work", "0004_limited"),
    ]

    operations = [migrations.RunSQL(NAMELESS, migrations.RunSQL.noop)]
