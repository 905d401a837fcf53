"""Papers of an election: ballot, counting sheet, list of candidates, report of the result (domain.md D4 [TJ][SD])."""

from organizations.elections.filing import appointments_of, officers_of
from organizations.elections.results import result_of
from organizations.models import Contest, Election, Scrutineer
from organizations.papers.contexts import bodies
from organizations.papers.contexts.common import Filled, common, in_words, numbered, person

TWO_IN_A_ROW = 12
"""With more candidates than this the ballot lists them two in a row."""
MOST_OTHERS = 3
"""Empty rows for others (另选他人) on a ballot."""
MODES = {Contest.Mode.EQUAL: "等额选举", Contest.Mode.MORE: "差额选举"}
TELLERS = {
    Scrutineer.Role.CHIEF: "总监票人",
    Scrutineer.Role.SCRUTINEER: "监票人",
    Scrutineer.Role.TELLER: "计票人",
}


def ballot(election, *, name, contests):
    """The ballot for `contests`, parts loaded, of the meeting called `name`; candidates in the order of strokes."""
    items = []
    for contest in contests:
        names = [each.member.name for each in _listed(contest)]
        items.append(
            {
                **_seat(contest),
                "候选人": numbered({"姓名": each} for each in names),
                "双列": _in_two(names) if len(names) > TWO_IN_A_ROW else [],
                "另选行": numbered({} for _row in range(min(contest.seats, MOST_OTHERS))),
            }
        )
    return _filled(election, name, items, _stood(contests), 填票说明=how_to_mark(election))


def how_to_mark(election):
    """The sentence on the ballot that says which mark means what."""
    against = f"不同意的画“{election.mark_against}”" if election.mark_against else "不同意的不作标记"
    abstain = f"弃权的画“{election.mark_abstain}”" if election.mark_abstain else "弃权的不作标记"
    return (
        f"对候选人，同意的在姓名左侧的符号栏内画“{election.mark_for}”，{against}，{abstain}；"
        f"另选他人的，写明姓名并画“{election.mark_for}”。"
        "每项所选人数等于或者少于应选人数的有效，多于应选人数的该项无效。"
    )


def counting_sheet(election, *, name, contests):
    """The sheet on which the tellers count: numbers are filled in by hand."""
    items = [
        {**_seat(each), "候选人": numbered({"姓名": one.member.name} for one in _listed(each))}
        for each in contests
    ]
    blank = dict.fromkeys(("发出票数", "收回票数", "有效票数", "无效票数"), "")
    return _filled(election, name, items, _stood(contests), **blank, **_tellers(election))


def candidates(election, *, name, contests, user):
    """The list of candidates with what electors want to know of them, as far as `user` may."""
    items = [
        {**_seat(each), "候选人": numbered(person(one.member, user) for one in _listed(each))}
        for each in contests
    ]
    return _filled(election, name, items, _stood(contests))


def result(election, *, name, contests):
    """The report: every ballot that was held, with its numbers, votes and who was elected by it."""
    rounds = [
        (contest, counted, len(contest_result.rounds))
        for contest in contests
        for contest_result in [result_of(contest)]
        for counted in contest_result.rounds
    ]
    items = [_counted(*each) for each in rounds]
    members = [line.candidate.member_id for _contest, counted, _count in rounds for line in counted.lines]
    return _filled(election, name, items, members, **_tellers(election))


def letters(election, *, user):
    """Letters of appointment for those whom the election put into office."""
    return bodies.letters_of(appointments_of(election), election.association, str(election), user=user)


def filing(election, *, user, with_identity):
    """The officers out of the election as the registry asks for them, with the term of the first body that has any."""
    officers = officers_of(election)
    term = next((each.term for each in officers if each.term), None)
    return bodies.filing_of(
        officers, election.association, term, str(election), user=user, with_identity=with_identity
    )


def has_officers(election):
    return election.state in (Election.State.IN_OFFICE, Election.State.FINAL)


def _filled(election, name, items, members, **more):
    context = {
        **common(election.association),
        "选举名称": name,
        "选举日期": in_words(election.day),
        "选举项目": items,
        **more,
    }
    return Filled(election.association, name, context, tuple(members))


def _stood(contests):
    """Ids of the members who stand in `contests`."""
    return [each.member_id for contest in contests for each in _listed(contest)]


def _listed(contest):
    """The candidates who stood before the vote, in the order in which the parts were loaded."""
    return [each for each in contest.candidates.all() if not each.is_write_in]


def _seat(contest):
    return {
        "职务": contest.post.title,
        "应选人数": str(contest.seats),
        "候选人数": str(len(_listed(contest))),
        "选举方式": MODES[contest.mode],
    }


def _in_two(names):
    """Two names in a row, read row by row; what is left over is struck out."""
    filled = [*names, "／"] if len(names) % 2 else names
    return [{"左": left, "右": right} for left, right in zip(filled[::2], filled[1::2], strict=True)]


def _tellers(election):
    found = {name: [] for name in TELLERS.values()}
    for each in election.scrutineers.all():
        found[TELLERS[each.role]].append(each.name)
    return {name: "、".join(names) for name, names in found.items()}


def _counted(contest, counted, rounds):
    """One ballot of a contest: its numbers, its candidates, most votes first, and who was elected."""
    ballot = counted.round
    title = contest.post.title
    if rounds > 1:
        title += f"（第{ballot.number}次投票{'，无效' if ballot.is_void else ''}）"
    rows = [
        {
            "姓名": line.candidate.member.name,
            **dict(zip(("同意", "反对", "弃权"), _votes(line.tally), strict=True)),
            "结果": "当选" if line.candidate in counted.elected else "",
        }
        for line in counted.lines
    ]
    return {
        **_seat(contest),
        "职务": title,
        "应选人数": str(ballot.seats),
        "候选人": numbered(rows),
        "当选人": "、".join(each.member.name for each in counted.elected),
        "应到人数": _number(ballot.entitled),
        "实到人数": _number(ballot.present),
        "发出票数": _number(ballot.issued),
        "收回票数": _number(ballot.returned),
        "有效票数": _number(ballot.valid),
        "无效票数": _number(ballot.invalid),
    }


def _votes(tally):
    if tally is None:
        return "", "", ""
    return tuple(map(_number, (tally.in_favour, tally.against, tally.abstained)))


def _number(value):
    """A number as a text; room to write it where it is not known."""
    return "　" if value is None else str(value)
