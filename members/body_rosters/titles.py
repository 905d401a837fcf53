"""Which posts the cell of a roster names: 副会长、理事; 会长（法定代表人）; 副会长兼秘书长."""

import re
from dataclasses import dataclass
from itertools import chain

from members.roster.text import squeeze, tidy
from organizations.models import Body

KIND = Body.Kind
_BETWEEN = re.compile(r"[、，,;；/／|｜\s]+|兼任?(?!职)")
_BETWEEN_WORDS = re.compile(r"[及和与暨]")
_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")
_ACTING = re.compile(r"代理?")
# what stands in brackets or before a title without making it another post
_REMARK = re.compile(
    r"法定代表人|法人代表|法人|驻会|专职|兼职?|增补|补选|连任|新任|候选人?|当选|主持.{0,6}|负责.{0,8}|党内职务|拟任?"
)
_BEFORE = re.compile(r"^(?:本会|联合会|协会|联谊会|新联会|新专联|拟任|驻会|专职|兼职)+(?=..)")
# words for one and the same post, of which the association's charter has one or the other
_SAME = {
    KIND.COUNCIL: (("理事长", "会长"), ("会长", "理事长"), ("荣誉", "名誉"), ("主席", "会长"), ("常务副", "副")),
    KIND.SUPERVISORS: (
        ("监事会", ""), ("主席", "监事长"), ("召集人", "监事长"), ("监事长", "主席"), ("监事长", "监事会主席"),
    ),
    KIND.PARTY_BRANCH: (("党支部", ""), ("支部", ""), ("委员会", ""), ("纪律检查", "纪检")),
    KIND.COMMITTEE: (("主任委员", "主任"), ("主任", "主任委员"), ("成员", "委员"), ("委员", "成员")),
    KIND.GROUP: (("组员", "成员"), ("会员", "成员"), ("负责人", "组长"), ("召集人", "组长")),
    KIND.CORPS: (("队", "团"), ("成员", "团员"), ("负责人", "团长")),
    KIND.ASSEMBLY: (("代表", "会员代表"),),
}  # fmt: skip


# what bodies of a kind are called in titles of papers, the longer word before the one it holds
KIND_WORDS = {
    KIND.STANDING_COUNCIL: "常务理事会",
    KIND.SUPERVISORS: "监事会",
    KIND.COUNCIL: "理事会",
    KIND.PARTY_BRANCH: "党支部",
    KIND.ASSEMBLY: "会员代表大会",
    KIND.SECRETARIAT: "秘书处",
}


@dataclass(frozen=True, eq=False)
class Desk:
    """One body as the rows of a roster may name its posts."""

    body: Body
    term: object
    """The Term in which they are held, None in a body without terms."""
    posts: dict
    """{title: Post}"""


@dataclass(frozen=True)
class Named:
    """A post that a cell names."""

    desk: Desk
    title: str
    """As the association calls it."""
    is_acting: bool = False
    written: str = ""
    """The word of the cell, where the title is another one."""


def read_posts(text, desks):
    """([Named], [words that are no post]) of a cell's `text`; the first of the `desks` goes before the others."""
    named, unknown = [], []
    for word in split(text):
        found = _named(word, desks)
        if found is None:
            parts = [_named(part, desks) for part in _BETWEEN_WORDS.split(word)]
            found = list(chain(*parts)) if len(parts) > 1 and all(parts) else None
        if found is None:
            unknown.append(word)
        else:
            named += [
                each for each in found if (each.desk, each.title) not in {(n.desk, n.title) for n in named}
            ]
    return named, unknown


def split(text):
    """The words of a cell one by one; what stands in brackets stays with its word."""
    inside = {}

    def put_away(match):
        inside[f"\0{len(inside)}\0"] = match[0]
        return f"\0{len(inside) - 1}\0"

    words = [word for word in _BETWEEN.split(_BRACKETS.sub(put_away, tidy(text))) if word]
    for mark, brackets in inside.items():
        words = [word.replace(mark, brackets) for word in words]
    # 副会长 （驻会）
    joined = []
    for word in words:
        if joined and word[0] in "(（":
            joined[-1] += word
        else:
            joined.append(word)
    return list(dict.fromkeys(joined))


def _named(word, desks):
    """[Named] of one word, with what its brackets name besides; None if it is no post."""
    plain, is_acting, further = squeeze(_BRACKETS.sub("", word)), False, []
    for remark in chain(*(_BETWEEN.split(squeeze(bracket)) for bracket in _BRACKETS.findall(word))):
        if _ACTING.fullmatch(remark):
            is_acting = True
        elif remark in ("常务", "名誉"):
            plain = remark + plain
        elif remark and not _REMARK.fullmatch(remark):
            found = _named(remark, desks)
            if found is None:
                return None
            further += found
    own = _find(plain, desks)
    if own is None and (match := _ACTING.match(plain)):
        own, is_acting = _find(plain[match.end() :], desks), True
    if own is None:
        return None
    desk, title = own
    return [Named(desk, title, is_acting, "" if title == plain else word), *further]


def _find(word, desks):
    """(Desk, title) of a plain word: by the title itself in one of the desks, else by another word for it."""
    for find in (lambda word, desk: word if word in desk.posts else None, _by_another_word):
        for place, desk in enumerate(desks):
            # chairmen are many: only with the body's name before them a post of another one
            if find is _by_another_word and place and not _prefix(word, desk):
                continue
            if title := find(word, desk):
                return desk, title
    return None


def _prefix(word, desk):
    """What of the body's name stands before the title: 监事会主席."""
    for name in (squeeze(desk.body.name), KIND_WORDS.get(desk.body.kind, "")):
        if name and word.startswith(name) and len(word) > len(name):
            return name
    return ""


def _by_another_word(word, desk):
    for shorter in (word, _BEFORE.sub("", word), word.removeprefix(_prefix(word, desk))):
        if shorter in desk.posts:
            return shorter
        for one, other in _SAME.get(desk.body.kind, ()):
            if one in shorter and (title := shorter.replace(one, other)) in desk.posts:
                return title
        # 常务副理事长 where the charter has 副会长 alone
        for one, other in _SAME.get(desk.body.kind, ()):
            for second, third in _SAME[desk.body.kind]:
                if (title := shorter.replace(one, other).replace(second, third)) in desk.posts:
                    return title
    return None
