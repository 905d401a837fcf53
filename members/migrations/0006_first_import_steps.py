from django.db import migrations


def make_steps(apps, schema_editor):
    """Batches applied so far were written in one step."""
    ImportBatch = apps.get_model("members", "ImportBatch")
    ImportStep = apps.get_model("members", "ImportStep")
    for batch in ImportBatch.objects.filter(state="applied"):
        ImportStep.objects.create(
            batch=batch,
            number=1,
            action=batch.action,
            by=batch.applied_by,
            at=batch.applied_at,
            counts={"applied": batch.counts.get("applied", 0)},
        )
    ImportBatch.objects.filter(state="applied").update(steps_applied=1)


def take_back(apps, schema_editor):
    ImportBatch = apps.get_model("members", "ImportBatch")
    for step in apps.get_model("members", "ImportStep").objects.filter(number=1):
        ImportBatch.objects.filter(pk=step.batch_id).update(
            action=step.action_id, applied_by=step.by_id, applied_at=step.at
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0005_import_steps")]

    operations = [migrations.RunPython(make_steps, take_back)]
