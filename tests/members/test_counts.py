"""`MemberCount` against GROUP BY, whichever way members come, change and go, on both databases."""

import random

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Substr

from members import counting
from members.codes import Category, Status
from members.imports.pipeline import apply_batch, preview_file
from members.models import Member, MemberCount
from members.services import change_status
from tests.make import make_association, make_member
from tests.members.imports.sheets import workbook

KEYS = ("association", "category", "status", "has_mobile", "joined_year")


def kept():
    """{key: number} as the triggers have it."""
    rows = MemberCount.objects.order_by().values_list(*KEYS).annotate(total=Sum("n"))
    return {tuple(key): total for *key, total in rows if total}


def grouped():
    """{key: number} as GROUP BY finds it."""
    rows = Member.objects.order_by().annotate(has_mobile=~Q(mobile=""), joined_year=Substr("joined", 1, 4))
    return {tuple(key): total for *key, total in rows.values_list(*KEYS).annotate(total=Count("pk"))}


class Hands:
    """Does at random what people and programs do to members."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.associations = [make_association() for _ in range(3)]
        self.serial = 0

    def any_member(self):
        keys = list(Member.objects.values_list("pk", flat=True))
        return Member.objects.get(pk=self.random.choice(keys)) if keys else self.create()

    def some_members(self):
        keys = list(Member.objects.values_list("pk", flat=True))
        return Member.objects.filter(pk__in=self.random.sample(keys, len(keys) // 3))

    def values(self):
        choose = self.random.choice
        return {
            "category": choose(["", *Category.values]),
            "status": choose(Status.values),
            "mobile": choose(["", "13800000001"]),
            "joined": choose(["", "2019", "2024-05", "2025-12-31", "2026-01-01"]),
        }

    def create(self):
        return make_member(association=self.random.choice(self.associations), **self.values())

    def edit(self):
        member = self.any_member()
        for name, value in self.values().items():
            setattr(member, name, value)
        member.save()

    def edit_some_fields(self):
        member, values = self.any_member(), self.values()
        name = self.random.choice(list(values))
        setattr(member, name, values[name])
        member.save(update_fields=[name])

    def edit_what_is_not_counted(self):
        member = self.any_member()
        member.position = f"经理{self.random.random()}"
        member.save()

    def move(self):
        member = self.any_member()
        member.association = self.random.choice(self.associations)
        member.save()

    def change_status(self):
        change_status(self.any_member(), to=self.random.choice(Status.values), on="", actor=None)

    def update_many(self):
        self.some_members().update(**self.values())

    def delete(self):
        self.any_member().delete()

    def delete_many(self):
        self.some_members().delete()

    def create_many(self):
        Member.objects.bulk_create(
            Member(name="张三", association=self.random.choice(self.associations), **self.values())
            for _ in range(5)
        )

    def import_roster(self):
        """New people, and people of the same mobile number whose category has changed."""
        rows = []
        for _ in range(self.random.randint(1, 6)):
            self.serial += self.random.randint(0, 1)
            category = self.random.choice(Category.values)
            rows.append([f"李{chr(0x4E00 + self.serial)}", f"139{self.serial:08}", category, "2024.05"])
        rows = list({row[0]: row for row in rows}.values())
        file = workbook(*rows, header=["姓名", "手机", "所属类别", "入会时间"])
        batch = preview_file(file, file_name=file.name, association=self.associations[0], actor=None)
        apply_batch(batch, actor=None)

    def roll_back(self):
        with transaction.atomic():
            for step in (self.create, self.update_many, self.delete_many):
                step()
            transaction.set_rollback(True)

    def act(self):
        acts = (
            *[self.create, self.edit, self.edit_some_fields, self.move, self.change_status] * 2,
            *(self.edit_what_is_not_counted, self.update_many, self.delete, self.delete_many),
            *(self.create_many, self.import_roster, self.roll_back),
        )
        act = self.random.choice(acts)
        act()
        return act.__name__


@pytest.fixture
def uploads(settings, tmp_path):
    """Uploads go to a folder of the test's own."""
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_counts_equal_group_by_after_every_step_of_a_random_life(seed, uploads):
    hands = Hands(seed)
    done = []

    for _ in range(80):
        done.append(hands.act())

        assert kept() == grouped(), done
    assert grouped()
    assert len(set(done)) == 12


@pytest.mark.django_db
def test_on_postgresql_rows_are_summed_up_now_and_then():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one row of each kind at all times")
    member = make_member()

    for number in range(3 * counting.FOLD_EVERY):
        Member.objects.update(category=Category.values[number % 4])

    member.refresh_from_db()
    assert kept() == grouped() == {(member.association_id, member.category, "在册", True, ""): 1}
    assert MemberCount.objects.count() <= counting.FOLD_EVERY + 1


@pytest.mark.django_db
def test_counts_of_members_entered_before_the_triggers_were_made():
    first, second = make_association(), make_association()
    for association in (first, first, second):
        make_member(association=association)
    with connection.cursor() as cursor:
        counting._drop(connection, cursor)
    make_member(association=second, mobile="", joined="2024-05")
    assert kept() != grouped()

    counting.ensure_triggers(connection.alias)
    make_member(association=first)

    assert kept() == grouped()
    assert sum(kept().values()) == 5


@pytest.mark.django_db(transaction=True)
def test_triggers_come_back_when_a_migration_has_remade_the_table():
    make_member()
    constraint = next(each for each in Member._meta.constraints if each.name == "member_sex_known")

    counting.remove_triggers(connection.alias, plan=["a migration"])
    with connection.schema_editor() as editor:
        editor.remove_constraint(Member, constraint)
    with connection.schema_editor() as editor:
        editor.add_constraint(Member, constraint)
    counting.ensure_triggers(connection.alias)
    make_member(mobile="")

    assert kept() == grouped()
    assert sum(kept().values()) == 2
