"""The list of all changes: rows in sight, sentences under the field classes, filters, statements."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from members.models import FurtherCategory, RoleGrant
from members.rights import HIDDEN, Role
from organizations.models import Action, Change, acting
from tests.make import grant, make_association, make_employer, make_member, make_user
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:organizations_change_changelist")


def listed(client, **params):
    """[(record, kind, [(label, before, after)])] of the list, newest first; accounts left out."""
    response = client.get(LIST, params)
    assert response.status_code == 200, response.url
    return [
        (str(change.about), change.kind, [(line.label, line.before, line.after) for line in change.lines])
        for change in response.context["cl"].result_list
        if change.content_type.model not in ("user", "rolegrant")
    ]


def page_text(client):
    page = client.get(LIST).content.decode()
    return page[page.index('id="result_list"') :]


@pytest.fixture
def home():
    """An association whose own creation is no part of what a test looks at."""
    association = make_association()
    Change.objects.all().delete()
    return association


def test_list_hides_rows_out_of_sight_and_shows_deleted_ones_in_sight(client, home):
    elsewhere = make_association()
    make_member("张一", association=home)
    make_member("张二", association=elsewhere, mobile="13800000002")
    make_member("张三", association=elsewhere).delete()
    make_member("张四", association=home).delete()
    sign_in(client, Role.SECRETARY, home)

    page = page_text(client)

    assert "张一" in page
    assert "张四" in page
    assert [name for name in ("张二", "张三", "13800000002") if name in page] == []


def test_parts_stand_under_the_record_they_are_parts_of(client, home):
    member = make_member("张一", association=home)
    further = FurtherCategory.objects.create(member=member, category="新媒体从业人员")
    further.delete()
    sign_in(client, Role.SECRETARY, home)

    found = listed(client, record="members.furthercategory")

    assert found == [
        ("张一", "-", [("所属类别", "新媒体从业人员", "")]),
        ("张一", "+", [("所属类别", "", "新媒体从业人员")]),
    ]


def test_member_who_moved_is_in_the_list_of_the_new_association_alone(client, home):
    other = make_association()
    member = make_member("张一", association=home)
    FurtherCategory.objects.create(member=member, category="新媒体从业人员").delete()
    member.association = other
    member.save()

    sign_in(client, Role.SECRETARY, home)
    left = listed(client, record="members.member") + listed(client, record="members.furthercategory")
    sign_in(client, Role.SECRETARY, other)
    taken = listed(client, record="members.member") + listed(client, record="members.furthercategory")

    assert left == []
    assert [(name, kind) for name, kind, _lines in taken] == [
        ("张一", "~"),
        ("张一", "+"),
        ("张一", "-"),
        ("张一", "+"),
    ]


def test_values_are_masked_where_their_class_is_not_read(client, home):
    """Somebody may read the list in one association and values in another only."""
    other = make_association()
    for association in (home, other):
        member = make_member("张一", association=association, mobile="13800000001", birth="1985-06")
        member.mobile, member.birth = "13900000001", "1985-07"
        member.save()
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, other)

    found = listed(client, record="members.member", kind="~")

    assert [lines for _name, _kind, lines in found] == [
        [("出生年月", HIDDEN, HIDDEN), ("手机", "138****0001", "139****0001")],
        [("出生年月", "1985年6月", "1985年7月"), ("手机", "13800000001", "13900000001")],
    ]
    offered = client.get(LIST, {"record": "members.member"}).context["cl"].filter_specs
    fields = next(spec for spec in offered if getattr(spec, "parameter_name", "") == "field")
    assert "mobile" not in dict(fields.lookup_choices)
    assert "township" in dict(fields.lookup_choices)
    assert listed(client, record="members.member", field="mobile") == []


def test_list_is_narrowed_by_kind_field_person_period_and_action(client, home):
    member = make_member("张一", association=home)
    first, second = make_user(name="李某"), make_user(name="王某")
    for user, kind, moment, field in [
        (first, "edit", "2023-05-02T23:30:00+08:00", "wechat"),
        (second, "import", "2024-01-01T00:10:00+08:00", "title"),
    ]:
        with acting(user, kind=kind) as scope:
            setattr(member, field, "neu")
            member.save()
        Action.objects.filter(pk=scope.row.pk).update(at=moment)
    sign_in(client, Role.SECRETARY, home)

    def labels(**params):
        return [lines[0][0] for _name, kind, lines in listed(client, **params) if kind == "~"]

    assert labels() == ["职称", "微信号"]
    assert labels(record="members.member", field="wechat") == ["微信号"]
    assert labels(actor=second.pk) == ["职称"]
    assert labels(until="2023-05-02") == ["微信号"]
    assert labels(since="2024-01-01", until="2024-01-01") == ["职称"]
    assert labels(way="import") == ["职称"]
    assert labels(record="members.employer") == []


@pytest.mark.parametrize(
    "params",
    [
        {"actor": "'"},
        {"actor": "9" * 30},
        {"since": "昨天"},
        {"record": "members.member", "field": "id_digest"},
        {"record": "auth.permission"},
        {"record": "%"},
    ],
)
def test_addresses_edited_by_hand_find_nothing(client, home, params):
    make_member("张一", association=home)
    sign_in(client, Role.MANAGER, home)

    assert listed(client, **params) == []


@pytest.mark.parametrize(
    "params", [{"after": "x" * 40}, {"field": "mobile"}, {"since": "", "actor": "", "record": ""}]
)
def test_parameters_that_say_nothing_narrow_nothing(client, home, params):
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    assert [name for name, _kind, _lines in listed(client, **params)] == ["张一"]


@pytest.mark.parametrize("params", [{"since": "\x00"}, {"diff__mobile__0": "13800000001"}])
def test_parameters_that_are_not_on_the_screen_are_refused(client, home, params):
    sign_in(client, Role.SECRETARY, home)

    assert client.get(LIST, params).status_code == 400


def test_roles_given_elsewhere_are_not_listed(client, home):
    elsewhere = make_association()
    colleague = make_user(name="同事")
    grant(colleague, Role.VIEWER, home)
    grant(colleague, Role.VIEWER, elsewhere)
    sign_in(client, Role.MANAGER, home)
    kind = ContentType.objects.get_for_model(RoleGrant)

    found = client.get(LIST, {"record": "members.rolegrant"}).context["cl"].result_list

    ours = set(RoleGrant.objects.filter(association=home).values_list("pk", flat=True))
    assert Change.objects.filter(content_type=kind).count() == 3
    assert {change.object_id for change in found} == ours


def test_rows_with_and_without_their_record_take_the_same_statements(
    client, home, django_assert_max_num_queries
):
    sign_in(client, Role.SECRETARY, home)
    member = make_member("张一", association=home, employer="第0公司")
    gone = make_employer("消失公司", association=home)
    member.employer = gone
    member.save()
    member.employer = make_employer("第1公司", association=home)
    member.save()
    gone.delete()
    client.get(LIST)
    counts = []
    for size in (1, 3):
        for number in range(size):
            with acting(make_user()):
                member.employer = make_employer(f"{size}-{number}公司", association=home)
                member.save()
                FurtherCategory.objects.create(member=member, category="新媒体从业人员").delete()
        with django_assert_max_num_queries(20) as captured:
            client.get(LIST)
        counts.append(len(captured))

    assert counts[0] == counts[1]
