import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('registers', '0005_appraisals'),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenDataset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=60, unique=True)),
                ('basis', models.CharField(max_length=64)),
                ('stamp', models.CharField(max_length=64)),
                ('looked_at', models.DateTimeField(help_text='When it was last seen whether anything changed')),
                ('true_at', models.DateTimeField(help_text='The moment of which the files tell')),
                ('entries', models.BigIntegerField(help_text='In force then')),
                ('first_on', models.DateField(null=True)),
                ('last_on', models.DateField(null=True)),
                ('days', models.IntegerField(default=0, help_text='Of the last 365, on which something changed')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('entries__gte', 0)), name='open_dataset_entries'),
                    models.CheckConstraint(condition=models.Q(models.Q(('first_on', None), ('last_on', None)), ('first_on__lte', models.F('last_on')), _connector='OR'), name='open_dataset_days'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OpenFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(max_length=7)),
                ('made_at', models.DateTimeField()),
                ('dataset', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='registers.opendataset')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('dataset', 'format'), name='open_file_once'),
                    models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'xlsx', 'json', 'geojson'])), name='open_file_format'),
                ],
            },
        ),
    ]
