"""Order of names by strokes (domain.md E2)."""

import random
from collections import Counter

import pytest

from members.models import Member
from members.pinyin import COMPOUND as READINGS_OF_COMPOUND
from organizations.models import Association, StrokeOverride
from organizations.strokes import StrokeTable, by_strokes, missing_in, stroke_key
from organizations.strokes.keys import COMPOUND
from organizations.strokes.table import CHARACTERS, TIES, lines_of, standard_forms
from tests.make import make_association, make_member

SURNAMES = (
    "丁刁于万上马王毛文方尹孔邓石龙卢叶田史冉白冯司吕朱乔任向刘江汤许孙阳苏杜李杨吴邱何余邹汪沈宋张陆陈邵"
    "武幸范林欧易罗金周郑官孟封赵郝胡钟段侯姜姚贺骆秦袁聂贾夏顾钱徐高郭唐涂诸黄萧曹龚常崔康阎梁"
    "彭葛董蒋韩程傅曾游谢赖雷蔡廖谭熊黎潘薛穆戴魏"
)
COUNTS = {
    2: "丁刁", 3: "于万上马", 4: "王毛文方尹孔邓", 5: "石龙卢叶田史冉白冯司", 6: "吕朱乔任向刘江汤许孙阳",
    7: "苏杜李杨吴邱何余邹汪沈宋张陆陈邵", 8: "武幸范林欧易罗金周郑官孟", 9: "封赵郝胡钟段侯姜姚贺骆",
    10: "秦袁聂贾夏顾钱徐高郭唐涂诸", 11: "黄萧曹龚常崔康阎梁", 12: "彭葛董蒋韩程傅曾游谢", 13: "赖雷",
    14: "蔡廖谭熊", 15: "黎潘", 16: "薛穆", 17: "戴魏",
}  # fmt: skip
# members of the Political Bureau of the 20th Central Committee as published in October 2022, 按姓氏笔画为序
_PUBLISHED = (
    "丁薛祥 习近平 马兴瑞 王毅 王沪宁 尹力 石泰峰 刘国中 李希 李强 李干杰 李书磊 李鸿忠 何卫东 何立峰 张又侠 张国清 "
    "陈文清 陈吉宁 陈敏尔 赵乐际 袁家军 黄坤明 蔡奇"
)
PUBLISHED = _PUBLISHED.split()

TABLE = StrokeTable()


def in_order(names, convention="surname", table=TABLE):
    shuffled = random.Random(5).sample(names, len(names))
    return sorted(shuffled, key=lambda name: stroke_key(name, convention, table))


@pytest.mark.parametrize(
    ("character", "forms"),
    [
        ("王", "1121"), ("方", "4153"), ("马", "551"), ("刘", "413422"), ("李", "1234521"), ("杨", "1234533"),
        ("张", "5153154"), ("陈", "5215234"), ("车", "1512"), ("轩", "1521112"), ("永", "45534"), ("秦", "1113431234"),
    ],
)  # fmt: skip
def test_strokes_of_a_character(character, forms):
    assert standard_forms()[character] == forms


# written out by hand, part by part
_BY_PARTS = """
霞 14524444 512115154, 颖 35 31234 132534, 勇 5425112 53, 辉 243135 45 1512, 静 11212511 355112, 宁 445 12,
鹏 3511 3511 35451, 祥 4524 431112, 祺 4524 12211134, 馨 121 5213 3554 312342511, 懿 121 45 1251431 41 3534 4544,
影 2511 41251234 333, 悦 442 4325135, 愉 442 341251122, 怡 442 54 251, 宇 445 112, 宏 445 13 54, 志 121 4544,
玥 1121 3511, 珺 1121 5113 251, 昇 2511 3132, 堃 4153 4153 121, 喆 121251 121251, 犇 3112 3121 3112,
淼 2534 2534 2534, 垚 121 121 121, 骉 551 551 551, 翀 541541 2512, 祎 4524 1152, 祾 4524 121 34 354, 钰 31115 11214,
昱 2511 41431, 晟 2511 135534, 玮 1121 1152, 彧 1251 15 33 34, 禤 4524 25221 541541, 赟 4134 11212154 2534,
国 25 11214 1, 圆 25 251 2534 1, 匡 1 1121 5, 凶 34 52, 闻 425 122111, 远 1135 454, 建 511112 54, 超 1212134 53 251,
魁 325113554 4412, 凯 252515 35, 飒 41431 3534, 那 511352, 阳 52 2511, 狄 353 4334, 徐 332 3411234, 饶 355 153135,
痊 41341 341121, 康 413 51124134, 唐 413 5112 251, 裕 45234 34 34 251, 冰 41 2534, 泰 11134 24134,
燕 122 1 251 211 35 4444,
扬 121 533, 泽 441 54 112, 爽 134 34 34 34 34, 赢 415 251 3511 2534 354, 弼 515 132511 515, 乘 31 2 211 35 34,
垂 31 2122 11, 凹 25251, 凸 21251, 出 52252, 母 55414, 卿 353 51154 52, 敏 3155414 3134,
博 12 1251124 124,
戒 1 132 534, 威 1 3 1 531 534, 彪 21531535 333, 颜 414313 333 132534, 筠 314314 121 3541, 霖 14524444 1234 1234,
酆 2111211125212 51431 52, 邈 3443533 32511 35 454, 鼹 3215115445445 2511 445 531
"""


def test_strokes_of_characters_of_all_kinds_of_parts():
    expected = {
        each[0]: each[1:].replace(" ", "") for each in _BY_PARTS.replace("\n", " ").strip().split(", ")
    }

    assert {character: TABLE.forms[character] for character in expected} == expected


def test_rare_characters_of_names_are_known():
    assert missing_in("玥珺昇堃喆犇淼垚骉翀祎祾钰昱晟玮彧禤䶮𬱖𬍛𫖯𬴊燚龘朤㛃贠珮崑", TABLE) == []


def test_no_character_is_defined_twice():
    entries = [entry[0] for line in lines_of(CHARACTERS) for entry in line.split()[1:]]

    assert [character for character, count in Counter(entries).items() if count > 1] == []


def test_surnames_have_the_strokes_of_the_reference():
    counts = {count: [len(standard_forms()[each]) for each in names] for count, names in COUNTS.items()}

    assert counts == {count: [count] * len(names) for count, names in COUNTS.items()}


def test_surnames_stand_in_the_order_of_the_reference():
    assert "".join(in_order(list(SURNAMES))) == SURNAMES


def test_a_published_list_stands_as_published():
    assert in_order(PUBLISHED) == PUBLISHED
    assert [missing_in(name, TABLE) for name in PUBLISHED] == [[]] * len(PUBLISHED)


def test_the_other_convention_has_no_blank_before_a_single_given_name():
    names = ["李希", "李强", "李干杰", "李书磊", "李鸿忠"]

    assert in_order(names, "surname") == names
    assert in_order(names, "full_name") == ["李干杰", "李书磊", "李希", "李鸿忠", "李强"]


def test_compound_surname_stands_by_its_first_character_and_its_single_given_name_first():
    names = ["欧一明", "欧阳修", "欧阳一明", "易安"]

    assert in_order(names) == ["欧一明", "欧阳修", "欧阳一明", "易安"]
    assert in_order(["欧阳修", "欧阳一明"], "full_name") == ["欧阳一明", "欧阳修"]


@pytest.mark.parametrize(
    "pair",
    [
        "十丁",
        "干于",
        "土士",
        "大丈",
        "天夫",
        "元无",
        "未末",
        "田由",
        "甲申",
        "己已",
        "已巳",
        "八人",
        "人入",
        "石右",
        "百有",
    ],
)
def test_characters_of_the_same_strokes_have_a_settled_order(pair):
    assert in_order(list(pair)) == list(pair)
    # and never mix: all of the first before the second, whatever the given name
    assert in_order([pair[0] + "某某", pair[1] + "一一"]) == [pair[0] + "某某", pair[1] + "一一"]


def test_groups_of_the_same_strokes_are_of_the_same_strokes():
    groups = [group for line in lines_of(TIES) for group in line.split()]

    assert [group for group in groups if len({TABLE.forms[each] for each in group}) != 1] == []
    assert len("".join(groups)) == len(set("".join(groups)))


def test_all_characters_of_gb_2312_are_known():
    rows = range(0xB0, 0xF8)
    codes = [bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF) if row != 0xD7 or cell <= 0xF9]

    assert [code.decode("gb2312") for code in codes if code.decode("gb2312") not in TABLE.codes] == []


def test_every_character_has_a_code_of_its_own_that_says_its_strokes():
    assert len(set(TABLE.codes.values())) == len(TABLE.codes)
    assert all(code[:-1] == f"{len(TABLE.forms[c]):02}{TABLE.forms[c]}" for c, code in TABLE.codes.items())


def test_keys_are_of_digits_and_small_letters():
    names = ["阿卜杜拉·买买提", "𠮷田", "John Smith", "张(女)", "欧阳 修", "ÉÈ", ""]

    assert all(
        not set(stroke_key(n, "surname", TABLE)) - set("0123456789abcdefghijklmnopqrstuvwxyz") for n in names
    )


def test_blanks_and_dots_do_not_count():
    assert stroke_key("张　一", "surname", TABLE) == stroke_key("张一", "surname", TABLE)
    assert stroke_key("买买提·阿里", "surname", TABLE) == stroke_key("买买提阿里", "surname", TABLE)


def test_missing_characters_and_other_letters_come_last_in_their_group():
    names = ["王𠮷", "王一", "王军", "𠮷一", "魏一", "John Smith"]

    assert in_order(names) == ["王一", "王军", "王𠮷", "魏一", "John Smith", "𠮷一"]
    assert missing_in("王𠮷 Smith𠮷", TABLE) == ["𠮷"]


def test_names_of_one_compound_list_are_known_to_both():
    assert set(READINGS_OF_COMPOUND) - COMPOUND == set()


@pytest.mark.django_db
def test_lists_outside_the_database_stand_in_the_same_order():
    member = Member(name="𠮷一", sort_name="吉一")

    assert by_strokes(["李强", "丁一", "李一一"]) == ["丁一", "李强", "李一一"]
    assert by_strokes([Member(name="李一"), member, Member(name="丁一")], name=None)[1] is member
    assert by_strokes([{"n": "李"}, {"n": "丁"}], name=lambda row: row["n"]) == [{"n": "丁"}, {"n": "李"}]


@pytest.mark.django_db
def test_members_stand_in_the_order_of_their_association():
    ours = make_association()
    theirs = make_association(name_order=Association.NameOrder.FULL_NAME)
    for association in (ours, theirs):
        for name in ("李鸿忠", "李强", "丁薛祥", "李干杰"):
            make_member(name, association=association)

    def names(association):
        return [each.name for each in association.members.in_stroke_order()]

    assert names(ours) == ["丁薛祥", "李强", "李干杰", "李鸿忠"]
    assert names(theirs) == ["丁薛祥", "李干杰", "李鸿忠", "李强"]


@pytest.mark.django_db
def test_another_convention_moves_the_members_at_once():
    association = make_association()
    for name in ("李干杰", "李强"):
        make_member(name, association=association)

    association.name_order = Association.NameOrder.FULL_NAME
    association.save()

    assert [each.name for each in association.members.in_stroke_order()] == ["李干杰", "李强"]


@pytest.mark.django_db
def test_a_member_may_stand_by_another_name():
    member, other = make_member("𠮷一"), make_member("王一")
    assert list(Member.objects.in_stroke_order()) == [other, member]

    member.sort_name = "丁一"
    member.save(update_fields=["sort_name"])

    assert list(Member.objects.in_stroke_order()) == [member, other]


@pytest.mark.django_db
def test_strokes_entered_for_a_character_place_its_members_and_taking_them_away_puts_them_back():
    member, other = make_member("𠮷一"), make_member("王一")

    override = StrokeOverride.objects.create(character="𠮷", forms="121251", note="土口")
    placed = list(Member.objects.in_stroke_order())
    override.forms = "11"
    override.save()
    moved = list(Member.objects.in_stroke_order())
    override.delete()

    assert (placed, moved) == ([other, member], [member, other])
    assert list(Member.objects.in_stroke_order()) == [other, member]


@pytest.mark.django_db
def test_the_office_may_turn_the_order_of_characters_of_the_same_strokes():
    for name in ("未一", "末一"):
        make_member(name)

    StrokeOverride.objects.create(character="末", forms="11234", place=1)
    StrokeOverride.objects.create(character="未", forms="11234", place=2)

    assert [each.name for each in Member.objects.in_stroke_order()] == ["末一", "未一"]
