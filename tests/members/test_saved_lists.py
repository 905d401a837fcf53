"""Lists to come back to: own and shared, by conditions and picked by hand; and one's own columns."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.models import ColumnChoice, SavedList
from members.rights import Role
from tests.make import grant, make_association, make_member, make_user
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_member_changelist")
LISTS = reverse("admin:members_member_lists")
ADD = reverse("admin:members_member_list_add")


def at(name, saved):
    return reverse(f"admin:members_member_list_{name}", args=[saved.pk])


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return [str(row) for row in response.context["cl"].result_list]


def make_list(owner, name="名单", **fields):
    return SavedList.objects.create(owner=owner, name=name, **{"kind": "conditions", **fields})


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)


@pytest.fixture
def members(home):
    return [
        make_member("张一", association=home, sex="男", status="在册"),
        make_member("李二", association=home, sex="女", status="在册"),
        make_member("王三", association=home, sex="女", status="退会"),
    ]


# -- saving and opening


def test_what_is_shown_is_saved_and_opens_again(client, secretary, members):
    address = "?g=sex:is:女;status:is:在册&g=sex:is:男&q=张&order=-name&cols=sex,birth"

    page = client.get(ADD + address)
    response = client.post(ADD + address, {"name": " 女会员 ", "association": ""})

    saved = SavedList.objects.get()
    assert "性别为女" in page.content.decode()
    assert (saved.owner, saved.name, saved.kind, saved.association) == (
        secretary,
        "女会员",
        "conditions",
        None,
    )
    assert (saved.groups, saved.search) == (["sex:is:女;status:is:在册", "sex:is:男"], "张")
    assert (saved.order, saved.columns) == ("-name", ["sex", "birth"])
    assert response.url == saved.get_absolute_url()
    opened = client.get(response.url)
    changelist = opened.context["cl"]
    assert (changelist.title, [str(row) for row in changelist.result_list]) == ("女会员", ["张一"])
    assert [heading["key"] for heading in changelist.headings] == ["name", "sex", "birth"]
    assert "已修改" not in opened.content.decode()


def test_deviations_are_said_and_saved(client, secretary, members):
    saved = make_list(secretary, groups=["sex:is:女"], order="name")
    address = saved.get_absolute_url()

    plain, changed = client.get(address), client.get(f"{address}&g=sex:is:男&order=-name")
    emptied = client.get(f"{address}&g=")
    response = client.post(f"{at('save', saved)}?list={saved.pk}&g=sex:is:男&order=-name")

    assert "已修改" not in plain.content.decode()
    assert "已修改" in changed.content.decode()
    assert [str(row) for row in changed.context["cl"].result_list] == ["张一"]
    assert len(emptied.context["cl"].result_list) == 3
    saved.refresh_from_db()
    assert (saved.groups, saved.order) == (["sex:is:男"], "-name")
    assert response.url == address
    assert "已修改" not in client.get(address).content.decode()


def test_links_of_an_open_list_stay_in_it(client, secretary, home):
    for number in range(60):
        make_member(f"张{number:02}", association=home, sex="女")
    saved = make_list(secretary, groups=["sex:is:女"], order="-name")

    changelist = client.get(saved.get_absolute_url()).context["cl"]
    following = client.get(LIST + changelist.next_link).context["cl"]

    assert changelist.next_link.startswith(f"?list={saved.pk}&after=")
    assert [str(row) for row in following.result_list] == [f"张{number:02}" for number in range(9, -1, -1)]


def test_picked_members_are_shown_as_far_as_one_reads(client, secretary, home, members):
    hidden = make_member("外人", association=make_association())
    saved = make_list(secretary, kind="picked")
    saved.members.add(members[0], members[2], hidden)

    assert shown(client, saved.get_absolute_url()) == ["张一", "王三"]
    assert shown(client, saved.get_absolute_url() + "&g=sex:is:女") == ["王三"]
    members[2].delete()
    assert shown(client, saved.get_absolute_url()) == ["张一"]
    overview = client.get(LISTS).content.decode()
    assert "手工挑选1名会员" in overview


def test_picked_members_are_not_saved_as_conditions(client, secretary, members):
    saved = make_list(secretary, kind="picked")

    response = client.post(f"{ADD}?list={saved.pk}&g=sex:is:女", {"name": "另存"})

    assert response.status_code == 302
    assert list(SavedList.objects.all()) == [saved]


# -- who


def test_own_lists_are_nobody_elses(client, home, members):
    saved = make_list(make_user(), "只给自己看", groups=["sex:is:女"])
    sign_in(client, Role.MANAGER, home)

    answers = [client.get(saved.get_absolute_url())]
    answers += [client.get(at(name, saved)) for name in ("change", "delete")]
    answers += [client.post(at(name, saved)) for name in ("change", "delete")]
    answers.append(client.post(f"{at('save', saved)}?list={saved.pk}"))

    assert [answer.status_code for answer in answers] == [404] * 6
    assert saved.name not in client.get(LISTS).content.decode() + client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("role", "deleted"), [(Role.VIEWER, 403), (Role.SECRETARY, 403), (Role.MANAGER, 302)]
)
def test_shared_lists_are_read_by_all_there_and_deleted_by_managers(client, home, members, role, deleted):
    saved = make_list(make_user(), "共享", groups=["sex:is:女"], association=home)
    sign_in(client, role, home)

    opened = shown(client, saved.get_absolute_url())
    others = [
        client.post(at("change", saved), {"name": "改名"}).status_code,
        client.post(f"{at('save', saved)}?list={saved.pk}&g=sex:is:男").status_code,
    ]
    gone = client.post(at("delete", saved)).status_code

    assert opened == ["李二", "王三"]
    assert others == [403, 403]
    assert (gone, SavedList.objects.filter(pk=saved.pk).exists()) == (deleted, deleted == 403)


def test_shared_elsewhere_is_404(client, members, home):
    saved = make_list(make_user(), association=make_association())
    sign_in(client, Role.MANAGER, home)

    assert client.get(saved.get_absolute_url()).status_code == 404


def test_lists_are_shared_where_one_edits_only(client, home):
    other = make_association()
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, other)

    refused = client.post(ADD, {"name": "甲", "association": other.pk})
    client.post(ADD, {"name": "乙", "association": home.pk})

    assert list(refused.context["form"].errors) == ["association"]
    assert list(SavedList.objects.values_list("name", "association")) == [("乙", home.pk)]


def test_a_shared_list_by_what_one_may_not_read_shows_nobody_and_says_so(client, home, members):
    members[0].political_status = "中共党员"
    members[0].save()
    saved = make_list(
        make_user(),
        groups=["sex:is:女", "political_status:is:cpc"],
        order="birth",
        columns=["birth", "sex", "mobile"],
        association=home,
    )
    sign_in(client, Role.VIEWER, home)

    response = client.get(saved.get_absolute_url())
    text = response.content.decode()

    assert list(response.context["cl"].result_list) == []
    assert "您无权按“政治面貌”筛选。" in text
    assert "您无权按此项排序" in text
    assert [heading["key"] for heading in response.context["cl"].headings] == ["name", "sex", "mobile"]


# -- names


def test_a_name_stands_once_with_its_owner_and_once_shared(client, secretary, home):
    make_list(secretary, "甲")
    make_list(make_user(), "乙", association=home)

    own = client.post(ADD, {"name": "甲"})
    shared = client.post(ADD, {"name": "乙", "association": home.pk})
    client.post(ADD, {"name": "乙"})

    assert str(own.context["form"].errors.as_data()) != "{}"
    assert "您已有同名名单。" in own.content.decode()
    assert "该协会已有同名共享名单。" in shared.content.decode()
    assert sorted(SavedList.objects.filter(owner=secretary).values_list("name", flat=True)) == ["乙", "甲"]


def test_the_database_holds_names_apart(secretary, home):
    make_list(secretary, "甲", association=home)
    for owner, association, name in (
        (secretary, None, "甲"),
        (make_user(), home, "甲"),
        (secretary, None, ""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_list(owner, name, association=association)


def test_rename_share_and_delete(client, secretary, home):
    saved = make_list(secretary, "甲")

    seen = client.get(at("change", saved)).context["form"]["seen"].value()
    client.post(at("change", saved), {"name": "乙", "association": home.pk, "seen": seen})
    saved.refresh_from_db()
    asked = client.get(at("delete", saved))
    renamed = (saved.name, saved.association)
    client.post(at("delete", saved))
    again = client.post(at("delete", saved)).status_code

    assert renamed == ("乙", home)
    assert "所有人都不能再用" in asked.content.decode()
    assert (SavedList.objects.count(), again) == (0, 404)


def test_renamed_in_two_tabs_the_second_is_told(client, secretary):
    saved = make_list(secretary, "甲")
    seen = client.get(at("change", saved)).context["form"]["seen"].value()

    client.post(at("change", saved), {"name": "乙", "seen": seen})
    told = client.post(at("change", saved), {"name": "丙", "seen": seen})

    saved.refresh_from_db()
    assert saved.name == "乙"
    assert "现有内容：名称：乙" in told.content.decode()


@pytest.mark.parametrize("name", ["", "  ", "长" * 61, "\x00"])
def test_a_list_needs_a_fit_name(client, secretary, name):
    assert list(client.post(ADD, {"name": name}).context["form"].errors) == ["name"]


@pytest.mark.parametrize("pk", ["x", "0", "-1", "1e3", "99999999999999999999", "\x00", "1' OR 1=1"])
def test_a_list_there_is_not_is_404(client, secretary, pk):
    assert client.get(LIST, {"list": pk}).status_code == 404


def test_saving_needs_post_and_sound_conditions(client, secretary):
    saved = make_list(secretary, groups=["sex:is:女"])

    assert client.get(f"{at('save', saved)}?list={saved.pk}").status_code == 405
    client.post(f"{at('save', saved)}?list={saved.pk}&g=sex:is:x")
    client.post(f"{at('save', saved)}?g=sex:is:男")
    client.post(f"{ADD}?g=nonsense", {"name": "丙"})

    assert list(SavedList.objects.values_list("groups", flat=True)) == [["sex:is:女"]]


# -- columns


def test_columns_are_remembered_for_their_reader(client, secretary, home, members):
    columns = reverse("admin:members_member_columns")
    chosen = {"columns": ["sex", "birth", "nonsense"], "order": "-joined"}

    response = client.post(f"{columns}?g=sex:is:女", chosen)

    page = client.get(response.url).context["cl"]
    assert ColumnChoice.objects.get(user=secretary).columns == ["sex", "birth"]
    assert [heading["key"] for heading in page.headings] == ["name", "sex", "birth"]
    assert (page.state.order, len(page.result_list)) == ("-joined", 2)
    assert len(client.get(LIST).context["cl"].headings) == 3
    sign_in(client, Role.SECRETARY, home)
    assert len(client.get(LIST).context["cl"].headings) == 9


def test_columns_of_an_open_list_belong_to_it(client, secretary, members):
    saved = make_list(secretary, columns=["sex"])
    columns = reverse("admin:members_member_columns")

    response = client.post(f"{columns}?list={saved.pk}", {"columns": ["status"], "order": ""})

    assert response.url == f"{LIST}?list={saved.pk}&cols=status"
    assert not ColumnChoice.objects.exists()
    assert "已修改" in client.get(response.url).content.decode()


def test_viewer_gets_no_column_one_may_not_read(client, home, members):
    viewer = sign_in(client, Role.VIEWER, home)
    ColumnChoice.objects.create(user=viewer, columns=["birth", "political_status", "sex"])
    members[0].birth = "1985-06-15"
    members[0].save()

    remembered = client.get(LIST)
    asked = client.get(LIST, {"cols": "birth,id_number,wechat,mobile,<b>"})

    assert [heading["key"] for heading in remembered.context["cl"].headings] == ["name", "sex"]
    assert [heading["key"] for heading in asked.context["cl"].headings] == ["name", "mobile"]
    assert "1985-06-15" not in remembered.content.decode() + asked.content.decode()
    assert members[0].mobile not in asked.content.decode()


# -- statements


def test_open_list_and_overview_take_the_same_few_statements(
    client, secretary, home, django_assert_max_num_queries
):
    make_association(parent=home)
    saved = make_list(secretary, kind="picked", groups=[f"association:is:{home.pk}"], association=home)
    client.get(LIST)
    counts = []
    for size in (1, 3, 60):
        while saved.members.count() < size:
            saved.members.add(make_member(association=home, employer=f"第{size}公司"))
            make_list(secretary, f"名单{saved.members.count()}", groups=["sex:is:女"])
        with django_assert_max_num_queries(12) as opened:
            client.get(saved.get_absolute_url())
        with django_assert_max_num_queries(12) as overview:
            client.get(LISTS)
        counts.append((len(opened), len(overview)))

    # one statement more to count what goes on beyond the page
    assert counts == [counts[0], counts[0], (counts[0][0] + 1, counts[0][1])]
