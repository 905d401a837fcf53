from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from members.imports.applying import apply_batch
from members.imports.pipeline import discard_batch, preview_file
from members.imports.report import batch_report
from members.models import Employer, ImportBatch, Member, StatusChange
from members.roster.workbook import UnreadableFile
from organizations.models import Action, Change
from tests.make import make_association, make_id_number, make_member, make_user
from tests.members.imports.sheets import person, workbook

pytestmark = pytest.mark.django_db


def preview(association, *rows, actor=None, **kwargs):
    return preview_file(
        workbook(*rows, **kwargs), file_name="roster.xlsx", association=association, actor=actor
    )


def outcomes(batch):
    counts = batch.counts
    return {key: counts[key] for key in ("new", "update", "unchanged", "question", "error") if counts[key]}


def test_a_preview_writes_no_member():
    association = make_association()

    batch = preview(association, person("张三", mobile="13800000001"))

    assert (batch.state, outcomes(batch), batch.counts["rows"]) == ("previewed", {"new": 1}, 1)
    assert Member.objects.count() == 0


def test_applying_writes_all_that_the_row_says():
    association, actor = make_association(), make_user()
    number = make_id_number(1)
    row = person(
        "欧阳一",
        birth="1985.06",
        mobile="138 0000 0001",
        id_number=number,
        employer="重庆某某科技有限公司",
        position="经理",
        number="JJ001",
    )

    apply_batch(preview(association, row), actor=actor)

    member = Member.objects.get()
    assert (member.name, member.sex, member.birth, member.mobile) == (
        "欧阳一",
        "男",
        "1985-06",
        "13800000001",
    )
    assert (member.id_number, member.id_kind, member.number) == (number, "居民身份证", "JJ001")
    assert (member.employer.name, member.position) == ("重庆某某科技有限公司", "经理")
    assert (member.pinyin, member.initials, member.version) == ("ouyangyi", "oyy", 1)
    assert member.status == "在册"


def test_one_import_is_one_action_with_a_change_for_each_member():
    association, actor = make_association(), make_user()
    kept = make_member("李四", association=association, mobile="13800000002", position="经理")

    batch = apply_batch(
        preview(
            association,
            person("张三", sex=None, mobile="13800000001", id_number=None),
            person("李四", sex=None, mobile="13800000002", position="总经理"),
        ),
        actor=actor,
    )

    action = batch.step_made.action
    assert (action.kind, action.actor, action.association) == ("import", actor, association)
    changes = Change.objects.filter(action=action).order_by("id")
    new = Member.objects.get(name="张三")
    assert [(change.target, change.kind, change.diff) for change in changes] == [
        (new, "+", {"name": [None, "张三"], "mobile": [None, "13800000001"], "status": [None, "在册"]}),
        (kept, "~", {"position": ["经理", "总经理"]}),
    ]


def test_no_identity_number_stands_in_the_history_or_readable_in_the_ledger():
    association, number = make_association(), make_id_number(1)

    batch = apply_batch(preview(association, person("张三", id_number=number)), actor=None)

    diff = Change.objects.get(action=batch.step_made.action).diff
    assert (diff["id_sealed"], diff["id_kind"]) == (None, None)
    assert number not in str(list(Change.objects.values()))
    row = batch.rows.get()
    assert number.encode() not in bytes(row.payload)
    assert row.content()["values"]["id_number"] == number


def test_importing_the_same_file_again_finds_everything_unchanged():
    association = make_association()
    rows = [
        person(
            "张三",
            birth="1985.06",
            mobile="13800000001",
            id_number=make_id_number(1),
            employer="某某律师事务所",
        ),
        person("李四", sex="女", birth="1990.01.02", mobile="13800000002", number="JJ002", remarks="备注"),
        person("王五", employer="某某律师事务所", position="律师"),
    ]
    apply_batch(preview(association, *rows), actor=None)

    again = apply_batch(preview(association, *rows), actor=None)

    assert outcomes(again) == {"unchanged": 3}
    assert Change.objects.filter(action=again.step_made.action).count() == 0
    assert set(Member.objects.values_list("version", flat=True)) == {1}


def test_a_changed_row_updates_only_what_it_says():
    association = make_association()
    member = make_member(
        "张三",
        association=association,
        mobile="13800000001",
        native_place="重庆江津",
        employer="旧单位有限公司",
        id_number=make_id_number(1),
    )

    apply_batch(
        preview(
            association, person("张三", mobile="13800000001", employer="新单位有限公司", birth="1985.06")
        ),
        actor=None,
    )

    member.refresh_from_db()
    assert (member.employer.name, member.birth, member.sex) == ("新单位有限公司", "1985-06", "男")
    assert (member.native_place, member.id_number, member.version) == ("重庆江津", make_id_number(1), 2)


def test_rows_with_different_changes_do_not_touch_each_others_fields():
    association = make_association()
    make_member("张三", association=association, mobile="13800000001", position="经理", remarks="甲")
    make_member("李四", association=association, mobile="13800000002", position="主任", remarks="乙")
    make_member("王五", association=association, mobile="13800000003", employer="旧单位有限公司")

    apply_batch(
        preview(
            association,
            person("张三", sex=None, mobile="13800000001", position="总经理"),
            person("李四", sex=None, mobile="13800000002", remarks="丙"),
            person("王五", sex=None, mobile="13800000003", id_number=make_id_number(1)),
        ),
        actor=None,
    )

    found = Member.objects.order_by("id").values_list("name", "position", "remarks", "employer__name")
    assert list(found) == [
        ("张三", "总经理", "甲", None),
        ("李四", "主任", "丙", None),
        ("王五", "", "", "旧单位有限公司"),
    ]
    assert Member.objects.get(name="王五").id_number == make_id_number(1)


def test_an_employer_is_made_once_and_known_ones_are_used():
    association = make_association()
    known = Employer.objects.create(association=association, name="某某律师事务所")

    apply_batch(
        preview(
            association,
            person("张三", mobile="13800000001", employer="某某律师事务所"),
            person("李四", mobile="13800000002", employer="新单位有限公司"),
            person("王五", mobile="13800000003", employer="新单位有限公司"),
        ),
        actor=None,
    )

    assert list(Employer.objects.values_list("name", flat=True).order_by("id")) == [
        known.name,
        "新单位有限公司",
    ]
    assert list(Member.objects.order_by("id").values_list("employer__name", flat=True)) == [
        "某某律师事务所",
        "新单位有限公司",
        "新单位有限公司",
    ]


def test_a_new_member_starts_a_status_history_on_the_day_of_joining():
    association, actor = make_association(), make_user()
    header = ["姓名", "手机", "入会时间", "会员状态"]

    apply_batch(
        preview(
            association,
            ["张三", "13800000001", "2019.12", None],
            ["李四", "13800000002", "2019.12", "退会"],
            header=header,
        ),
        actor=actor,
    )

    steps = StatusChange.objects.order_by("id").values_list("member__name", "status", "on", "entered_by")
    assert list(steps) == [("张三", "在册", "2019-12", actor.pk), ("李四", "退会", "", actor.pk)]


def test_an_imported_status_change_is_a_step_in_the_members_history():
    association = make_association()
    member = make_member("张三", association=association, mobile="13800000001")

    apply_batch(
        preview(association, ["张三", "13800000001", "退会"], header=["姓名", "手机", "会员状态"]), actor=None
    )

    member.refresh_from_db()
    assert member.status == "退会"
    step = member.status_changes.get()
    assert (step.status, step.on, step.document) == (
        "退会",
        timezone.localdate().isoformat(),
        "roster.xlsx",
    )


def test_applying_twice_imports_once():
    association = make_association()
    batch = preview(association, person("张三", mobile="13800000001"))
    stale = ImportBatch.objects.get(pk=batch.pk)

    apply_batch(batch, actor=None)
    apply_batch(stale, actor=None)

    assert Member.objects.count() == 1
    assert Action.objects.filter(kind="import").count() == 1


def test_a_member_changed_after_the_preview_is_not_overwritten():
    association = make_association()
    member = make_member("张三", association=association, mobile="13800000001", position="经理")
    batch = preview(
        association,
        person("张三", mobile="13800000001", position="总经理"),
        person("李四", mobile="13800000002"),
    )
    member.position = "董事长"
    member.save()

    batch = apply_batch(batch, actor=None)

    member.refresh_from_db()
    assert member.position == "董事长"
    assert (outcomes(batch), batch.counts["applied"]) == ({"new": 1, "question": 1}, 1)
    [row] = batch.rows.filter(outcome="question")
    assert [message["code"] for message in row.content()["messages"]] == ["changed_since_preview"]


def test_a_person_entered_by_hand_after_the_preview_is_not_entered_again():
    association = make_association()
    batch = preview(association, person("张三", mobile="13800000001"))
    make_member("张三", association=association, mobile="13800000001")

    batch = apply_batch(batch, actor=None)

    assert Member.objects.count() == 1
    assert outcomes(batch) == {"question": 1}


def test_counts_add_up_to_the_rows_of_the_file():
    association = make_association()
    make_member("张三", association=association, mobile="13800000001", sex="男")

    batch = preview(
        association,
        person("张三", mobile="13800000001"),
        person("李四", mobile="13800000002"),
        person(None, mobile="13800000003"),
        person("王五", birth="1985.1"),
        ["合计"],
    )

    counts = batch.counts
    assert counts["rows"] == sum(counts[key] for key in ("new", "update", "unchanged", "question", "error"))
    # with the title row and the total
    assert (counts["rows"], counts["skipped"]) == (4, 2)


def test_an_unreadable_file_leaves_nothing_behind(private_files):
    association = make_association()

    with pytest.raises(UnreadableFile):
        preview_file(
            ContentFile(b"PK\x03\x04 no workbook"), file_name="x.xlsx", association=association, actor=None
        )

    assert ImportBatch.objects.count() == 0
    assert [path for path in private_files.rglob("*") if path.is_file()] == []


def test_a_discarded_preview_keeps_neither_rows_nor_file(private_files, django_capture_on_commit_callbacks):
    batch = preview(make_association(), person("张三", mobile="13800000001"))

    with django_capture_on_commit_callbacks(execute=True):
        assert discard_batch(batch) is True

    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), Member.objects.count()) == ("discarded", 0, 0)
    assert [path for path in private_files.rglob("*") if path.is_file()] == []
    assert discard_batch(batch) is False


def test_old_uploads_are_deleted_and_their_ledger_stays(private_files, settings, capsys):
    association = make_association()
    old = preview(association, person("张三", mobile="13800000001"))
    new = preview(association, person("李四", mobile="13800000002"))
    ImportBatch.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=91))
    settings.ROSTER_KEEP_DAYS = 90

    call_command("delete_old_rosters")

    assert "1 uploaded rosters deleted." in capsys.readouterr().out
    old.refresh_from_db()
    assert (bool(old.file), old.rows.count()) == (False, 1)
    assert [path.name for path in private_files.rglob("*") if path.is_file()] == [
        new.file.name.split("/")[-1]
    ]


def test_a_column_nobody_knows_is_kept_with_the_row():
    batch = preview(make_association(), ["张三", "13800000001", "XL"], header=["姓名", "手机", "衣服尺码"])

    assert batch.rows.get().content()["kept"] == {"C": "XL"}


def test_what_only_follows_from_a_number_is_neither_previewed_nor_written():
    association, number = make_association(), make_id_number(1)
    make_member("张三", association=association, mobile="13800000001", sex="", id_number=number)

    batch = preview(association, person("张三", sex=None, mobile="13800000001", id_number=number))
    applied = apply_batch(batch, actor=None)

    assert outcomes(batch) == {"unchanged": 1}
    assert applied.counts["question"] == 0
    assert (Member.objects.get().sex, Member.objects.get().birth) == ("", "")


def test_the_ledger_knows_which_field_a_message_and_a_column_are_about():
    header = ["姓名", "手机", "工作单位及职务", "衣服尺码"]

    batch = preview(make_association(), ["张三", "123", "甲社某人", "XL"], header=header)

    messages = batch.rows.get().content()["messages"]
    assert [(message["code"], message["field"]) for message in messages] == [
        ("phone_invalid", "mobile"),
        ("not_split", "employer"),
    ]
    columns = batch.sheets[0]["columns"]
    assert [(column["fields"], column["also"]) for column in columns] == [
        (["name"], []),
        (["mobile"], ["second_mobile", "office_phone", "wechat"]),
        (["employer", "position"], ["position"]),
        ([], []),
    ]


def test_the_report_of_columns_and_messages_is_the_contract_s():
    batch = preview(make_association(), ["张三", "123"], header=["姓名", "手机"])

    (sheet,) = batch_report("roster.xlsx", batch)["sheets"]

    assert sheet["columns"][1] == {"column": "B", "header": "手机", "field": "mobile"}
    assert [set(message) for message in sheet["rows"][0]["messages"]] == [{"cell", "level", "code", "text"}]
