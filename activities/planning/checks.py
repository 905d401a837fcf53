"""What to look at in an activity: said, never refused."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity
from activities.planning.services import over_capacity
from organizations.models import Meeting

State, SignUp = Activity.State, Activity.SignUp
NAMED = 5


def warnings(activity, user, now=None):
    """Sentences about `activity` for `user`, who sees it; of others only what `user` sees."""
    now = now or timezone.now()
    if activity.state == State.CANCELLED:
        return []
    found = [*_of_its_time(activity, now), *_of_its_people(activity)]
    if activity.state != State.CLOSED:
        found += _at_the_same_time(activity, user)
    return found


def _of_its_time(activity, now):
    if activity.state == State.DRAFT and activity.ends_at < now:
        yield _(
            "It lies in the past: announce it, enter who was there, and settle the attendance right away."
        )
    elif activity.state == State.PUBLISHED and activity.ends_at < now:
        yield _("It is over: enter who was there and settle the attendance.")
    if activity.sign_up_until and activity.sign_up_until > activity.ends_at:
        yield _("One may sign up until after it has ended.")


def _of_its_people(activity):
    if activity.state == State.DRAFT and activity.sign_up != SignUp.NONE and not activity.audiences.exists():
        yield _("It does not say for whom it is.")
    if activity.state == State.PUBLISHED and (over := over_capacity(activity)):
        yield ngettext(
            "{over} person more than there are places is signed up. Nobody loses a place; nobody moves up until "
            "there are fewer.",
            "{over} people more than there are places are signed up. Nobody loses a place; nobody moves up until "
            "there are fewer.",
            over,
        ).format(over=over)


def _at_the_same_time(activity, user):
    """Other activities of the same host or at the same place, and meetings of the host, while it lasts."""
    others = Activity.objects.visible_to(user).overlapping(activity.starts_at, activity.ends_at)
    others = others.filter(association=activity.association_id).exclude(pk=activity.pk)
    for other in others.select_related("host")[: NAMED * 4]:
        if activity.place and other.place == activity.place:
            yield _("At the same time at the same place: {other} ({when}).").format(
                other=other, when=other.when
            )
        elif other.host_id == activity.host_id:
            yield _("At the same time, of the same host: {other} ({when}).").format(
                other=other, when=other.when
            )
    if activity.host_id:
        meetings = Meeting.objects.visible_to(user).filter(body=activity.host_id)
        days = (activity.on, timezone.localdate(activity.ends_at))
        for meeting in meetings.filter(on__range=days, state=Meeting.State.PLANNED)[:NAMED]:
            if _overlaps(meeting, activity):
                yield _("At the same time: {meeting} ({day}).").format(
                    meeting=meeting, day=meeting.on.isoformat()
                )


def _overlaps(meeting, activity):
    """Whether `meeting`, on a day of the `activity`, may fall into its time: without a time it may."""
    if meeting.starts_at is None or meeting.on != activity.on:
        return True
    begins, ends = (timezone.localtime(moment) for moment in (activity.starts_at, activity.ends_at))
    if ends.date() == meeting.on and meeting.starts_at >= ends.time():
        return False
    return meeting.ends_at is None or meeting.ends_at > begins.time()
