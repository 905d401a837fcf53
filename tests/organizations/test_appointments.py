"""Bodies, their terms, and who holds which post on which day."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from members.codes import Status
from members.rights import Role
from members.services import change_status
from organizations.models import Appointment, Body, Change, Term
from organizations.services import (
    NotPossible,
    appoint,
    begin_term,
    change_appointment,
    change_term,
    dissolve_body,
    end_appointment,
    end_term,
    establish_body,
    void_appointment,
)
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
D = dt.date
END = Appointment.EndReason


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def council():
    return make_body()


@pytest.fixture
def term(council):
    return make_term(council)


def holders(day, body=None):
    rows = Appointment.objects.in_force_on(day)
    if body:
        rows = rows.filter(body=body)
    return sorted(f"{row.member}{row.post}" for row in rows)


def post_of(body, title):
    return body.association.posts.get(body_kind=body.kind, title=title)


def test_a_body_is_established_with_the_usual_posts():
    body = establish_body(
        make_association(), kind=Body.Kind.SUPERVISORS, name="监事会", established_on="2019-12"
    )

    assert [post.title for post in body.association.posts.offered_by(body)] == ["监事长", "副监事长", "监事"]
    assert body.existed_on(D(2019, 12, 31))
    assert not body.existed_on(D(2019, 11, 30))


def test_posts_once_changed_stay(council):
    council.association.posts.filter(title="顾问").delete()

    establish_body(make_association(), kind=Body.Kind.COUNCIL, name="理事会")
    dissolve_body(council, on=D(2024, 1, 1))
    establish_body(council.association, kind=Body.Kind.COUNCIL, name="新理事会")

    assert not council.association.posts.filter(title="顾问").exists()


def test_an_association_has_one_council_at_a_time(council):
    with pytest.raises(ValidationError, match="此类机构"):
        establish_body(council.association, kind=Body.Kind.COUNCIL, name="另一个理事会")
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.create(association=council.association, kind=Body.Kind.COUNCIL, name="又一个")

    assert establish_body(council.association, kind=Body.Kind.COMMITTEE, name="甲委员会")
    assert establish_body(council.association, kind=Body.Kind.COMMITTEE, name="乙委员会")


def test_a_branch_has_no_branches_and_no_body_stands_below_itself(council):
    group = make_body(Body.Kind.GROUP, association=council.association)
    below = Body(association=council.association, kind=Body.Kind.GROUP, name="二级", parent=group)
    with pytest.raises(ValidationError, match="分支机构不得再设"):
        below.clean()

    corps = make_body(Body.Kind.CORPS, association=council.association)
    sub = make_body(Body.Kind.CORPS, association=council.association, parent=corps)
    corps.parent = sub
    with pytest.raises(ValidationError, match="不能隶属于自身"):
        corps.clean()


def test_an_end_date_holds_through_that_day(term):
    one = make_member("张三")
    appointment = make_appointment(one, term=term)

    end_appointment(appointment, on=D(2021, 6, 30), reason=END.RESIGNED, basis="本人辞职")

    assert holders(D(2019, 12, 23)) == []
    assert holders(D(2019, 12, 24)) == ["张三理事"]
    assert holders(D(2021, 6, 30)) == ["张三理事"]
    assert holders(D(2021, 7, 1)) == []


def test_an_appointment_of_a_future_day_holds_from_then_on(term):
    make_appointment(make_member("张三"), term=term, starts_on=D(2030, 1, 1), how="by_election")

    assert holders(D(2029, 12, 31)) == []
    assert holders(D(2030, 1, 1)) == ["张三理事"]


def test_one_president_at_a_time(term):
    one, other = make_member("张三"), make_member("李四")
    first = make_appointment(one, "会长", term=term)

    with pytest.raises(NotPossible, match=r"张三自2019-12-24起任“会长”"):
        make_appointment(other, "会长", term=term, starts_on=D(2022, 1, 1))
    end_appointment(first, on=D(2021, 12, 31), reason=END.RESIGNED)
    make_appointment(other, "会长", term=term, starts_on=D(2022, 1, 1))

    assert holders(D(2021, 12, 31)) == ["张三会长"]
    assert holders(D(2022, 1, 1)) == ["李四会长"]


def test_somebody_acts_beside_the_one_whose_post_it_is(term):
    make_appointment(make_member("张三"), "会长", term=term)
    make_appointment(make_member("李四"), "会长", term=term, is_acting=True, starts_on=D(2022, 1, 1))

    assert holders(D(2022, 1, 1)) == ["张三会长", "李四会长"]
    with pytest.raises(NotPossible):
        make_appointment(make_member("王五"), "会长", term=term, is_acting=True, starts_on=D(2022, 2, 1))


def test_a_person_is_appointed_once_to_a_post_in_a_term(term):
    one = make_member("张三")
    first = make_appointment(one, term=term)
    end_appointment(first, on=D(2021, 1, 1), reason=END.RESIGNED)

    with pytest.raises(NotPossible, match="本届已任“理事”"):
        make_appointment(one, term=term, starts_on=D(2022, 1, 1))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_on": D(2019, 12, 23)}, "自2019-12-24才开始"),
        ({"starts_on": D(2020, 1, 1), "ends_on": D(2019, 12, 31), "end_reason": "resigned"}, "早于"),
    ],
)
def test_an_appointment_lies_within_its_term(term, fields, sentence):
    with pytest.raises(NotPossible, match=sentence):
        make_appointment(make_member(), term=term, **fields)


def test_nobody_is_appointed_before_birth_or_to_a_body_of_another_association(term):
    with pytest.raises(NotPossible, match="出生"):
        make_appointment(make_member(birth="2021-05"), term=term)
    stranger = make_member(association=make_association())
    with pytest.raises(NotPossible, match="不是该机构所属协会的会员"):
        make_appointment(stranger, term=term)


def test_without_a_term_nobody_is_appointed_to_a_council(council):
    post = post_of(council, "理事")
    with pytest.raises(NotPossible, match="请先录入届次"):
        appoint(make_member(), post=post, body=council, starts_on=D(2020, 1, 1))


def test_the_running_term_is_taken_where_none_is_named(council, term):
    post = post_of(council, "理事")

    appointment = appoint(make_member(), post=post, body=council, starts_on=D(2020, 1, 1))

    assert appointment.term == term


def test_the_database_itself_refuses(term):
    council, one = term.body, make_member()
    make_appointment(one, "会长", term=term)
    president, supervisor = post_of(council, "会长"), post_of(make_body(Body.Kind.SUPERVISORS), "监事")
    columns = {"member": make_member(), "body": council, "term": term, "starts_on": D(2022, 1, 1)}

    for wrong in (
        {"post": president},
        {"post": supervisor},
        {"post": post_of(council, "理事"), "starts_on": D(2018, 1, 1)},
        {"post": president, "is_acting": True, "term": make_term(make_body(Body.Kind.SUPERVISORS,
                                                                           association=make_association()))},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(**columns | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(member=one).update(starts_on=D(2018, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(ended_on=D(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        council.terms.create(number=2, starts_on=D(2024, 1, 1), planned_end_on=D(2028, 12, 31))
    assert holders(D(2022, 1, 1)) == [f"{one}会长"]


def test_a_new_term_ends_the_running_one_with_its_appointments(council, term):
    make_appointment(make_member("张三"), term=term)

    second = begin_term(council, starts_on=D(2024, 12, 24), planned_end_on=D(2029, 12, 23))

    term.refresh_from_db()
    assert (second.number, term.ended_on) == (2, D(2024, 12, 23))
    assert term.appointments.get().end_reason == END.TERM_END
    assert (holders(D(2024, 12, 23)), holders(D(2024, 12, 24))) == (["张三理事"], [])


def test_terms_do_not_overlap(council, term):
    with pytest.raises(NotPossible, match="2019-12-24"):
        begin_term(council, starts_on=D(2018, 1, 1), planned_end_on=D(2019, 12, 31))
    other = Term(body=council, number=2, starts_on=D(2023, 1, 1), planned_end_on=D(2027, 12, 31))
    with pytest.raises(ValidationError, match="重叠"):
        other.clean()


def test_an_overdue_term_runs_on(council, term):
    assert list(council.terms.in_force_on(D(2026, 1, 1))) == [term]


def test_a_term_does_not_end_before_what_is_planned_in_it(term):
    make_appointment(make_member("张三"), term=term, starts_on=D(2023, 1, 1))

    with pytest.raises(NotPossible, match=r"张三将于2023-01-01任“理事”"):
        end_term(term, on=D(2022, 12, 31))


def test_who_leaves_the_association_leaves_a_vacancy(term):
    one, manager = make_member("张三"), make_user()
    make_appointment(one, "会长", term=term)
    change_status(one, to=Status.WITHDRAWN, on="2023-05-10", actor=manager)

    assert holders(D(2023, 5, 10)) == ["张三会长"]
    assert holders(D(2023, 5, 11)) == []
    assert holders(D(2040, 1, 1)) == []

    make_appointment(make_member("李四"), "会长", term=term, starts_on=D(2023, 6, 1), how="by_election")
    first = Appointment.objects.get(member=one)
    assert (first.ends_on, first.end_reason) == (D(2023, 5, 31), END.LEFT)


def test_who_comes_back_is_no_longer_gone(term):
    one, manager = make_member("张三"), make_user()
    make_appointment(one, term=term)
    change_status(one, to=Status.WITHDRAWN, on="2021-01-01", actor=manager)
    change_status(one, to=Status.ACTIVE, on="2022-01-01", actor=manager)

    assert holders(D(2021, 6, 1)) == []
    assert holders(D(2023, 1, 1)) == ["张三理事"]


def test_one_entered_in_error_is_voided_and_its_place_free(term):
    one = make_member("张三")
    wrong = make_appointment(one, "会长", term=term)

    with pytest.raises(NotPossible):
        void_appointment(wrong, on=D(2024, 1, 1), reason=" ")
    void_appointment(wrong, on=D(2024, 1, 1), reason="录错人")

    assert holders(D(2022, 1, 1)) == []
    make_appointment(one, "会长", term=term)
    make_appointment(make_member("李四"), "秘书长", term=term)
    assert holders(D(2022, 1, 1)) == ["张三会长", "李四秘书长"]
    assert Change.objects.of(term.body).filter(diff__has_key="void_reason").count() == 1


def test_a_dissolved_body_ends_all_in_it(council):
    group = make_body(Body.Kind.GROUP, association=council.association, name="双福联络组")
    make_appointment(make_member("张三"), "组长", body=group)

    dissolve_body(group, on=D(2024, 3, 31), basis="理事会决定")

    assert (holders(D(2024, 3, 31)), holders(D(2024, 4, 1))) == (["张三组长"], [])
    assert list(Body.objects.existing_on(D(2024, 4, 1))) == [council]


def test_a_body_with_others_below_it_is_not_dissolved():
    corps = make_body(Body.Kind.CORPS)
    make_body(Body.Kind.CORPS, parent=corps)

    with pytest.raises(NotPossible, match="请先撤销"):
        dissolve_body(corps, on=D(2024, 1, 1))


# -- who sees them


def bodies_seen(user):
    user.__dict__.pop("rights", None)
    return set(Body.objects.visible_to(user).values_list("name", flat=True))


def test_a_body_that_hides_its_people_is_seen_from_inside_alone():
    home = make_association()
    council = make_body(association=home, name="理事会")
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="党支部", hides_people=True)
    manager, secretary, viewer, stranger = (make_user() for _ in range(4))
    grant(manager, Role.MANAGER, home)
    grant(secretary, Role.SECRETARY, home)
    grant(viewer, Role.VIEWER, home)
    grant(stranger, Role.MANAGER, make_association())
    assert [bodies_seen(user) for user in (manager, secretary, viewer, stranger)] == [
        {"理事会", "党支部"},
        {"理事会"},
        {"理事会"},
        set(),
    ]

    make_appointment(make_member(user=viewer), "党员", term=make_term(branch))
    grant(secretary, Role.SECRETARY, home, body=branch)

    assert bodies_seen(viewer) == {"理事会", "党支部"}
    assert bodies_seen(secretary) == {"理事会", "党支部"}
    assert list(Body.objects.where_may(secretary, "edit").order_by("pk")) == [council, branch]


def test_a_secretary_of_one_body_sees_its_people_alone():
    from members.models import Member

    home = make_association()
    council = make_body(association=home)
    seated, other = make_member("张三", association=home), make_member("李四", association=home)
    make_appointment(seated, term=make_term(council))
    user = make_user()
    grant(user, Role.SECRETARY, home, body=council)

    assert list(Member.objects.staff_visible_to(user)) == [seated]
    assert user.rights.is_staff
    assert user.rights.may_in_body("edit", council)
    assert not user.rights.may("edit", home.pk)
    assert not user.rights.may_read("mobile", home.pk)
    assert user.has_perm("organizations.change_appointment")
    assert not user.has_perm("members.import_member")
    assert other.pk


def test_in_one_body_there_are_no_managers():
    home = make_association()
    role = grant(make_user(), Role.MANAGER, home)
    role.body = make_body(association=home)
    with pytest.raises(ValidationError, match="只能授予秘书"):
        role.clean()


def test_an_appointment_is_corrected_within_the_rules(term):
    president = make_appointment(make_member("张一"), "会长", term=term)
    other = make_appointment(make_member("张二"), "副会长", term=term)
    end_appointment(other, on=D(2021, 6, 30), reason=END.RESIGNED)

    change_appointment(other, ends_on=None, end_reason="", end_basis="", basis="第一次会员大会")
    other.refresh_from_db()

    assert (other.ends_on, other.end_reason, other.basis) == (None, "", "第一次会员大会")
    with pytest.raises(NotPossible) as error:
        change_appointment(president, starts_on=D(2019, 12, 1))
    assert error.value.field == "starts_on"
    void_appointment(president, on=D(2026, 1, 1), reason="重复")
    with pytest.raises(NotPossible):
        change_appointment(president, basis="x")


def test_a_term_is_corrected_around_its_appointments(term):
    make_appointment(make_member("张一"), "会长", term=term, starts_on=D(2020, 1, 5))

    change_term(term, starts_on=D(2020, 1, 5), basis="渝新专联〔2020〕1号")
    term.refresh_from_db()

    assert (term.starts_on, term.basis) == (D(2020, 1, 5), "渝新专联〔2020〕1号")
    with pytest.raises(NotPossible) as error:
        change_term(term, starts_on=D(2020, 1, 6))
    assert error.value.field == "starts_on"
    with pytest.raises(NotPossible) as error:
        change_term(term, ended_on=D(2024, 1, 1))
    assert error.value.field == "ended_on"
