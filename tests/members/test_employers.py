"""Employers: probable duplicates, merging two spellings, and rosters that have the old one."""

import pytest
from django.urls import reverse

from members.filters import Condition, Operator, list_address
from members.imports.applying import apply_batch
from members.imports.pipeline import preview_file
from members.models import Employer, EmployerAlias, Member
from members.models.employer import normal_name
from members.rights import Role
from members.services import CannotMerge, merge_employers
from organizations.models import Action, Change
from tests.make import make_association, make_employer, make_member, make_user
from tests.members.imports.sheets import person, workbook
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_employer_changelist")
DUPLICATES = reverse("admin:members_employer_duplicates")


def merge_url(one, other):
    return reverse("admin:members_employer_merge", args=[one.pk, other.pk])


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def pair(home):
    """Two spellings of one firm: the short one with two members, the long one with one."""
    short = make_employer("江津某某科技公司", association=home, kind="民营企业")
    long = make_employer("重庆市江津某某科技有限公司", association=home, kind="有限责任公司")
    make_member("张一", association=home, employer=short, employer_kind="个体")
    make_member("张二", association=home, employer=short)
    make_member("张三", association=home, employer=long)
    return short, long


# -- names that are probably one firm


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆市某某科技有限公司", "重庆某某科技有限责任公司"),
        ("某某（重庆）科技股份有限公司", "某某(重庆)科技有限公司"),
        ("重庆 某某科技 有限公司", "某某科技公司"),
        ("ＡＢＣ咨询有限公司", "abc咨询"),
        ("重庆市江津区某某律师事务所", "某某律师事务所"),
    ],
)
def test_spellings_of_one_firm_have_one_normal_name(one, other):
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆某某科技有限公司", "重庆某甲科技有限公司"),
        ("重庆有限公司", "上海有限公司"),
        ("重庆大学", "上海大学"),
    ],
)
def test_different_firms_keep_different_names(one, other):
    assert normal_name(one) != normal_name(other)


def test_probable_duplicates_are_listed_within_their_association(client, home):
    other = make_association(parent=home)
    first = make_employer("重庆某某科技有限公司", association=home)
    second = make_employer("某某科技公司", association=home)
    third = make_employer("别的名称", association=home, uscc="91500000MA5U000000")
    fourth = make_employer("又一名称", association=home, uscc="91500000MA5U000000")
    make_employer("某某科技公司", association=other)
    make_employer("无关公司", association=home)
    sign_in(client, Role.MANAGER, home)

    groups = client.get(DUPLICATES).context["groups"]

    found = [(group["first"], [employer for employer, _address in group["others"]]) for group in groups]
    assert found == [(first, [second]), (third, [fourth])]


def test_duplicates_are_those_in_sight_and_only_managers_are_led_on(client, home, pair):
    elsewhere = make_association()
    for name in ("甲公司", "甲有限公司"):
        make_employer(name, association=elsewhere)

    sign_in(client, Role.VIEWER, home)
    viewer = client.get(DUPLICATES).context["groups"]
    sign_in(client, Role.MANAGER, home)
    manager = client.get(DUPLICATES).context["groups"]

    assert [group["others"] for group in viewer] == [[(pair[1], "")]]
    assert [group["others"] for group in manager] == [[(pair[1], merge_url(*pair))]]


def test_few_and_many_duplicates_take_the_same_statements(client, home, django_assert_max_num_queries):
    sign_in(client, Role.MANAGER, home)
    client.get(DUPLICATES)
    counts = []
    for size in (1, 3):
        for number in range(size):
            for ending in ("公司", "有限公司"):
                make_employer(f"第{size}{number}厂{ending}", association=home)
        with django_assert_max_num_queries(10) as captured:
            client.get(DUPLICATES)
        counts.append(len(captured))

    assert counts[0] == counts[1]


# -- merging


def test_merge_moves_members_and_remembers_the_spelling(home, pair):
    short, long = pair
    actor = make_user()
    versions = dict(Member.objects.values_list("name", "version"))

    count = merge_employers(short, into=long, kind="民营企业", uscc="", actor=actor)

    assert count == 2
    assert list(Employer.objects.values_list("name", "kind")) == [("重庆市江津某某科技有限公司", "民营企业")]
    assert list(EmployerAlias.objects.values_list("name", "employer")) == [("江津某某科技公司", long.pk)]
    members = Member.objects.order_by("pk").values_list("name", "employer", "employer_kind", "version")
    assert list(members) == [
        ("张一", long.pk, "个体", versions["张一"] + 1),
        ("张二", long.pk, "", versions["张二"] + 1),
        ("张三", long.pk, "", versions["张三"]),
    ]


def test_merge_is_one_action_in_the_history_of_all(client, home, pair):
    short, long = pair
    manager = sign_in(client, Role.MANAGER, home)

    merge_employers(short, into=long, kind="民营企业", uscc="", actor=manager)

    action = Action.objects.get(note="合并工作单位：“江津某某科技公司”并入“重庆市江津某某科技有限公司”")
    assert (action.actor, action.association, action.changes.count()) == (manager, home, 5)
    member = Member.objects.get(name="张一")
    for record in (member, long):
        url = reverse(f"admin:members_{record._meta.model_name}_history", args=[record.pk])
        assert client.get(url).context["entries"][0]["action"] == action
    url = reverse("admin:members_member_history", args=[member.pk])
    line = client.get(url).context["entries"][0]["records"][0]["lines"][0]
    assert (line.before, line.after) == ("江津某某科技公司（已不存在）", "重庆市江津某某科技有限公司")
    assert Change.objects.of(short).filter(kind="-").count() == 1


def test_spellings_merged_before_go_along(home, pair):
    short, long = pair
    third = make_employer("第三种写法", association=home)
    merge_employers(short, into=third, kind="", uscc="", actor=None)

    merge_employers(third, into=long, kind="", uscc="", actor=None)

    assert set(EmployerAlias.objects.values_list("name", "employer")) == {
        ("江津某某科技公司", long.pk),
        ("第三种写法", long.pk),
    }


def test_employers_of_two_associations_are_not_merged(client, home, pair):
    other = make_association(parent=home)
    elsewhere = make_employer("江津某某科技公司", association=other)
    sign_in(client, Role.MANAGER, home)

    with pytest.raises(CannotMerge):
        merge_employers(elsewhere, into=pair[0], kind="", uscc="", actor=None)
    page = client.post(merge_url(pair[0], elsewhere), {"keep": pair[0].pk, "kind": "民营企业", "uscc": ""})

    assert (page.status_code, page.context["refusal"]) == (422, "两个工作单位属于不同的协会，不能合并。")
    assert Employer.objects.count() == 3


def test_stranger_reader_secretary_and_manager(client, home, pair):
    url, data = merge_url(*pair), {"keep": pair[1].pk, "kind": "民营企业", "uscc": ""}
    codes = []
    for role, association in [
        (Role.MANAGER, make_association()),
        (Role.VIEWER, home),
        (Role.SECRETARY, home),
        (Role.MANAGER, home),
    ]:
        sign_in(client, role, association)
        codes.append((client.get(url).status_code, client.post(url, data).status_code))

    assert codes == [(404, 404), (403, 403), (403, 403), (200, 302)]
    assert list(Employer.objects.values_list("pk", flat=True)) == [pair[1].pk]
    assert client.post(url, data).status_code == 404


def test_page_names_the_members_and_offers_what_differs(client, home, pair):
    sign_in(client, Role.MANAGER, home)

    page = client.get(merge_url(*pair))

    named = [
        (str(employer), [member.name for member in members]) for employer, members in page.context["pair"]
    ]
    form = page.context["form"]
    assert named == [("江津某某科技公司", ["张一", "张二"]), ("重庆市江津某某科技有限公司", ["张三"])]
    assert form.fields["keep"].initial == pair[0].pk
    assert [value for value, _label in form.fields["kind"].choices] == ["民营企业", "有限责任公司"]
    assert [field.name for field in form.hidden_fields()] == ["uscc"]


@pytest.mark.parametrize(
    "data", [{}, {"keep": "0"}, {"keep": "x", "kind": "'"}, {"keep": "😀", "kind": "%", "uscc": "\x00"}]
)
def test_forms_filled_by_hand_merge_nothing(client, home, pair, data):
    sign_in(client, Role.MANAGER, home)

    assert client.post(merge_url(*pair), {"sent": "1", **data}).status_code == 422
    assert Employer.objects.count() == 2


def test_two_ticked_employers_lead_to_their_merge(client, home, pair):
    sign_in(client, Role.MANAGER, home)
    data = {"action": "merge_selected", "_selected_action": [pair[0].pk, pair[1].pk]}

    two = client.post(LIST, data)
    one = client.post(LIST, data | {"_selected_action": [pair[0].pk]})

    assert (two.status_code, two.url) == (302, merge_url(*pair))
    assert one.url.endswith(LIST) or one.status_code == 302


# -- rosters with the old spelling


def preview(association, *rows):
    return preview_file(workbook(*rows), file_name="roster.xlsx", association=association, actor=None)


def test_roster_with_the_old_spelling_changes_nothing(home, pair):
    short, long = pair
    row = person("王五", mobile="13800000099", employer="江津某某科技公司")
    apply_batch(preview(home, row), actor=None)
    merge_employers(short, into=long, kind="民营企业", uscc="", actor=None)

    batch = preview(home, row)

    assert (batch.counts["unchanged"], batch.counts["update"], batch.counts["new"]) == (1, 0, 0)


def test_new_member_with_the_old_spelling_joins_the_employer_kept(home, pair):
    short, long = pair
    merge_employers(short, into=long, kind="民营企业", uscc="", actor=None)

    apply_batch(preview(home, person("王五", mobile="13800000099", employer="江津某某科技公司")), actor=None)

    assert Member.objects.get(name="王五").employer == long
    assert Employer.objects.count() == 1


def test_merge_between_preview_and_apply_still_lands_on_the_employer_kept(home, pair):
    short, long = pair
    batch = preview(home, person("王五", mobile="13800000099", employer="江津某某科技公司"))
    merge_employers(short, into=long, kind="民营企业", uscc="", actor=None)

    apply_batch(batch, actor=None)

    assert Member.objects.get(name="王五").employer == long


def test_employer_entered_again_under_the_old_spelling_is_meant(home, pair):
    short, long = pair
    merge_employers(short, into=long, kind="民营企业", uscc="", actor=None)
    again = make_employer("江津某某科技公司", association=home)

    apply_batch(preview(home, person("王五", mobile="13800000099", employer="江津某某科技公司")), actor=None)

    assert Member.objects.get(name="王五").employer == again


def test_spelling_merged_in_one_association_means_nothing_in_another(home, pair):
    other = make_association()
    merge_employers(pair[0], into=pair[1], kind="民营企业", uscc="", actor=None)

    apply_batch(preview(other, person("王五", mobile="13800000099", employer="江津某某科技公司")), actor=None)

    assert Member.objects.get(name="王五").employer.name == "江津某某科技公司"


# -- the list


def test_list_leads_to_the_members_and_is_narrowed_by_kind(client, home, pair):
    sign_in(client, Role.VIEWER, home)

    page = client.get(LIST, {"kind": "民营企业"})
    row = page.context["cl"].result_list[0]
    link = page.content.decode().split('class="field-total"')[1].split('href="')[1].split('"')[0]

    assert (row, row.total) == (pair[0], 2)
    assert link.replace("&amp;", "&") == list_address(
        Condition("employer", Operator.IS, ["江津某某科技公司"]),
        Condition("association", Operator.IS, [home.pk]),
    )
