"""Who only reads, supervises, counts or is a member sees nothing of imports, duplicates and merges."""

import pytest
from django.urls import reverse

from members.imports.pipeline import apply_batch, preview_file
from members.merging import merge_members
from members.models import MemberMerge
from members.rights import Role
from tests.make import make_association, make_member, make_user
from tests.members.imports.sheets import person, workbook
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association("江津联合会", code="jiangjin")


@pytest.fixture
def addresses(home):
    actor = make_user()
    sheet = workbook(person("张三", mobile="13800000001"), person("李四", birth="1985.1"))
    batch = preview_file(sheet, file_name="名册.xlsx", association=home, actor=actor)
    apply_batch(batch, actor=actor)
    kept, gone, other = (make_member("王五", association=home) for _ in range(3))
    seen = {member.pk: member.version for member in (kept, gone)}
    merge_members(gone, into=kept, taken=(), seen=seen, actor=actor)
    row = batch.rows.get(row=4)
    ours = ["batch", "columns", "apply", "undo", "discard", "rows", "cancel", "again", "error_sheet"]
    return [
        reverse("members:import_upload"),
        *(reverse(f"members:import_{name}", args=[batch.pk]) for name in ours),
        reverse("members:import_row", args=[batch.pk, row.pk]),
        reverse("admin:members_importbatch_changelist"),
        reverse("admin:members_member_duplicates"),
        reverse("admin:members_member_distinct"),
        reverse("admin:members_member_merges"),
        reverse("admin:members_member_unmerge", args=[MemberMerge.objects.get().pk]),
        reverse("admin:members_member_merge", args=[kept.pk, other.pk]),
    ]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPERVISOR, Role.DEPARTMENT, Role.MEMBER])
def test_other_roles_see_nothing_of_imports_and_duplicates(client, home, addresses, role):
    sign_in(client, role, home)

    answers = {
        (address, how): getattr(client, how)(address) for address in addresses for how in ("get", "post")
    }

    opened = {
        place: answer.status_code
        for place, answer in answers.items()
        # whoever has no staff screens at all is sent to the sign-in of the staff
        if answer.status_code not in (403, 404, 405) and "/login/" not in answer.get("Location", "")
    }
    assert opened == {}


def test_a_secretary_sees_all_of_it(client, home, addresses):
    sign_in(client, Role.SECRETARY, home)

    answers = [client.get(address) for address in addresses]

    assert {answer.status_code for answer in answers} <= {200, 302, 405}
    for answer in answers:  # one is a file
        answer.close()
