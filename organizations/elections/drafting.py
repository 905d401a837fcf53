"""The draft of an election: its bodies and terms, the posts to fill, the candidates.

Changes belong to the action in progress. All refuse an election that is no longer in preparation.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from organizations.elections.checklist import prepare
from organizations.models import Appointment, Body, Candidate, Contest, Election, ElectionBody, Post
from organizations.services import NotPossible

Role, Kind = Post.Role, Body.Kind
Electorate, Majority = Contest.Electorate, Contest.Majority
# longest terms: five years, of a party branch in an association three (domain.md D2, D5)
YEARS, PARTY_YEARS = 5, 3
# bodies that are elected for a term and can be re-elected here; delegates are chosen elsewhere
ELECTED = (Kind.COUNCIL, Kind.STANDING_COUNCIL, Kind.SUPERVISORS, Kind.PARTY_BRANCH)

# {role: who elects it, by which majority}: the assembly the council and the supervisors, the council its officers and
# standing members (domain.md D2, D4), the party members their committee and secretary (D5)
USUAL = {
    Role.COUNCIL_MEMBER: (Electorate.ASSEMBLY, Majority.HALF_PRESENT),
    Role.PRESIDENT: (Electorate.COUNCIL, Majority.TWO_THIRDS_PRESENT),
    Role.VICE_PRESIDENT: (Electorate.COUNCIL, Majority.TWO_THIRDS_PRESENT),
    Role.SECRETARY_GENERAL: (Electorate.COUNCIL, Majority.TWO_THIRDS_PRESENT),
    Role.STANDING_MEMBER: (Electorate.COUNCIL, Majority.TWO_THIRDS_PRESENT),
    Role.SUPERVISOR: (Electorate.ASSEMBLY, Majority.HALF_PRESENT),
    Role.CHAIR: (Electorate.SUPERVISORS, Majority.HALF_PRESENT),
    Role.VICE_CHAIR: (Electorate.SUPERVISORS, Majority.HALF_PRESENT),
    Role.PARTY_SECRETARY: (Electorate.PARTY_MEETING, Majority.HALF_PRESENT),
    Role.PARTY_DEPUTY: (Electorate.PARTY_MEETING, Majority.HALF_PRESENT),
    Role.PARTY_COMMITTEE: (Electorate.PARTY_MEETING, Majority.HALF_PRESENT),
}
# contests even of a body where nobody holds the post
ALWAYS = {Role.COUNCIL_MEMBER, Role.PRESIDENT, Role.SECRETARY_GENERAL, Role.STANDING_MEMBER, Role.SUPERVISOR,
          Role.CHAIR, Role.PARTY_SECRETARY}  # fmt: skip


class ChangedMeanwhile(NotPossible):
    """Somebody else wrote after the page was opened."""


# -- what to propose


def electable(bodies):
    """Those of `bodies` (a queryset) that can be elected here: with terms, and not dissolved."""
    return bodies.filter(kind__in=ELECTED, dissolved_on="")


def expiring_term(body, day):
    """The Term of `body` that a new one would follow on the local date `day`; None before the first."""
    return body.terms.filter(starts_on__lt=day).order_by("-starts_on").first()


def proposed_dates(body, today):
    """{day, starts_on, planned_end_on} of an election of `body`, seen from the local date `today`.

    The election is on the last planned day of the term that runs, today if that is past; the new term follows and is
    as long as that one.
    """
    term = body.terms.order_by("-starts_on").first()
    years = PARTY_YEARS if body.kind == Kind.PARTY_BRANCH else YEARS
    day = starts_on = today
    if term and term.planned_end_on >= today:
        day, starts_on = term.planned_end_on, term.planned_end_on + dt.timedelta(days=1)
    if term:
        years = round((term.planned_end_on - term.starts_on).days / 365.25) or years
    return {"day": day, "starts_on": starts_on, "planned_end_on": last_day(starts_on, years)}


def last_day(starts_on, years):
    """The last day of a term of `years` from the date `starts_on` on."""
    try:
        after = starts_on.replace(year=starts_on.year + years)
    except ValueError:  # 29 February
        after = dt.date(starts_on.year + years, 3, 1)
    return after - dt.timedelta(days=1)


def usual_name(bodies, day, kind):
    """What an election of `bodies` is called: re-election of the council, term 2."""
    names = _(", ").join(body.name for body in bodies)
    if kind == Election.Kind.BY_ELECTION:
        return _("By-election to {bodies} {year}").format(bodies=names, year=day.year)[:100]
    number = next_number(bodies[0])
    return _("Re-election of {bodies} for term {number}").format(bodies=names, number=number)[:100]


def next_number(body):
    """The number of the next term of `body`."""
    return (body.terms.aggregate(last=Max("number"))["last"] or 0) + 1


# -- the draft


@transaction.atomic
def start_election(association, *, kind, bodies, day, starts_on, planned_end_on, name=""):
    """A draft election of `bodies` (of the association) on the local date `day`; return it.

    A re-election comes with the posts that are usual, a by-election without any. Raises NotPossible, and
    ValidationError as `Election.full_clean` does.
    """
    election = Election(
        association=association,
        kind=kind,
        name=name or usual_name(bodies, day, kind),
        day=day,
        starts_on=starts_on,
        planned_end_on=planned_end_on,
    )
    election.full_clean()
    election.save()
    for body in bodies:
        add_body(election, body)
    prepare(election)
    return election


@transaction.atomic
def add_body(election, body):
    """`body` becomes one that `election` fills, with the posts usual for it; return the ElectionBody.

    Raises NotPossible where another election of it is in preparation, or (by-election) none of its terms runs.
    """
    _open(election)
    other = ElectionBody.objects.filter(body=body, election__state=Election.State.DRAFT).exclude(
        election=election
    )
    if not election.is_by_election and other.filter(election__kind=Election.Kind.TERM).exists():
        raise NotPossible(
            _("“{body}” is in “{election}” already, which is in preparation.").format(
                body=body, election=other.filter(election__kind=Election.Kind.TERM).first().election
            )
        )
    if election.is_by_election:
        term = body.terms.in_force_on(election.starts_on).first()
        if term is None:
            raise NotPossible(
                _("No term of “{body}” runs on {day}: enter the term first.").format(
                    body=body, day=election.starts_on.isoformat()
                )
            )
        return ElectionBody.objects.create(election=election, body=body, term=term)
    part = ElectionBody.objects.create(
        election=election, body=body, term=expiring_term(body, election.starts_on), number=next_number(body)
    )
    for post, seats in _usual_posts(part):
        electorate, majority = USUAL[post.role]
        Contest.objects.create(body=part, post=post, seats=seats, electorate=electorate, majority=majority)
    return part


@transaction.atomic
def remove_body(part):
    """Take the body of `part` (an ElectionBody) out of its election. Raises NotPossible once it has candidates."""
    election = _open(part.election)
    if Candidate.objects.filter(contest__body=part).exists():
        raise NotPossible(
            _("“{body}” has candidates already: take them off the lists first.").format(body=part.body)
        )
    if election.bodies.count() == 1:
        raise NotPossible(_("An election has at least one body."))
    part.delete()


def _usual_posts(part):
    """[(Post, seats)] that a re-election of the body of `part` fills: as many as hold it now."""
    held = {}
    if part.term:
        for appointment in _incumbents(part):
            held[appointment.post_id] = held.get(appointment.post_id, 0) + 1
    posts = Post.objects.offered_by(part.body).filter(role__in=USUAL, is_retired=False)
    return [
        (post, held.get(post.pk) or post.seats or 1)
        for post in posts
        if post.pk in held or post.role in ALWAYS
    ]


def _incumbents(part):
    """The appointments in force on the last day before the new term (by-election: on its first)."""
    day = part.election.starts_on - dt.timedelta(days=0 if part.election.is_by_election else 1)
    return (
        Appointment.objects.in_force_on(day)
        .filter(term=part.term, is_acting=False)
        .exclude(term=None)
        .select_related("member", "post")
    )


def incumbents(election):
    """{(body, post): {members}} of ids who hold the posts that `election` fills, until the new term."""
    found = {}
    for part in election.bodies.all():
        for appointment in _incumbents(part):
            found.setdefault((part.body_id, appointment.post_id), set()).add(appointment.member_id)
    return found


@transaction.atomic
def add_contest(part, *, post, seats, electorate="", majority=""):
    """`post` becomes one that is filled in the body of `part`; return the Contest. Usual electorate unless given."""
    _open(part.election)
    if post.body_kind != part.body.kind or post.association_id != part.body.association_id:
        raise NotPossible(_("“{body}” has no post “{post}”.").format(body=part.body, post=post))
    usual = USUAL.get(post.role, (Electorate.COUNCIL, Majority.TWO_THIRDS_PRESENT))
    contest = Contest(
        body=part, post=post, seats=seats, electorate=electorate or usual[0], majority=majority or usual[1]
    )
    contest.full_clean()
    contest.save()
    return contest


@transaction.atomic
def remove_contest(contest):
    """Take the post of `contest` out of the election. Raises NotPossible once there are candidates."""
    contest = locked(contest)
    if contest.candidates.exists():
        raise NotPossible(
            _("“{contest}” has candidates already: take them off the lists first.").format(contest=contest)
        )
    contest.delete()


@transaction.atomic
def add_candidate(contest, member, *, is_write_in=False):
    """`member` becomes a candidate of `contest`; return the Candidate.

    Raises NotPossible for somebody of another association or on the list already, and once ballots are counted for
    whoever was not written in.
    """
    contest = locked(contest)
    return _add(contest, member, is_write_in=is_write_in)


def _add(contest, member, *, is_write_in=False):
    if member.association_id != contest.body.body.association_id:
        raise NotPossible(
            _("{name} is not a member of the association whose body this is.").format(name=member)
        )
    if contest.candidates.filter(member=member).exists():
        raise NotPossible(_("{name} is on the list already.").format(name=member))
    if not is_write_in and contest.rounds.exists():
        raise NotPossible(
            _(
                "Votes for “{contest}” are counted already: who was written in is entered with the result."
            ).format(contest=contest)
        )
    return Candidate.objects.create(contest=contest, member=member, is_write_in=is_write_in)


@transaction.atomic
def take_over_incumbents(contest):
    """Whoever holds the post of `contest` becomes a candidate again; return the new Candidates."""
    contest = locked(contest)
    listed = set(contest.candidates.values_list("member", flat=True))
    holders = {
        appointment.member_id: appointment.member
        for appointment in _incumbents(contest.body)
        if appointment.post_id == contest.post_id and appointment.member_id not in listed
    }
    return [_add(contest, member) for member in holders.values()]


@transaction.atomic
def remove_candidate(candidate):
    """Take `candidate` off the list. Raises NotPossible once votes are counted."""
    contest = locked(candidate.contest)
    if candidate.tallies.exists():
        raise NotPossible(
            _("Votes for {name} are counted already: remove the ballot first.").format(name=candidate)
        )
    candidate.delete()
    return contest


@transaction.atomic
def drop_election(election):
    """Give a draft up; it stays readable."""
    election = _open(election)
    election.state = Election.State.DROPPED
    election.save()
    return election


@transaction.atomic
def resume_election(election):
    """Take up again a draft that was given up."""
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if election.state != Election.State.DROPPED:
        raise NotPossible(_("“{election}” was not given up.").format(election=election))
    election.state = Election.State.DRAFT
    election.save()
    return election


# -- locks


def _open(election):
    """`election`, locked and still in preparation, or NotPossible."""
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if not election.is_open:
        raise NotPossible(
            _("“{election}” is no longer in preparation ({state}).").format(
                election=election, state=election.get_state_display()
            )
        )
    return election


def locked(contest, version=None):
    """`contest` as it is now, its election locked and open. Raises NotPossible; ChangedMeanwhile by its `version`."""
    _open(contest.body.election)
    rows = Contest.objects.select_related("body__election__association", "body__body", "body__term", "post")
    contest = rows.filter(pk=contest.pk).first()
    if contest is None:
        raise NotPossible(_("This post is no longer in the election."))
    if version is not None and contest.version != version:
        raise ChangedMeanwhile(
            _(
                "Somebody else entered this result after you opened the page. Nothing of yours is saved yet: compare "
                "it with what is there now, shown beside it, and save again."
            )
        )
    return contest


def count_write(contest):
    """Note that the result of `contest` was written, for whoever has its page open."""
    Contest.objects.filter(pk=contest.pk).update(version=F("version") + 1)
    contest.version += 1
