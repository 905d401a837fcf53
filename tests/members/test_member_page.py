"""The page of one member: who sees what, what is missing, neighbours, sections, the paper form, roles and fields."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils.html import escape

from members.models import Employer, FurtherCategory, Member
from members.resources import KEYS
from members.rights import BODY_ROLES, FIELD_CLASSES, HIDDEN, PART_CLASSES, ROLES, Ability, FieldClass, Role
from members.services import change_status
from organizations.models import Change
from tests.make import grant, make_association, make_employer, make_id_number, make_member
from tests.members.screens import body_of, form_data, messages_of, page_of, section_of, sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_member_changelist")
PAGES = ["detail", "form", "reveal", "photo"]


@pytest.fixture
def home():
    return make_association("第一联合会")


def full_member(home, **fields):
    """A member with a value in every field that could leak."""
    return make_member(
        "张一",
        association=home,
        employer=make_employer("甲公司", association=home),
        id_number=make_id_number(7),
        id_kind="居民身份证",
        **{
            "mobile": "13800000007",
            "email": "geheim@example.org",
            "office_phone": "023-47000001",
            "wechat": "geheim",
            "birth": "1985-06-15",
            "ethnicity": "苗族",
            "political_status": "中共党员",
            "education": "博士研究生",
            "full_time_school": "西南大学",
            "native_place": "贵州凯里",
            "address": "几江街道一号",
            "remarks": "只给秘书看",
            "party_joined": "2005-07",
            "position": "经理",
            **fields,
        },
    )


SECRETS = [
    "13800000007", "geheim", "023-47000001", "1985-06", "1985.06", "苗族", "中共党员", "博士研究生", "西南大学",
    "贵州凯里", "几江街道一号", "只给秘书看", "2005", make_id_number(7), "500116********", "居民身份证",
]  # fmt: skip


# -- who


@pytest.mark.parametrize("name", PAGES)
def test_stranger_reader_and_editor(client, home, name):
    member = full_member(home)
    answers = []
    for role, association in (
        (Role.MANAGER, make_association()),
        (Role.VIEWER, home),
        (Role.SECRETARY, home),
    ):
        sign_in(client, role, association)
        answers.append(client.get(page_of(member, name)).status_code)

    assert answers == [404, 200 if name in ("detail", "form") else 403, 200]


@pytest.mark.parametrize("section", ["identity", "work", "education", "association", "contact", "notes"])
def test_sections_open_to_editors_only(client, home, section):
    member = full_member(home)
    answers = []
    for role, association in (
        (Role.MANAGER, make_association()),
        (Role.VIEWER, home),
        (Role.SECRETARY, home),
    ):
        sign_in(client, role, association)
        url = section_of(member, section)
        answers.append((client.get(url).status_code, client.post(url, {}).status_code))

    assert answers == [(404, 404), (403, 403), (200, 200)]


@pytest.mark.parametrize(
    "address",
    ["0/", "99999999999999999999999/", "x/", "1/edit/nothing/", "1/edit/%00/", "1/edit/😀/", "1/next/x/"],
)
def test_addresses_by_hand_lead_nowhere(client, home, address):
    full_member(home)
    sign_in(client, Role.SECRETARY, home)

    assert client.get(f"{LIST}{address}", follow=True).status_code == 404


def test_a_record_links_to_its_page(home):
    member = full_member(home)

    assert member.get_absolute_url() == page_of(member) == f"/admin/members/member/{member.pk}/"


# -- what


@pytest.mark.parametrize("name", ["detail", "form"])
def test_viewer_reads_masks(client, home, name):
    member = full_member(home)
    member.wechat = "geheimer"
    member.save()
    sign_in(client, Role.VIEWER, home)

    page = body_of(client.get(page_of(member, name)))

    assert "张一" in page and "甲公司" in page
    assert "138****0007" in page and HIDDEN in page
    assert [secret for secret in SECRETS if secret in page] == []


def test_page_of_a_secretary_says_all_but_the_middle_of_the_identity_number(client, home):
    member = full_member(home)
    sign_in(client, Role.SECRETARY, home)

    response = client.get(page_of(member))

    facts = {each.key: each for _section, found in response.context["sections"] for each in found}
    assert facts["id_number"].text == f"500116********{make_id_number(7)[14:]}"
    assert facts["birth"].text.startswith("1985-06-15（")
    assert {key: each.link for key, each in facts.items() if each.link} == {
        "mobile": "tel:13800000007",
        "office_phone": "tel:023-47000001",
        "email": "mailto:geheim@example.org",
    }
    assert make_id_number(7) not in body_of(response)


def test_every_field_of_the_contract_is_on_the_page(client, home):
    member = full_member(home)
    sign_in(client, Role.SECRETARY, home)

    sections = client.get(page_of(member)).context["sections"]

    assert {each.key for _section, found in sections for each in found} == {*KEYS, "association", "sort_name"}


def test_steps_and_further_categories(client, home):
    member = full_member(home, category="自由职业人员")
    change_status(member, to="停权", on="2024-03", decided_by="会长会议", document="3号", actor=None)
    change_status(member, to="在册", on="2019", actor=None)
    FurtherCategory.objects.create(member=member, category="新媒体从业人员")
    sign_in(client, Role.VIEWER, home)

    context = client.get(page_of(member)).context

    assert context["further"] == ["新媒体从业人员"]
    assert [
        (step["on"], step["status"], step["decided_by"], step["document"]) for step in context["steps"]
    ] == [
        ("2019", "在册", "", ""),
        ("2024-03", "停权", "会长会议", "3号"),
    ]


def test_missing_fields_as_far_as_one_may_read_them(client, home):
    member = make_member("张一", association=home, mobile="", category="自由职业人员", sex="男")
    found = {}
    for role in (Role.SECRETARY, Role.VIEWER):
        sign_in(client, role, home)
        missing = client.get(page_of(member)).context["missing"]
        found[role] = [label for label, _section in missing]

    assert found == {
        Role.SECRETARY: ["出生年月", "民族", "政治面貌", "证件号码", "学历", "会员编号", "入会时间", "手机"],
        Role.VIEWER: ["会员编号", "入会时间"],
    }


def test_latest_changes_stand_beside(client, home):
    member = full_member(home)
    user = sign_in(client, Role.SECRETARY, home, name="王秘书")
    client.post(
        section_of(member, "work"), form_data(client.get(section_of(member, "work")), position="总经理")
    )

    entry = client.get(page_of(member)).context["entries"][0]

    assert entry["action"].actor == user
    assert [(line.label, line.before, line.after) for line in entry["records"][0]["lines"]] == [
        ("职务", "经理", "总经理")
    ]


def test_page_takes_few_statements_at_any_length(client, home, django_assert_max_num_queries):
    member = full_member(home)
    make_association(parent=home)
    sign_in(client, Role.SECRETARY, home)
    client.get(page_of(member))
    counts = []
    for number in (1, 3):
        for serial in range(number):
            change_status(member, to="在册", on=f"200{serial}-0{number}", actor=None)
            Member.objects.get(pk=member.pk).save()
        FurtherCategory.objects.get_or_create(member=member, category="新媒体从业人员")
        # six for session, user and rights: the grants, the tree, and two of Django's own permissions
        # the consents, and whether it was noted already that the user opened the record today
        with django_assert_max_num_queries(6 + 6) as captured:
            client.get(page_of(member))
        counts.append(len(captured))

    assert counts[0] == counts[1]


# -- neighbours


def names_on_the_way(client, member, name, **query):
    """The members that the link leads to one after the other, until it says that there are no more."""
    found, url = [], f"{page_of(member, name)}?{query.get('query', '')}"
    while True:
        response = client.get(url)
        assert response.status_code == 302
        shown = client.get(response.url)
        if shown.context["member"].pk == member.pk:
            return found, [str(each) for each in shown.context["messages"]]
        member = shown.context["member"]
        found.append(member.name)
        url = re.search(rf'href="([^"]*/{name}/[^"]*)"', shown.content.decode())[1].replace("&amp;", "&")


def test_neighbours_follow_the_list_and_end_with_a_sentence(client, home):
    members = [make_member(name, association=home) for name in ("张一", "张二", "张三")]
    make_member("李四", association=make_association())
    sign_in(client, Role.VIEWER, home)
    order = [str(row) for row in client.get(LIST).context["cl"].result_list]
    first = next(member for member in members if member.name == order[0])
    last = next(member for member in members if member.name == order[-1])

    assert names_on_the_way(client, first, "next") == (order[1:], ["已是列表中的最后一位。"])
    assert names_on_the_way(client, last, "previous") == (order[-2::-1], ["已是列表中的第一位。"])


def test_neighbours_keep_the_filter_of_the_list_one_came_from(client, home):
    first = make_member("张一", association=home)
    make_member("李四", association=home)
    make_member("张二", association=home)
    sign_in(client, Role.VIEWER, home)

    found, _said = names_on_the_way(client, first, "next", query="_changelist_filters=q%3D%E5%BC%A0")

    assert found == ["张二"]


@pytest.mark.parametrize("query", ["q=%2500", "q=😀", "nonsense", "after=x", "x" * 500, "p=-1", "q=%25&q='"])
def test_neighbours_bear_any_list(client, home, query):
    member = make_member("张一", association=home)
    make_member("张二", association=home)
    sign_in(client, Role.VIEWER, home)

    response = client.get(page_of(member, "next"), {"_changelist_filters": query})

    assert response.status_code in (302, 400)


# -- sections


def test_section_saves_its_fields_and_says_so_and_stays_with_the_member(client, home):
    member = full_member(home)
    sign_in(client, Role.SECRETARY, home)
    url = section_of(member, "work")

    saved = client.post(url, form_data(client.get(url), position="总经理", occupation="律师"))

    member.refresh_from_db()
    assert (member.position, member.occupation) == ("总经理", "律师")
    assert saved.url == page_of(member)
    assert messages_of(saved) == ["张一：已保存职务、职业。"]


def test_section_takes_no_field_of_another(client, home):
    member = full_member(home)
    sign_in(client, Role.SECRETARY, home)
    url = section_of(member, "work")
    data = form_data(client.get(url), position="总经理")

    client.post(
        url, data | {"wechat": "x", "id_number": make_id_number(9), "remove_id": "on", "name": "李四"}
    )

    stored = Member.objects.get(pk=member.pk)
    assert (stored.position, stored.wechat, stored.name) == ("总经理", "geheim", "张一")
    assert stored.id_number == make_id_number(7)


def test_section_keeps_to_the_rules_of_the_whole_form(client, home):
    member = full_member(home)
    make_member("张二", association=home, number="JJ1")
    sign_in(client, Role.SECRETARY, home)
    refused = {}
    for section, field, written in (
        ("contact", "mobile", "12"),
        ("identity", "birth", "1985.13"),
        ("association", "number", "JJ1"),
        ("work", "employer_uscc", "9"),
    ):
        url = section_of(member, section)
        response = client.post(url, form_data(client.get(url), **{field: written}))
        refused[field] = list(response.context["adminform"].form.errors)

    assert refused == {field: [field] for field in ("mobile", "birth", "number", "employer_uscc")}


def test_moving_a_member_whose_employer_stays_is_a_sentence(client, home):
    other = make_association()
    member = full_member(home)
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.SECRETARY, other)
    url = section_of(member, "association")

    refused = client.post(url, form_data(client.get(url), association=other.pk))

    assert refused.context["adminform"].form.errors == {"__all__": ["该单位属于其他协会。"]}


def test_moving_a_member_where_the_identity_number_is_taken_is_a_sentence(client, home):
    other = make_association()
    make_member("张二", association=other, id_number=make_id_number(1))
    member = make_member("张一", association=home, id_number=make_id_number(1))
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.SECRETARY, other)
    url = section_of(member, "association")

    refused = client.post(url, form_data(client.get(url), association=other.pk))

    assert refused.context["adminform"].form.errors == {"__all__": ["本协会已有会员使用这个证件号码。"]}


def test_new_member_leads_to_its_page(client, home):
    sign_in(client, Role.SECRETARY, home)
    url = reverse("admin:members_member_add")

    saved = client.post(url, form_data(client.get(url), name="张一"))

    assert saved.url == page_of(Member.objects.get())


def test_nothing_classified_in_messages_and_the_admins_own_log(client, home):
    member = full_member(home)
    sign_in(client, Role.MANAGER, home)
    whole = reverse("admin:members_member_change", args=[member.pk])
    changes = {"wechat": "geheimer", "birth": "1985-06", "id_number": make_id_number(9), "remarks": "neu"}

    saved = client.post(whole, form_data(client.get(whole), **changes))
    delete = reverse("admin:members_member_delete", args=[member.pk])
    asked = client.get(delete)
    deleted = client.post(delete, {"post": "yes"})

    said = [*messages_of(saved), *messages_of(deleted), body_of(asked)]
    said += [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert LogEntry.objects.count() == 2
    assert [text for text in [*SECRETS, *changes.values()] for each in said if text in each] == []


def test_employers_are_offered_from_associations_in_sight(client, home):
    make_employer("外地公司", association=make_association())
    Employer.objects.create(association=home, name="本地公司")
    sign_in(client, Role.SECRETARY, home)

    offered = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "members", "model_name": "member", "field_name": "employer", "term": "公司"},
    )

    assert [each["text"] for each in offered.json()["results"]] == ["本地公司"]


# -- the registration form


def test_registration_form_says_who_and_masks_the_number(client, home):
    member = full_member(home)
    sign_in(client, Role.SECRETARY, home)

    response = client.get(page_of(member, "form"))

    paper = response.context["paper"]
    cells = {cell["label"]: cell["text"] for cell in paper["beside_photo"] + paper["below_photo"]}
    assert paper["title"] == "第一联合会"
    assert (cells["姓名"], cells["出生年月"], cells["工作单位"]) == ("张一", "1985.06.15", "甲公司")
    assert cells["证件号码"] == f"500116********{make_id_number(7)[14:]}"
    assert cells["全日制教育"] == "西南大学"


# -- roles and fields


def test_page_of_roles_and_fields_is_the_table_of_the_code(client, home):
    sign_in(client, Role.MANAGER, home)

    context = client.get(reverse("members:rights")).context

    columns = [*ROLES.values(), *BODY_ROLES.values()]
    assert context["roles"] == [*(role.label for role in Role), "某一机构的秘书", "某一机构的查阅"]
    assert [(label, [how == "reads" for how in row]) for label, row in context["reads"]] == [
        (each.label, [each in rights.classes for rights in columns]) for each in FieldClass
    ]
    assert context["abilities"][: len(Ability)] == [
        (each.label, [each in rights.abilities for rights in columns]) for each in Ability
    ]
    counts = {label: len(names) for label, names in context["fields"]}
    classes = [*FIELD_CLASSES.values(), *PART_CLASSES.values()]
    assert counts == {each.label: classes.count(each) for each in FieldClass}


def test_page_of_roles_and_fields_shows_every_field_by_name(client, home):
    sign_in(client, Role.MANAGER, home)

    page = body_of(client.get(reverse("members:rights")))

    labels = [str(Member._meta.get_field(key).verbose_name) for key in FIELD_CLASSES if key != "id_number"]
    assert [label for label in [*labels, "照片", "证件号码"] if escape(label) not in page] == []


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.SECRETARY, 403), (Role.VIEWER, 403)])
def test_page_of_roles_and_fields_is_for_managers(client, home, role, status):
    sign_in(client, role, home)

    assert client.get(reverse("members:rights")).status_code == status


def test_saving_nothing_writes_nothing(client, home):
    member = full_member(home)
    sign_in(client, Role.SECRETARY, home)
    url = section_of(member, "contact")

    client.post(url, form_data(client.get(url)))

    assert Member.objects.get(pk=member.pk).version == member.version
    assert not Change.objects.filter(object_id=member.pk, kind="~").exists()
