from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0006_first_import_steps")]

    operations = [
        migrations.RemoveConstraint(
            model_name='importbatch',
            name='applied_batch_has_a_time',
        ),
        migrations.RemoveField(
            model_name='importbatch',
            name='action',
        ),
        migrations.RemoveField(
            model_name='importbatch',
            name='applied_at',
        ),
        migrations.RemoveField(
            model_name='importbatch',
            name='applied_by',
        ),
        migrations.AddConstraint(
            model_name='importbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['applied', 'undone']), _negated=True), ('steps_applied__gt', 0), _connector='OR'), name='applied_batch_has_steps'),
        ),
    ]
