"""Inviting the audience: whom it reaches, what it costs, that it is repeated without doubling."""

import pytest
from django.core import mail
from django.utils import timezone

from activities.models import Audience
from activities.signing_up.inviting import invite, invitees
from members.codes import Category, Status
from members.models import (
    Consent,
    FurtherCategory,
    ListedMember,
    Member,
    Message,
    PersonRequest,
    SavedList,
)
from members.privacy.consents import give_consent
from members.rights import Role
from organizations.models import Body, Change, acting
from organizations.services import NotPossible
from tests.make import (
    grant,
    make_activity,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_participation,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association("江北联合会")


@pytest.fixture
def secretary(home):
    user = make_user()
    grant(user, Role.SECRETARY, home)
    return user


def audience(activity, **fields):
    activity.audiences.all().delete()
    return Audience.objects.create(activity=activity, **fields)


def names(activity, user):
    return [member.name for member in invitees(activity, user).members]


def test_everybody_is_invited_once_and_told(home, secretary):
    first = make_member("张三", association=home, email="zhang@example.org")
    make_member("李四", association=home, email="li@example.org")
    give_consent(first, Consent.Purpose.MESSAGES, way=Consent.Way.SELF, actor=None)
    activity = make_activity(association=home, place="江津会堂")

    assert invite(activity, actor=secretary) == 2
    assert invite(activity, actor=secretary) == 0
    make_member("王五", association=home)
    assert invite(activity, actor=secretary) == 1

    row = activity.participations.get(member=first)
    assert (row.state, row.presence) == ("invited", "") and row.invited_at is not None
    assert row.asked_at is None
    message = first.messages.get()
    assert message.title == "邀请您参加：国情考察"
    assert "江津会堂" in message.text and message.link == f"/my/activities/{activity.pk}/"
    assert Message.objects.count() == 3


def test_who_agreed_gets_a_letter(home, secretary, django_capture_on_commit_callbacks):
    for name in ("张三", "李四", "王五"):
        make_member(name, association=home, email=f"{name}@example.org".encode("punycode").decode())
    agreed = Member.objects.get(name="张三")
    give_consent(agreed, Consent.Purpose.MESSAGES, way=Consent.Way.SELF, actor=None)

    with django_capture_on_commit_callbacks(execute=True):
        invite(make_activity(association=home), actor=secretary)

    assert [letter.to for letter in mail.outbox] == [[agreed.email]]
    assert "邀请您参加" in mail.outbox[0].subject


def test_inviting_is_one_action_with_a_change_each(home, secretary):
    for _ in range(3):
        make_member(association=home)
    activity = make_activity(association=home)

    with acting(secretary) as scope:
        invite(activity, actor=secretary)

    changes = Change.objects.filter(action=scope.row)
    assert changes.count() == 3
    assert {change.association_id for change in changes} == {home.pk}
    assert changes[0].diff["state"] == [None, "invited"] and changes[0].action.actor == secretary


def test_a_thousand_are_invited_in_few_statements(home, secretary, django_assert_max_num_queries):
    Member.objects.bulk_create(
        [Member(association=home, name=f"张{number}", stroke_key="") for number in range(1000)]
    )
    activity = make_activity(association=home)

    with django_assert_max_num_queries(60):
        assert invite(activity, actor=secretary) == 1000


def test_who_left_is_on_the_list_or_wants_no_further_use_is_not_invited_and_counted(home, secretary):
    make_member("张三", association=home)
    make_member("李四", association=home, status=Status.WITHDRAWN)
    listed, restricted = make_member("王五", association=home), make_member("赵六", association=home)
    activity = make_activity(association=home)
    make_participation(activity, listed)
    PersonRequest.objects.create(
        association=home, member=restricted, kind="restriction", asker="赵六", due_on=timezone.localdate(),
        state="fulfilled", decided_on=timezone.localdate(),
    )  # fmt: skip

    found = invitees(activity, secretary)

    assert [member.name for member in found.members] == ["张三"]
    assert found.skipped == ["1 人已在名单上。", "1 人已不是在册会员。", "1 人已要求停止使用其个人信息。"]


def test_a_category_reaches_those_of_whom_it_is_a_further_one(home, secretary):
    category, other = Category.values[:2]
    make_member("张三", association=home, category=category)
    further = make_member("李四", association=home, category=other)
    make_member("王五", association=home, category=other)
    FurtherCategory.objects.create(member=further, category=category)
    activity = make_activity(association=home)
    audience(activity, kind="category", category=category)

    assert sorted(names(activity, secretary)) == ["张三", "李四"]


def test_the_people_of_a_body_are_those_in_office_today(home, secretary):
    council = make_body(association=home)
    term = make_term(council)
    today = timezone.localdate()
    sitting, former = make_member("张三", association=home), make_member("李四", association=home)
    make_appointment(sitting, "理事", term=term)
    row = make_appointment(former, "理事", term=term)
    row.ends_on, row.end_reason = today.replace(year=today.year - 1), "resigned"
    row.save()
    activity = make_activity(association=home)
    audience(activity, kind="body", body=council)

    assert names(activity, secretary) == ["张三"]


def test_a_body_that_hides_its_people_is_asked_only_by_those_who_see_them(home, secretary):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    make_appointment(make_member("张三", association=home), "书记", term=make_term(branch))
    activity = make_activity(association=home)
    audience(activity, kind="body", body=branch)
    manager = make_user()
    grant(manager, Role.MANAGER, home)

    found = invitees(activity, secretary)

    assert found.members == [] and found.problems == ["参加范围中有一个机构的人员不在您的查看范围内。"]
    assert names(activity, manager) == ["张三"]


def saved_list(owner, kind, **fields):
    return SavedList.objects.create(owner=owner, name="某名单", kind=kind, **fields)


def test_a_picked_list_reaches_its_members_in_sight(home, secretary):
    picked = saved_list(secretary, "picked")
    for member in (
        make_member("张三", association=home),
        make_member("李四", association=make_association()),
    ):
        ListedMember.objects.create(saved_list=picked, member=member)
    activity = make_activity(association=home)
    audience(activity, kind="list", saved_list=picked)

    found = invitees(activity, secretary)

    assert [member.name for member in found.members] == ["张三"]
    assert found.skipped == ["1 人不在您的查看范围内，可请有全会权限的工作人员邀请。"]


def test_conditions_are_asked_with_the_rights_of_who_invites(home, secretary):
    make_member("张三", association=home, mobile="13900000001", township="几江街道")
    make_member("李四", association=home, township="德感街道")
    shared = saved_list(secretary, "conditions", association=home, groups=["mobile:contains:139"])
    activity = make_activity(association=home, host=make_body(association=home))
    audience(activity, kind="list", saved_list=shared)
    viewer = make_user()
    grant(viewer, Role.VIEWER, home)

    assert names(activity, secretary) == ["张三"]
    found = invitees(activity, viewer)
    assert found.members == [] and "某名单" in found.problems[0]
    shared.groups = ["township:is:德感街道"]
    shared.save()
    assert names(activity, viewer) == ["李四"]


def test_a_list_that_is_not_shared_is_no_road_to_its_members(home, secretary):
    own = saved_list(make_user(), "picked")
    ListedMember.objects.create(saved_list=own, member=make_member("张三", association=home))
    activity = make_activity(association=home)
    audience(activity, kind="list", saved_list=own)

    found = invitees(activity, secretary)

    assert found.members == [] and found.problems == ["参加范围中有一份名单没有共享给您。"]


def test_the_secretary_of_one_body_invites_those_they_see(home):
    council = make_body(association=home)
    make_appointment(make_member("张三", association=home), "理事", term=make_term(council))
    make_member("李四", association=home)
    user = make_user()
    grant(user, Role.SECRETARY, home, body=council)
    activity = make_activity(host=council)

    found = invitees(activity, user)

    assert [member.name for member in found.members] == ["张三"]
    assert found.skipped == ["1 人不在您的查看范围内，可请有全会权限的工作人员邀请。"]


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_nobody_is_invited_before_it_is_announced_or_when_it_is_cancelled(home, secretary, state):
    make_member(association=home)
    activity = make_activity(association=home, state=state)

    with pytest.raises(NotPossible):
        invite(activity, actor=secretary)
    assert not Message.objects.exists()
