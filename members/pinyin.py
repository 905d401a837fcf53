"""Pinyin and initials of Chinese names, for search."""

import functools

from pypinyin import Style, pinyin

# Surnames whose usual reading pypinyin does not choose (stack.md §10 lists those tried; readings as in 现代汉语词典).
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "区": "ou", "盖": "ge", "朴": "piao",
    "任": "ren", "华": "hua", "宁": "ning", "纪": "ji", "乐": "yue", "缪": "miao", "员": "yun", "召": "shao",
    "尹": "yin", "翟": "zhai", "覃": "qin", "冼": "xian", "逄": "pang", "郗": "xi", "晁": "chao", "卜": "bu",
    "秘": "bi", "折": "she", "黑": "he", "种": "chong", "洗": "xian", "繁": "po", "万": "wan",
    "尉": "wei", "车": "che", "谌": "chen", "幺": "yao", "隗": "wei", "牟": "mu", "祭": "zhai", "哈": "ha",
    "葛": "ge", "燕": "yan", "应": "ying", "过": "guo", "都": "du", "教": "jiao", "令": "ling", "曲": "qu",
}  # fmt: skip
COMPOUND = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "皇甫": ("huang", "fu"), "宇文": ("yu", "wen"),
    "欧阳": ("ou", "yang"), "上官": ("shang", "guan"), "司马": ("si", "ma"), "诸葛": ("zhu", "ge"),
    "东方": ("dong", "fang"), "夏侯": ("xia", "hou"), "慕容": ("mu", "rong"), "司徒": ("si", "tu"),
    "公孙": ("gong", "sun"),
}  # fmt: skip


@functools.lru_cache(maxsize=16384)
def syllable(character):
    """The pinyin of one Han character, lower case without tone; Latin letters and digits as they are, else ``""``.

    A character too rare for the dictionary gives ``""``: it cannot be typed by sound either.
    """
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    reading = pinyin(character, style=Style.NORMAL, errors="ignore")
    return reading[0][0].replace("ü", "v") if reading else ""


def romanise(name):
    """(``zhangsan``, ``zs``) of ``张三``, with the surname's own reading. Latin names give the initials of words."""
    if name.isascii():
        words = name.lower().split()
        return "".join(words), "".join(word[0] for word in words)
    head = COMPOUND.get(name[:2])
    if head is None:
        first = SURNAMES.get(name[:1])
        head = (first if first is not None else syllable(name[:1]),)
    syllables = [*head, *(syllable(character) for character in name[len(head) :])]
    return "".join(syllables), "".join(s[:1] for s in syllables)
