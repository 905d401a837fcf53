"""The history page of a member: what people read there, under the field classes."""

import pytest
from django.contrib.contenttypes.models import ContentType

from members.models import Consent, FurtherCategory, ImportBatch, Member
from members.rights import HIDDEN, Role
from members.services import change_status
from organizations.history_entries import text_of
from organizations.history_screen import Line
from organizations.models import Action, Change, acting
from tests.make import make_association, make_employer, make_id_number, make_member, make_user
from tests.members.screens import history_url, sign_in

pytestmark = pytest.mark.django_db


def lines(entry, number=0):
    """[(label, before, after)] of a record of an entry."""
    return [(line.label, line.before, line.after) for line in entry["records"][number]["lines"]]


def texts(entries):
    """The entries as a reader has them, one text a line."""
    found = []
    for entry in entries:
        for record in entry["records"]:
            kind = record["change"].get_kind_display()
            found += [
                f"{record['model']}{kind} {line.label} {line.before}→{line.after}" for line in record["lines"]
            ]
    return found


def page_text(response):
    page = response.content.decode()
    return " ".join(page[page.index('id="content-main"') :].split())


def test_entry_tells_who_when_and_from_what_to_what(client):
    home = make_association()
    manager = make_user(name="管理甲")
    first, second = (make_employer(name, association=home) for name in ("甲公司", "乙公司"))
    with acting(manager, note="补录"):
        member = make_member("张一", association=home, employer=first, mobile="13800000001")
    member.employer, member.mobile, member.birth = second, "13900000001", "1985-06"
    with acting(manager):
        member.save()
    sign_in(client, Role.SECRETARY, home)

    entries = client.get(history_url(member)).context["entries"]

    assert [(entry["action"].actor, entry["note"]) for entry in entries] == [(manager, ""), (manager, "补录")]
    assert lines(entries[0]) == [
        ("出生年月", "", "1985年6月"),
        ("工作单位", "甲公司", "乙公司"),
        ("手机", "13800000001", "13900000001"),
    ]


def test_blank_values_are_named_and_a_new_record_is_summed_up(client):
    home = make_association()
    member = make_member("张一", association=home, mobile="13800000001")
    member.wechat = "zhang"
    member.save()
    sign_in(client, Role.SECRETARY, home)

    page = page_text(client.get(history_url(member)))

    assert '<span class="history-before">（空）</span>' in page
    assert "<summary>新增，4 项</summary>" in page


def test_who_may_not_read_a_class_reads_masks_on_both_sides(client):
    home = make_association()
    member = make_member("张一", association=home, mobile="13800000001", birth="1985-06")
    member.mobile, member.birth, member.township = "13900000001", "1985-07", "双福街道"
    member.save()
    sign_in(client, Role.VIEWER, home)

    response = client.get(history_url(member))

    assert lines(response.context["entries"][0]) == [
        ("出生年月", HIDDEN, HIDDEN),
        ("手机", "138****0001", "139****0001"),
        ("所属镇街", "", "双福街道"),
    ]
    page = page_text(response)
    assert [text for text in ("13800000001", "13900000001", "1985年6月", "1985-07") if text in page] == []


def test_of_identity_fields_only_the_change_is_told(client):
    home = make_association()
    member = make_member("张一", association=home, id_number=make_id_number(1))
    member.id_number = make_id_number(2)
    member.save()
    sign_in(client, Role.MANAGER, home)

    entries = client.get(history_url(member)).context["entries"]

    assert entries[0]["records"][0]["lines"] == [
        Line("id_sealed", "证件号码", "", "", kept=False, refusal="无法恢复：历史中不保存证件号码。"),
    ]


def test_parts_of_the_record_are_named(client):
    home = make_association()
    member = make_member("张一", association=home, category="自由职业人员")
    further = FurtherCategory.objects.create(member=member, category="新媒体从业人员")
    further.delete()
    change_status(member, to="退会", on="2024-03", actor=None)
    sign_in(client, Role.SECRETARY, home)

    entries = client.get(history_url(member)).context["entries"]

    assert texts(entries)[:5] == [
        "修改 会员状态 在册→退会",
        "状态变更新增 会员状态 →退会",
        "状态变更新增 日期 →2024年3月",
        "其他类别删除 所属类别 新媒体从业人员→",
        "其他类别新增 所属类别 →新媒体从业人员",
    ]


def test_import_is_named_by_its_file_with_a_link_for_those_who_open_imports(client):
    home = make_association()
    member = make_member("张一", association=home)
    batch = ImportBatch.objects.create(association=home, file_name="花名册.xlsx")
    action = Action.objects.create(
        kind="import", note="花名册.xlsx", association=home, details={"batch": batch.pk}
    )
    kind = ContentType.objects.get_for_model(Member)
    Change.objects.create(
        action=action,
        content_type=kind,
        object_id=member.pk,
        kind="~",
        diff={"wechat": ["", "neu"]},
        association=home,
    )
    link = f'<a href="{batch.get_absolute_url()}">花名册.xlsx</a>'

    sign_in(client, Role.SECRETARY, home)
    secretary = client.get(history_url(member))
    sign_in(client, Role.VIEWER, home)
    viewer = client.get(history_url(member))

    entry = secretary.context["entries"][0]
    assert (entry["file"], entry["batch"], entry["note"]) == ("花名册.xlsx", batch.pk, "")
    assert [link in page_text(page) for page in (secretary, viewer)] == [True, False]
    assert "花名册.xlsx" in page_text(viewer)


def test_one_change_and_many_take_the_same_statements(client, django_assert_max_num_queries):
    home = make_association()
    member = make_member("张一", association=home, employer="第0公司")
    sign_in(client, Role.SECRETARY, home)
    client.get(history_url(member))
    counts = []
    for number in (1, 3):
        while Change.objects.filter(object_id=member.pk, kind="~").count() < number:
            serial = Change.objects.count()
            member.employer = make_employer(f"第{serial}公司", association=home)
            with acting(make_user()):
                member.save()
        with django_assert_max_num_queries(14) as captured:
            client.get(history_url(member))
        counts.append(len(captured))

    assert counts[0] == counts[1]


# -- narrowing it


def narrowed(client, member, **asked):
    """{label of a line} of the history narrowed to what is `asked`."""
    entries = client.get(history_url(member), asked).context["entries"]
    return [line.label for entry in entries for record in entry["records"] for line in record["lines"]]


@pytest.fixture
def history(client):
    """A member whose mobile one secretary changed in 2023 and whose WeChat name another in 2024."""
    home = make_association()
    member = make_member("张一", association=home, mobile="13800000001")
    Change.objects.all().delete()
    users = [make_user(name="李某"), make_user(name="王某")]
    moments = ["2023-05-02T23:30:00+08:00", "2024-01-01T00:10:00+08:00"]
    for user, moment, (field, value) in zip(
        users, moments, [("mobile", "13900000001"), ("wechat", "zhang")], strict=True
    ):
        with acting(user) as scope:
            setattr(member, field, value)
            member.save()
        Action.objects.filter(pk=scope.row.pk).update(at=moment)
    sign_in(client, Role.SECRETARY, home)
    member.makers = users
    return member


def test_history_is_narrowed_by_field_person_and_period(client, history):
    first, second = history.makers

    assert narrowed(client, history) == ["微信号", "手机"]
    assert narrowed(client, history, field="mobile") == ["手机"]
    assert narrowed(client, history, actor=second.pk) == ["微信号"]
    assert narrowed(client, history, since="2024-01-01") == ["微信号"]
    assert narrowed(client, history, until="2023-05-02") == ["手机"]
    assert narrowed(client, history, field="wechat", actor=first.pk) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"field": "password"},
        {"field": "x" * 500},
        {"actor": "'"},
        {"actor": "9" * 30},
        {"since": "31.02.2023"},
        {"until": "\x00"},
        {"until": "9999-12-31"},
        {"since": "😀", "field": "%"},
        {"before": "9" * 40},
    ],
)
def test_values_edited_by_hand_narrow_nothing_and_break_nothing(client, history, asked):
    assert narrowed(client, history, **asked) == ["微信号", "手机"]


def test_nobody_narrows_by_a_field_of_a_class_not_read(client, history):
    viewer = sign_in(client, Role.VIEWER, history.association)

    page = client.get(history_url(history), {"field": "mobile"})

    offered = {value for value, _label in page.context["filter"].fields["field"].choices}
    assert viewer.rights.may_search("mobile") is False
    assert {"mobile", "birth", "id_sealed"} & offered == set()
    assert {"name", "township", "members.furthercategory"} <= offered
    assert len(page.context["entries"]) == 2


def test_history_is_narrowed_to_a_kind_of_part(client, history):
    FurtherCategory.objects.create(member=history, category="新媒体从业人员")

    assert narrowed(client, history, field="members.furthercategory") == ["所属类别"]


def test_long_history_comes_in_pages_that_keep_actions_together(client):
    home = make_association()
    member = make_member("张一", association=home)
    for number in range(103):
        with acting(None):
            member.wechat = f"第{number}"
            member.save()
            if number == 3:  # the one over whose changes the page would break
                FurtherCategory.objects.create(member=member, category="新媒体从业人员")
    sign_in(client, Role.SECRETARY, home)

    first = client.get(history_url(member))
    second = client.get(history_url(member) + first.context["older"])

    shown = [[len(entry["records"]) for entry in page.context["entries"]] for page in (first, second)]
    assert shown == [[1] * 99, [2, 1, 1, 1, 1]]
    assert second.context["older"] is None


# -- what belongs to a history


def test_parts_taken_away_stay_in_the_history_and_those_of_others_stay_out(client):
    home = make_association()
    member, other = make_member("张一", association=home), make_member("张二", association=home)
    for owner, category in [(member, "新媒体从业人员"), (other, "自由职业人员")]:
        FurtherCategory.objects.create(member=owner, category=category).delete()
    sign_in(client, Role.SECRETARY, home)

    entries = client.get(history_url(member)).context["entries"]

    assert texts(entries)[:2] == [
        "其他类别删除 所属类别 新媒体从业人员→",
        "其他类别新增 所属类别 →新媒体从业人员",
    ]
    assert not any("自由职业人员" in text for text in texts(entries))


def test_name_of_an_employer_that_is_gone_is_still_told(client):
    home = make_association()
    first, second = (make_employer(name, association=home) for name in ("甲公司", "乙公司"))
    member = make_member("张一", association=home, employer=first)
    member.employer = second
    member.save()
    first.delete()
    sign_in(client, Role.SECRETARY, home)

    entries = client.get(history_url(member)).context["entries"]

    assert lines(entries[0]) == [("工作单位", "甲公司（已不存在）", "乙公司")]


def test_history_goes_with_a_member_to_another_association(client):
    home, other = make_association(), make_association()
    member = make_member("张一", association=home)
    further = FurtherCategory.objects.create(member=member, category="新媒体从业人员")

    member.association = other
    member.save()

    found = Change.objects.of(member).values_list("association", flat=True)
    assert set(found) == {other.pk}
    assert Change.objects.filter(object_id=further.pk, part_of_id=member.pk).count() == 1


def test_moments_are_told_in_local_time():
    value = "2026-11-22T16:30:00+00:00"

    assert text_of(Consent, "given_at", value, {}) == "2026年11月23日 00:30"
