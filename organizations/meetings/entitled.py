"""Who is entitled to sit and vote in a meeting (应到) on its day."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from organizations.models import Appointment, Attendance, Body, Meeting, Post
from organizations.models.appointments import all_members
from organizations.models.meetings import MeetingKind

# of members.codes.PoliticalStatus, which this app does not import
_FULL, _PROBATIONARY = "中共党员", "中共预备党员"
_COMMITTEE = (Post.Role.PARTY_SECRETARY, Post.Role.PARTY_DEPUTY, Post.Role.PARTY_COMMITTEE)


@dataclass(frozen=True)
class Seat:
    """One person entitled: id of the member, and the posts held in the body, highest first."""

    member_id: int
    post: str


def seats(meeting):
    """[Seat] of those entitled in `meeting`, each once, highest post first; by a constant number of queries."""
    found = {}
    for body in meeting.bodies:
        for member_id, post in _seats_of(body, meeting.kind, meeting.on):
            found.setdefault(member_id, []).append(post)
    return [Seat(member, "、".join(filter(None, posts))[:200]) for member, posts in found.items()]


def entitled_members(body, kind, day):
    """The members entitled in a meeting of `kind` of `body` on the local date `day`, as a queryset."""
    if is_of_all_members(body, day):
        return all_members().in_force_on(day).filter(association=body.association_id)
    return all_members().filter(pk__in=_appointments(body, kind, day).values("member"))


def coming_meetings(member, day):
    """Planned meetings from the local date `day` on in which `member` is entitled or is on the list, the next first.

    One query. `member` is in force.
    """
    rows = meetings_of(member).filter(on__gte=day, state=Meeting.State.PLANNED)
    return rows.select_related("body").order_by("on", "starts_at", "id")


def meetings_of(member):
    """The meetings of any day and state in which `member`, who is in force, is on the list or entitled.

    Whoever is entitled in one that took place is on its list.
    """
    seats = Appointment.objects.valid().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("on")),
        Q(body=OuterRef("body")) | Q(body=OuterRef("joint_with")),
        starts_on__lte=OuterRef("on"),
        post__counts_for_quorum=True,
    )
    own = seats.filter(member=member)
    of_committee = Exists(own.filter(post__role__in=_COMMITTEE))
    seated = Q(Exists(own)) & (~Q(kind=MeetingKind.PARTY_COMMITTEE) | Q(of_committee))
    if not _votes_in_branch(member):
        seated &= ~Q(body__kind=Body.Kind.PARTY_BRANCH)
    of_all = Q(body__kind=Body.Kind.ASSEMBLY, body__association=member.association_id) & ~Exists(seats)
    listed = Exists(Attendance.objects.filter(meeting=OuterRef("pk"), member=member))
    open_ones = Q(state__in=[Meeting.State.PLANNED, Meeting.State.CANCELLED])
    return Meeting.objects.filter((seated | of_all) & open_ones | listed)


def _votes_in_branch(member):
    """As `_appointments` asks of many: a full member, or one whose status nobody has entered."""
    if _FULL in (member.political_status, member.second_party):
        return True
    return not member.political_status and member.second_party != _PROBATIONARY


def is_of_all_members(body, day):
    """Whether all members of the association are entitled: an assembly without delegates in office that day."""
    return body.kind == Body.Kind.ASSEMBLY and not _holding(body, day).exists()


def without_a_vote(body, kind, day):
    """How many sit in a party branch without a vote on that day: those on probation, or of another status.

    Source: 支部工作条例, domain.md D5: members with voting rights are the full ones.
    """
    if body.kind != Body.Kind.PARTY_BRANCH:
        return 0
    voting = _appointments(body, kind, day).values("member")
    return _in_posts(body, kind, day).exclude(member__in=voting).values("member").distinct().count()


def _holding(body, day):
    return Appointment.objects.in_force_on(day).filter(body=body, post__counts_for_quorum=True)


def _in_posts(body, kind, day):
    rows = _holding(body, day)
    return rows.filter(post__role__in=_COMMITTEE) if kind == MeetingKind.PARTY_COMMITTEE else rows


def _appointments(body, kind, day):
    """Appointments of the day that give a seat in meetings of that kind."""
    rows = _in_posts(body, kind, day)
    if body.kind != Body.Kind.PARTY_BRANCH:
        return rows
    # one whose status nobody has entered sits in the branch all the same
    full = Q(member__political_status=_FULL) | Q(member__second_party=_FULL)
    unknown = Q(member__political_status="") & ~Q(member__second_party=_PROBATIONARY)
    return rows.filter(full | unknown)


def _seats_of(body, kind, day):
    """(id of member, title of post) in order; a person with several posts comes several times."""
    if is_of_all_members(body, day):
        members = entitled_members(body, kind, day).order_by("stroke_key", "pk")
        return [(member, "") for member in members.values_list("pk", flat=True)]
    rows = _appointments(body, kind, day).in_order_of_rank()
    return rows.values_list("member", "post__title")
