"""Who can see a member, and what an account may see: said as the rights themselves have it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Consent, Member
from members.rights import ROLES, Role
from members.seen_by import permissions_in_words, readers_of, review
from organizations.models import Body
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_term,
    make_user,
)
from tests.members.screens import body_of, page_of, sign_in

pytestmark = pytest.mark.django_db
DAY, ONE = timezone.localdate(), dt.timedelta(days=1)


@pytest.fixture
def city():
    return make_association("市联合会")


@pytest.fixture
def home(city):
    return make_association("本区联合会", parent=city)


@pytest.fixture
def member(home):
    return make_member("张一", association=home)


def seen_by(member):
    return reverse("members:seen_by", args=[member.pk])


def sees(user):
    return reverse("members:sees", args=[user.pk])


def named(name, role=None, association=None, **fields):
    user = make_user(f"{name}@example.org", name=name)
    if role:
        grant(user, role, association, **fields)
    return user


# -- who reads a record


def test_readers_are_those_to_whom_the_record_is_visible(city, home, member):
    council = make_body(association=home, name="理事会")
    make_appointment(member, "理事", term=make_term(council))
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设支部", hides_people=True)
    park = make_association(parent=home)
    users = [named(role, role, home) for role in Role] + [
        named("市", Role.MANAGER, city),
        named("园", Role.MANAGER, park),
        named("远", Role.MANAGER, make_association()),
        named("机构", Role.SECRETARY, home, body=council),
        named("支部", Role.VIEWER, home, body=branch),
        named("过期", Role.VIEWER, home, ends_on=DAY - ONE),
        named("以后", Role.VIEWER, home, starts_on=DAY + ONE),
        named("闲"),
    ]
    closed = named("停用", Role.MANAGER, home)
    closed.is_active = False
    closed.save()

    readers = {reader.user for reader in readers_of(member, DAY)}

    assert readers == {user for user in users if Member.objects.staff_visible_to(user).filter(pk=member.pk)}
    assert {str(user) for user in readers} == {
        "manager", "secretary", "viewer", "supervisor", "department_persons", "市", "机构"
    }  # fmt: skip


def test_the_page_says_role_place_time_and_what_each_reads(client, home, member):
    named("查阅甲", Role.VIEWER, home, ends_on=DAY + ONE)
    named("主管甲", Role.DEPARTMENT, home)
    sign_in(client, Role.MANAGER, home, name="管理甲")
    member.consents.create(purpose=Consent.Purpose.DIRECTORY)
    member.consents.create(purpose=Consent.Purpose.DIRECTORY_MOBILE)

    page = " ".join(body_of(client.get(seen_by(member))).split())

    assert "查阅甲" in page
    assert (DAY + ONE).isoformat() in page
    assert "联系方式、个人信息、身份信息" in page
    assert "按本人同意，在会员通讯录中可见：姓名、工作单位、职务、所属类别、会内任职、手机号。" in page
    assert "主管甲" in page[page.index("仅计入统计、不显示姓名") :]


def test_without_consent_other_members_see_nothing(client, home, member):
    member.consents.create(purpose=Consent.Purpose.DIRECTORY_MOBILE)
    sign_in(client, Role.MANAGER, home)

    assert "看不到：未列入会员通讯录。" in body_of(client.get(seen_by(member)))


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.SECRETARY, 403), (Role.SUPERVISOR, 403), (Role.VIEWER, 403)],
)
def test_who_manages_the_association_opens_both_pages(client, home, member, role, status):
    user = sign_in(client, role, home)

    assert [client.get(address).status_code for address in (seen_by(member), sees(user))] == [status] * 2


def test_out_of_sight_is_not_found_and_in_sight_without_the_right_is_refused(client, home, member):
    user = sign_in(client, Role.MANAGER, make_association())
    stranger = named("外人", Role.VIEWER, home)

    assert [client.get(address).status_code for address in (seen_by(member), sees(stranger))] == [404, 404]

    grant(user, Role.VIEWER, home)

    assert client.get(seen_by(member)).status_code == 403


def test_the_pages_are_offered_where_one_looks_for_them(client, home, member):
    manager = sign_in(client, Role.MANAGER, home)

    assert seen_by(member) in body_of(client.get(page_of(member)))
    assert sees(manager) in body_of(client.get(reverse("admin:members_user_change", args=[manager.pk])))

    sign_in(client, Role.SECRETARY, home)

    assert seen_by(member) not in body_of(client.get(page_of(member)))


def test_pages_take_the_same_statements_at_any_number_of_members_and_readers(client, home, member):
    manager = sign_in(client, Role.MANAGER, home)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(seen_by(member))
            client.get(sees(manager))
        return len(queries)

    count()
    before = count()
    for number in range(3):
        make_member(association=home)
        named(f"查阅{number}", Role.VIEWER, home)

    assert count() == before


# -- the member's own page


def test_member_reads_the_names_of_those_who_see_the_record(client, home):
    user = make_user()
    make_member("张一", association=home, user=user)
    named("秘书甲", Role.SECRETARY, home)
    named("远人", Role.SECRETARY, make_association())
    client.force_login(user)

    page = body_of(client.get(reverse("portal:seen_by")))

    assert "秘书甲" in page
    assert "本区联合会" in page
    assert "远人" not in page
    assert "secretary@example.org" not in page


def test_who_has_no_record_is_told_whom_to_ask(client):
    client.force_login(make_user())

    assert client.get(reverse("portal:seen_by")).status_code == 404


# -- what an account sees


def test_review_counts_what_the_account_sees(city, home):
    park = make_association(parent=home)
    council = make_body(association=home, name="理事会")
    term = make_term(council)
    for place in (home, home, park, city):
        make_member(association=place)
    make_appointment(Member.objects.filter(association=home).first(), "理事", term=term)
    user = named("甲", Role.VIEWER, home)
    grant(user, Role.SECRETARY, home, body=council)
    grant(user, Role.DEPARTMENT, city)
    grant(user, Role.SUPERVISOR, home, ends_on=DAY - ONE)
    manager = named("管", Role.MANAGER, city)

    found = review(user, day=DAY, reader=manager)

    assert [(sight.grant.role, sight.members) for sight in found.sights] == [
        (Role.SECRETARY, 1),
        (Role.VIEWER, 3),
        (Role.DEPARTMENT, 0),
    ]
    assert (found.members, found.bodies) == (Member.objects.staff_visible_to(user).count(), 1)
    assert [each.role for each in found.others] == [Role.SUPERVISOR]


def test_review_tells_a_manager_of_the_own_associations_alone(city, home):
    user = named("甲", Role.VIEWER, home)
    grant(user, Role.MANAGER, city)
    make_member(association=city)
    make_member(association=home)

    found = review(user, day=DAY, reader=named("管", Role.MANAGER, home))

    assert ([sight.where for sight in found.sights], found.members) == ([home], 1)


def test_closed_account_sees_nothing(home):
    make_member(association=home)
    user = named("甲", Role.MANAGER, home)
    user.is_active = False
    user.save()

    found = review(user, day=DAY, reader=named("管", Role.MANAGER, home))

    assert (found.sights, found.members, found.bodies) == ([], 0, 0)


@pytest.mark.parametrize("role", Role)
def test_every_permission_of_a_role_has_words(role, home):
    found = review(named("甲", role, home), day=DAY, reader=named("管", Role.MANAGER, home))

    words = permissions_in_words(found.sights)

    assert sum(len(actions) for _what, actions in words) == len(ROLES[role].permissions)


def test_page_of_an_account_is_in_chinese(client, home):
    user = named("查阅甲", Role.VIEWER, home)
    sign_in(client, Role.MANAGER, home)

    page = " ".join(body_of(client.get(sees(user))).split())

    assert "此账号能看到什么" in page
    assert "查阅" in page
    assert "<td>查看</td>" in page


def test_branch_that_hides_its_people_is_named_to_who_may_see_it(home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设支部", hides_people=True)
    manager = named("管", Role.MANAGER, home)

    assert review(manager, day=DAY, reader=manager).hidden == [branch]
    assert review(named("秘", Role.SECRETARY, home), day=DAY, reader=manager).hidden == []
