"""The staff screens: who sees, who changes, what is masked, and how many statements a list takes."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Employer, ImportBatch, Member, RoleGrant, StatusChange, User
from members.record_form import UNDER_AGE
from members.rights import HIDDEN, Role
from members.services import InTheFuture, change_status
from organizations.keyset import capped_count
from organizations.models import Action, Association, Change, Milestone
from tests.make import grant, make_association, make_employer, make_id_number, make_member, make_user
from tests.members.screens import body_of, change_url, form_data, history_url, sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_member_changelist")
ADD = reverse("admin:members_member_add")


def listed(client, url=LIST, **params):
    """The rows of a list page: {record: [texts of its cells]}."""
    response = client.get(url, params)
    assert response.status_code == 200
    return [str(row) for row in response.context["cl"].result_list]


# -- members: rows


def test_stranger_reader_and_editor_of_a_member(client):
    home, elsewhere = make_association(), make_association()
    member = make_member("张一", association=home, wechat="before")

    sign_in(client, Role.MANAGER, elsewhere)
    stranger = [client.get(url(member)).status_code for url in (change_url, history_url)]
    stranger.append(client.post(change_url(member), {}).status_code)

    sign_in(client, Role.VIEWER, home)
    reader = [client.get(url(member)).status_code for url in (change_url, history_url)]
    reader.append(client.post(change_url(member), {"wechat": "after"}).status_code)

    sign_in(client, Role.SECRETARY, home)
    page = client.get(change_url(member))
    editor = client.post(change_url(member), form_data(page, wechat="after"))

    assert stranger == [404, 404, 404]
    assert reader == [200, 200, 403]
    assert (editor.status_code, editor.url) == (302, member.get_absolute_url())
    assert Member.objects.get(pk=member.pk).wechat == "after"


def test_secretary_of_one_association_only_reads_in_another(client):
    home, other = make_association(), make_association()
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, other)
    member = make_member("张一", association=other, mobile="13800000009")

    page = client.get(change_url(member))
    written = client.post(change_url(member), {"name": "李一"})

    assert "138****0009" in body_of(page)
    assert "13800000009" not in body_of(page)
    assert written.status_code == 403
    assert Member.objects.get(pk=member.pk).name == "张一"


def test_list_shows_rows_in_sight_and_no_others(client):
    home, park, elsewhere = make_association(), None, make_association()
    park = make_association(parent=home)
    make_member("张一", association=home)
    make_member("张二", association=park)
    make_member("张三", association=elsewhere)
    sign_in(client, Role.VIEWER, home)

    assert listed(client) == ["张一", "张二"]


def test_own_record_elsewhere_is_not_on_the_staff_screens(client):
    home, elsewhere = make_association(), make_association()
    user = sign_in(client, Role.VIEWER, home)
    own = make_member("张一", association=elsewhere, user=user)

    assert listed(client) == []
    assert client.get(change_url(own)).status_code == 404


def test_member_without_a_role_does_not_enter(client):
    home = make_association()
    sign_in(client, Role.MEMBER, home)
    make_member("张一", association=home)

    assert client.get(LIST).status_code in (302, 403)


def test_delete_is_for_managers_asks_first_and_is_recorded(client):
    home = make_association()
    member = make_member("张一", association=home)
    url = reverse("admin:members_member_delete", args=[member.pk])
    sign_in(client, Role.SECRETARY, home)
    refused = client.post(url, {"post": "yes"}).status_code
    manager = sign_in(client, Role.MANAGER, home)

    asked = client.get(url)
    client.post(url, {"post": "yes"})

    assert refused == 403
    assert asked.status_code == 200
    assert not Member.objects.exists()
    last = Change.objects.order_by("pk").last()
    assert (last.kind, last.diff["name"], last.action.actor) == ("-", ["张一", None], manager)


def test_deleting_several_records_each(client):
    home = make_association()
    members = [make_member(association=home) for _ in range(2)]
    sign_in(client, Role.MANAGER, home)

    client.post(
        LIST,
        {"action": "delete_selected", "_selected_action": [m.pk for m in members], "post": "yes"},
    )

    deleted = Change.objects.filter(kind="-").order_by("pk")
    assert not Member.objects.exists()
    assert sorted(change.diff["name"][0] for change in deleted) == ["张一", "张二"]


# -- members: fields


@pytest.fixture
def leaking(client):
    """A viewer, and a member every field of whom could leak."""
    home = make_association()
    member = make_member(
        "张一",
        association=home,
        mobile="13800000007",
        wechat="geheim",
        birth="1985-06-15",
        ethnicity="苗族",
        political_status="中共党员",
        education="博士研究生",
        native_place="贵州凯里",
        address="几江街道一号",
        remarks="只给秘书看",
        id_number=make_id_number(7),
        id_kind="居民身份证",
        position="经理",
    )
    member.wechat = "geheimer"
    member.save()
    sign_in(client, Role.VIEWER, home)
    return member


SECRETS = [
    "13800000007", "geheim", "geheimer", "1985-06-15", "苗族", "中共党员", "博士研究生", "贵州凯里",
    "几江街道一号", "只给秘书看", make_id_number(7), "500116********", "居民身份证",
]  # fmt: skip


@pytest.mark.parametrize("url", [lambda member: LIST, change_url, history_url])
def test_viewer_gets_masks_on_every_page(client, leaking, url):
    page = client.get(url(leaking)).content.decode()
    # what one may choose from are words of the lists, not of persons
    main = re.sub(r"<option.*?</option>|<label>.*?</label>", "", page)

    assert "张一" in main
    assert [secret for secret in SECRETS if secret in main] == []


def test_masked_fields_say_that_there_is_something(client, leaking):
    page = client.get(change_url(leaking)).content.decode()
    readonly = re.findall(r'<div class="readonly">(.*?)</div>', page)

    assert (
        readonly.count(HIDDEN) == 10
    )  # wechat, birth, ethnicity, party, education, place, address, remarks, 2 of id
    assert "138****0007" in readonly
    assert "经理" in readonly


@pytest.mark.parametrize(
    "query",
    [
        {"political_status__exact": "中共党员"},
        {"education__exact": "博士研究生"},
        {"ethnicity__exact": "苗族"},
        {"birth__gte": "1985"},
        {"birth": "1985-06-15"},
        {"mobile__startswith": "138"},
        {"id_digest__isnull": "False"},
        {"user__email__contains": "a"},
        {"association__parent__name": "x"},
        {"status__exact": "\x00"},
    ],
)
def test_no_address_filters_by_what_one_may_not_read(client, leaking, query):
    assert client.get(LIST, query).status_code == 400


def test_no_address_sorts_by_what_one_may_not_read(client, leaking):
    make_member("张二", association=leaking.association, mobile="13800000001")
    Member.objects.filter(name="张二").update(birth="1970")

    orders = ["", "birth", "-birth", "mobile", "-mobile", "id_digest", "employer__name", "-"]
    found = [listed(client, order=order) for order in orders]
    found += [listed(client, o=f"{sign}{place}") for sign in ("", "-") for place in range(12)]

    assert found == [["张一", "张二"]] * len(found)


@pytest.mark.parametrize("text", ["13800000007", "0007", "geheim", "1985", make_id_number(7)])
def test_search_does_not_find_by_what_one_may_not_read(client, leaking, text):
    assert listed(client, q=text) == []


def test_secretary_filters_and_searches_by_what_a_viewer_may_not(client, leaking):
    make_member("张二", association=leaking.association, political_status="群众")
    sign_in(client, Role.SECRETARY, leaking.association)

    by_party = listed(client, g="political_status:is:中共党员")
    by_mobile = listed(client, q="0007")

    assert (by_party, by_mobile) == (["张一"], ["张一"])


# -- members: list


def test_search_finds_by_any_part_of_name_pinyin_mobile_employer_and_number(client):
    home = make_association()
    make_member(
        "张小明", association=home, employer="重庆百合律师事务所", number="JJ2019007", mobile="13900001234"
    )
    make_member("李四", association=home, mobile="13800000001")
    sign_in(client, Role.SECRETARY, home)

    texts = [
        "小明",
        "张小明",
        "zhangxm",
        "zhangxiao",
        "zxm",
        "百合",
        "律师事务",
        "2019007",
        "0001234",
        "139 0000 1234",
    ]
    found = {text: listed(client, q=text) for text in texts}

    assert found == {text: [] if text == "zhangxm" else ["张小明"] for text in texts}


@pytest.mark.parametrize("text", ["%", "_", "'", '"; DROP TABLE', "\\", "😀", "\x00", " ", "长" * 500])
def test_search_bears_any_text(client, text):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    found = listed(client, q=text)

    assert found == (["张一"] if text.strip(" \x00") == "" else [])


def test_filters_narrow_the_list(client):
    home = make_association(townships="几江街道")
    park = make_association(parent=home)
    make_member(
        "张一", association=home, category="自由职业人员", status="在册", sex="男", township="几江街道"
    )
    make_member(
        "张二", association=park, category="新媒体从业人员", status="退会", sex="女", township="双福街道"
    )
    sign_in(client, Role.VIEWER, home)

    found = [
        listed(client, g=f"association:is:{park.pk}"),
        listed(client, g="category:is:自由职业人员"),
        listed(client, g="status:is:退会"),
        listed(client, g="sex:is:男"),
        listed(client, g="township:is:双福街道"),
        listed(client, g=f"association:is:{home.pk};status:is:退会"),
    ]

    assert found == [["张二"], ["张一"], ["张二"], ["张一"], ["张二"], ["张二"]]


def test_filter_by_an_association_out_of_sight_finds_nothing(client):
    home, elsewhere = make_association(), make_association()
    make_association(parent=home)
    make_member("张一", association=home)
    make_member("张二", association=elsewhere)
    sign_in(client, Role.VIEWER, home)

    assert listed(client, g=f"association:is:{elsewhere.pk}") == []


def test_pages_go_from_row_to_row_and_back_without_loss(client):
    home = make_association()
    for number in range(1, 121):
        make_member(f"张{number:03}", association=home)
    sign_in(client, Role.SECRETARY, home)

    seen, url = [], f"{LIST}?order=name"
    while url:
        changelist = client.get(url).context["cl"]
        seen.append([str(row) for row in changelist.result_list])
        last, url = changelist, changelist.next_link and LIST + changelist.next_link
    back = client.get(LIST + last.previous_link).context["cl"]

    assert [len(page) for page in seen] == [50, 50, 20]
    assert [name for page in seen for name in page] == [f"张{number:03}" for number in range(1, 121)]
    assert [str(row) for row in back.result_list] == seen[1]
    assert str(last.result_count) == "120"


def test_count_stops_at_the_cap():
    home = make_association()
    for _ in range(4):
        make_employer(f"第{_}公司", association=home)
    found = Employer.objects.all()

    assert [str(capped_count(found, cap)) for cap in (3, 4, 5)] == ["3+", "4", "4"]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"q": "张"},
        {"q": "138"},
        {"g": "status:is:在册"},
        {"g": ["political_status:is:群众;further_category:missing", "age:between:,35"]},
        {"order": "-name"},
        {"cols": "association,employer,category,id_number"},
    ],
)
def test_list_takes_the_same_few_statements_at_any_size(client, django_assert_max_num_queries, params):
    home = make_association()
    make_association(parent=home)
    sign_in(client, Role.SECRETARY, home)
    client.get(LIST)
    counts = []
    for size in (1, 3, 139):
        while Member.objects.count() < size:
            make_member(association=home, employer=f"第{size}公司", political_status="群众")
        with django_assert_max_num_queries(12) as captured:
            client.get(LIST, params)
        counts.append(len(captured))

    # a list that goes on after its first page is counted
    assert counts == [counts[0], counts[0], counts[0] + 1]


# -- members: form


def test_new_member_gets_a_first_step_and_a_history(client):
    home = make_association()
    secretary = sign_in(client, Role.SECRETARY, home)
    page = client.get(ADD)

    client.post(
        ADD, form_data(page, name="张一", mobile="138 0000 0001", joined="2019年12月", birth="1985.6")
    )

    member = Member.objects.get()
    assert (member.name, member.mobile, member.joined, member.birth) == (
        "张一",
        "13800000001",
        "2019-12",
        "1985-06",
    )
    steps = StatusChange.objects.values_list("member", "status", "on", "entered_by")
    assert list(steps) == [(member.pk, "在册", "2019-12", secretary.pk)]
    action = Action.objects.order_by("pk").last()
    assert (action.actor, action.changes.count()) == (secretary, 2)


def test_member_goes_only_into_an_association_one_may_edit(client):
    home, other = make_association(), make_association()
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, other)

    response = client.post(ADD, form_data(client.get(ADD), name="张一", association=other.pk))

    assert list(response.context["adminform"].form.errors) == ["association"]
    assert Member.objects.count() == 0


def test_employer_out_of_sight_cannot_be_chosen(client):
    home, elsewhere = make_association(), make_association()
    hidden = make_employer("外地公司", association=elsewhere)
    sign_in(client, Role.SECRETARY, home)
    url = reverse("admin:autocomplete")

    response = client.post(ADD, form_data(client.get(ADD), name="张一", employer=hidden.pk))
    offered = client.get(url, {"app_label": "members", "model_name": "member", "field_name": "employer"})

    assert list(response.context["adminform"].form.errors) == ["employer"]
    assert "外地公司" not in body_of(response)
    assert offered.json()["results"] == []


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("mobile", "1380000000"),
        ("mobile", "023-47000001"),
        ("second_mobile", "abc"),
        ("birth", "1985.13"),
        ("employer_uscc", "91500000MA5U000000"),
        ("id_number", "500116198506150000"),
        ("id_number", "12345"),
        ("email", "nobody"),
        ("status", "离开"),
        ("name", ""),
        ("joined", "昨天"),
    ],
)
def test_form_refuses_what_is_not_of_the_kind(client, field, written):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    data = form_data(client.get(ADD), **{"name": "张一", field: written})

    response = client.post(ADD, data)

    assert list(response.context["adminform"].form.errors) == [field]
    assert Member.objects.count() == 0


@pytest.mark.parametrize("field", ["birth", "id_number"])
def test_nobody_under_fourteen(client, field):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    born = timezone.localdate() - dt.timedelta(days=13 * 365)
    written = {"birth": born.isoformat(), "id_number": make_id_number(1, born=born)}[field]

    response = client.post(ADD, form_data(client.get(ADD), **{"name": "张一", field: written}))

    assert response.context["adminform"].form.errors == {field: [UNDER_AGE]}
    assert Member.objects.count() == 0


def test_identity_number_stays_hidden_until_a_new_one_is_typed(client):
    home = make_association()
    member = make_member("张一", association=home, id_number=make_id_number(1))
    sealed = bytes(member.id_sealed)
    sign_in(client, Role.SECRETARY, home)

    page = client.get(change_url(member))
    client.post(change_url(member), form_data(page, wechat="new"))
    kept = Member.objects.get(pk=member.pk)
    client.post(
        change_url(member), form_data(client.get(change_url(member)), id_number=make_id_number(2).lower())
    )
    renewed = Member.objects.get(pk=member.pk)
    client.post(change_url(member), form_data(client.get(change_url(member)), remove_id="on"))
    removed = Member.objects.get(pk=member.pk)

    assert make_id_number(1) not in body_of(page)
    assert f"500116********{make_id_number(1)[14:]}" in body_of(page)
    assert (bytes(kept.id_sealed), kept.wechat) == (sealed, "new")
    assert renewed.id_number == make_id_number(2)
    assert (removed.id_sealed, removed.id_digest, removed.id_number) == (None, None, "")


def test_identity_number_fills_in_what_is_empty_and_nothing_else(client):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)

    client.post(ADD, form_data(client.get(ADD), name="张一", birth="1985", id_number=make_id_number(1)))

    member = Member.objects.get()
    assert (member.id_kind, member.sex, member.birth) == ("居民身份证", "男", "1985")


@pytest.mark.parametrize("field", ["id_number", "number"])
def test_number_of_another_member_is_an_error_not_a_crash(client, field):
    home = make_association()
    make_member("张一", association=home, id_number=make_id_number(1), number="JJ1")
    sign_in(client, Role.SECRETARY, home)
    written = {"id_number": make_id_number(1), "number": "JJ1"}[field]

    response = client.post(ADD, form_data(client.get(ADD), **{"name": "张二", field: written}))

    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert Member.objects.count() == 1


def test_same_identity_number_in_another_association_is_allowed(client):
    home, other = make_association(), make_association()
    make_member("张一", association=other, id_number=make_id_number(1))
    sign_in(client, Role.SECRETARY, home)

    client.post(ADD, form_data(client.get(ADD), name="张一", id_number=make_id_number(1)))

    assert Member.objects.filter(association=home).get().id_number == make_id_number(1)


# -- status and further categories


def test_step_in_the_form_changes_the_status(client):
    home = make_association()
    member = make_member("张一", association=home, joined="2019-12")
    secretary = sign_in(client, Role.SECRETARY, home)
    step = {"status": "退会", "on": "2024-03", "decided_by": "会长会议", "document": "2024年3号"}

    client.post(
        change_url(member),
        form_data(client.get(change_url(member)))
        | {
            "status_changes-TOTAL_FORMS": 1,
            **{f"status_changes-0-{name}": text for name, text in step.items()},
        },
    )

    member.refresh_from_db()
    steps = list(StatusChange.objects.values(*step, "entered_by"))
    assert (member.status, steps) == ("退会", [{**step, "entered_by": secretary.pk}])


def test_recorded_steps_cannot_be_rewritten(client):
    home = make_association()
    member = make_member("张一", association=home)
    step = change_status(member, to="停权", on="2024-03", actor=None)
    sign_in(client, Role.MANAGER, home)
    page = client.get(change_url(member))

    client.post(
        change_url(member), form_data(page) | {"status_changes-0-id": step.pk, "status_changes-0-on": "2020"}
    )

    assert StatusChange.objects.get().on == "2024-03"


def test_earlier_step_fills_in_the_past_and_leaves_the_present():
    member = make_member()
    change_status(member, to="退会", on="2024-03", actor=None)

    change_status(member, to="在册", on="2019-12", actor=None)

    member.refresh_from_db()
    assert member.status == "退会"
    assert list(member.status_changes.values_list("on", "status")) == [
        ("2019-12", "在册"),
        ("2024-03", "退会"),
    ]


def test_step_in_the_future_is_refused():
    member = make_member()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    with pytest.raises(InTheFuture):
        change_status(member, to="退会", on=tomorrow.isoformat(), actor=None)

    assert not StatusChange.objects.exists()


# -- logs


def test_list_of_actions_shows_those_of_associations_in_sight(client):
    home, elsewhere = make_association(), make_association()
    Action.objects.create(kind="export", association=home, note="我们的")
    Action.objects.create(kind="export", association=elsewhere, note="别人的")
    sign_in(client, Role.SECRETARY, home)

    notes = [
        action.note
        for action in client.get(reverse("admin:organizations_action_changelist")).context["cl"].result_list
    ]

    assert notes == ["我们的"]


@pytest.mark.parametrize("name", ["organizations_change", "organizations_action", "members_importbatch"])
def test_viewers_have_no_logs(client, name):
    home = make_association()
    sign_in(client, Role.VIEWER, home)

    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 403


# -- employers


def test_stranger_reader_and_editor_of_an_employer(client):
    home, elsewhere = make_association(), make_association()
    employer = make_employer("甲公司", association=home)

    sign_in(client, Role.MANAGER, elsewhere)
    stranger = [client.get(change_url(employer)).status_code, client.post(change_url(employer)).status_code]
    sign_in(client, Role.VIEWER, home)
    reader = [client.get(change_url(employer)).status_code, client.post(change_url(employer)).status_code]
    sign_in(client, Role.SECRETARY, home)
    data = form_data(client.get(change_url(employer)), kind="民营企业")
    editor = client.post(change_url(employer), data).status_code

    assert (stranger, reader, editor) == ([404, 404], [200, 403], 302)
    assert Employer.objects.get().kind == "民营企业"


def test_employers_are_listed_with_their_members_in_few_statements(client, django_assert_max_num_queries):
    home = make_association()
    make_employer("外地公司", association=make_association())
    sign_in(client, Role.VIEWER, home)
    url = reverse("admin:members_employer_changelist")
    client.get(url)
    counts = []
    for size in (1, 3):
        while Employer.objects.filter(association=home).count() < size:
            serial = Employer.objects.count()
            for _ in range(serial):
                make_member(association=home, employer=f"第{serial}公司")
        with django_assert_max_num_queries(12) as captured:
            page = client.get(url)
        counts.append(len(captured))

    rows = [(row.name, row.total) for row in page.context["cl"].result_list]
    assert counts[0] == counts[1]
    assert rows == [("第1公司", 1), ("第2公司", 2), ("第3公司", 3)]


# -- associations


def test_stranger_reader_and_manager_of_an_association(client):
    home, elsewhere = make_association(), make_association()
    Milestone.objects.create(association=home, on="2019-12", text="成立")

    sign_in(client, Role.MANAGER, elsewhere)
    stranger = [client.get(change_url(home)).status_code, client.post(change_url(home)).status_code]
    sign_in(client, Role.SECRETARY, home)
    reader = [client.get(change_url(home)).status_code, client.post(change_url(home)).status_code]
    sign_in(client, Role.MANAGER, home)
    data = form_data(client.get(change_url(home)), short_name="新专联")
    manager = client.post(change_url(home), data).status_code

    assert (stranger, reader, manager) == ([404, 404], [200, 403], 302)
    assert Association.objects.get(pk=home.pk).short_name == "新专联"


def test_manager_founds_associations_below_the_own_and_nowhere_else(client):
    city = make_association(code="city")
    home = make_association(code="home", parent=city)
    sign_in(client, Role.MANAGER, home)
    url = reverse("admin:organizations_association_add")
    data = {"name": "双福分会", "code": "shuangfu", "level": "sub"}

    above = client.post(url, form_data(client.get(url), **data, parent=city.pk))
    nowhere = client.post(url, form_data(client.get(url), **data, parent=""))
    client.post(url, form_data(client.get(url), **data, parent=home.pk))

    assert [list(page.context["adminform"].form.errors) for page in (above, nowhere)] == [
        ["parent"],
        ["parent"],
    ]
    assert Association.objects.get(code="shuangfu").parent == home


def test_manager_does_not_move_the_own_association_in_the_tree(client):
    city, other = make_association(code="city"), make_association(code="other")
    home = make_association(code="home", parent=city)
    user = sign_in(client, Role.MANAGER, home)
    grant(user, Role.MANAGER, other)

    client.post(change_url(home), form_data(client.get(change_url(home))) | {"parent": other.pk})

    assert Association.objects.get(pk=home.pk).parent == city


@pytest.mark.parametrize("pattern", ["JJ{serial", "{year.__class__}", "{0}", "{name}", "{serial:x9z}"])
def test_number_pattern_takes_year_and_serial_only(client, pattern):
    home = make_association()
    sign_in(client, Role.MANAGER, home)

    response = client.post(change_url(home), form_data(client.get(change_url(home)), number_pattern=pattern))

    assert list(response.context["adminform"].form.errors) == ["number_pattern"]


def test_number_pattern_is_kept(client):
    home = make_association()
    sign_in(client, Role.MANAGER, home)

    client.post(
        change_url(home), form_data(client.get(change_url(home)), number_pattern="JJ{year}{serial:04}")
    )

    assert Association.objects.get().number_pattern == "JJ{year}{serial:04}"


# -- accounts


def user_data(page, **changes):
    grants = {"role_grants-TOTAL_FORMS": "1", "role_grants-0-role": "viewer", "role_grants-0-starts_on": ""}
    return form_data(page) | grants | changes


def test_accounts_are_for_managers(client):
    home = make_association()
    secretary = sign_in(client, Role.SECRETARY, home)

    pages = [client.get(reverse("admin:members_user_changelist")), client.get(change_url(secretary))]

    assert [page.status_code for page in pages] == [403, 403]


def test_manager_sees_accounts_of_the_own_associations_only(client):
    home, elsewhere = make_association(), make_association()
    colleague, stranger = make_user(name="同事"), make_user(name="外人")
    grant(colleague, Role.VIEWER, home)
    grant(stranger, Role.VIEWER, elsewhere)
    manager = sign_in(client, Role.MANAGER, home, name="管理甲")

    names = listed(client, reverse("admin:members_user_changelist"))

    assert names == [str(colleague), str(manager)]
    assert client.get(change_url(stranger)).status_code == 404
    assert client.post(reverse("admin:auth_user_password_change", args=[stranger.pk])).status_code in (
        403,
        404,
    )


def test_manager_makes_an_account_with_a_role(client):
    home = make_association()
    sign_in(client, Role.MANAGER, home)
    url = reverse("admin:members_user_add")
    data = user_data(
        client.get(url),
        **{
            "name": "新人",
            "email": "New@Example.org",
            "phone": "+86 138-0000-0001",
            "role_grants-0-association": home.pk,
        },
    )

    client.post(url, data)

    user = User.objects.get(name="新人")
    assert (user.email, user.phone, user.has_usable_password()) == ("new@example.org", "13800000001", False)
    assert list(user.role_grants.values_list("role", "association")) == [("viewer", home.pk)]


def test_account_is_not_made_without_a_role(client):
    home = make_association()
    sign_in(client, Role.MANAGER, home)
    url = reverse("admin:members_user_add")

    response = client.post(url, form_data(client.get(url), name="新人", email="new@example.org"))

    assert response.status_code == 200
    assert not User.objects.filter(name="新人").exists()


def test_manager_grants_roles_in_the_own_associations_only(client):
    home, elsewhere = make_association(), make_association()
    manager = sign_in(client, Role.MANAGER, home)
    page = client.get(change_url(manager))
    data = form_data(page) | {
        "role_grants-TOTAL_FORMS": "2",
        "role_grants-1-role": "manager",
        "role_grants-1-association": elsewhere.pk,
    }

    client.post(change_url(manager), data)

    assert list(RoleGrant.objects.values_list("association", flat=True)) == [home.pk]


@pytest.fixture
def city_manager(client):
    """(account of the city's manager, who is also viewer in a district; the district), its manager signed in."""
    city = make_association()
    district = make_association(parent=city)
    user = make_user("city@example.org", name="市管理员")
    grant(user, Role.MANAGER, city)
    grant(user, Role.VIEWER, district)
    sign_in(client, Role.MANAGER, district)
    return user, district


def test_account_with_a_role_above_is_not_taken_over(client, city_manager):
    user, _district = city_manager
    password = user.password

    client.post(change_url(user), form_data(client.get(change_url(user))) | {"email": "mine@example.org"})
    set_password = client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {"password1": "quite another 1", "password2": "quite another 1", "usable_password": "true"},
    )

    user.refresh_from_db()
    assert (user.email, user.password, set_password.status_code) == ("city@example.org", password, 403)


def test_roles_elsewhere_are_not_shown(client, city_manager):
    user, district = city_manager

    page = client.get(change_url(user))

    formset = page.context["inline_admin_formsets"][0].formset
    assert [form.instance.association for form in formset.initial_forms] == [district]


def test_manager_does_not_make_superusers(client):
    home = make_association()
    colleague = make_user()
    grant(colleague, Role.VIEWER, home)
    sign_in(client, Role.MANAGER, home)

    client.post(
        change_url(colleague),
        form_data(client.get(change_url(colleague))) | {"is_superuser": "on", "name": "新名"},
    )

    colleague.refresh_from_db()
    assert (colleague.name, colleague.is_superuser) == ("新名", False)


def test_manager_sets_a_password(client):
    home = make_association()
    colleague = make_user()
    grant(colleague, Role.VIEWER, home)
    sign_in(client, Role.MANAGER, home)

    client.post(
        reverse("admin:auth_user_password_change", args=[colleague.pk]),
        {"password1": "quite another 1", "password2": "quite another 1", "usable_password": "true"},
    )

    colleague.refresh_from_db()
    assert colleague.check_password("quite another 1")
    assert "password" not in str(list(Change.objects.values_list("diff", flat=True)))


# -- imports


def test_imports_are_listed_for_those_who_import_there_and_open_on_their_own_page(client):
    home, elsewhere = make_association(), make_association()
    counts = {"rows": 3, "new": 3, "update": 0, "question": 0, "error": 0}
    batch, hidden = (
        ImportBatch.objects.create(association=association, file="x.bin", file_name=name, counts=counts)
        for association, name in ((home, "我们的.xlsx"), (elsewhere, "别人的.xlsx"))
    )
    sign_in(client, Role.SECRETARY, home)

    page = client.get(reverse("admin:members_importbatch_changelist"))
    opened, closed = client.get(change_url(batch)), client.get(change_url(hidden))

    assert [row.file_name for row in page.context["cl"].result_list] == ["我们的.xlsx"]
    assert batch.get_absolute_url() in body_of(page)
    assert (opened.status_code, opened.url) == (302, batch.get_absolute_url())
    assert closed.status_code == 404
