from django.db import migrations
from django.db.models import F, OuterRef, Subquery

OF_AN_ASSOCIATION = [("members", "member"), ("members", "employer"), ("members", "rolegrant"),
                     ("organizations", "milestone")]  # fmt: skip
PARTS = [
    ("members", "furthercategory", "member", ("members", "member")),
    ("members", "statuschange", "member", ("members", "member")),
    ("members", "rolegrant", "user", ("members", "user")),
    ("organizations", "milestone", "association", ("organizations", "association")),
]


def fill(apps, schema_editor):
    """Give every change on record its association and the record it is a part of."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Change = apps.get_model("organizations", "Change")
    kinds = {(kind.app_label, kind.model): kind.pk for kind in ContentType.objects.all()}

    def changes(name):
        return Change.objects.filter(content_type=kinds.get(name))

    def of_the_record(name, field):
        rows = apps.get_model(*name).objects.filter(pk=OuterRef("object_id"))
        return Subquery(rows.values(field)[:1])

    for name in OF_AN_ASSOCIATION:
        changes(name).update(association_id=of_the_record(name, "association_id"))
        # records that are gone: the last value is in the difference of their deletion
        for change in changes(name).filter(association_id=None, kind="-"):
            association = (change.diff.get("association") or [None])[0]
            changes(name).filter(object_id=change.object_id).update(association_id=association)
    changes(("organizations", "association")).update(association_id=F("object_id"))
    for app, model, field, whole in PARTS:
        name = (app, model)
        changes(name).update(part_of_type_id=kinds.get(whole), part_of_id=of_the_record(name, f"{field}_id"))
        for change in changes(name).filter(part_of_id=None):
            before, after = change.diff.get(field) or (None, None)
            if before or after:
                changes(name).filter(object_id=change.object_id).update(part_of_id=before or after)
        if whole == ("members", "member"):
            member = Change.objects.filter(
                content_type=kinds.get(whole), object_id=OuterRef("part_of_id"), association_id__isnull=False
            )
            changes(name).update(association_id=Subquery(member.values("association_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_member_counts"),
        ("organizations", "0002_changes_know_their_association"),
    ]

    # the columns themselves go with the schema
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
