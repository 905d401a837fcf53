"""Conditions on members: what an address means, whom it finds, what is wrong with it, how it reads."""

import datetime as dt
import itertools

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from members import codes
from members.filters import FIELDS, Condition, Operator, Selection, filterable_fields, list_address
from members.models import FurtherCategory, Member
from members.rights import FIELD_CLASSES, Role
from organizations.partial_dates import age_on
from tests.make import grant, make_association, make_id_number, make_member, make_user

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 6, 15)


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def secretary(home):
    user = make_user()
    grant(user, Role.SECRETARY, home)
    return user


@pytest.fixture
def viewer(home):
    user = make_user()
    grant(user, Role.VIEWER, home)
    return user


def found(user, *texts, search="", day=DAY):
    """Names of the members whom the groups written in `texts` find for `user`."""
    rows = Selection.read(texts, search).apply(Member.objects.staff_visible_to(user), user, day)
    return sorted(rows.values_list("name", flat=True))


# -- addresses


@pytest.mark.parametrize(
    "text",
    [
        "category:is:自由职业人员,新媒体从业人员;sex:is:女",
        "age:between:35,44,2024-12-31",
        "age:between:,35",
        "joined:between:2019-06,",
        "mobile:missing",
        "employer:contains:50%25 100%2C%3B律师:事务所",
    ],
)
def test_a_group_is_written_as_it_was_read(text):
    selection = Selection.read([text])

    assert selection.written() == [text]
    assert Selection.parse(QueryDict(selection.address())) == selection


def test_separators_inside_a_value_come_through_an_address():
    selection = Selection((((Condition("employer", "is", ["A,B;C%2C:D&g=E"])),),), "a&b+c %")

    assert Selection.parse(QueryDict(selection.address())) == selection


def test_list_address_joins_conditions_with_and():
    address = list_address(Condition("sex", "is", ["女"]), Condition("mobile", "missing"))

    assert address == "/admin/members/member/?g=sex:is:%E5%A5%B3;mobile:missing"
    assert list_address() == "/admin/members/member/"


@pytest.mark.parametrize("query", ["g=", "g=;;", "g= ; ", "q=", ""])
def test_an_empty_address_means_everybody(query, secretary):
    make_member("张一")
    selection = Selection.parse(QueryDict(query))

    assert (selection.groups, selection.problems(secretary)) == ((), [])
    assert selection.apply(Member.objects.all(), secretary).count() == 1


# -- whom conditions find

PEOPLE = [
    {"sex": "男", "category": "自由职业人员", "birth": "1985-06-15", "political_status": "中共党员", "joined": "2019"},
    {"sex": "女", "category": "自由职业人员", "birth": "1985-06", "political_status": "民盟盟员", "joined": "2019-06"},
    {"sex": "女", "category": "新媒体从业人员", "birth": "1985", "political_status": "群众", "joined": "2019-06-30"},
    {"sex": "", "category": "", "birth": "", "political_status": "", "joined": ""},
    {"sex": "男", "category": "新媒体从业人员", "birth": "2000-02-29", "ethnicity": "苗族", "joined": "2020-01"},
    {"sex": "女", "category": "中介组织和社会组织从业人员", "birth": "1984-06-16", "ethnicity": "汉族",
     "township": "几江街道", "occupation": "律师", "joined": "2018-12-31"},
]  # fmt: skip


@pytest.fixture
def people(home):
    return [make_member(association=home, **fields) for fields in PEOPLE]


def names(people, holds):
    return sorted(member.name for member in people if holds(member))


def test_groups_are_or_and_conditions_within_one_are_and(people, secretary):
    cases = {
        ("sex:is:女;category:is:自由职业人员",): lambda m: m.sex == "女" and m.category == "自由职业人员",
        ("sex:is:女", "category:is:自由职业人员"): lambda m: m.sex == "女" or m.category == "自由职业人员",
        ("sex:is:男,女",): lambda m: m.sex in ("男", "女"),
        ("sex:not:女",): lambda m: m.sex != "女",
        ("sex:missing", "sex:is:男;ethnicity:present"): lambda m: (
            not m.sex or (m.sex == "男" and bool(m.ethnicity))
        ),
        ("political_status:is:cpc",): lambda m: m.political_status in codes.CPC_MEMBERS,
        ("political_status:is:democratic_parties,群众",): lambda m: (
            m.political_status in codes.DEMOCRATIC_PARTIES | {"群众"}
        ),
        ("ethnicity:is:minorities",): lambda m: m.ethnicity in codes.MINORITIES,
        ("ethnicity:not:minorities",): lambda m: m.ethnicity not in codes.MINORITIES,
        ("occupation:contains:律,医",): lambda m: "律" in m.occupation or "医" in m.occupation,
        ("township:is:几江街道",): lambda m: m.township == "几江街道",
        ("birth:is:1985",): lambda m: m.birth.startswith("1985"),
        ("birth:is:1985-06",): lambda m: m.birth.startswith("1985-06"),
    }

    answers = {texts: found(secretary, *texts) for texts in cases}

    assert answers == {texts: names(people, holds) for texts, holds in cases.items()}


def test_any_pair_of_conditions_agrees_with_python(people, secretary):
    conditions = {
        "sex:is:女": lambda m: m.sex == "女",
        "category:not:自由职业人员": lambda m: m.category != "自由职业人员",
        "birth:present": lambda m: bool(m.birth),
        "age:between:39,": lambda m: bool(m.birth) and age_on(m.birth, DAY) >= 39,
        "joined:between:2019,2019": lambda m: m.joined.startswith("2019"),
    }
    for (one, first), (two, second) in itertools.permutations(conditions.items(), 2):
        in_first, in_second = set(names(people, first)), set(names(people, second))
        assert found(secretary, f"{one};{two}") == sorted(in_first & in_second), (one, two)
        assert found(secretary, one, two) == sorted(in_first | in_second), (one, two)


BIRTHS = ["1985-06-14", "1985-06-15", "1985-06-16", "1985-05", "1985-06", "1985-07", "1984", "1985", "1986",
          "1984-02-29", "2000-02-29", "2000-02", "1999-12-31", "2000-01-01", "2024", "1950", ""]  # fmt: skip


@pytest.mark.parametrize(
    "day",
    [
        "2024-06-14",
        "2024-06-15",
        "2024-06-16",
        "2024-02-29",
        "2023-02-28",
        "2023-03-01",
        "2024-12-31",
        "2025-01-01",
    ],
)
def test_age_bands_agree_with_full_years_at_every_precision(home, secretary, day):
    people = [make_member(association=home, birth=birth) for birth in BIRTHS]
    on = dt.date.fromisoformat(day)

    for first, last in [("39", "39"), ("38", "40"), ("", "24"), ("24", ""), ("0", "0"), ("40", "150")]:
        band = names(
            people,
            lambda m: bool(m.birth) and int(first or 0) <= age_on(m.birth, on) <= int(last or 200),  # noqa: B023
        )
        assert found(secretary, f"age:between:{first},{last}", day=on) == band, (first, last)
        assert found(secretary, f"age:between:{first},{last},{day}") == band, (first, last)


@pytest.mark.parametrize(
    ("bounds", "inside"),
    [
        ("2019-06,2019-06", ["2019", "2019-06", "2019-06-01", "2019-06-30"]),
        ("2019-06-02,2019-06-29", ["2019", "2019-06"]),
        ("2019-06-30,", ["2019", "2019-06", "2019-06-30", "2019-07", "2020"]),
        (",2019", ["2018-12-31", "2019", "2019-06", "2019-06-01", "2019-06-30", "2019-07"]),
        ("2018-12-31,2018-12-31", ["2018-12-31"]),
    ],
)
def test_between_takes_both_bounds_and_compares_at_the_precision_known(home, secretary, bounds, inside):
    for joined in ("2018-12-31", "2019", "2019-06", "2019-06-01", "2019-06-30", "2019-07", "2020", ""):
        make_member(joined or "未知", association=home, joined=joined)

    assert found(secretary, f"joined:between:{bounds}") == inside


def test_entered_since_a_local_date(home, secretary):
    for name, moment in {"昨夜": "2024-03-31T23:59:59", "凌晨": "2024-04-01T00:00:00"}.items():
        member = make_member(name, association=home)
        aware = timezone.make_aware(dt.datetime.fromisoformat(moment))
        Member.objects.filter(pk=member.pk).update(created_at=aware, updated_at=aware)

    answers = [
        found(secretary, f"{field}:between:{bounds}")
        for field in ("entered", "changed")
        for bounds in ("2024-04-01,", ",2024-03", "2024-03-31,2024-03-31", "2024,2024")
    ]

    assert answers == [["凌晨"], ["昨夜"], ["昨夜"], ["凌晨", "昨夜"]] * 2


def test_employer_by_name_part_of_it_and_none(home, secretary):
    make_member("张一", association=home, employer="重庆百合律师事务所")
    make_member("张二", association=home, employer="江津科技有限公司")
    make_member("张三", association=home)
    texts = [
        "employer:is:重庆百合律师事务所",
        "employer:contains:律师",
        "employer:not:重庆百合律师事务所",
        "employer:missing",
    ]

    assert [found(secretary, text) for text in texts] == [["张一"], ["张一"], ["张三", "张二"], ["张三"]]


def test_further_categories_stand_in_rows_of_their_own(home, secretary):
    both = make_member("张一", association=home, category="自由职业人员")
    make_member("张二", association=home, category="新媒体从业人员")
    for category in ("新媒体从业人员", "中介组织和社会组织从业人员"):
        FurtherCategory.objects.create(member=both, category=category)
    texts = ["is:新媒体从业人员", "not:新媒体从业人员", "missing", "present"]

    assert [found(secretary, f"further_category:{text}") for text in texts] == [
        ["张一"],
        ["张二"],
        ["张二"],
        ["张一"],
    ]


def test_association_means_it_and_all_below_and_none_out_of_sight(home, secretary):
    park, elsewhere = make_association(parent=home), make_association()
    make_member("张一", association=home)
    make_member("张二", association=park)
    make_member("张三", association=elsewhere)

    assert found(secretary, f"association:is:{home.pk}") == ["张一", "张二"]
    assert found(secretary, f"association:is:{park.pk}") == ["张二"]
    assert found(secretary, f"association:not:{park.pk}") == ["张一"]
    assert found(secretary, f"association:is:{elsewhere.pk}") == []
    assert elsewhere.name not in " ".join(
        Selection.read([f"association:is:{elsewhere.pk}"]).problems(secretary)
    )


def test_missing_and_present_of_every_field_add_up(people, secretary, home):
    make_member("有号", association=home, id_number=make_id_number(1), employer="某某公司")
    everybody = Member.objects.count()

    for field in FIELDS.values():
        if Operator.MISSING in field.kind.operators:
            missing, present = (
                len(found(secretary, f"{field.key}:{operator}")) for operator in ("missing", "present")
            )
            assert missing + present == everybody, field.key
    assert found(secretary, "id_number:present") == ["有号"]


def test_search_narrows_what_the_groups_find(people, secretary, home):
    make_member("李四", association=home, sex="女")

    assert found(secretary, "sex:is:女", search="李") == ["李四"]


# -- what is wrong


def test_every_field_of_a_member_can_be_filtered_by():
    assert FIELD_CLASSES.keys() <= FIELDS.keys()


def test_fields_that_may_not_be_read_find_nobody_and_are_named(people, viewer):
    hidden = [field for field in FIELDS.values() if not field.open_to(viewer.rights)]
    offered = {field.key for field in filterable_fields(viewer.rights)}

    assert {field.reads for field in hidden} == {
        key for key in FIELD_CLASSES if not viewer.rights.may_search(key)
    }
    assert offered.isdisjoint(field.key for field in hidden)
    for field in hidden:
        for operator in field.kind.operators:
            for texts in ([f"{field.key}:{operator}:1"], [f"{field.key}:{operator}:1", "sex:is:男"]):
                selection = Selection.read(texts)
                assert selection.problems(viewer) == [f"您无权按“{field.label}”筛选。"]
                assert found(viewer, *texts) == []


def test_a_field_read_in_some_rows_only_is_not_filtered_by(people, secretary):
    grant(secretary, Role.VIEWER, make_association())

    assert found(secretary, "birth:present") == []


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        ":",
        "::",
        "sex",
        "sex:",
        "sex:is",
        "sex:is:",
        "sex:is:,",
        "sex:is:x",
        "sex:is:女,x",
        "sex:contains:女",
        "sex__exact:is:女",
        "association__parent__name:is:x",
        "user:is:1",
        "id_digest:missing",
        "pinyin:contains:z",
        "id_number:contains:5001",
        "id_number:is:500116",
        "password:missing",
        "sex:is:\x00",
        "sex:is:%00",
        "employer:contains:%00",
        "employer:is:" + "长" * 500,
        "name:missing",
        "status:missing",
        "age:between:35",
        "age:between:a,b",
        "age:between:-1,5",
        "age:between:44,35",
        "age:between:,",
        "age:between:1,2,2023-02-30",
        "age:between:1,2,2023",
        "age:between:1,2,2023-01-01,4",
        "age:between:999,",
        "age:is:35",
        "age:between:٣,",
        "birth:between:昨天,",
        "birth:between:1985",
        "birth:between:1986,1985",
        "birth:is:1985-13",
        "birth:is:0000",
        "entered:between:9999,",
        "entered:missing",
        "association:is:x",
        "association:is:999999999999999999999999",
        "association:is:-1",
        "employer:is:" + ",".join(map(str, range(300))),
        ";".join(["sex:is:女"] * 100),
        "😀:is:😀",
        "' OR 1=1 --",
    ],
)
def test_what_is_not_understood_finds_nobody_and_is_said(people, secretary, text):
    selection = Selection.read([text])

    assert found(secretary, text) == found(secretary, text, "sex:is:女") == []
    problems = selection.problems(secretary)
    assert problems
    assert all(sentence.endswith("。") for sentence in problems)
    assert selection.description(secretary) is not None


@pytest.mark.parametrize("value", ["%", "_", "'", "\\", "😀", "长" * 400, "a" * 400, "%25%2C%3B", "<b>"])
def test_any_words_are_fine_in_a_text(people, secretary, value):
    selection = Selection(((Condition("employer", "contains", [value]),),))

    assert selection.problems(secretary) == []
    assert list(selection.apply(Member.objects.all(), secretary)) == []


# -- in words


@pytest.mark.parametrize(
    ("texts", "search", "sentence"),
    [
        ([], "", ""),
        (
            ["category:is:自由职业人员,新媒体从业人员;sex:is:女"],
            "",
            "所属类别为自由职业人员、新媒体从业人员；性别为女",
        ),
        (["sex:is:女", "mobile:missing"], "", "性别为女；或：手机未填"),
        (
            ["political_status:is:democratic_parties;sex:not:男"],
            "律师",
            "政治面貌为八个民主党派；性别不是男；搜索“律师”",
        ),
        (["age:between:35,44"], "", "年龄35至44周岁"),
        (["age:between:,35,2024-12-31"], "", "年龄35周岁及以下（2024年12月31日）"),
        (["joined:between:2019-06,"], "", "入会时间自2019年6月起"),
        (["joined:between:2019,2020-03-01"], "", "入会时间自2019年至2020年3月1日"),
        (["employer:contains:律师"], "", "工作单位含律师"),
    ],
)
def test_a_selection_reads_as_a_sentence(secretary, texts, search, sentence):
    with translation.override("zh-hans"):
        assert Selection.read(texts, search).description(secretary) == sentence


def test_the_association_is_named(secretary, home):
    assert Selection.read([f"association:is:{home.pk}"]).description(secretary) == f"协会为{home}及下级"
