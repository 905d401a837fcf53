"""What speaks against a draft: its dates, its lists of candidates, who counts the votes.

Sources: domain.md D3 (begin six months before the end, delay of a year at most [FJ]), D4 (scrutineers [TJ]), D2 and
D5 (length of terms). The charter's rules over persons are those of organizations/charter.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from organizations.charter.checking import check_draft
from organizations.elections.drafting import PARTY_YEARS, YEARS, last_day
from organizations.elections.results import result_of
from organizations.models import Body, Contest, Post, Scrutineer
from organizations.models.appointments import all_members

ERROR, WARNING, HINT = "error", "warning", "hint"
MONTHS_BEFORE, YEARS_OF_DELAY = 6, 1
EQUAL, MORE = Contest.Mode.EQUAL, Contest.Mode.MORE


@dataclass(frozen=True)
class Remark:
    """Something to see to. `persons` are ids of members it is about, `contest` the id of the contest."""

    level: str
    sentence: str
    source: str = ""
    persons: frozenset = frozenset()
    contest: int | None = None
    bodies: frozenset = frozenset()
    """Ids of the bodies it is about, where it is not about one contest."""
    cure: str = ""
    named: str = ""
    """The persons, as far as the reader may know what is said of them."""
    title: str = ""
    details: dict = field(default_factory=dict)
    """{id of a member: what is said of this one}, as far as the reader may know."""

    def beside(self, member_id):
        """What stands beside that person in a list."""
        detail = self.details.get(member_id, "")
        if not self.title:
            return self.sentence
        return _("{title}: {detail}").format(title=self.title, detail=detail or self.sentence)


def months_before(day, months):
    """The same day of the month that many months earlier, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return dt.date(year, month + 1, day.day)


def timing(election, today):
    """[Remark] on the dates of a re-election whose bodies are loaded, seen from the local date `today`."""
    found = []
    if election.is_by_election:
        return found
    for part in election.bodies.all():
        found += _length(election, part.body)
        if part.term is None:
            continue
        end = part.term.planned_end_on
        begin_by = months_before(end, MONTHS_BEFORE)
        if election.is_open and today > begin_by and election.day <= end:
            found.append(
                Remark(
                    WARNING,
                    _(
                        "“{term}” ends on {end}: the re-election should have begun by {day}, six months before."
                    ).format(term=part.term, end=end.isoformat(), day=begin_by.isoformat()),
                    _("Fujian 2022"),
                )
            )
        if election.day > end:
            limit = last_day(end, YEARS_OF_DELAY) + dt.timedelta(days=1)
            if election.day > limit:
                found.append(
                    Remark(
                        ERROR,
                        _(
                            "“{term}” ended on {end}; the election on {day} is more than a year late, which nobody "
                            "can agree to."
                        ).format(term=part.term, end=end.isoformat(), day=election.day.isoformat()),
                        _("charter model, term of office"),
                    )
                )
            elif not election.extension:
                found.append(
                    Remark(
                        WARNING,
                        _(
                            "“{term}” ends on {end}, before the election on {day}: council, supervising authority and "
                            "registry have to agree; enter who did under “extension”."
                        ).format(term=part.term, end=end.isoformat(), day=election.day.isoformat()),
                        _("charter model, term of office"),
                    )
                )
        if election.starts_on <= part.term.starts_on:
            found.append(
                Remark(
                    ERROR,
                    _("“{term}” itself only begins on {day}: the new term starts later.").format(
                        term=part.term, day=part.term.starts_on.isoformat()
                    ),
                )
            )
    return found


def _length(election, body):
    years = PARTY_YEARS if body.kind == Body.Kind.PARTY_BRANCH else YEARS
    if election.planned_end_on > last_day(election.starts_on, years):
        yield Remark(
            WARNING,
            _("A term of “{body}” lasts {years} years at most: it should end by {day}.").format(
                body=body, years=years, day=last_day(election.starts_on, years).isoformat()
            ),
            _("Rules of party branches 2018") if years == PARTY_YEARS else _("charter model, term of office"),
        )


def lists(election):
    """[Remark] on the lists of candidates of an election whose parts are loaded; one query."""
    found = []
    listed = {
        contest.pk: {candidate.member_id for candidate in contest.candidates.all()}
        for contest in election.contests
    }
    everybody = frozenset().union(*listed.values())
    people = all_members()
    left = people.left_before(election.day).filter(pk__in=everybody)
    left = frozenset(left.values_list("pk", flat=True))
    for contest in election.contests:
        found += number_of_candidates(contest)
        gone = left & listed[contest.pk]
        if gone:
            found.append(
                Remark(
                    ERROR,
                    _("{names} will not be a member of the association on the day of the election.").format(
                        names=_names(contest, gone)
                    ),
                    persons=gone,
                    contest=contest.pk,
                )
            )
        found += _from_the_council(election, contest, listed)
    return found


def number_of_candidates(contest):
    """[Remark] where the candidates of `contest`, loaded, are too many or too few for its way of election."""
    number = sum(not candidate.is_write_in for candidate in contest.candidates.all())
    sentence = ""
    if not number:
        sentence = _("“{contest}”: no candidate yet.")
    elif contest.mode == EQUAL and number != contest.seats:
        sentence = _(
            "“{contest}”: {number} candidates for {seats} seats, but as many as seats were announced (等额)."
        )
    elif contest.mode == MORE and number <= contest.seats:
        sentence = _(
            "“{contest}”: {number} candidates for {seats} seats, but more than seats were announced (差额)."
        )
    if not sentence:
        return []
    sentence = sentence.format(contest=contest, number=number, seats=contest.seats)
    return [Remark(WARNING, sentence, contest=contest.pk)]


def _from_the_council(election, contest, listed):
    """The council elects its officers and standing members out of its own number (domain.md D2)."""
    if contest.electorate == Contest.Electorate.COUNCIL:
        role = Post.Role.COUNCIL_MEMBER
    elif contest.electorate == Contest.Electorate.SUPERVISORS:
        role = Post.Role.SUPERVISOR
    else:
        return
    within = [other for other in election.contests if other.post.role == role]
    if not within or contest in within:
        return
    outside = frozenset(listed[contest.pk].difference(*(listed[other.pk] for other in within)))
    if outside:
        yield Remark(
            ERROR,
            _(
                "{names}: on the list for “{contest}”, but not on that for “{other}”, who elect out of their number."
            ).format(names=_names(contest, outside), contest=contest, other=within[0]),
            persons=outside,
            contest=contest.pk,
        )


def _names(contest, ids):
    return _(", ").join(
        str(candidate.member) for candidate in contest.candidates.all() if candidate.member_id in ids
    )


def scrutineers(election):
    """[Remark] on who watches over the vote, in an election whose parts are loaded; no query."""
    found, present = [], list(election.scrutineers.all())
    candidates = [candidate for contest in election.contests for candidate in contest.candidates.all()]
    ids, names = {each.member_id for each in candidates}, {str(each.member) for each in candidates}
    for person in present:
        if person.member_id in ids or (person.member_id is None and person.name in names):
            found.append(
                Remark(
                    ERROR,
                    _("{name} is a candidate and cannot be {role}.").format(
                        name=person.name, role=person.get_role_display()
                    ),
                    _("rules of election, scrutineers"),
                )
            )
    missing = [label for role, label in person_roles() if role not in {person.role for person in present}]
    if missing:
        found.append(Remark(WARNING, _("Not named yet: {roles}.").format(roles=_(", ").join(missing))))
    return found


def person_roles():
    """[(role, label)] of those who watch and count."""
    return [(role.value, str(role.label)) for role in Scrutineer.Role]


def charter(election, user):
    """[Remark] of the charter's rules on the lists, as if all on them were elected: what `user` may read of it.

    The day is that of the election. The same number of queries whatever the size of the lists; none where they are
    empty.
    """
    drafts = [(part, drafted_seats(part)) for part in election.bodies.all()]
    drafts = [(part, seats) for part, seats in drafts if seats]
    if not drafts:
        return []
    (first, seats), *others = drafts
    starts_on, ends_on = election.starts_on, election.planned_end_on
    if election.is_by_election:
        starts_on, ends_on = first.term.starts_on, first.term.planned_end_on
    findings = check_draft(
        first.body,
        election.day,
        seats,
        term_starts_on=starts_on,
        term_ends_on=ends_on,
        others=[(part.body, people) for part, people in others],
    )
    return [_remark(finding, election, user) for finding in findings]


def _remark(finding, election, user):
    may_read = not finding.reads or user.rights.may_read(finding.reads, election.association_id)
    persons = finding.persons if may_read or not finding.names_tell else ()
    named = _(", ").join(
        f"{person.name}（{person.detail}）" if may_read and person.detail else person.name
        for person in persons
    )
    return Remark(
        finding.severity,
        finding.sentence,
        source=" ".join(filter(None, [finding.article, finding.source])),
        persons=frozenset(person.id for person in persons),
        bodies=frozenset(finding.bodies),
        cure=finding.cure,
        named=named,
        title=finding.title,
        details={person.id: person.detail for person in persons if may_read},
    )


def drafted_seats(part):
    """[(member, post)] of who would sit in the body of `part`: the elected where counted, else all on the lists.

    In a by-election with those who sit there already.
    """
    seats = []
    for contest in part.contests.all():
        result = result_of(contest)
        people = result.elected if result.is_counted else contest.candidates.all()
        seats += [(candidate.member, contest.post) for candidate in people]
    if seats and part.election.is_by_election:
        present = part.term.appointments.in_force_on(part.election.starts_on).select_related("member", "post")
        seats += [(appointment.member, appointment.post) for appointment in present]
    return seats
