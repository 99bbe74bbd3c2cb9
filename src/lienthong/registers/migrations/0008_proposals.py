import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('definitions', '0002_immutable'),
        ('organisations', '0002_absences'),
        ('registers', '0007_received'),
        ('work', '0003_bulk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('register', models.CharField(max_length=60)),
                ('deed', models.CharField(choices=[('enter', 'New entry'), ('change', 'Change of an entry'), ('correct', 'Correction of an entry'), ('end', 'End of an entry'), ('bulk', 'Change of many entries')], max_length=7)),
                ('state', models.CharField(choices=[('draft', 'not sent yet'), ('waiting', 'waiting for approval'), ('returned', 'given back for completion'), ('withdrawn', 'withdrawn'), ('refused', 'refused'), ('applying', 'approved, under way'), ('applied', 'approved, in the register')], default='waiting', max_length=9)),
                ('entry_id', models.BigIntegerField(help_text='Of a new entry, once it is made', null=True)),
                ('revision', models.IntegerField(help_text='Of the entry as it was seen', null=True)),
                ('title', models.CharField(blank=True, help_text='What the entry was called', max_length=500)),
                ('values', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('day', models.DateField(help_text='From which it counts; of a correction only where it was wrong', null=True)),
                ('reason', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('turn', models.IntegerField(default=0)),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.TextField(blank=True, help_text='What the one who decided says')),
                ('done', models.IntegerField(help_text='Of many entries, how many were changed in the end', null=True)),
                ('emptied_at', models.DateTimeField(help_text='When what it said was let go of', null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bulk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='work.bulk')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, help_text='The agency that keeps the entries', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('post', models.ForeignKey(db_index=False, help_text='In which it was sent', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post')),
                ('version', models.ForeignKey(db_index=False, help_text='Of the register, when it was sent', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='definitions.definition')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['register', 'state', '-id'], name='registers_proposal_state'),
                    models.Index(fields=['account', 'register', '-id'], name='registers_proposal_own'),
                    models.Index(models.F('register'), models.F('entry_id'), condition=models.Q(('state__in', ['waiting', 'returned'])), name='registers_proposal_open'),
                    models.Index(models.F('made_at'), condition=models.Q(('state', 'draft')), name='registers_proposal_draft'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('deed__in', ['enter', 'change', 'correct', 'end', 'bulk'])), name='registers_proposal_deed'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'waiting', 'returned', 'withdrawn', 'refused', 'applying', 'applied'])), name='registers_proposal_known_state'),
                    models.CheckConstraint(condition=models.Q(('deed__in', ['enter', 'bulk']), models.Q(('entry_id__isnull', False), ('revision__isnull', False)), _connector='OR'), name='registers_proposal_of_an_entry'),
                    models.CheckConstraint(condition=models.Q(models.Q(('deed', 'bulk'), ('sent_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('sent_at__isnull', False)), _connector='OR'), name='registers_proposal_sent'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['returned', 'refused']), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='registers_proposal_decided'),
                    models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('account')), _negated=True), _connector='OR'), name='registers_proposal_four_eyes'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ProposalLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_id', models.BigIntegerField()),
                ('revision', models.IntegerField()),
                ('proposal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='registers.proposal')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(models.F('proposal'), models.F('entry_id'), name='registers_proposal_line_once'),
                ],
            },
        ),
    ]
