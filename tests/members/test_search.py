"""Search finds what a look at every row finds, through the index too, whoever wrote the rows."""

import random
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from members.imports import bulk
from members.models import Employer, Member
from members.rights import Role
from members.search import LOOK, OFTEN, Wanted, digits_of, fold, forms, letters_of
from tests.make import grant, make_association, make_employer, make_member, make_mobile, make_user

pytestmark = pytest.mark.django_db

NAMES = [
    "张伟", "张三丰", "伟张", "欧阳娜娜", "𠮷野家", "买买提·艾力", "阿卜杜热西提·买买提明", "O'Brien", "John Smith",
    "Ⅷ张", "Ａnna", "张Bob", "%_%", "a*b-c", 'say "x"', "back\\slash", "😀笑", "é́clair", "吕一", "张  空",
]  # fmt: skip
EMPLOYERS = [
    "重庆某某科技有限公司", "江津科技园", "𠮷林大学", "A-B & C (China) Co.", "100%纯净水厂", "买买提·艾力商行", "技科",
    "张伟律师事务所", "x|y",
]  # fmt: skip
NUMBERS = ["JJ001", "jj-002", "新001", "M0000123", "", "", "2024_7", "A B"]
MOBILES = ["13800000001", "13900001234", "+852 91234567", "", "023-12340000", "1380000 0002"]
ALPHABET = "张伟三江津科技𠮷·• 　%_'\"*-\\|&é😀０Ａａ01238aABbjJM\x00\t:()"


@pytest.fixture
def people():
    """Members of two associations: a secretary of the first reads mobiles there, in the second only names."""
    chance = random.Random(7)
    home, away = make_association(), make_association()
    user = make_user()
    grant(user, Role.SECRETARY, home)
    grant(user, Role.VIEWER, away)
    for serial in range(60):
        association = (home, away)[serial % 2]
        firm = chance.choice([*EMPLOYERS, None])
        number = chance.choice(NUMBERS)
        make_member(
            NAMES[serial % len(NAMES)],
            association=association,
            employer=firm,
            number=number and f"{number}{serial}",
            mobile=chance.choice(MOBILES),
            second_mobile=chance.choice(MOBILES),
        )
    return user


def wanted(text, user):
    from members.rights import FieldClass

    return Wanted(text, user.rights.associations_showing(FieldClass.CONTACT))


def by_index(text, user):
    condition = wanted(text, user).indexed(Member.objects.all(), Employer.objects.all())
    return sorted(Member.objects.filter(condition).values_list("pk", flat=True))


def by_scan(text, user):
    return sorted(Member.objects.filter(wanted(text, user).scan).values_list("pk", flat=True))


def by_python(text, user):
    """The rule in plain Python."""
    contact = wanted(text, user).contact
    found = []
    for member in Member.objects.select_related("employer").order_by("pk"):
        texts = [
            fold(member.name),
            fold(member.number),
            fold(member.employer.name if member.employer else ""),
        ]
        sounds = [member.pinyin, member.initials]
        mobiles = [
            mobile.replace(" ", "").replace("-", "")
            for mobile in (member.mobile, member.second_mobile)
            if member.association_id in contact
        ]
        if any(
            any(form in text for text in texts)
            or (letters_of(form) and any(letters_of(form) in sound for sound in sounds))
            or (digits_of(form) and any(digits_of(form) in mobile for mobile in mobiles))
            for form in forms(text)
        ):
            found.append(member.pk)
    return found


def typed(chance):
    """Something to type: a part of what is stored, or characters drawn at random."""
    if chance.random() < 0.5:
        whole = chance.choice([*NAMES, *EMPLOYERS, *NUMBERS, *MOBILES, "zhangwei", "ouyangnn", "zsf", "lvyi"])
        start = chance.randrange(len(whole) or 1)
        text = whole[start : start + chance.randint(1, 20)]
        return chance.choice([text, text.upper(), text.lower(), text[:1] + " " + text[1:]])
    return "".join(chance.choices(ALPHABET, k=chance.choice([1, 1, 2, 2, 3, 4, 6, 20])))


def test_index_and_scan_find_what_the_rule_says(people):
    chance = random.Random(20261122)
    texts = {text for text in (typed(chance) for _ in range(400)) if forms(text)}
    texts |= {"%", "_", "'", '"', "*", "-", "\\", "😀", "|", "张" * 500, "a" * 500, "1" * 500}

    for text in sorted(texts):
        expected = by_python(text, people)
        assert (text, by_scan(text, people)) == (text, expected)
        assert (text, by_index(text, people)) == (text, expected)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "·", "　\t"])
def test_blanks_alone_leave_all_members(people, text):
    assert Member.objects.search(text, people).count() == 60


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("伟", True),
        ("艾力", True),
        ("提艾", True),
        ("买买提•艾", True),
        ("zhang", False),
        ("ZHANGSF", False),
        ("mmt", True),
        ("MaiMai", True),
        ("jj 01", True),
        ("ｊｊ０１", True),
        ("科技", True),
        ("138-0000-0042", True),
        ("+86 138 0000 0042", True),
        ("0042", True),
        ("7777", True),
        ("9999", False),
    ],
)
def test_parts_of_a_record_are_found(text, found):
    home = make_association()
    member = make_member(
        "买买提·艾力伟",
        association=home,
        number="JJ0142",
        employer="重庆江津科技公司",
        mobile=make_mobile(42),
        second_mobile="13900007777",
    )
    user = make_user()
    grant(user, Role.SECRETARY, home)

    assert by_scan(text, user) == by_index(text, user) == ([member.pk] if found else [])


def test_mobiles_are_searched_only_where_they_are_read():
    home, away = make_association(), make_association()
    mine = make_member(association=home, mobile="13800000042", second_mobile="13900007777")
    make_member(association=away, mobile="13800000042", second_mobile="13900007777")
    user = make_user()
    grant(user, Role.SECRETARY, home)
    grant(user, Role.VIEWER, away)
    viewer = make_user()
    grant(viewer, Role.VIEWER, home)

    assert [by_index(text, user) for text in ("13800000042", "7777", "42")] == [[mine.pk]] * 3
    assert [by_index(text, viewer) for text in ("13800000042", "7777", "42")] == [[]] * 3


def test_index_follows_every_write(people):
    user = people
    member, other = Member.objects.order_by("pk")[:2]
    firm = make_employer("甲公司", association=member.association)

    Member.objects.filter(pk=member.pk).update(name="龘龘", mobile="13711112222", employer=firm)
    assert [by_index(text, user) for text in ("龘", "1111", "甲公")] == [[member.pk]] * 3

    firm.name = "乙公司"
    firm.save()
    assert [by_index(text, user) for text in ("甲公", "乙公司")] == [[], [member.pk]]

    bulk.update(Member, ("name",), [(member.pk, "靐靐"), (other.pk, "靐")])
    assert [by_index(text, user) for text in ("龘", "靐")] == [[], [member.pk, other.pk]]

    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET name = 'Élan' WHERE id = %s", [member.pk])
    assert [by_index(text, user) for text in ("靐", "Élan", "éLAN")] == [[other.pk], [member.pk], []]

    member.delete()
    assert by_index("Élan", user) == []


def fill(count, names, association):
    """`count` members, written as an import writes them."""
    made = bulk.reserve_ids(Member, count)
    bulk.insert(
        Member,
        (
            "id",
            "association_id",
            "name",
            "pinyin",
            "initials",
            "status",
            "version",
            "created_at",
            "updated_at",
        ),
        [
            (pk, association.pk, names[i % len(names)], "", "", "在册", 1, "2026-01-01", "2026-01-01")
            for i, pk in enumerate(made)
        ],
    )
    return made


def test_long_list_is_searched_for_rare_and_frequent_words(django_assert_num_queries):
    home = make_association()
    user = make_user()
    grant(user, Role.SECRETARY, home)
    fill(LOOK, ["甲乙", "丙丁"], home)
    rare = fill(2, ["戊己"], home)
    listed = Member.objects.staff_visible_to(user).order_by("-pinyin", "id")
    user.rights.associations_showing("contact")

    with django_assert_num_queries(4):
        found = [
            listed.search("丙", user).count(),
            list(listed.search("戊己", user).values_list("pk", flat=True)),
        ]

    assert OFTEN < LOOK / 2
    assert found == [LOOK / 2, rare]


@pytest.fixture
def emptied(transactional_db):
    """Migrations need a database without an open transaction, and leave it as they found it."""
    yield
    call_command("migrate", verbosity=0)


def one_person():
    """(member called 龘龘, secretary of the association)."""
    home = make_association()
    user = make_user()
    grant(user, Role.SECRETARY, home)
    return make_member("龘龘", association=home), user


def test_index_is_made_of_the_rows_there_are_and_goes_away(emptied):
    member, user = one_person()

    # the step itself, forwards and back: to go through all the migrations since would take half a minute
    step = import_module("members.migrations.0008_search_index")
    with connection.schema_editor() as editor:
        step.remove(apps, editor)
    Member.objects.filter(pk=member.pk).update(name="靐靐")
    with connection.schema_editor() as editor:
        step.install(apps, editor)

    assert [by_index(text, user) for text in ("龘", "靐")] == [[], [member.pk]]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL alters tables in place")
def test_index_comes_back_after_a_migration_that_remakes_the_table(emptied):
    member, user = one_person()
    field = Member._meta.get_field("remarks")

    with connection.schema_editor() as editor:
        editor._remake_table(Member, alter_fields=[(field, field)])
    Member.objects.filter(pk=member.pk).update(name="靐靐")
    call_command("migrate", verbosity=0)
    found = [by_index(text, user) for text in ("龘", "靐")]
    Member.objects.filter(pk=member.pk).update(name="龘靐")

    assert found == [[], [member.pk]]
    assert by_index("龘靐", user) == [member.pk]
