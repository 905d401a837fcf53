"""The bodies of the sample association, of its members: two councils and boards, a hidden branch, a corps.

And who of them agreed to stand in the directory.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction

from members.codes import PoliticalStatus
from members.models import Consent
from members.privacy.consents import give_consent
from members.sample_meetings import make_sample_meetings
from members.sample_self_service import make_sample_self_service
from organizations.models import Action, Appointment, Body, Filing, Post, acting
from organizations.services import appoint, begin_term, end_appointment, establish_body

FOUNDED, ADDED = dt.date(2019, 12, 24), dt.date(2022, 12, 20)
SECOND = dt.date(2025, 3, 15)
BRANCH = dt.date(2022, 5, 20)
COUNCIL_OF_SECOND, VICE_PRESIDENTS, SUPERVISORS_OF_SECOND = 21, 5, 3
KIND, FILED = Body.Kind, Filing.Kind
FIRST_ASSEMBLY, SECOND_ASSEMBLY = "第一届第一次会员大会", "第二届第一次会员大会"
# (kind, year of the report, due, filed, number): what a district association has on file
FILINGS = [
    (FILED.CHARTER, None, None, "2022-01-20", "江民社〔2022〕3号"),
    (FILED.ANNUAL_REPORT, 2022, "2023-05-31", "2023-05-18", ""),
    (FILED.ANNUAL_REPORT, 2023, "2024-05-31", "2024-05-23", ""),
    (FILED.RE_ELECTION, None, None, "2024-10-09", "江委统〔2024〕31号"),
    (FILED.ANNUAL_REPORT, 2024, "2025-05-31", "2025-05-29", ""),
]


@dataclass
class Roster:
    """The members of the sample by the posts that their roster says they hold."""

    members: list
    holders: dict = field(default_factory=dict)

    def __post_init__(self):
        for member in self.members:
            for title in filter(None, member.association_posts.split("、")):
                self.holders.setdefault(title, []).append(member)

    def of(self, title):
        return self.holders.get(title, [])


@transaction.atomic
def make_sample_bodies(association):
    """Make the bodies of the sample `association` and their people, unless it has bodies; return how many were made."""
    if association.bodies.exists():
        return 0
    members = association.members.select_related("association").order_by("number", "pk")
    roster = Roster(list(members))
    with acting(kind=Action.Kind.COMMAND, note="start"):
        council = _council(association, roster)
        _supervisors(association, roster)
        branch = _party_branch(association, roster)
        _others(association, council, roster)
        _filings(association, council)
        make_sample_meetings(council, branch)
        _directory(roster)
        make_sample_self_service(association, roster.members)
    return association.bodies.count()


def _directory(roster):
    """Every third member agreed to be listed in the directory, of these every other one with the mobile number."""
    for place, member in enumerate(roster.members[::3]):
        give_consent(member, Consent.Purpose.DIRECTORY, way=Consent.Way.PAPER, actor=None)
        if place % 2:
            give_consent(member, Consent.Purpose.DIRECTORY_MOBILE, way=Consent.Way.PAPER, actor=None)


def _council(association, roster):
    council = establish_body(
        association, kind=KIND.COUNCIL, name="理事会", established_on="2019-12-24", basis=FIRST_ASSEMBLY
    )
    _first_term(council, roster, ("会长", "副会长", "秘书长", "副秘书长", "理事"))
    begin_term(council, starts_on=SECOND, planned_end_on=dt.date(2030, 3, 14), basis=SECOND_ASSEMBLY)
    officers = {
        "会长": roster.of("会长"),
        "副会长": roster.of("副会长")[:VICE_PRESIDENTS],
        "秘书长": roster.of("秘书长"),
        "副秘书长": roster.of("副秘书长"),
    }
    for title, people in officers.items():
        _appoint(council, title, people, SECOND, basis=SECOND_ASSEMBLY)
    chosen = [member for people in officers.values() for member in people]
    rest = [member for member in roster.of("理事") if member not in chosen]
    chosen += rest[: COUNCIL_OF_SECOND - len(chosen)]
    seats = _appoint(council, "理事", chosen, SECOND, basis=SECOND_ASSEMBLY)
    # one resigned, the next in the list came in by by-election
    if len(rest) > COUNCIL_OF_SECOND and seats:
        end_appointment(
            seats[-1],
            on=dt.date(2026, 3, 31),
            reason=Appointment.EndReason.RESIGNED,
            basis="第二届理事会第三次会议",
        )
        _appoint(council, "理事", rest[-1:], dt.date(2026, 4, 1), how=Appointment.How.BY_ELECTION,
                 basis="第二届第二次会员大会")  # fmt: skip
    return council


def _supervisors(association, roster):
    board = establish_body(
        association, kind=KIND.SUPERVISORS, name="监事会", established_on="2019-12-24", basis=FIRST_ASSEMBLY
    )
    _first_term(board, roster, ("监事长", "监事"))
    begin_term(board, starts_on=SECOND, planned_end_on=dt.date(2030, 3, 14), basis=SECOND_ASSEMBLY)
    _appoint(board, "监事长", roster.of("监事长"), SECOND, basis=SECOND_ASSEMBLY)
    _appoint(board, "监事", roster.of("监事")[: SUPERVISORS_OF_SECOND - 1], SECOND, basis=SECOND_ASSEMBLY)


def _first_term(body, roster, titles):
    """The term from the founding on; who joined later came in by the by-election of 2022."""
    begin_term(body, starts_on=FOUNDED, planned_end_on=dt.date(2024, 12, 23), basis=FIRST_ASSEMBLY)
    for title in titles:
        founders = [member for member in roster.of(title) if member.joined <= "2019-12"]
        added = [member for member in roster.of(title) if member.joined > "2019-12"]
        _appoint(body, title, founders, FOUNDED, basis=FIRST_ASSEMBLY)
        _appoint(body, title, added, ADDED, how=Appointment.How.BY_ELECTION, basis="第一届第三次会员大会")


def _party_branch(association, roster):
    branch = establish_body(
        association, kind=KIND.PARTY_BRANCH, name="特设党支部", hides_people=True, established_on="2022-05",
        basis="区非公经济和社会组织党工委批复",
    )  # fmt: skip
    # three years, and not re-elected since: the branch is overdue (domain.md D5)
    begin_term(branch, starts_on=BRANCH, planned_end_on=dt.date(2025, 5, 19), basis="支部党员大会")
    party = [member for member in roster.members if member.political_status == PoliticalStatus.CPC]
    titles = ["书记", "组织委员", "宣传委员", "纪检委员"]
    for title, member in zip(titles, party, strict=False):
        _appoint(branch, title, [member], BRANCH, basis="支部党员大会")
    _appoint(branch, "党员", party[len(titles) :], BRANCH, how=Appointment.How.APPOINTED)
    return branch


def _others(association, council, roster):
    free = [member for member in roster.members if not member.association_posts]
    law = [member for member in roster.members if member.employer and "律师" in member.employer.name]
    office = establish_body(association, kind=KIND.SECRETARIAT, name="秘书处", established_on="2019-12-24")
    _appoint(office, "主任", roster.of("秘书长"), FOUNDED, how=Appointment.How.APPOINTED)
    _appoint(office, "会计", free[:1], dt.date(2022, 3, 1), how=Appointment.How.APPOINTED)
    committee = establish_body(
        association, kind=KIND.COMMITTEE, name="法律服务专门委员会", parent=council, established_on="2020-06"
    )
    for title, people in (("主任", law[:1]), ("副主任", law[1:2]), ("委员", law[2:7])):
        _appoint(committee, title, people, dt.date(2020, 6, 15), how=Appointment.How.APPOINTED)
    corps = establish_body(association, kind=KIND.CORPS, name="同心服务团", established_on="2021-03")
    part = establish_body(
        association, kind=KIND.CORPS, name="同心服务团法律服务分团", parent=corps, established_on="2021-03"
    )
    for body, people in ((corps, free[1:16]), (part, law[:6])):
        for title, some in (("团长", people[:1]), ("副团长", people[1:3]), ("团员", people[3:])):
            _appoint(body, title, some, dt.date(2021, 3, 20), how=Appointment.How.APPOINTED)


def _filings(association, council):
    for kind, year, due_on, filed_on, number in FILINGS:
        Filing.objects.create(
            association=association,
            kind=kind,
            year=year,
            due_on=due_on,
            filed_on=filed_on,
            approval_number=number,
        )
    for term, filed_on in zip(council.terms.order_by("number"), ("2022-02-18", "2025-04-08"), strict=True):
        Filing.objects.create(
            association=association, kind=FILED.OFFICERS_OF_TERM, term=term, filed_on=filed_on
        )


def _appoint(body, title, members, starts_on, **fields):
    """The appointments of `members` to the post of that title."""
    post = Post.objects.offered_by(body).get(title=title)
    return [appoint(member, post=post, body=body, starts_on=starts_on, **fields) for member in members]
