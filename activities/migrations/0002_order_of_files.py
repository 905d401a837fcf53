from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0001_activities_and_contributions'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='activityfile',
            options={'ordering': ['activity', 'kind', 'place', 'id'], 'verbose_name': 'file of an activity', 'verbose_name_plural': 'files of activities'},
        ),
        migrations.AddField(
            model_name='activityfile',
            name='place',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='place in lists'),
        ),
    ]
