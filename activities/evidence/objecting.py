"""Members say what is wrong or missing in their record; the association answers (PIPL art. 46)."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.evidence.facts import ATTENDANCE, PARTICIPATION, POST, SERVICE, fact_of
from activities.models import Activity, Objection, Participation, Service
from members.inbox import tell
from members.models import Member
from members.privacy.requests import working_days_after
from members.rights import Ability
from organizations.models import Appointment, Attendance, Meeting
from organizations.services import NotPossible

# the source of what is said to be missing: there is no row
MISSING = "missing"
# so many of one member may wait at a time
MOST = 20
State = Objection.State


def in_sight(user):
    """Objections that `user` may see: of members in sight, about lines in sight.

    What is about a line of a hidden body is seen by who sees the body; about a line that is gone by who manages the
    association, from whom no body is hidden.
    """
    seen = Activity.objects.visible_to(user).values("pk")
    meetings = Meeting.objects.visible_to(user).values("pk")
    lines = (
        ~Q(source__in=[PARTICIPATION, ATTENDANCE, SERVICE, POST])
        | Q(member__association__in=user.rights.associations_for(Ability.MANAGE))
        | Q(source=PARTICIPATION, row__in=Participation.objects.filter(activity__in=seen).values("pk"))
        | Q(source=ATTENDANCE, row__in=Attendance.objects.filter(meeting__in=meetings).values("pk"))
        | Q(
            source=SERVICE,
            row__in=Service.objects.filter(Q(activity=None) | Q(activity__in=seen)).values("pk"),
        )
        | Q(source=POST, row__in=Appointment.objects.visible_to(user).order_by().values("pk"))
    )
    members = Member.objects.staff_visible_to(user)
    places = user.rights.associations_with("activities.view_objection")
    return Objection.objects.filter(lines, member__in=members.values("pk"), member__association__in=places)


def may_decide(user, objection):
    """Whether `user` answers this objection in sight: who edits the member, of others' records alone."""
    places = user.rights.associations_with("activities.change_objection")
    return (
        objection.state == State.OPEN
        and objection.member.association_id in places
        and not objection.member.is_anonymised
        and objection.member.user_id != user.pk
    )


def answer_by(made_at, days):
    """The local date by which what was said at `made_at` is answered: as requests about personal data are."""
    return working_days_after(timezone.localdate(made_at), days)


@transaction.atomic
def object_to(member, *, text, source=MISSING, row=None):
    """Note that `member` says `text` about the line (`source`, `row`) of the own record; return the Objection.

    Without a line: that something is missing. Raises NotPossible.
    """
    # lock first: two sheets open at once
    Member.objects.select_for_update().get(pk=member.pk)
    waiting = member.objections.waiting()
    if waiting.count() >= MOST:
        raise NotPossible(
            _(
                "{count} of your remarks wait for an answer already; please wait until some are answered."
            ).format(count=MOST)
        )
    about = _("Something is missing in the record")
    if source != MISSING:
        fact = fact_of(member, source, row)
        if fact is None:
            raise NotPossible(_("This line is no longer in your record."))
        about = f"{fact.when} {fact.title}：{fact.how}"
    elif waiting.filter(source=MISSING, text=text).exists():
        raise NotPossible(_("You have said this already; it waits for an answer."))
    else:
        row = None
    try:
        with transaction.atomic():
            return Objection.objects.create(
                member=member, source=source, row=row, about=about[:300], text=text
            )
    except IntegrityError as error:
        raise NotPossible(
            _("You have said something about this line already; it waits for an answer.")
        ) from error


@transaction.atomic
def withdraw_objection(objection):
    """The member takes it back. Raises NotPossible."""
    found = _open(objection)
    found.state, found.decided_at = State.WITHDRAWN, timezone.now()
    found.save()
    return found


@transaction.atomic
def answer_objection(objection, *, upheld, answer, actor):
    """Answer it: put right, or rejected with the reason; return it. The member finds the answer in the inbox.

    The line itself is corrected where it is kept. Raises NotPossible.
    """
    found = _open(objection)
    if not may_decide(actor, found):
        raise NotPossible(_("Nobody decides about the own record."))
    if not upheld and not answer.strip():
        raise NotPossible(_("Say why it is rejected."))
    found.state = State.UPHELD if upheld else State.REJECTED
    found.answer, found.decided_by, found.decided_at = answer.strip(), actor, timezone.now()
    found.save()
    tell(
        found.member,
        title=_("Your remark on your record is answered: {state}").format(state=found.get_state_display()),
        text=f"{found.about}\n{found.answer}".strip(),
        link=reverse("own_activities:objections"),
    )
    return found


def _open(objection):
    # lock first: two may answer at once
    rows = Objection.objects.select_for_update(of=("self",)).select_related("member__association")
    found = rows.get(pk=objection.pk)
    if found.state != State.OPEN:
        raise NotPossible(_("This has been dealt with in the meantime."))
    return found
