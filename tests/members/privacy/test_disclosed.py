"""Every road on which members' data leave the register notes whose they were."""

import datetime as dt

import pytest
from django.urls import reverse

from members.body_rosters.fields import POSTS
from members.body_rosters.sheets import export_body
from members.export import export_members
from members.formats import Xlsx
from members.imports.error_sheet import error_sheet
from members.imports.pipeline import import_file
from members.models import Disclosed, Member
from members.rights import Role
from organizations.models import Action
from tests.make import grant, make_appointment, make_association, make_body, make_member, make_term, make_user
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 20)


@pytest.fixture
def home():
    return make_association("第一联合会")


@pytest.fixture
def council(home):
    council = make_body(association=home)
    term = make_term(council, starts_on=dt.date(2024, 12, 24))
    for name in ("张一", "李二"):
        make_appointment(make_member(name, association=home), term=term)
    make_member("王三", association=home)
    return council


def disclosed():
    """{name of the association of the export: names of the members in it}."""
    found = {}
    rows = Disclosed.objects.order_by("member").values_list("action__association__name", "member__name")
    for association, name in rows:
        found.setdefault(association, []).append(name)
    return found


def test_an_export_of_the_list_notes_the_members_by_branch(home):
    other = make_association("第二联合会")
    below = make_association("第一分会", parent=home)
    user = make_user()
    for place in (home, other):
        grant(user, Role.SECRETARY, place)
    for name, place in (("张一", home), ("李二", below), ("王三", other)):
        make_member(name, association=place)
    left_out = make_member("赵四", association=home)

    rows = Member.objects.exclude(pk=left_out.pk)
    export_members(
        rows, keys=["name"], file_format=Xlsx(), actor=user, words="", reason="用", recipient="区委统战部"
    ).close()

    assert disclosed() == {"第一联合会": ["张一", "李二"], "第二联合会": ["王三"]}
    exports = Action.objects.filter(kind=Action.Kind.EXPORT)
    assert [each.details["recipient"] for each in exports] == ["区委统战部"] * 2


def test_writing_the_note_takes_the_same_statements_at_1_and_300_members(home, django_assert_num_queries):
    user = make_user()
    grant(user, Role.SECRETARY, home)
    counts = []
    for number in (1, 300):
        Member.objects.bulk_create(Member(association=home, name=f"张{serial}") for serial in range(number))
        action = Action.objects.create(kind=Action.Kind.EXPORT)
        ids = list(Member.objects.values_list("pk", flat=True))
        with django_assert_num_queries(1):
            Disclosed.objects.note(action, [*ids, *ids, 10**9])
        counts.append(action.disclosed.count())

    assert counts == [1, 301]


def test_a_roster_of_a_body_notes_who_sits_in_it(council):
    user = make_user()
    grant(user, Role.SECRETARY, council.association)

    export_body(council, on=DAY, keys=["name", POSTS], file_format=Xlsx(), actor=user).close()

    assert disclosed() == {"第一联合会": ["张一", "李二"]}


@pytest.mark.parametrize("kind", ["roster", "letter"])
def test_a_paper_notes_who_is_in_it(client, council, kind):
    sign_in(client, Role.SECRETARY, council.association)
    address = reverse("organizations:paper_make", args=["body", council.pk, kind])

    made = client.post(address, {"on": DAY.isoformat(), "as": "docx", "reason": "报民政局"})

    assert made.status_code == 200
    assert disclosed() == {"第一联合会": ["张一", "李二"]}
    assert Action.objects.get(kind=Action.Kind.EXPORT).details["count"] == 2


def test_an_error_sheet_notes_the_members_whose_rows_it_holds(home, tmp_path):
    known = make_member("张一", association=home, mobile="13800000001")
    file = tmp_path / "名册.csv"
    file.write_text("姓名,手机,性别\n张一,13800000001,不详细\n李二,13800000002,男\n王三,138,男\n", "utf-8")
    batch = import_file(file, association=home, actor=None)

    opened, _name = error_sheet(batch, actor=None)
    opened.close()

    names = disclosed()["第一联合会"]
    assert known.name in names
    assert set(names) == set(Member.objects.values_list("name", flat=True))


def test_figures_note_nobody(client, council):
    sign_in(client, Role.SECRETARY, council.association)

    assert client.post(reverse("members:statistics_sheet")).status_code == 200

    assert disclosed() == {}
