"""Political status and parties as people write them; names and codes of GB/T 4762."""

import re
from dataclasses import dataclass

from members import codes
from members.codes import PoliticalStatus
from members.roster.choices import look_up, unclear, unknown
from members.roster.text import squeeze, words

_PARTY_NAMES = {
    PoliticalStatus.RCCK.value: "民革 中国国民党革命委员会 国民党革命委员会",
    PoliticalStatus.CDL.value: "民盟 中国民主同盟 民主同盟",
    PoliticalStatus.CNDCA.value: "民建 中国民主建国会 民主建国会",
    PoliticalStatus.CAPD.value: "民进 中国民主促进会 民主促进会",
    PoliticalStatus.CPWDP.value: "农工党 农工 中国农工民主党 农工民主党 农工民主 中国农工党",
    PoliticalStatus.ZHI_GONG.value: "致公党 致公 中国致公党",
    PoliticalStatus.JIUSAN.value: "九三学社 九三 中国九三学社 93学社",
    PoliticalStatus.TDSL.value: "台盟 台湾民主自治同盟 中国台湾民主自治同盟",
    PoliticalStatus.CPC.value: "中共 中国共产党 共产党",
}
# Every pairing of a party with these is accepted: 民盟党员 is wrong, and understood.
_PARTY_SUFFIXES = ("", "党员", "会员", "盟员", "社员", "成员", "员", "正式党员", "党党员")
_PARTIES = {
    name + suffix: value
    for value, names in _PARTY_NAMES.items()
    for name in names.split()
    for suffix in _PARTY_SUFFIXES
}
_PARTIES |= {
    word: value
    for value, words in {
        PoliticalStatus.CPC.value: "党员 正式党员 中共正式党员 共产党员 中国共产党员 中共党 cpcmember cpc "
        "ccpmember partymember "
        "memberofthecpc communistpartymember",
        PoliticalStatus.CPC_PROBATIONARY.value: "预备党员 中共预备党员 中国共产党预备党员 中共党员(预备) "
        "中共党员(预备期) 党员(预备) "
        "共产党预备党员 中共党员预备 probationarycpcmember",
        PoliticalStatus.YOUTH_LEAGUE.value: "团员 共青团员 中国共产主义青年团团员 共青团 共产主义青年团团员 "
        "中国共青团员 中国共产主义青年团员 "
        "leaguemember youthleaguemember",
        PoliticalStatus.RCCK.value: "民革成员",
        PoliticalStatus.CPWDP.value: "农工民主党员 农工党员",
        PoliticalStatus.ZHI_GONG.value: "致公党员",
        PoliticalStatus.JIUSAN.value: "九三社员 九三学社社员",
        PoliticalStatus.NON_PARTISAN.value: "无党派 无党派人士 无党派民主人士 无党派代表人士 nonpartisan "
        "non-partisan independent",
        PoliticalStatus.MASSES.value: "群众 普通公民 普通群众 公民 一般群众 群众(公民) 群众普通公民 "
        "群众(普通公民) 群從 群种 masses "
        "themasses citizen generalpublic",
    }.items()
    for word in words.split()
}  # fmt: skip
_UNCLEAR_PARTIES = frozenset(
    words(
        "无 暂无 没有 无党 非党员 非中共党员 非党 党外 党外人士 党外知识分子 民主党派 民主党派成员 "
        "民主党派人士 其他 其它 其他党派 "
        "入党积极分子 积极分子 发展对象 申请入党 退党 脱党 不详 未知 无政治面貌 none"
    )
)
_PARTY_DATE = re.compile(
    r"[(\[]?((?:19|20)\d\d(?:[./\-年]\d{1,2}(?:月|[./\-月]\d{1,2}日?)?)?年?)(?:加入|入党|入会|入盟|入社)?[)\]]?"
)


@dataclass(frozen=True, slots=True)
class Parties:
    values: tuple[str, ...]
    joined: str = ""
    """The text of a date that stands with the first party."""


def read_parties(value, *, key="political_status"):
    """The parties named in a cell, most often one: 中共党员、民建会员 are two."""
    text = squeeze(value)
    found = _party(key, value)
    if found:
        return Parties((found,))
    if text in _UNCLEAR_PARTIES or text.lower() in _UNCLEAR_PARTIES:
        raise unclear(key, value)
    words = value.split()
    if len(words) == 2 and all(_party(key, word) for word in words):
        text = "、".join(map(squeeze, words))
    dates = _PARTY_DATE.findall(text)
    text = _PARTY_DATE.sub("", text).replace("加入", "") if dates else text
    parts = [
        part
        for part in re.split(
            r"[、,;/+&()|]|(?<=[员士社])[及和兼](?=.)|(?<=[员士])(?=中共|民|农工|致公|九三|台盟)", text
        )
        if part
    ]
    found = [_party(key, part) for part in parts]
    if not found or None in found or len(set(found)) != len(found) or len(found) > 2:
        raise unknown(key, value)
    return Parties(tuple(found), dates[0] if dates else "")


def _party(key, text):
    return look_up(key, text, _PARTIES, codes.POLITICAL_STATUS_CODES)
