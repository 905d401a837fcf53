"""The pages of bodies: the list, one body on a day, and what is written there."""

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.rights import Role
from members.services import change_status
from organizations.models import Appointment, Body, Change, Post, Term
from organizations.services import end_appointment
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_term,
    make_user,
    numeral,
)
from tests.members.screens import opened_with

pytestmark = pytest.mark.django_db
D = dt.date
END = Appointment.EndReason


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def council(home):
    return make_body(association=home, name="本会理事会")


@pytest.fixture
def term(council):
    return make_term(council)


@pytest.fixture
def branch(home):
    """A party branch that hides its people, with a secretary."""
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设党支部", hides_people=True)
    make_appointment(make_member("党员甲", association=home), "书记", term=make_term(branch, years=3))
    return branch


def sign_in(client, role, association, **fields):
    user = make_user()
    grant(user, role, association, **fields)
    client.force_login(user)
    return user


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)


def page(name, row=None):
    return reverse(f"organizations:{name}", args=[row.pk] if row is not None else [])


def text_of(client, address):
    return client.get(address).content.decode()


def errors_of(response):
    return dict(response.context["form"].errors)


def post_of(body, title):
    return Post.objects.offered_by(body).get(title=title)


# -- the list


def test_bodies_in_sight_are_listed_as_they_stand_today(client, secretary, council, branch):
    make_body(association=make_association(), name="他会理事会")
    term = make_term(council)
    make_appointment(make_member("张三"), "会长", term=term)

    rows = client.get(page("bodies")).context["page"].object_list

    assert [(str(row.body), row.term, row.people, row.vacant) for row in rows] == [("本会理事会", term, 1, 1)]


def test_a_body_stands_below_the_one_it_belongs_to(client, secretary, home, council):
    corps = make_body(Body.Kind.CORPS, association=home, name="服务团")
    make_body(Body.Kind.CORPS, association=home, name="服务一分团", parent=corps)
    make_body(Body.Kind.COMMITTEE, association=home, name="专委会", parent=council)
    make_body(Body.Kind.GROUP, association=home, name="已撤销小组", dissolved_on="2020-05")

    def listed(query=""):
        return [
            (row.depth, str(row.body))
            for row in client.get(page("bodies") + query).context["page"].object_list
        ]

    assert listed() == [(0, "本会理事会"), (1, "专委会"), (0, "服务团"), (1, "服务一分团")]
    assert listed("?kind=corps") == [(0, "服务团"), (1, "服务一分团")]
    assert (0, "已撤销小组") in listed("?dissolved=on")
    assert listed("?kind=nothing") == []


def test_the_list_takes_the_same_statements_however_long(client, secretary, home, django_assert_num_queries):
    def add(count):
        for _each in range(count):
            body = make_body(Body.Kind.PARTY_BRANCH, association=home)
            make_appointment(make_member(association=home), "书记", term=make_term(body))

    add(1)
    client.get(page("bodies"))
    with transaction.atomic(), django_assert_num_queries(count_of(client, page("bodies"))):
        client.get(page("bodies"))
    before = count_of(client, page("bodies"))
    add(2)

    assert count_of(client, page("bodies")) == before


def count_of(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# -- one body


def test_a_body_out_of_sight_is_not_found(client, secretary, council, branch):
    elsewhere = make_body(association=make_association())
    seat = branch.appointments.get()
    addresses = [
        page(name, body) for body in (elsewhere, branch) for name in ("body", "body_edit", "appoint")
    ]
    addresses += [page(name, seat) for name in ("appointment_edit", "appointment_end", "appointment_void")]
    addresses += [page(name, seat.term) for name in ("term_edit", "term_end")]
    addresses.append(reverse("admin:organizations_body_history", args=[branch.pk]))

    assert {client.get(address).status_code for address in addresses} == {404}


def test_a_reader_reads_and_does_not_write(client, home, term):
    seat = make_appointment(make_member("张三"), "会长", term=term)
    sign_in(client, Role.VIEWER, home)

    assert client.get(page("body", term.body)).status_code == 200
    addresses = [page(name, term.body) for name in ("body_edit", "body_dissolve", "term_new", "appoint")]
    addresses += [page(name, seat) for name in ("appointment_edit", "appointment_end", "appointment_void")]
    addresses += [page("body_new"), page("term_edit", term), page("term_end", term)]

    assert {client.get(address).status_code for address in addresses} == {403}
    assert {client.post(address).status_code for address in addresses} == {403}
    assert page("appoint", term.body) not in text_of(client, page("body", term.body))


def test_a_member_without_a_role_is_turned_away(client, home, council):
    sign_in(client, Role.MEMBER, home)

    assert client.get(page("bodies")).status_code == 403
    assert client.get(page("body", council)).status_code == 403


def test_the_page_shows_who_sat_on_the_day(client, secretary, term):
    make_appointment(make_member("王一"), "理事", term=term)
    president = make_appointment(make_member("李二"), "会长", term=term)
    end_appointment(president, on=D(2022, 6, 30), reason=END.RESIGNED)
    make_appointment(make_member("赵三"), "会长", term=term, starts_on=D(2022, 7, 1), how="by_election")

    def holders(day):
        people = client.get(f"{page('body', term.body)}?on={day}").context["people"].object_list
        return [f"{row.member}{row.post}" for person in people for row in person]

    assert holders("2022-06-30") == ["李二会长", "王一理事"]
    assert holders("2022-07-01") == ["赵三会长", "王一理事"]
    assert holders("2019-01-01") == []
    text = text_of(client, f"{page('body', term.body)}?on=2022-07-01")
    assert "截至2022年7月1日" in text
    assert "李二" in text  # held a post before
    assert "增补" in text


def test_who_holds_two_posts_stands_once_in_the_place_of_the_higher(client, secretary, term):
    for name, titles in (("王一", ["理事"]), ("李二", ["理事", "会长"])):
        member = make_member(name)
        for title in titles:
            make_appointment(member, title, term=term)

    people = client.get(page("body", term.body)).context["people"]

    assert [[str(row) for row in person] for person in people] == [["李二 会长", "李二 理事"], ["王一 理事"]]
    assert people.paginator.count == 2


@pytest.mark.parametrize("day", ["gestern", "2022-02-30", "99999-01-01", "\x00"])
def test_a_day_that_is_none_is_said_so_and_today_is_shown(client, secretary, term, day):
    response = client.get(page("body", term.body), {"on": day})

    assert response.context["day"] == timezone.localdate()
    assert list(response.context["form"].errors) == ["on"]


def test_vacant_seats_are_named_with_the_way_to_fill_them(client, secretary, term):
    make_appointment(make_member("张三"), "会长", term=term)

    vacant = client.get(page("body", term.body)).context["vacant"]

    assert [(str(each.post), each.vacant) for each in vacant] == [("秘书长", 1)]
    assert f"{page('appoint', term.body)}?post={vacant[0].post.pk}" in text_of(
        client, page("body", term.body)
    )


def test_who_acts_fills_no_seat(client, secretary, term):
    make_appointment(make_member("张三"), "秘书长", term=term, is_acting=True)

    seats = {str(each.post): each for each in client.get(page("body", term.body)).context["seats"]}

    assert (seats["秘书长"].held, seats["秘书长"].acting, seats["秘书长"].vacant) == (0, 1, 1)


def test_the_page_takes_the_same_statements_however_many_people(client, secretary, term):
    def add(count):
        for _each in range(count):
            member = make_member(employer=f"第{numeral(Member.objects.count())}公司")
            make_appointment(member, "理事", term=term)
            gone = make_appointment(make_member(), "理事", term=term)
            end_appointment(gone, on=D(2021, 1, 1), reason=END.RESIGNED)
            left = make_appointment(make_member(), "副会长", term=term)
            change_status(left.member, to="退会", on="2022-03-01", actor=None)
            make_body(Body.Kind.COMMITTEE, association=term.body.association, parent=term.body)

    add(1)
    client.get(page("body", term.body))
    before = count_of(client, page("body", term.body))
    add(2)

    assert count_of(client, page("body", term.body)) == before
    # its own, and those of the check against the charter
    assert before <= 24 + 9


def test_a_large_body_comes_in_pages_and_whole_for_printing(client, secretary, term):
    post = post_of(term.body, "理事")
    members = Member.objects.bulk_create(
        [Member(association=term.body.association, name=f"甲{serial}") for serial in range(101)]
    )
    Appointment.objects.bulk_create(
        [
            Appointment(member=member, body=term.body, term=term, post=post, starts_on=term.starts_on)
            for member in members
        ]
    )

    def shown(query):
        return len(client.get(page("body", term.body) + query).context["people"].object_list)

    assert [shown(""), shown("?page=2"), shown("?rows=all"), shown("?page=nine")] == [100, 1, 101, 100]


# -- who left the association


def test_the_post_of_a_leaver_is_vacant_and_ended_with_one_press(client, secretary, term):
    seat = make_appointment(make_member("张三"), "会长", term=term)
    change_status(seat.member, to="退会", on="2023-03-05", actor=None)

    (leaver,) = client.get(page("body", term.body)).context["leavers"]
    client.post(page("appointment_end", seat), {name: leaver[name] for name in ("ends_on", "end_reason")})
    seat.refresh_from_db()

    assert (seat.ends_on, seat.end_reason) == (D(2023, 3, 5), END.LEFT)
    assert client.get(page("body", term.body)).context["leavers"] == []


def test_where_the_day_of_leaving_is_not_known_the_form_asks(client, secretary, term):
    seat = make_appointment(make_member("张三"), "会长", term=term)
    change_status(seat.member, to="去世", on="2023-03", actor=None)

    (leaver,) = client.get(page("body", term.body)).context["leavers"]

    assert (leaver["ends_on"], leaver["end_reason"]) == ("", END.DECEASED)
    form = client.get(f"{page('appointment_end', seat)}?end_reason=deceased&ends_on=").context["form"]
    assert (form["ends_on"].value(), form["end_reason"].value()) == ("", "deceased")


# -- bodies written


def test_a_body_is_established_with_its_posts(client, secretary, home):
    response = client.post(
        page("body_new"),
        {"association": home.pk, "kind": "committee", "name": "联谊专委会", "established_on": "2024.3"},
    )

    body = Body.objects.get()
    assert response.url == page("body", body)
    assert (body.name, body.established_on, body.hides_people) == ("联谊专委会", "2024-03", False)
    assert Post.objects.offered_by(body).count() == 3
    assert Change.objects.filter(action__actor=secretary, object_id=body.pk).exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "本会理事会"}, "__all__"),
        ({"kind": "council"}, "__all__"),
        ({"established_on": "三月"}, "established_on"),
    ],
)
def test_what_is_wrong_with_a_new_body_stands_beside_it_and_nothing_typed_is_lost(
    client, secretary, home, council, fields, field
):
    typed = {"association": home.pk, "kind": "committee", "name": "新机构", "basis": "第三次会议", **fields}

    response = client.post(page("body_new"), typed)

    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    assert 'value="第三次会议"' in response.content.decode()
    assert Body.objects.count() == 1


def test_only_managers_hide_the_people_of_a_body(client, secretary, home, council):
    typed = {"association": home.pk, "kind": "party_branch", "name": "党支部", "hides_people": "on"}
    client.post(page("body_new"), typed)

    assert not Body.objects.get(name="党支部").hides_people

    sign_in(client, Role.MANAGER, home)
    client.post(page("body_new"), {**typed, "name": "第二党支部"})

    assert Body.objects.get(name="第二党支部").hides_people


def test_nobody_establishes_a_body_in_an_association_of_others(client, secretary):
    elsewhere = make_association()
    make_body(association=elsewhere, name="他会理事会")

    response = client.post(page("body_new"), {"association": elsewhere.pk, "kind": "corps", "name": "服务团"})

    assert list(errors_of(response)) == ["association"]
    assert "他会理事会" not in text_of(client, page("body_new"))


def opened(client, address):
    """What the form at `address` begins with, as a browser sends it back."""
    form = client.get(address).context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}


def test_a_body_is_renamed_unless_somebody_else_has_changed_it_meanwhile(client, secretary, council):
    typed = opened(client, page("body_edit", council))
    council.basis = "第一次会员大会"
    council.save()

    refused = client.post(page("body_edit", council), {**typed, "name": "理事会"})
    council.refresh_from_db()

    assert council.name == "本会理事会"
    assert "第一次会员大会" in str(errors_of(refused)["__all__"])

    again = {name: refused.context["form"][name].value() for name in ("seen", "name", "established_on")}
    client.post(page("body_edit", council), {**again, "basis": "第一次会员大会"})
    council.refresh_from_db()

    assert (council.name, council.basis) == ("理事会", "第一次会员大会")


def test_a_body_is_not_established_after_its_first_term(client, secretary, term):
    typed = opened(client, page("body_edit", term.body))

    response = client.post(page("body_edit", term.body), {**typed, "established_on": "2021"})

    assert list(errors_of(response)) == ["established_on"]


def test_what_belongs_to_a_hidden_body_hides_its_people_too(client, home, branch):
    sign_in(client, Role.MANAGER, home)
    typed = {"association": home.pk, "kind": "group", "name": "党小组", "parent": branch.pk}

    assert list(errors_of(client.post(page("body_new"), typed))) == ["parent"]
    assert client.post(page("body_new"), {**typed, "hides_people": "on"}).status_code == 302


def test_a_body_with_open_ones_below_it_does_not_hide(client, home, council):
    make_body(Body.Kind.COMMITTEE, association=home, parent=council)
    sign_in(client, Role.MANAGER, home)
    typed = opened(client, page("body_edit", council))

    response = client.post(page("body_edit", council), {**typed, "hides_people": "on"})

    assert list(errors_of(response)) == ["hides_people"]


def test_a_body_is_dissolved_with_all_that_is_in_it(client, secretary, term):
    seat = make_appointment(make_member("张三"), "会长", term=term)
    typed = opened(client, page("body_dissolve", term.body))

    client.post(page("body_dissolve", term.body), {**typed, "on": "2024-05-01", "basis": "第二次会员大会"})
    seat.refresh_from_db()

    assert (seat.ends_on, seat.end_reason) == (D(2024, 5, 1), END.DISSOLVED)
    assert page("appoint", term.body) not in text_of(client, page("body", term.body))


# -- terms


def test_a_term_begins_and_ends_the_one_before(client, secretary, council, term):
    address = page("term_new", council)
    typed = opened(client, address)

    assert typed["number"] == 2
    client.post(address, {**typed, "starts_on": "2024-12-24", "planned_end_on": "2029-12-23"})

    assert list(Term.objects.order_by("number").values_list("number", "ended_on")) == [
        (1, D(2024, 12, 23)),
        (2, None),
    ]


def test_a_past_term_is_entered_after_the_running_one(client, secretary, council):
    make_term(council, starts_on=D(2024, 12, 24), number=2)
    typed = {"number": 1, "starts_on": "2019-12-24", "planned_end_on": "2024-12-23"}

    refused = client.post(page("term_new", council), typed)
    client.post(page("term_new", council), {**typed, "ended_on": "2024-12-23"})

    assert list(errors_of(refused)) == ["starts_on"]
    assert council.terms.get(number=1).ended_on == D(2024, 12, 23)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"planned_end_on": "2018-01-01"}, "planned_end_on"),
        ({"starts_on": "2018-01-01"}, "starts_on"),
        ({"number": 1}, "__all__"),
        ({"ended_on": "2024-01-01"}, "starts_on"),
        ({"starts_on": "morgen"}, "starts_on"),
    ],
)
def test_what_is_wrong_with_a_term_stands_beside_it(client, secretary, council, term, fields, field):
    typed = {"number": 2, "starts_on": "2019-12-24", "planned_end_on": "2024-12-23"}
    if field == "__all__":
        typed |= {"starts_on": "2024-12-24", "planned_end_on": "2029-12-23"}

    response = client.post(page("term_new", council), typed | fields)

    assert response.status_code == 422
    assert field in errors_of(response)
    assert council.terms.count() == 1


def test_a_term_is_ended_and_corrected(client, secretary, council, term):
    seat = make_appointment(make_member("张三"), "会长", term=term)

    client.post(page("term_end", term), opened(client, page("term_end", term)) | {"ended_on": "2025-01-10"})
    seat.refresh_from_db()
    assert (seat.ends_on, seat.end_reason) == (D(2025, 1, 10), END.TERM_END)

    typed = opened(client, page("term_edit", term))
    refused = client.post(page("term_edit", term), {**typed, "ended_on": "2024-12-31"})
    assert list(errors_of(refused)) == ["ended_on"]
    client.post(page("term_edit", term), {**typed, "basis": "江新专联〔2019〕1号"})
    term.refresh_from_db()
    assert (term.basis, term.ended_on) == ("江新专联〔2019〕1号", D(2025, 1, 10))


def test_a_body_without_terms_has_no_page_for_them(client, secretary, home):
    assert client.get(page("term_new", make_body(Body.Kind.CORPS, association=home))).status_code == 404


# -- appointments


def appointing(body, title="理事", **fields):
    post = post_of(body, title)
    return {"post": post.pk, "starts_on": "2020-01-05", "how": "elected", **fields}


def test_several_are_appointed_at_once_by_choice_and_by_list(client, secretary, council, term):
    chosen = make_member("张三", number="0001")
    make_member("李四", number="0002")
    make_member("王五", number="0003")

    response = client.post(
        page("appoint", council),
        appointing(council, members=[chosen.pk], names="李 四、0003\n张三", basis="大会"),
    )

    assert response.url == page("body", council)
    rows = Appointment.objects.order_by("member__number")
    assert [(row.member.name, row.term, row.starts_on, row.basis) for row in rows] == [
        (name, term, D(2020, 1, 5), "大会") for name in ("张三", "李四", "王五")
    ]


def test_names_that_are_not_clear_are_asked_about_and_nothing_is_written(client, secretary, council, term):
    make_member("张三", number="0001", employer="甲公司")
    make_member("张三", number="0002")
    make_member("外人", association=make_association())

    response = client.post(page("appoint", council), appointing(council, names="张三、外人、没有这人"))

    sentences = " ".join(errors_of(response)["names"])
    assert "0001（甲公司）、0002（—）" in sentences
    assert "外人" in sentences
    assert "没有这人" in sentences
    assert "张三、外人、没有这人" in response.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"names": ""}, "members"),
        ({"starts_on": "2018-01-01"}, "starts_on"),
        ({"starts_on": "", "names": "张三"}, "starts_on"),
        ({"post": ""}, "post"),
        ({"post": "999999"}, "post"),
        ({"ends_on": "2021-01-01"}, "end_reason"),
        ({"ends_on": "2019-12-31", "end_reason": "resigned"}, "ends_on"),
        ({"members": ["999999"]}, "members"),
    ],
)
def test_what_is_wrong_with_an_appointment_stands_beside_it(client, secretary, council, term, fields, field):
    make_member("张三")

    response = client.post(page("appoint", council), appointing(council, **{"names": "张三", **fields}))

    assert (response.status_code, list(errors_of(response))) == (422, [field])
    assert not Appointment.objects.exists()


def test_who_has_left_is_not_appointed_any_more(client, secretary, council, term):
    change_status(make_member("张三"), to="退会", on="2021-01-01", actor=None)

    response = client.post(
        page("appoint", council), appointing(council, names="张三", starts_on="2022-01-01")
    )
    assert list(errors_of(response)) == ["members"]

    client.post(page("appoint", council), appointing(council, names="张三", starts_on="2020-06-01"))
    assert Appointment.objects.get().starts_on == D(2020, 6, 1)


def test_a_seat_that_is_taken_is_refused_and_none_of_the_others_is_appointed(
    client, secretary, council, term
):
    make_appointment(make_member("张三"), "会长", term=term)
    make_member("李四")

    response = client.post(page("appoint", council), appointing(council, "会长", names="李四"))

    assert list(errors_of(response)) == ["post"]
    assert Appointment.objects.count() == 1


def test_more_holders_than_seats_are_said(client, secretary, council, term):
    post = post_of(council, "副会长")
    post.seats = 2
    post.save()
    for name in ("张三", "李四", "王五"):
        make_member(name)

    response = client.post(
        page("appoint", council), appointing(council, "副会长", names="张三、李四、王五"), follow=True
    )

    assert "“副会长”现有3人，超出2个职数。" in response.content.decode()


def test_an_appointment_is_ended_corrected_and_voided(client, secretary, term):
    seat = make_appointment(make_member("张三"), "会长", term=term)

    client.post(
        page("appointment_end", seat),
        {"ends_on": "2023-05-01", "end_reason": "resigned", "end_basis": "第五次会议"},
    )
    seat.refresh_from_db()
    assert (seat.ends_on, seat.end_reason, seat.end_basis) == (D(2023, 5, 1), END.RESIGNED, "第五次会议")

    typed = opened(client, page("appointment_edit", seat))
    client.post(page("appointment_edit", seat), {**typed, "basis": "第一次大会", "ends_on": "2023-06-01"})
    seat.refresh_from_db()
    assert (seat.basis, seat.ends_on) == ("第一次大会", D(2023, 6, 1))

    assert list(errors_of(client.post(page("appointment_void", seat), {}))) == ["void_reason"]
    client.post(page("appointment_void", seat), {"void_reason": "重复录入"})
    seat.refresh_from_db()
    assert (seat.is_void, seat.void_reason) == (True, "重复录入")
    assert client.get(page("appointment_edit", seat)).status_code == 404
    assert Change.objects.filter(object_id=seat.pk, diff__has_key="void_reason").exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": "2019-01-01"}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"end_reason": ""}, "end_reason"),
        ({"end_reason": "dissolved"}, "end_reason"),
    ],
)
def test_what_is_wrong_with_an_end_stands_beside_it(client, secretary, term, fields, field):
    seat = make_appointment(make_member("张三"), "会长", term=term)
    typed = {"ends_on": "2023-05-01", "end_reason": "resigned", **fields}

    assert list(errors_of(client.post(page("appointment_end", seat), typed))) == [field]


def test_of_two_who_correct_an_appointment_the_second_is_told(client, secretary, term):
    seat = make_appointment(make_member("张三"), "会长", term=term)
    typed = opened(client, page("appointment_edit", seat))
    client.post(page("appointment_edit", seat), {**typed, "basis": "第一次大会"})

    response = client.post(page("appointment_edit", seat), {**typed, "basis": "第二次大会"})
    seat.refresh_from_db()

    assert seat.basis == "第一次大会"
    assert "第一次大会" in str(errors_of(response)["__all__"])
    assert 'value="第二次大会"' in response.content.decode()


# -- posts


def test_posts_are_in_the_hands_of_managers(client, home, council):
    address = reverse("admin:organizations_post_change", args=[post_of(council, "副会长").pk])
    typed = {"title": "副会长", "role": "vice_president", "rank": 30, "seats": 4, "is_retired": "on"}

    sign_in(client, Role.SECRETARY, home)
    assert client.post(address, typed).status_code == 403

    sign_in(client, Role.MANAGER, home)
    client.post(address, typed | opened_with(client, address))
    post = post_of(council, "副会长")
    assert (post.seats, post.is_retired) == (4, True)
    assert "副会长" not in [
        str(each) for each in client.get(page("appoint", council)).context["form"].fields["post"].queryset
    ]


def test_a_post_two_hold_at_once_does_not_become_one_seat(client, home, term):
    for name in ("张三", "李四"):
        make_appointment(make_member(name), "副会长", term=term)
    sign_in(client, Role.MANAGER, home)
    post = post_of(term.body, "副会长")

    client.post(
        reverse("admin:organizations_post_change", args=[post.pk]),
        {"title": "副会长", "role": "vice_president", "rank": 30, "seats": 1},
    )
    post.refresh_from_db()

    assert post.seats is None
