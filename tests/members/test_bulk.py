"""Changing many members at once: the summary before, one action after, nothing twice."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from members.bulk_changes import assign, change_status_of, plan_status
from members.models import FurtherCategory, Member, SavedList, StatusChange
from members.rights import Role
from members.services import change_status
from organizations.models import Action, Change
from tests.make import grant, make_association, make_member, make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_member_changelist")
STEP = {"status": "退会", "on": "2024-03", "decided_by": "会长会议", "document": "2024年3号"}


def page(name, query=""):
    return reverse("admin:members_member_bulk", args=[name]) + query


def confirm(client, address, data):
    """From the form to the summary to the change; the last response."""
    summary = client.post(address, data)
    return client.post(address, data | {"confirmed": summary.context["plan"].digest})


def said(client, response):
    return [str(message) for message in client.get(response.url).context["messages"]]


@pytest.fixture
def home():
    return make_association(townships="几江街道\n双福街道")


@pytest.fixture
def secretary(client, home):
    user = make_user()
    grant(user, Role.SECRETARY, home)
    client.force_login(user)
    return user


@pytest.fixture
def members(home):
    return [make_member(name, association=home, status="在册") for name in ("张一", "张二", "张三")]


def statuses():
    return dict(Member.objects.values_list("name", "status"))


# -- from the list


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("set_status", "status"),
        ("assign_township", "township"),
        ("assign_category", "category"),
        ("add_to_list", "list"),
    ],
)
def test_actions_lead_to_their_page_with_the_rows_ticked_or_the_whole_list(
    client, secretary, members, action, name
):
    ticked = [members[0].pk, members[2].pk]

    some = client.post(f"{LIST}?g=status:is:在册", {"action": action, "_selected_action": ticked})
    whole = client.post(
        f"{LIST}?g=status:is:在册&q=张二&order=-name&after=1",
        {"action": action, "_selected_action": ticked[:1], "select_across": "1"},
    )

    assert some.url.startswith(page(name))
    assert int(client.get(some.url).context["count"]) == 2
    assert int(client.get(whole.url).context["count"]) == 1


def test_viewer_has_no_action_that_changes_members(client, home, members):
    viewer = make_user()
    grant(viewer, Role.VIEWER, home)
    client.force_login(viewer)

    actions = [value for value, _label in client.get(LIST).context["action_form"].fields["action"].choices]
    answers = {
        name: client.get(page(name)).status_code for name in ("status", "township", "category", "list")
    }

    assert actions == ["", "add_to_list"]
    assert answers == {"status": 403, "township": 403, "category": 403, "list": 200}


def test_unknown_operation_is_404(client, secretary):
    assert client.get(page("delete")).status_code == 404


# -- status


def test_summary_says_who_changes_who_does_not_and_why_and_writes_nothing(client, secretary, home, members):
    other = make_association()
    grant(secretary, Role.VIEWER, other)
    make_member("外人", association=other)
    change_status(members[1], to="退会", on="2024-03", actor=None)
    change_status(members[2], to="停权", on="2024-05", actor=None)
    steps = StatusChange.objects.count()

    response = client.post(page("status"), STEP)

    summary = [(part["reason"], part["names"]) for part in response.context["summary"]]
    assert summary == [
        ("", "张一"),
        ("已是该状态", "张二"),
        ("已有更晚的状态变更", "张三"),
        ("您无权修改", "外人"),
    ]
    assert StatusChange.objects.count() == steps
    assert statuses() == {"张一": "在册", "张二": "退会", "张三": "停权", "外人": "在册"}


def test_status_is_set_with_its_step_as_one_action(client, secretary, members):
    response = confirm(client, page("status", f"?ids={members[0].pk},{members[1].pk}"), STEP)

    assert response.status_code == 302
    assert said(client, response) == ["设置会员状态：已更改2名会员。"]
    assert statuses() == {"张一": "退会", "张二": "退会", "张三": "在册"}
    steps = StatusChange.objects.values_list("status", "on", "decided_by", "document", "entered_by")
    assert list(steps) == [("退会", "2024-03", "会长会议", "2024年3号", secretary.pk)] * 2
    action = Action.objects.order_by("pk").last()
    assert (action.actor, action.kind, action.changes.count()) == (secretary, "edit", 4)


def test_bulk_change_leaves_the_same_history_as_one_by_one(secretary, members):
    one, two, _three = members
    change_status(one, to="退会", on="2024-03", decided_by="会长会议", document="2024年3号", actor=secretary)
    single = Member.objects.get(pk=one.pk)

    change_status_of(
        [Member.objects.get(pk=two.pk)],
        to="退会",
        on="2024-03",
        decided_by="会长会议",
        document="2024年3号",
        actor=secretary,
    )

    bulk = Member.objects.get(pk=two.pk)
    assert (bulk.status, bulk.version) == (single.status, single.version)
    assert bulk.updated_at >= single.updated_at
    kinds = [ContentType.objects.get_for_model(model) for model in (StatusChange, Member)]
    changes = Change.objects.filter(content_type__in=kinds).exclude(kind="+", content_type=kinds[1])
    first, second = changes.order_by("pk")[:2], changes.order_by("pk")[2:]
    assert [(c.content_type, c.kind, c.diff | {"member": None}) for c in first] == [
        (c.content_type, c.kind, c.diff | {"member": None}) for c in second
    ]


def test_sent_twice_changes_nothing_twice(client, secretary, members):
    summary = client.post(page("status"), STEP)
    data = STEP | {"confirmed": summary.context["plan"].digest}
    client.post(page("status"), data)
    steps, actions = StatusChange.objects.count(), Action.objects.count()

    again = client.post(page("status"), data)

    assert again.status_code == 200
    assert again.context["has_moved_on"]
    assert (StatusChange.objects.count(), Action.objects.count()) == (steps, actions)


@pytest.mark.parametrize("what", ["edited", "joined by another", "gone"])
def test_a_summary_of_before_changes_nothing_and_is_shown_anew(client, secretary, home, members, what):
    summary = client.post(page("status"), STEP)
    if what == "edited":
        members[0].position = "主任"
        members[0].save()
    elif what == "gone":
        members[0].delete()
    else:
        make_member("张四", association=home, status="在册")

    response = client.post(page("status"), STEP | {"confirmed": summary.context["plan"].digest})

    assert response.context["has_moved_on"]
    assert "其间有会员被更改" in response.content.decode()
    assert set(statuses().values()) == {"在册"}
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"on": ""}, "on"),
        ({"on": "昨天"}, "on"),
        ({"on": "2999-01"}, "on"),
        ({"status": ""}, "status"),
        ({"status": "离开"}, "status"),
        ({"document": "长" * 500}, "document"),
        ({"decided_by": "\x00"}, "decided_by"),
    ],
)
def test_form_refuses_what_one_step_would_refuse(client, secretary, members, data, field):
    response = client.post(page("status"), STEP | data)

    assert list(response.context["form"].errors) == [field]
    assert set(statuses().values()) == {"在册"}


# -- township and category


def test_township_is_assigned_and_what_was_so_stays(client, secretary, members):
    members[0].township = "几江街道"
    members[0].save()
    version = Member.objects.get(pk=members[0].pk).version

    response = confirm(client, page("township"), {"township": " 几江街道 "})

    assert said(client, response) == ["指定所属镇街：已更改2名会员。 1名未更改。"]
    assert set(Member.objects.values_list("township", flat=True)) == {"几江街道"}
    assert Member.objects.get(pk=members[0].pk).version == version
    changes = Change.objects.filter(kind="~", diff__township__1="几江街道", action__actor=secretary)
    assert sorted(changes.values_list("object_id", flat=True)) == [members[1].pk, members[2].pk]


@pytest.mark.parametrize("value", ["", " ", "长" * 200, "\x00"])
def test_township_needs_a_name(client, secretary, members, value):
    response = client.post(page("township"), {"township": value})

    assert list(response.context["form"].errors) == ["township"]


def test_category_is_assigned_where_it_is_not_a_further_one(client, secretary, members):
    FurtherCategory.objects.create(member=members[0], category="自由职业人员")

    confirm(client, page("category"), {"category": "自由职业人员"})

    assert list(Member.objects.order_by("pk").values_list("category", flat=True)) == [
        "",
        "自由职业人员",
        "自由职业人员",
    ]


# -- lists


def test_ticked_members_go_on_a_new_list_and_later_ones_on_it_too(client, secretary, members):
    confirm(client, page("list", f"?ids={members[0].pk}"), {"name": "重点联系"})
    saved = SavedList.objects.get()
    response = confirm(client, page("list"), {"saved_list": saved.pk})

    assert (saved.owner, saved.kind, saved.association) == (secretary, "picked", None)
    assert sorted(saved.members.values_list("name", flat=True)) == sorted(["张一", "张二", "张三"])
    assert said(client, response) == ["加入名单：已更改2名会员。 1名未更改。"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "name"),
        ({"name": "a", "saved_list": "own"}, "name"),
        ({"saved_list": "other"}, "saved_list"),
    ],
)
def test_members_go_on_own_lists_picked_by_hand_only(client, secretary, home, members, data, field):
    lists = {
        "own": SavedList.objects.create(owner=secretary, name="我的", kind="picked"),
        "other": SavedList.objects.create(owner=make_user(), name="别人", kind="picked", association=home),
    }
    if "saved_list" in data:
        data = data | {"saved_list": lists[data["saved_list"]].pk}

    response = client.post(page("list"), data)

    assert list(response.context["form"].errors) == [field]


def test_members_are_taken_off_an_own_list(client, secretary, members):
    saved = SavedList.objects.create(owner=secretary, name="重点联系", kind="picked")
    saved.members.add(*members)
    data = {"action": "remove_from_list", "_selected_action": [members[0].pk]}

    client.post(saved.get_absolute_url(), data)
    client.post(saved.get_absolute_url(), data)

    assert sorted(saved.members.values_list("name", flat=True)) == sorted(["张二", "张三"])
    assert Member.objects.count() == 3


# -- bad input and size


@pytest.mark.parametrize("ids", ["", "x", "-1", "1e5", "99999999999999999999", "٣", "\x00"])
def test_rows_that_do_not_exist_are_nobody(client, secretary, members, ids):
    response = client.get(page("status"), {"ids": ids})

    assert (response.status_code, int(response.context["count"])) == (200, 0)


def test_rows_out_of_sight_are_nobody(client, secretary):
    hidden = make_member("外人", association=make_association())

    response = client.post(page("status", f"?ids={hidden.pk}"), STEP)

    assert int(response.context["count"]) == 0
    assert Member.objects.get(pk=hidden.pk).status == "在册"


def test_a_selection_that_may_not_be_asked_changes_nobody(client, secretary, members):
    grant(secretary, Role.VIEWER, make_association())

    response = client.post(page("status", "?g=birth:missing"), STEP)

    assert int(response.context["count"]) == 0


def test_statements_do_not_grow_with_the_rows(secretary, home, django_assert_max_num_queries):
    ContentType.objects.get_for_models(Member, StatusChange)
    assert secretary.rights.associations
    counts = []
    for size in (1, 3, 30):
        while Member.objects.filter(status="在册").count() < size:
            make_member(association=home, status="在册")
        rows = list(Member.objects.filter(status="在册"))
        with django_assert_max_num_queries(20) as captured:
            plan = plan_status(rows, to="停权", on="2024", actor=secretary)
            change_status_of(plan.to_change, to="停权", on="2024", actor=secretary)
            assign(plan.to_change, name="township", value=f"第{size}镇", actor=secretary)
        counts.append(len(captured))
        assert Member.objects.filter(status="停权", township=f"第{size}镇").count() == size

    assert counts == [counts[0]] * 3


def test_today_is_no_future(secretary, members):
    today = timezone.localdate().isoformat()

    change_status_of([Member.objects.get(pk=members[0].pk)], to="退会", on=today, actor=secretary)

    assert statuses()["张一"] == "退会"
