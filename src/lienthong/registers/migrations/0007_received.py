import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0002_absences'),
        ('registers', '0006_open_data'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.UUIDField(help_text='The same however often the result is told', unique=True)),
                ('register', models.CharField(max_length=60)),
                ('deed', models.CharField(choices=[('enter', 'a new entry'), ('change', 'a change'), ('end', 'the end of an entry')], max_length=6)),
                ('entry_id', models.BigIntegerField(help_text='The entry that it became, changed or ended, or is to', null=True)),
                ('dossier_id', models.BigIntegerField()),
                ('dossier_code', models.CharField(max_length=60)),
                ('paper_id', models.BigIntegerField()),
                ('paper', models.CharField(max_length=250)),
                ('number', models.CharField(blank=True, max_length=80)),
                ('since', models.DateField(help_text='From which day it counts')),
                ('proposed', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('received_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, help_text='Why nothing was written', max_length=1000)),
                ('done_by', models.ForeignKey(db_index=False, help_text='Who settled it; nobody where it was written by itself', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, help_text='Which keeps the entry', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [
                    models.Index(models.F('register'), models.F('entry_id'), condition=models.Q(('entry_id__isnull', False)), name='registers_received_entry'),
                    models.Index(models.F('dossier_id'), name='registers_received_dossier'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('deed__in', ['enter', 'change', 'end'])), name='registers_received_deed'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None), ('note', '')), models.Q(('done_at__isnull', False), models.Q(('entry_id__isnull', False), models.Q(('note', ''), _negated=True), _connector='OR')), _connector='OR'), name='registers_received_settled'),
                ],
            },
        ),
    ]
