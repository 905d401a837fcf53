# Saved lists and the columns somebody chose.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_workbench"),
        ("organizations", "0001_associations_and_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnChoice",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="column_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                ("columns", models.JSONField(default=list, verbose_name="columns")),
            ],
            options={
                "verbose_name": "choice of columns",
                "verbose_name_plural": "choices of columns",
            },
        ),
        migrations.CreateModel(
            name="ListedMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "member on a list",
                "verbose_name_plural": "members on lists",
            },
        ),
        migrations.CreateModel(
            name="SavedList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("conditions", "by conditions"), ("picked", "picked by hand")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("groups", models.JSONField(blank=True, default=list, verbose_name="conditions")),
                ("search", models.CharField(blank=True, max_length=100, verbose_name="search")),
                ("columns", models.JSONField(blank=True, default=list, verbose_name="columns")),
                ("order", models.CharField(blank=True, max_length=20, verbose_name="order")),
                (
                    "association",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_lists",
                        to="organizations.association",
                        verbose_name="shared in",
                    ),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="saved_lists", through="members.ListedMember", to="members.member"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_lists",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved list",
                "verbose_name_plural": "saved lists",
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="listedmember",
            name="saved_list",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="members.savedlist",
                verbose_name="saved list",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlist",
            constraint=models.UniqueConstraint(
                fields=("owner", "name"),
                name="saved_list_once_by_owner",
                violation_error_message="You have a list of that name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("association__isnull", False)),
                fields=("association", "name"),
                name="saved_list_once_by_association",
                violation_error_message="This association has a shared list of that name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="saved_list_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["conditions", "picked"])), name="saved_list_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listedmember",
            constraint=models.UniqueConstraint(fields=("saved_list", "member"), name="listed_once"),
        ),
    ]
