"""The rules of meetings where an association has written none: what the model charter and the rules say.

Each has its source; an association writes its own charter's numbers with the article (MeetingRule).
"""

from organizations.models.meetings import Base, MeetingKind, MeetingRule, Period, Share

_MODEL = "社会团体章程示范文本（1998年）"
_NOTICE = "会前10天通知：成都市社会团体章程示范文本"
_PARTY = "中国共产党支部工作条例（试行）（2018年）"
_UNNAMED = "示范文本未规定，以本会章程为准"
_SECRET = ["election", "fees"]

# domain.md D2 [CH98A] (quorum, majorities, frequency of council and standing council, fees by secret ballot), [CD]
# (ten days of notice), [BJQA] (yearly assembly), D5 [BR] (party branch). What no source names is asked of nobody.
DEFAULTS = {
    MeetingKind.ASSEMBLY: {
        "quorum": Share.TWO_THIRDS, "majority": Share.HALF, "secret_for": _SECRET, "notice_days": 10,
        "at_least": 1, "period": Period.YEAR, "source": f"{_MODEL}；{_NOTICE}；每年一次：北京市问答",
    },
    MeetingKind.COUNCIL: {
        "quorum": Share.TWO_THIRDS, "majority": Share.TWO_THIRDS, "secret_for": _SECRET, "notice_days": 10,
        "correspondence_allowed": True, "at_least": 1, "period": Period.YEAR, "source": f"{_MODEL}；{_NOTICE}",
    },
    MeetingKind.STANDING_COUNCIL: {
        "quorum": Share.TWO_THIRDS, "majority": Share.TWO_THIRDS, "secret_for": _SECRET, "notice_days": 10,
        "correspondence_allowed": True, "at_least": 1, "period": Period.HALF_YEAR,
        "source": f"{_MODEL}；{_NOTICE}",
    },
    MeetingKind.SUPERVISORS: {
        "quorum": Share.TWO_THIRDS, "majority": Share.HALF, "secret_for": ["election"], "source": _UNNAMED,
    },
    MeetingKind.JOINT: {
        "quorum": Share.TWO_THIRDS, "majority": Share.TWO_THIRDS, "secret_for": _SECRET, "source": _UNNAMED,
    },
    MeetingKind.PARTY_ASSEMBLY: {
        "quorum": Share.HALF, "majority": Share.HALF, "majority_of": Base.ENTITLED, "secret_for": ["election"],
        "at_least": 1, "period": Period.QUARTER, "source": _PARTY,
    },
    MeetingKind.PARTY_COMMITTEE: {
        "quorum": Share.HALF, "majority": Share.HALF, "majority_of": Base.ENTITLED,
        "at_least": 1, "period": Period.MONTH, "source": _PARTY,
    },
    MeetingKind.PARTY_GROUP: {"at_least": 1, "period": Period.MONTH, "source": _PARTY},
    MeetingKind.PARTY_LECTURE: {"at_least": 1, "period": Period.YEAR, "source": _PARTY},
    MeetingKind.PARTY_DAY: {"at_least": 1, "period": Period.MONTH, "source": _PARTY},
    MeetingKind.PARTY_LIFE: {"at_least": 1, "period": Period.YEAR, "source": _PARTY},
    MeetingKind.PARTY_APPRAISAL: {"at_least": 1, "period": Period.YEAR, "source": _PARTY},
    MeetingKind.OTHER: {"quorum": Share.HALF, "majority": Share.HALF, "source": _UNNAMED},
}  # fmt: skip


def default_rule(association_id, kind):
    """The unsaved MeetingRule that holds for meetings of `kind` where the association has written none."""
    usual = {"quorum": Share.ANY, "majority": Share.HALF, "secret_for": []}
    return MeetingRule(association_id=association_id, kind=kind, **usual | DEFAULTS[MeetingKind(kind)])


def rule_for(association_id, kind):
    """The MeetingRule of the association for meetings of `kind`; without a row the default, unsaved (`pk` None)."""
    own = MeetingRule.objects.filter(association_id=association_id, kind=kind).first()
    return own or default_rule(association_id, kind)


def rules_of(association_id):
    """{kind: MeetingRule} of the association for every kind of meeting, own or default, in one query."""
    own = {rule.kind: rule for rule in MeetingRule.objects.filter(association_id=association_id)}
    return {kind: own.get(kind) or default_rule(association_id, kind) for kind in MeetingKind}
