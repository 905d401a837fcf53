from django.db import migrations

from members import search_index


def install(apps, schema_editor):
    search_index.install(schema_editor.connection)


def remove(apps, schema_editor):
    search_index.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """The index behind the search; its definition is the code's, since it holds nothing but what the rows say."""

    dependencies = [("members", "0007_batches_without_their_step")]

    operations = [migrations.RunPython(install, remove)]
