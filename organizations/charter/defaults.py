"""The rules that hold where an association has not set its own: numbers with their sources.

The set is Fujian's rule of 2022, the only full text found, which Chongqing's guide of 2024 for city associations is
followed by analogy; before both stand the Regulation and the charter model of the ministry (domain.md D0–D3, D5).
Rules of other places are VARIANTS to choose from. The charter decides wherever these are silent or differ:
each association types in its own numbers with the article.
"""

from dataclasses import dataclass, field, replace

from organizations.charter.findings import Severity
from organizations.charter.rules.bodies import KIND

# Documents, as the screens and papers name them. The figures of the Regulation are those of 2016: the decision of
# March 2026 amending it has to be compared (domain.md D0 [R250-2026]).
R250 = "《社会团体登记管理条例》（国务院令第250号，2016年文本；2026年修订后的条文请核对）"
CH98 = "民政部《社会团体章程示范文本》（1998年）"
FJ = "《福建省社会团体换届选举办法》（2022年），重庆参照渝民发〔2024〕15号，以本协会章程为准"
HN = "湖南省社会团体换届规定（2021年）"
XM = "某地社会团体换届规定（所属地区未确认）"
GZ = "广州市换届规定（2021年）"
GD = "广东省换届规定（2023年）"
N2025 = "地方民政部门关于延期换届的通知（2025年）"
MF166 = "民发〔2015〕166号（适用于行业协会商会，其他社会团体参照）"
BR = "《中国共产党支部工作条例（试行）》（2018年）"
MEETINGS = "本协会会议规则"
BA = "民政部关于社会团体负责人备案的通知（一届一备、变更必备；天数为常见做法）"
RECORDS = "名册资料核对"

ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT


@dataclass(frozen=True)
class Default:
    kind: str
    body_kind: str = ""
    parameters: dict = field(default_factory=dict)
    severity: str = WARNING
    source: str = ""
    article: str = ""
    is_active: bool = True


COUNCIL, STANDING, SUPERVISORS = KIND.COUNCIL, KIND.STANDING_COUNCIL, KIND.SUPERVISORS
ASSEMBLY, BRANCH = KIND.ASSEMBLY, KIND.PARTY_BRANCH
ELECTED_TOGETHER = (ASSEMBLY, COUNCIL, STANDING, SUPERVISORS)

DEFAULTS = (
    Default("fewest_members", "", {"least": 50}, WARNING, R250, "第十条"),
    Default("no_branch_below_branch", "", {}, ERROR, R250, "第十七条"),
    Default("no_territorial_branch", "", {}, WARNING, R250, "第十七条"),
    Default("delegates", ASSEMBLY, {"steps": "201=1/3, 1000=300"}, WARNING, HN, is_active=False),
    Default("council_share", COUNCIL, {"share": "1/3", "base": "members"}, WARNING, FJ),
    Default("odd_number", COUNCIL, {}, WARNING, FJ),
    Default("standing_share", STANDING, {"share": "1/3"}, ERROR, CH98),
    Default("standing_within_council", STANDING, {}, ERROR, CH98),
    Default("standing_threshold", STANDING, {"least": 50}, WARNING, FJ),
    Default("odd_number", STANDING, {}, WARNING, FJ),
    Default("fewest_leaders", COUNCIL, {"least": 3}, WARNING, FJ),
    Default("leaders_share", COUNCIL, {"of_council": "1/3", "of_standing": "1/2"}, WARNING, FJ),
    Default("one_president", COUNCIL, {}, ERROR, FJ),
    Default("president_not_secretary_general", COUNCIL, {}, ERROR, MF166),
    Default("president_not_colleague", COUNCIL, {}, WARNING, MF166),
    Default("age_limit", COUNCIL, {"years": 70}, ERROR, CH98),
    Default("age_in_term", COUNCIL, {"years": 70}, WARNING, FJ),
    Default("birth_known", COUNCIL, {}, WARNING, RECORDS),
    Default("consecutive_terms", COUNCIL, {"terms": 2, "hired": False}, ERROR, CH98),
    Default("supervisors_number", SUPERVISORS, {"least": 3, "most": 9}, WARNING, FJ),
    Default("odd_number", SUPERVISORS, {}, WARNING, FJ),
    Default("supervisors_incompatible", SUPERVISORS, {"finance": True}, ERROR, CH98),
    Default("age_limit", SUPERVISORS, {"years": 70}, ERROR, FJ),
    Default("age_in_term", SUPERVISORS, {"years": 70}, WARNING, FJ),
    Default("birth_known", SUPERVISORS, {}, WARNING, RECORDS),
    Default("consecutive_terms", SUPERVISORS, {"terms": 2, "hired": False}, ERROR, FJ),
    Default("same_term", SUPERVISORS, {}, HINT, CH98),
    *(Default("term_length", each, {"years": 5}, ERROR, CH98) for each in ELECTED_TOGETHER),
    Default("term_length", BRANCH, {"years": 3}, ERROR, BR),
    *(Default("term_overdue", each, {}, ERROR, CH98) for each in ELECTED_TOGETHER),
    Default("term_overdue", BRANCH, {}, ERROR, BR),
    *(Default("longest_delay", each, {"months": 12}, ERROR, CH98) for each in ELECTED_TOGETHER),
    Default("longest_delay", BRANCH, {"months": 12}, ERROR, BR),
    Default("re_election_start", COUNCIL, {"months": 6}, WARNING, FJ),
    Default("re_election_start", SUPERVISORS, {"months": 6}, WARNING, FJ),
    Default("delay_applied", COUNCIL, {"months": 3}, HINT, N2025),
    Default("audit_before_re_election", COUNCIL, {"months": 6}, HINT, R250, "第二十七条"),
    # the numbers are those of the rules of meetings; yearly assemblies are asked for in Beijing only [BJQA]
    Default("meeting_frequency", ASSEMBLY, {}, HINT, MEETINGS),
    Default("meeting_frequency", COUNCIL, {}, WARNING, MEETINGS),
    Default("meeting_frequency", STANDING, {}, WARNING, MEETINGS),
    Default("meeting_frequency", SUPERVISORS, {}, WARNING, MEETINGS),
    Default("meeting_frequency", BRANCH, {}, WARNING, MEETINGS),
    Default("filings_in_time", "", {}, ERROR, R250, "第十八条、第二十八条"),
    Default("annual_report_supervisor", "", {"day": "03-31"}, HINT, R250, "第二十八条"),
    Default("annual_report_registry", "", {}, ERROR, R250, "第二十八条"),
    Default("officers_filed", COUNCIL, {"days": 30}, WARNING, BA),
    Default("officer_changes_filed", COUNCIL, {"days": 30}, WARNING, BA),
    Default("party_members", BRANCH, {"least": 3, "most": 50}, WARNING, BR),
    Default("party_committee", BRANCH, {"full": 7, "least": 3, "most": 7}, WARNING, BR),
    Default("party_secretary", BRANCH, {}, ERROR, BR),
    Default("party_posts", BRANCH, {"full": 7, "posts": "组织委员、宣传委员、纪检委员"}, HINT, BR),
    Default("party_membership", BRANCH, {}, HINT, RECORDS),
    Default("body_has_people", "", {}, WARNING, RECORDS),
    Default("term_entered", "", {}, WARNING, RECORDS),
    Default("holders_are_members", "", {}, ERROR, RECORDS),
)


@dataclass(frozen=True)
class Variant:
    """Other numbers of a rule, as another place has them."""

    parameters: dict
    source: str

    def of(self, rule):
        """The Rule with these numbers, checked."""
        return replace(rule, parameters=self.parameters, source=self.source, article="", is_active=True)


# {(kind, kind of body): variants}; domain.md D2, D3
VARIANTS = {
    ("delegates", ASSEMBLY): (
        Variant({"steps": "201=1/3, 1000=300"}, HN),
        Variant({"steps": "101=2/3, 301=1/3"}, XM),
    ),
    # more than 50
    ("standing_threshold", STANDING): (Variant({"least": 51}, XM),),
    ("re_election_start", COUNCIL): (Variant({"months": 3}, HN), Variant({"months": 6}, GZ)),
    ("re_election_start", SUPERVISORS): (Variant({"months": 3}, HN), Variant({"months": 6}, GZ)),
    ("term_length", COUNCIL): (Variant({"years": 3}, GD), Variant({"years": 4}, GD)),
    ("term_length", SUPERVISORS): (Variant({"years": 3}, GD), Variant({"years": 4}, GD)),
}
