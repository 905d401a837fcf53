"""Keys of names, and the columns that keep them."""

import re
import unicodedata

from django.db import connections, transaction

from organizations.strokes.table import is_han, stroke_table

# longer names are told apart no further
KEY_LENGTH = 400
BLANK = "00"
CHUNK = 2_000
# Surnames of two characters: behind them too a given name may be a single one
_COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 "
    "公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 漆雕 乐正 谷梁 拓跋 轩辕 "
    "令狐 百里 呼延 东郭 南门 羊舌 左丘 西门 第五 即墨 达奚 褚师 贺兰 纳兰 完颜 叶赫 单于 淳于 屈突 尔朱 哥舒"
)
COMPOUND = frozenset(_COMPOUND.split())


def stroke_key(name, convention="surname", table=None):
    """The key by which `name` stands in the order of strokes; keys of digits and letters, compared as text.

    `convention` is a value of `Association.NameOrder`: by ``surname`` a given name of one character has a blank
    before it (王军 before 王一明), by ``full_name`` there is none (王一明 before 王军). Blanks and marks (middle dots)
    do not count; names with a dot have no surname of their own (阿卜杜拉·某某).
    """
    table = table or stroke_table()
    try:
        codes, surname = [table.codes[character] for character in name], name[:2]
    except KeyError:
        codes, surname = _codes_of_rare(name, table)
    if convention == "surname" and surname:
        length = 2 if surname in COMPOUND and len(codes) > 2 else 1
        if len(codes) == length + 1:
            codes.insert(length, BLANK)
    return "".join(codes)[:KEY_LENGTH]


def _codes_of_rare(name, table):
    """(codes, first two characters) of a name with characters that are not in the table.

    No characters for a name that has no surname before its given name: one with a dot or in other letters.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFC", name))
    counted = [character for character in text if is_han(character) or character.isalnum()]
    codes = [table.code(character.casefold()[:1]) for character in counted]
    has_surname = len(counted) == len(text) and all(map(is_han, counted))
    return codes, text[:2] if has_surname else ""


def by_strokes(people, *, convention="surname", name=None):
    """`people` (names, or objects with a `name`) as a list in the order of strokes; equal names keep their order.

    `name` is a function that gives somebody's name. A member's `sort_name` comes before the name. For rows of the
    register use `Member.objects.in_stroke_order()` instead.
    """
    table = stroke_table()

    def own_name(person):
        return person if isinstance(person, str) else getattr(person, "sort_name", "") or person.name

    return sorted(people, key=lambda person: stroke_key((name or own_name)(person), convention, table))


def missing_in(name, table):
    """The Chinese characters of `name` whose strokes `table` does not know, each once."""
    return [each for each in dict.fromkeys(name) if is_han(each) and each not in table.codes]


@transaction.atomic
def refresh_keys(people, convention, table=None):
    """Compute anew the `stroke_key` of the rows of the queryset `people`; returns how many changed.

    Rows have `name` and `sort_name`. They are locked, so that nobody's newer name gets an older key.
    """
    table, meta = table or stroke_table(), people.model._meta
    connection = connections[people.db]
    column, key = (connection.ops.quote_name(meta.get_field(each).column) for each in ("stroke_key", "id"))
    statement = f"UPDATE {connection.ops.quote_name(meta.db_table)} SET {column} = %s WHERE {key} = %s"
    count, last = 0, 0
    while True:
        rows = people.select_for_update().filter(pk__gt=last).order_by("pk")
        found = list(rows.values_list("pk", "name", "sort_name", "stroke_key")[:CHUNK])
        if not found:
            return count
        last = found[-1][0]
        changed = [
            (fresh, pk)
            for pk, name, sort_name, before in found
            if (fresh := stroke_key(sort_name or name, convention, table)) != before
        ]
        if changed:
            with connection.cursor() as cursor:
                cursor.executemany(statement, changed)
        count += len(changed)
