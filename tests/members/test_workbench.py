"""The workbench: its figures, what waits, birthdays and recent records, and to whom it shows them."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.codes import Category, Status
from members.filters import Selection
from members.models import ImportBatch, Member, StatusChange
from members.queries import birthdays, last_changed, last_edited_by, member_figures, members_left
from members.rights import Role
from organizations.models import Action, Body, acting
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_employer,
    make_member,
    make_term,
    make_user,
)
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

INDEX = "/admin/"
SWITCH = "/members/workbench/birthdays/"
DAY = dt.date(2026, 11, 22)


def look(client, **params):
    """The context of the workbench."""
    response = client.get(INDEX, params)
    assert response.status_code == 200
    return response.context


def body(client, **params):
    page = client.get(INDEX, params).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def meant(address, user):
    """The members in the list at `address`."""
    selection = Selection.parse(QueryDict(urlsplit(address).query))
    assert selection.problems(user) == []
    return set(selection.apply(Member.objects.staff_visible_to(user), user))


def make_batch(association, *, file_name="roster.xlsx", state="previewed", **counts):
    none = dict.fromkeys(
        ["rows", "new", "update", "unchanged", "question", "error", "skipped", "doubtful"], 0
    )
    steps = 1 if state == "applied" else 0
    return ImportBatch.objects.create(
        association=association, file_name=file_name, state=state, counts=none | counts, steps_applied=steps
    )


def leave(member, on, to=Status.WITHDRAWN):
    StatusChange.objects.create(member=member, status=to, on=on)


# -- figures


def test_members_in_force_by_category_add_up(client):
    home = make_association()
    sign_in(client, Role.VIEWER, home)
    for category in (Category.FREELANCE, Category.FREELANCE, Category.NEW_MEDIA, ""):
        make_member(association=home, category=category)
    make_member(association=home, category=Category.FREELANCE, status=Status.SUSPENDED)
    for status in (Status.APPLIED, Status.WITHDRAWN, Status.DECEASED):
        make_member(association=home, category=Category.NEW_MEDIA, status=status)

    context = look(client)

    assert [each["count"] for each in context["categories"]] == [0, 0, 3, 1, 1]
    assert context["total"]["count"] == 5


def test_each_number_leads_to_the_members_it_counts(client):
    home, below_parent = make_association(), make_association()
    below = make_association(parent=below_parent)
    secretary = sign_in(client, Role.SECRETARY, home, below_parent)
    year = timezone.localdate().year
    for association in (home, below_parent, below):
        for category in ("", Category.FREELANCE):
            for status in (Status.ACTIVE, Status.SUSPENDED, Status.APPLIED, Status.WITHDRAWN):
                for mobile, joined in (("", str(year)), ("13800000001", f"{year - 1}-12-31"), ("", "")):
                    make_member(
                        association=association,
                        category=category,
                        status=status,
                        mobile=mobile,
                        joined=joined,
                    )

    for params, expected in (({}, 3), ({"association": below_parent.pk}, 2), ({"association": below.pk}, 1)):
        context = look(client, **params)
        numbers = [*context["categories"], context["total"], context["joined"], context["joined_last_year"]]
        found = [(each["count"], len(meant(each["address"], secretary))) for each in numbers]
        missing = [len(meant(each["address"], secretary)) for each in context["missing"]]

        assert [count for count, _listed in found] == [expected * each for each in (0, 0, 6, 0, 6, 12, 6, 6)]
        assert all(count == listed for count, listed in found)
        assert missing == [expected * 8, expected * 6]
        assert [each["text"] for each in context["missing"]] == [
            f"{expected * 8} 名会员未填手机号",
            f"{expected * 6} 名会员未填所属类别",
        ]


def test_joined_and_left_by_the_year_of_the_local_date():
    home, user = make_association(), make_user()
    grant(user, Role.SECRETARY, home)
    for joined in ("2026", "2026-03", "2026-01-01", "2025-12-31", "2024", ""):
        make_member(association=home, joined=joined)
    make_member(association=home, joined="2026", status=Status.APPLIED)
    gone = make_member(association=home, joined="2026-02", status=Status.WITHDRAWN)
    leave(gone, "2026-05-06")
    leave(gone, "2026-09", Status.DECEASED)
    leave(make_member(association=home, status=Status.TRANSFERRED), "2026", Status.TRANSFERRED)
    leave(make_member(association=home, status=Status.EXPELLED), "2025-12-31", Status.EXPELLED)
    for on in ("2024-12", ""):
        leave(make_member(association=home, status=Status.WITHDRAWN), on)
    leave(make_member(association=home), "2026-05-06", Status.SUSPENDED)

    figures = member_figures(user.rights.associations, user, DAY)

    assert (figures.joined, figures.joined_last_year) == (4, 1)
    # who left twice in a year left once
    assert members_left(user.rights.associations, DAY) == (2, 1)


def test_who_left_moves_with_the_member():
    home, elsewhere = make_association(), make_association()
    member = make_member(association=home, status=Status.WITHDRAWN)
    leave(member, "2026-05-06")
    member.association = elsewhere
    member.save()

    assert members_left({home.pk}, DAY) == (0, 0)
    assert members_left({elsewhere.pk}, DAY) == (1, 0)


# -- whose figures


def test_numbers_and_names_of_another_association_never_show(client):
    home, elsewhere = make_association(), make_association()
    secretary = sign_in(client, Role.SECRETARY, home)
    year = f"{timezone.localdate().year}"
    secretary.shows_birthdays = True
    secretary.save()
    make_member("张三", association=home)
    other = make_member(
        "李四", association=elsewhere, mobile="", joined=year, birth=f"1980-{timezone.localdate():%m-%d}"
    )
    leave(other, year)
    make_batch(elsewhere, file_name="别处.xlsx", new=3)
    with acting(secretary):
        other.position = "经理"
        other.save()

    context = look(client)
    page = body(client)

    assert context["total"]["count"] == 1
    assert (context["joined"]["count"], context["left"]) == (0, 0)
    assert (context["imports"]["listed"], context["birthdays"]["listed"], context["edited"]) == ([], [], [])
    assert [str(each) for each in context["changed"]] == ["张三"]
    assert [each["text"] for each in context["missing"]] == ["1 名会员未填所属类别"]
    assert "李四" not in page and "别处" not in page and str(elsewhere) not in page


def test_one_association_and_below_can_be_chosen(client):
    city, other = make_association("某市联合会"), make_association("另一联合会")
    district = make_association("某区联合会", parent=city)
    sign_in(client, Role.SECRETARY, city, other)
    for name, association in (("张三", city), ("李四", district), ("王五", other)):
        make_member(name, association=association)
        make_batch(association, file_name=f"{name}.xlsx", new=1)

    chosen = look(client, association=city.pk)

    assert [name for _pk, name in chosen["places"]] == ["某市联合会", "\u3000某区联合会", "另一联合会"]
    assert chosen["total"]["count"] == 2
    assert {str(member) for member in chosen["changed"]} == {"张三", "李四"}
    assert {str(each["batch"]) for each in chosen["imports"]["listed"]} == {"张三.xlsx", "李四.xlsx"}
    assert look(client)["total"]["count"] == look(client, association="")["total"]["count"] == 3


@pytest.mark.parametrize("asked", ["elsewhere", "0", "-1", "x", "%", "'", "😀", "\x00", "9" * 500])
def test_an_association_out_of_sight_is_not_found(client, asked):
    home, elsewhere = make_association(), make_association()
    sign_in(client, Role.SECRETARY, home)
    make_member(association=elsewhere)

    response = client.get(INDEX, {"association": elsewhere.pk if asked == "elsewhere" else asked})

    assert response.status_code == 404


def test_without_a_choice_none_is_offered(client):
    sign_in(client, Role.SECRETARY, make_association())

    assert "workbench-association" not in body(client)


def test_who_has_no_part_in_the_staff_screens_sees_no_workbench(client):
    home = make_association()
    make_member(association=home)
    sign_in(client, Role.MEMBER, home)

    assert client.get(INDEX).status_code in (302, 403)
    assert client.post(SWITCH, {"show": "1"}).status_code == 403


def test_a_viewer_sees_no_count_of_contact_data_no_imports_and_no_birthdays(client):
    home = make_association()
    viewer = sign_in(client, Role.VIEWER, home, shows_birthdays=True)
    make_member("张三", association=home, mobile="", birth=f"1980-{timezone.localdate():%m-%d}")
    make_batch(home, new=3)

    context = look(client)
    page = body(client)

    assert [each["text"] for each in context["missing"]] == ["1 名会员未填所属类别"]
    assert member_figures(viewer.rights.associations, viewer, DAY).without_mobile == 0
    assert "imports" not in context
    assert "birthdays" not in context
    assert "roster.xlsx" not in page and "生日" not in page and "手机号" not in page


def test_missing_mobiles_are_counted_where_contact_data_are_read_and_listed_if_everywhere(client):
    home, elsewhere = make_association(), make_association()
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, elsewhere)
    make_member(association=home, mobile="", category=Category.FREELANCE)
    make_member(association=elsewhere, mobile="", category=Category.FREELANCE)

    assert look(client)["missing"] == [{"text": "1 名会员未填手机号", "address": ""}]
    assert look(client, association=elsewhere.pk)["missing"] == []


# -- what waits


def test_imports_that_wait_for_somebody(client):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    make_member(association=home, category=Category.FREELANCE)
    batch = make_batch(home, file_name="待定.xlsx", rows=9, new=4, update=2, question=3, doubtful=5)
    make_batch(home, file_name="部分导入.xlsx", state="applied", new=4, question=1)
    make_batch(home, file_name="已导入.xlsx", state="applied", new=4)
    make_batch(home, file_name="已作废.xlsx", state="discarded", new=4)

    context = look(client)
    page = body(client)

    assert context["imports"] == {
        "listed": [{"batch": batch, "ready": 6, "question": 3, "doubtful": 5}],
        "unfinished": 2,
        "more": "/admin/members/importbatch/?state=unfinished",
    }
    assert "2 次导入尚未完成" in page
    assert f'href="{batch.get_absolute_url()}?tab=question"' in page
    assert f'href="{batch.get_absolute_url()}?tab=doubtful"' in page


def test_many_open_imports_are_cut_short_with_a_way_to_the_rest(client):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    batches = [make_batch(home, new=1) for _ in range(6)]

    imports = look(client)["imports"]

    assert [each["batch"] for each in imports["listed"]] == batches[:0:-1]
    assert list(client.get(imports["more"]).context["cl"].result_list) == batches[::-1]


def test_nothing_to_be_done_is_said(client):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    make_member(association=home, category=Category.FREELANCE)

    assert "没有待办事项。" in body(client)


# -- the empty register


@pytest.mark.parametrize(
    ("role", "steps"),
    [(Role.SECRETARY, ["/members/import/", "/admin/members/member/add/"]), (Role.VIEWER, [])],
)
def test_an_empty_register_says_what_to_do_first_as_far_as_one_may(client, role, steps):
    home, elsewhere = make_association(), make_association()
    sign_in(client, role, home)
    make_member(association=elsewhere)

    page = body(client)

    assert "名册还是空的" in page
    assert [step for step in ("/members/import/", "/admin/members/member/add/") if step in page] == steps
    assert "会员人数" not in page


def test_a_preview_in_an_empty_register_waits_for_its_confirmation(client):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    make_batch(home, file_name="第一份.xlsx", new=139)

    page = body(client)

    assert "名册还是空的" in page and "第一份.xlsx" in page


# -- birthdays


def test_birthdays_are_shown_once_asked_for_and_the_choice_is_kept(client):
    home = make_association()
    secretary = sign_in(client, Role.SECRETARY, home)
    today = timezone.localdate()
    make_member("张三", association=home, birth=f"1980-{today:%m-%d}")
    assert "birthdays" not in look(client)

    turned_on = client.post(SWITCH, {"show": "1"})
    shown = look(client)["birthdays"]
    again = client.post(SWITCH, {"show": "1", "association": f"{home.pk}"})
    client.post(SWITCH, {"show": "0"})

    assert (turned_on.status_code, turned_on.url) == (302, "/admin/#birthdays")
    assert again.url == f"/admin/?association={home.pk}#birthdays"
    assert [(str(each.member), each.on, each.age) for each in shown["listed"]] == [
        ("张三", today, today.year - 1980)
    ]
    assert "birthdays" not in look(client)
    secretary.refresh_from_db()
    assert not secretary.shows_birthdays
    assert client.get(SWITCH).status_code == 405


def test_birthdays_only_where_personal_data_are_read(client):
    home, elsewhere = make_association(), make_association()
    user = sign_in(client, Role.SECRETARY, home, shows_birthdays=True)
    grant(user, Role.VIEWER, elsewhere)
    for name, association in (("张三", home), ("李四", elsewhere)):
        make_member(name, association=association, birth=f"1980-{timezone.localdate():%m-%d}")

    shown = look(client)["birthdays"]["listed"]

    assert [str(each.member) for each in shown] == ["张三"]
    assert not look(client, association=elsewhere.pk)["reads_birthdays"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 11, 22), {"1980-11-22": "2026-11-22", "1981-12-21": "2026-12-21"}),
        (dt.date(2026, 12, 25), {"1982-12-31": "2026-12-31", "1983-01-01": "2027-01-01"}),
        (dt.date(2026, 2, 28), {"1984-02-29": "2026-02-28", "1985-03-01": "2026-03-01"}),
        (dt.date(2026, 1, 30), {"1984-02-29": "2026-02-28"}),
        (dt.date(2026, 3, 1), {"1985-03-01": "2026-03-01"}),
        (dt.date(2028, 2, 29), {"1984-02-29": "2028-02-29", "1985-03-01": "2028-03-01"}),
        (dt.date(2028, 1, 30), {}),
        (dt.date(2028, 1, 31), {"1984-02-29": "2028-02-29"}),
    ],
)  # fmt: skip
def test_birthdays_of_the_next_thirty_days(day, expected):
    home = make_association()
    born = ("1980-11-22", "1981-12-21", "1981-12-22", "1982-12-31", "1983-01-01", "1984-02-29", "1985-03-01")
    for birth in (*born, "1980-11", "1980-12", "1980-02", "1980", ""):
        make_member(association=home, birth=birth)
    for status in (Status.APPLIED, Status.WITHDRAWN, Status.DECEASED):
        make_member(association=home, birth="1985-03-01", status=status)

    found = birthdays({home.pk}, day, 30, 10)

    assert {each.member.birth: str(each.on) for each in found} == expected
    assert [each.on for each in found] == sorted(each.on for each in found)
    assert [each.age for each in found] == [each.on.year - int(each.member.birth[:4]) for each in found]


# -- recent records


def test_members_edited_by_hand_latest_first_each_once():
    home, elsewhere, user = make_association(), make_association(), make_user()
    kept = [make_member(f"张{n}", association=home) for n in range(12)]
    with acting(make_user()):
        make_member("别人录入", association=home)
    with acting(user):
        added = make_member("新增", association=home)
    for member in [*kept, kept[3], added]:
        with acting(user):
            member.position = f"{member.position}经理"
            member.save()
    with acting(user):
        out_of_sight = make_member("看不到", association=elsewhere)
        make_employer(association=home)
        gone = make_member("已删除", association=home)
        gone.delete()
    with acting(user, kind=Action.Kind.IMPORT):
        make_member("导入", association=home)

    found = last_edited_by(user, {home.pk}, 10)

    names = ["新增", "张3", *(f"张{n}" for n in (11, 10, 9, 8, 7, 6, 5, 4))]
    assert [str(member) for member, _at, _added in found] == names
    assert [was_added for _member, _at, was_added in found] == [True] + [False] * 9
    assert found[0][1] == Action.objects.filter(actor=user).order_by("-id")[2].at
    assert last_edited_by(user, {elsewhere.pk}, 10)[0][0] == out_of_sight


@pytest.mark.parametrize("sizes", [(3, 0), (3, 25), (25, 25), (12, 0)])
def test_members_changed_last_are_those_of_a_plain_sort(sizes):
    associations = [make_association(), make_association(), make_association()]
    for number in range(max(sizes)):
        for size, association in zip(sizes, associations, strict=False):
            if number < size:
                make_member(association=association)
    # an import leaves many rows of one moment
    Member.objects.filter(pk__in=list(Member.objects.values_list("pk", flat=True)[::3])).update(
        updated_at=timezone.now()
    )
    scope = {association.pk for association in associations}

    plain = Member.objects.filter(association__in=scope).order_by("-updated_at", "-id")[:10]

    assert last_changed(scope, 10) == list(plain)


def test_recent_records_link_to_the_members(client):
    home = make_association()
    user = sign_in(client, Role.SECRETARY, home)
    with acting(user):
        member = make_member("张三", association=home)

    page = body(client)

    assert page.count(f'href="{member.get_absolute_url()}"') == 2


# -- price


def statements(client):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(INDEX).status_code == 200
    return len(seen)


def test_as_many_statements_with_three_of_everything_as_with_one(client):
    home = make_association()
    secretary = sign_in(client, Role.SECRETARY, home, shows_birthdays=True)

    def one_more():
        place = make_association(parent=home)
        with acting(secretary):
            member = make_member(association=place, birth=f"1980-{timezone.localdate():%m-%d}", mobile="")
        leave(member, f"{timezone.localdate().year}")
        make_batch(place, new=1, question=1)

    one_more()
    client.get(INDEX)  # kinds of records are looked up once in a process
    at_one = statements(client)
    for _ in range(2):
        one_more()

    assert statements(client) == at_one <= 28


def test_the_check_against_the_charter_and_what_falls_due(client):
    home = make_association()
    council = make_body(association=home, name="理事会")
    today = timezone.localdate()
    ended = make_term(council, starts_on=today - dt.timedelta(days=6 * 365))
    make_appointment(make_member(association=home, birth="1940"), "会长", term=ended)
    sign_in(client, Role.VIEWER, home)

    charter = look(client)["charter"]
    page = body(client)

    assert {str(severity) for severity, _count in charter["report"].counts} >= {"error", "warning"}
    assert charter["due"][0].about.is_overdue
    assert "第1届任期届满" in page
    assert f"/organizations/charter/?association={home.pk}" in page
    assert "1940" not in page


def test_of_several_associations_the_ends_of_terms(client):
    city = make_association("市会")
    near, far = (make_association(name, parent=city) for name in ("近会", "远会"))
    today = timezone.localdate()
    make_term(
        make_body(association=near, name="近理事会"), starts_on=today - dt.timedelta(days=4 * 365 + 200)
    )
    make_term(make_body(association=far, name="远理事会"), starts_on=today - dt.timedelta(days=200))
    make_term(
        make_body(Body.Kind.PARTY_BRANCH, association=near, name="近支部", hides_people=True),
        starts_on=today - dt.timedelta(days=4 * 365 + 200),
    )
    sign_in(client, Role.VIEWER, city)

    assert [term.body.name for term in look(client)["charter"]["terms"]] == ["近理事会"]
    assert look(client, association=far.pk)["charter"]["association"] == far


def test_without_bodies_there_is_no_block(client):
    home = make_association()
    make_member(association=home)
    sign_in(client, Role.MANAGER, home)

    assert look(client)["charter"] == {}
    assert "章程核对</h2>" not in body(client)


def test_the_block_takes_the_same_statements_at_any_size(client):
    home = make_association()
    council = make_body(association=home)
    term = make_term(council)
    make_appointment(make_member(association=home, birth="1940"), "副会长", term=term)
    sign_in(client, Role.MANAGER, home)
    look(client)
    few = statements(client)

    for serial in range(4):
        make_appointment(make_member(association=home, birth="1940"), "副会长", term=term)
        make_body(Body.Kind.COMMITTEE, association=home, name=f"第{serial}委员会")

    assert statements(client) == few <= 34
