import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_associations_of_changes"),
        ("organizations", "0001_associations_and_history"),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(verbose_name='confirmed')),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'import step',
                'verbose_name_plural': 'import steps',
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='importbatch',
            name='steps_applied',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='importrow',
            name='step',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name='importbatch',
            name='state',
            field=models.CharField(choices=[('previewed', 'to be confirmed'), ('applied', 'applied'), ('undone', 'undone'), ('discarded', 'discarded')], default='previewed', max_length=12, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='importstep',
            name='action',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_step', to='organizations.action', verbose_name='action'),
        ),
        migrations.AddField(
            model_name='importstep',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='members.importbatch', verbose_name='import'),
        ),
        migrations.AddField(
            model_name='importstep',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddConstraint(
            model_name='importstep',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='import_step_once'),
        ),
    ]
