import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from lienthong.foundation import partitions


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_digitised'),
        ('files', '0001_initial'),
        ('organisations', '0002_absences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='asked_at',
            field=models.DateTimeField(blank=True, help_text='Since when the applicant waits for an answer', null=True),
        ),
        partitions.CreateModelByYear(
            name='Message',
            column='sent_at',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(help_text='Of the form it was written in; makes a second submit harmless')),
                ('from_applicant', models.BooleanField()),
                ('text', models.TextField()),
                ('sent_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, help_text='When the other side first saw it', null=True)),
                ('awaits', models.BooleanField(default=False, help_text='Whether the other side has still to answer it')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='cases.dossier')),
                ('post', models.ForeignKey(blank=True, help_text='Of an officer', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
            ],
            options={
                'indexes': [models.Index(models.F('dossier'), models.F('id'), name='message_dossier'), models.Index(models.F('dossier'), condition=models.Q(('awaits', True)), name='message_awaits')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('from_applicant', True), ('post', None)), models.Q(('from_applicant', False), ('post__isnull', False)), _connector='OR'), name='message_side'), models.CheckConstraint(condition=LessThanOrEqual(Length('text'), 4000), name='message_length')],
            },
        ),
        migrations.CreateModel(
            name='MessageFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('dossier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='message_files', to='cases.dossier')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'indexes': [models.Index(models.F('dossier'), models.F('message_id'), name='message_file')],
            },
        ),
    ]
