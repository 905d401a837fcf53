"""How things stand between a member and an activity, and what the member may do about it."""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import Activity, Participation, Presence
from activities.signing_up.services import free_places, may_ask_for_leave, may_sign_off
from activities.signing_up.telling import moment
from members.portal.coming import SHOWN, Coming

State = Participation.State
_COMING = [State.SIGNED_UP, State.WAITING, State.INVITED]


@dataclass(frozen=True)
class Standing:
    """In a word or two how things stand; `tone` is a css class of badges."""

    text: str
    tone: str = ""


@dataclass
class Own:
    """What the page of an activity says to and offers one member at a moment."""

    standing: Standing
    left: int | None
    """Places left, None if as many come as like."""
    sign_up: str = ""
    """What the button says that gives a place: "" for none."""
    may_sign_off: bool = False
    may_leave: bool = False
    may_decline: bool = False
    may_change_answers: bool = False
    why_not: str = ""
    """A sentence: why nothing can be done."""
    answers: list = field(default_factory=list)


def place_in_line(row):
    """Which in line the waiting `row` is, the first being 1."""
    earlier = Q(asked_at__lt=row.asked_at) | Q(asked_at=row.asked_at, pk__lt=row.pk)
    return Participation.objects.waiting().filter(earlier, activity=row.activity_id).count() + 1


def standing(activity, row, at, *, place=None, left=None):
    """The Standing of the member with the Participation `row` (or None); `place` in line if waiting."""
    if activity.state == Activity.State.CANCELLED:
        return Standing(activity.get_state_display(), "error")
    if row is None or row.state in (State.DECLINED, State.WITHDRAWN):
        return _outside(activity, row, at, left)
    if row.presence:
        return Standing(row.get_presence_display(), "warning" if row.presence == Presence.LEAVE else "")
    if row.state == State.WAITING:
        return Standing(_("number {place} in line").format(place=place), "warning")
    if row.state == State.INVITED:
        return _invited(activity, at)
    if activity.sign_up == Activity.SignUp.NONE:
        return Standing(_("on the list"), "success")
    return Standing(row.get_state_display(), "success" if row.state == State.SIGNED_UP else "")


def _invited(activity, at):
    if activity.is_compulsory:
        return Standing(_("you are expected"), "success")
    if activity.takes_sign_ups_at(at):
        return Standing(_("please answer"), "warning")
    return Standing(State.INVITED.label)


def _outside(activity, row, at, left):
    if row is not None and row.state == State.DECLINED:
        return Standing(row.get_state_display())
    if activity.takes_sign_ups_at(at):
        if row is not None:
            return Standing(row.get_state_display())
        return Standing(_("open to sign up") if left != 0 else _("full, one may wait in line"))
    if activity.sign_up_from and at < activity.sign_up_from:
        return Standing(_("open from {moment}").format(moment=moment(activity.sign_up_from)))
    return Standing(_("signing up is over"))


def own_side(activity, member, row, at=None):
    """The Own of `member`, whose Participation is `row` or None, at the moment `at` (now if None)."""
    at = at or timezone.now()
    left = free_places(activity)
    place = place_in_line(row) if row is not None and row.state == State.WAITING else None
    own = Own(standing(activity, row, at, place=place, left=left), left)
    if activity.state != Activity.State.PUBLISHED or at >= activity.ends_at:
        return own
    is_open = activity.takes_sign_ups_at(at)
    if row is not None:
        row.activity = activity
        own.answers = list(row.answers.all())
        own.may_sign_off = may_sign_off(activity, row, at)
        on_leave = row.presence == Presence.LEAVE
        own.may_leave = may_ask_for_leave(activity, row, at) and not own.may_sign_off and not on_leave
        own.may_decline = (
            row.state == State.INVITED
            and not row.presence
            and not activity.is_compulsory
            and at < activity.starts_at
        )
        own.may_change_answers = is_open and row.state in (State.SIGNED_UP, State.WAITING) and not on_leave
    if member.is_in_force:
        own.sign_up = _sign_up(activity, row, at, is_open, left)
    elif is_open:
        own.why_not = _("Only members in force may sign up.")
    return own


def _sign_up(activity, row, at, is_open, left):
    """What the button says that gives a place, "" if there is none to press."""
    if row is not None and row.presence == Presence.LEAVE:
        return _("I can come after all") if row.is_expected and at < activity.starts_at else ""
    if not is_open or (row is not None and (row.presence or row.state in (State.SIGNED_UP, State.WAITING))):
        return ""
    return _("Join the line") if left == 0 else pgettext("button", "Sign up")


@dataclass(frozen=True)
class Line:
    """One activity in a member's list."""

    activity: Activity
    standing: Standing
    left: int | None


def coming_lines(member, at):
    """([Line] of the member's own, [Line] of those open to the member) of what has not ended at the moment `at`.

    The next first; by a constant number of queries. What was cancelled is shown to those alone who were to come.
    """
    rows = Activity.objects.shown_to(member).filter(ends_at__gt=at).select_related("association", "host")
    taken = Q(participations__state=State.SIGNED_UP) & ~Q(participations__presence=Presence.LEAVE)
    rows = list(rows.annotate(taken=Count("participations", filter=taken)).order_by("starts_at", "id"))
    own = {row.activity_id: row for row in member.participations.filter(activity__in=rows)}
    places = _places_in_line([row for row in own.values() if row.state == State.WAITING])
    mine, others = [], []
    for activity in rows:
        row = own.get(activity.pk)
        is_mine = row is not None and (row.state in _COMING or row.state == State.WALK_IN)
        if activity.state == Activity.State.CANCELLED and not is_mine:
            continue
        left = None if activity.capacity is None else max(activity.capacity - activity.taken, 0)
        said = standing(activity, row, at, place=places.get(activity.pk), left=left)
        (mine if is_mine else others).append(Line(activity, said, left))
    return mine, others


def _places_in_line(rows):
    """{id of activity: which in line} of the waiting `rows`, by one query."""
    if not rows:
        return {}
    lines = Participation.objects.waiting().filter(activity__in=[row.activity_id for row in rows])
    found = {}
    for activity, pk in lines.values_list("activity", "pk"):
        found.setdefault(activity, []).append(pk)
    return {row.activity_id: found[row.activity_id].index(row.pk) + 1 for row in rows}


def past_years(member, at):
    """[(year, [(activity, how the member took part)])] of what had ended at the moment `at`, latest first."""
    kept = Q(state=State.SIGNED_UP) | ~Q(presence="") | Q(state=State.INVITED, activity__is_compulsory=True)
    rows = member.participations.filter(kept, activity__ends_at__lte=at).select_related("activity")
    found = {}
    for row in rows.filter(activity__in=Activity.objects.announced()).order_by("-activity__starts_at", "-pk"):
        how = row.get_presence_display() or _("attendance not entered")
        found.setdefault(row.activity.on.year, []).append((row.activity, how))
    return list(found.items())


def coming(member, day):
    """Source of the members' first page: activities they are invited to, signed up for or in line for."""
    now = timezone.now()
    rows = member.participations.filter(
        state__in=_COMING, activity__ends_at__gte=now, activity__state=Activity.State.PUBLISHED
    )
    rows = list(rows.select_related("activity").order_by("activity__starts_at", "activity")[:SHOWN])
    places = _places_in_line([row for row in rows if row.state == State.WAITING])
    return [
        Coming(
            row.activity.on,
            timezone.localtime(row.activity.starts_at).time(),
            row.activity.title,
            row.activity.place,
            standing(row.activity, row, now, place=places.get(row.activity_id)).text,
            reverse("own_activities:activity", args=[row.activity_id]),
        )
        for row in rows
    ]
