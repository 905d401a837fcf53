"""Taking an import back: what goes, what returns, what stays because somebody touched it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from members.imports.applying import apply_batch
from members.imports.pipeline import preview_file
from members.imports.undoing import plan_undo, undo_batch
from members.models import Employer, FurtherCategory, ImportBatch, Member, StatusChange
from members.rights import Role
from members.services import change_status, merge_employers
from organizations.models import Action, Change, acting
from tests.make import (
    grant,
    make_association,
    make_employer,
    make_id_number,
    make_member,
    make_mobile,
    make_user,
)
from tests.members.imports.sheets import person, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def association():
    return make_association("重庆市江津区新的社会阶层专业人士联合会")


@pytest.fixture
def actor(association):
    user = make_user()
    grant(user, Role.SECRETARY, association)
    return user


def imported(association, actor, *rows, **kwargs):
    file = workbook(*rows, **kwargs)
    batch = preview_file(file, file_name=file.name, association=association, actor=actor)
    return apply_batch(batch, actor=actor)


def everything():
    """All that an import writes, as plain values."""
    return {
        "members": list(
            Member.objects.order_by("pk").values(
                "name", "mobile", "position", "status", "employer__name", "id_digest", "pinyin", "birth"
            )
        ),
        "identities": [member.id_number for member in Member.objects.order_by("pk")],
        "employers": list(Employer.objects.order_by("pk").values_list("name", flat=True)),
        "steps": list(StatusChange.objects.order_by("pk").values_list("member__name", "status", "on")),
    }


def test_undoing_leaves_the_register_as_it_was(association, actor):
    kept = make_member(
        "张一", association=association, mobile=make_mobile(1), position="经理", employer="甲公司", sex="男",
    )  # fmt: skip
    change_status(kept, to="在册", on="2019-12", actor=actor)
    before = everything()
    batch = imported(
        association,
        actor,
        person(
            "张一", mobile=make_mobile(1), id_number=make_id_number(3), position="总监", employer="乙公司"
        ),
        person("李二", mobile=make_mobile(2), id_number=make_id_number(5), employer="丙公司"),
    )
    assert everything() != before

    batch = undo_batch(batch, actor=actor)

    assert everything() == before
    assert (batch.state, batch.step_made.counts) == ("undone", {"removed": 1, "restored": 1, "kept": 0})


def test_a_changed_status_returns_with_its_step(association, actor):
    member = make_member("张一", association=association, mobile=make_mobile(1))
    batch = imported(
        association,
        actor,
        ["张一", make_mobile(1), "退会"],
        header=["姓名", "手机", "会员状态"],
    )
    assert Member.objects.get(pk=member.pk).status == "退会"

    undo_batch(batch, actor=actor)

    assert Member.objects.get(pk=member.pk).status == "在册"
    assert StatusChange.objects.filter(member=member).count() == 0


def test_who_was_touched_since_stays(association, actor):
    member = make_member(
        "张一", association=association, mobile=make_mobile(1), position="经理", remarks="旧", sex="男"
    )
    batch = imported(
        association,
        actor,
        person("张一", mobile=make_mobile(1), position="总监", remarks="新"),
        person("李二", mobile=make_mobile(2)),
        person("王三", mobile=make_mobile(3)),
        person("赵四", mobile=make_mobile(4)),
    )
    changed = Member.objects.get(pk=member.pk)
    changed.remarks = "后来写的"
    changed.save()
    touched = Member.objects.get(name="李二")
    touched.wechat = "li2"
    touched.save()
    FurtherCategory.objects.create(member=Member.objects.get(name="王三"), category="自由职业人员")

    plan = plan_undo(batch)
    undo_batch(batch, actor=actor)

    assert [row.name for row in plan.removed] == ["赵四"]
    assert [(row.name, row.back) for row in plan.restored] == [("张一", {"position": ["总监", "经理"]})]
    assert [(row.name, row.kept) for row in plan.kept] == [("张一", ("remarks",)), ("李二", ()), ("王三", ())]
    now = Member.objects.get(pk=member.pk)
    assert (now.position, now.remarks) == ("经理", "后来写的")
    assert sorted(Member.objects.values_list("name", flat=True)) == ["张一", "李二", "王三"]


def test_a_member_deleted_since_is_named_as_gone(association, actor):
    make_member("张一", association=association, mobile=make_mobile(1), position="经理", sex="男")
    batch = imported(association, actor, person("张一", mobile=make_mobile(1), position="总监"))
    Member.objects.get().delete()

    plan = plan_undo(batch)
    batch = undo_batch(batch, actor=actor)

    assert [(row.name, row.member) for row in plan.kept] == [("张一", None)]
    assert batch.step_made.counts == {"removed": 0, "restored": 0, "kept": 1}


def test_undoing_is_one_action_with_a_change_for_each_record(association, actor):
    make_member("张一", association=association, mobile=make_mobile(1), position="经理", sex="男")
    batch = imported(
        association,
        actor,
        person("张一", mobile=make_mobile(1), position="总监"),
        person("李二", mobile=make_mobile(2), employer="丙公司", id_number=make_id_number(5)),
    )

    batch = undo_batch(batch, actor=actor)

    action = batch.step_made.action
    members = ContentType.objects.get_for_model(Member)
    changes = {
        (change.kind, change.content_type == members): change.diff
        for change in Change.objects.filter(action=action)
    }
    assert (action.kind, action.actor, action.association) == (Action.Kind.UNDO, actor, association)
    assert changes[Change.Kind.CHANGED, True] == {"position": ["总监", "经理"]}
    assert changes[Change.Kind.DELETED, True]["name"] == ["李二", None]
    assert changes[Change.Kind.DELETED, True]["id_sealed"] is None
    assert changes[Change.Kind.DELETED, False]["name"] == ["丙公司", None]


def test_undoing_twice_undoes_once(association, actor):
    batch = imported(association, actor, person("李二", mobile=make_mobile(2)))
    first = undo_batch(batch, actor=actor)

    second = undo_batch(batch, actor=actor)

    assert (first.step_made is None, second.step_made) == (False, None)
    assert Action.objects.filter(kind=Action.Kind.UNDO).count() == 1


def test_an_undone_batch_is_not_applied_again(association, actor):
    batch = undo_batch(imported(association, actor, person("李二", mobile=make_mobile(2))), actor=actor)

    batch = apply_batch(batch, actor=actor)

    assert (batch.state, batch.step_made, Member.objects.count()) == ("undone", None, 0)


def test_an_employer_with_somebody_else_in_it_stays(association, actor):
    batch = imported(association, actor, person("李二", mobile=make_mobile(2), employer="丙公司"))
    make_member("王三", association=association, employer="丙公司")

    undo_batch(batch, actor=actor)

    assert list(Employer.objects.values_list("name", flat=True)) == ["丙公司"]


def test_an_employer_renamed_since_is_not_lost_by_the_undoing(association, actor):
    member = make_member("张一", association=association, mobile=make_mobile(1), employer="甲公司", sex="男")
    batch = imported(
        association, actor, person("张一", mobile=make_mobile(1), employer="乙公司", position="总监")
    )
    before = Employer.objects.get(name="甲公司")
    before.name = "甲有限公司"
    before.save()

    undo_batch(batch, actor=actor)

    now = Member.objects.get(pk=member.pk)
    assert (now.employer.name, now.position) == ("乙公司", "")


def test_an_employer_merged_since_returns_as_the_one_it_was_merged_into(association, actor):
    member = make_member("张一", association=association, mobile=make_mobile(1), employer="甲公司", sex="男")
    batch = imported(association, actor, person("张一", mobile=make_mobile(1), employer="乙公司"))
    kept = make_employer("甲有限公司", association=association)
    merge_employers(Employer.objects.get(name="甲公司"), into=kept, kind="", uscc="", actor=actor)

    undo_batch(batch, actor=actor)

    assert Member.objects.get(pk=member.pk).employer == kept


# -- the screens


def test_the_page_shows_three_lists_and_undoes_on_confirmation(client, association, actor):
    client.force_login(actor)
    with acting(actor):
        batch = imported(
            association, actor, person("李二", mobile=make_mobile(2), id_number=make_id_number(5))
        )
    url = reverse("members:import_undo", args=[batch.pk])

    asked = client.get(url)
    page = asked.content.decode()
    done = client.post(url, follow=True).content.decode()

    assert [(list["key"], list["count"]) for list in asked.context["lists"]] == [
        ("removed", 1), ("restored", 0), ("kept", 0),
    ]  # fmt: skip
    assert "李二" in page
    assert make_id_number(5) not in page
    assert "导入已撤销：删除 1 条，恢复 0 条，保持不变 0 条" in done
    assert Member.objects.count() == 0


def test_who_may_not_import_may_not_undo(client, association, actor):
    batch = imported(association, actor, person("李二", mobile=make_mobile(2)))
    url = reverse("members:import_undo", args=[batch.pk])
    viewer, stranger = make_user(), make_user()
    grant(viewer, Role.VIEWER, association)
    grant(stranger, Role.SECRETARY, make_association())

    client.force_login(viewer)
    refused = client.post(url).status_code
    client.force_login(stranger)
    unseen = client.post(url).status_code

    assert (refused, unseen) == (403, 404)
    assert Member.objects.count() == 1


def test_a_preview_has_nothing_to_undo(client, association, actor):
    client.force_login(actor)
    file = workbook(person("李二", mobile=make_mobile(2)))
    batch = preview_file(file, file_name=file.name, association=association, actor=actor)

    answer = client.post(reverse("members:import_undo", args=[batch.pk]), follow=True)

    assert "本次导入尚未写入名册，没有可撤销的内容" in answer.content.decode()
    assert ImportBatch.objects.get().state == "previewed"
