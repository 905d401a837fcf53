"""Who is invited to an activity, signed up, and came: one row a person, whichever way it was found out."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import Activity
from activities.models.audience import Question
from members.models import Member
from organizations.models import Attendance, Recorded

# the same words as in meetings of bodies
Presence = Attendance.Presence
PRESENT = Attendance.PRESENT


@dataclass(frozen=True)
class Counts:
    """Figures of one activity. `expected` (应到) is what rates are counted by, never those present."""

    invited: int
    signed_up: int
    waiting: int
    declined: int
    expected: int
    present: int
    """Of those expected, who were there, late or by proxy too (实到)."""
    late: int
    proxy: int
    leave: int
    absent: int
    observers: int
    others: int
    """Came without being expected."""
    open: int
    """Expected, and nothing entered about them."""

    @property
    def came(self):
        """All who were there."""
        return self.present + self.others + self.observers

    @property
    def rate(self):
        """Those present as a share of those expected; None where nobody was."""
        return self.present / self.expected if self.expected else None


class ParticipationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows of activities in sight, and the user's own."""
        seen = Activity.objects.visible_to(user)
        return self.filter(Q(activity__in=seen.values("pk")) | Q(member__user=user))

    def taking_seats(self):
        """Those who hold a place: signed up and not on leave."""
        return self.filter(state=Participation.State.SIGNED_UP).exclude(presence=Presence.LEAVE)

    def waiting(self):
        """Those in line for a place, the first first."""
        return self.filter(state=Participation.State.WAITING).order_by("asked_at", "id")

    def expected(self):
        """Those entitled (应到): signed up or on the list; where those invited are expected, they too."""
        return self.filter(_EXPECTED)

    def taking_part(self):
        """Those who hold a place, are expected or were there."""
        return self.filter(
            _EXPECTED | Q(state=Participation.State.SIGNED_UP) | Q(presence__in=[*PRESENT, Presence.OBSERVER])
        )

    def came(self):
        """All who were there, in whatever way."""
        return self.filter(presence__in=[*PRESENT, Presence.OBSERVER])

    def in_order(self):
        """Members in the order of strokes, then guests."""
        return self.order_by(
            Case(When(member=None, then=Value(1)), default=Value(0), output_field=IntegerField()),
            "member__stroke_key",
            "guest_name",
            "id",
        )

    def figures(self):
        """{name of a Counts field: number} over these rows, in one query."""
        return self.aggregate(**_FIGURES)

    def figures_by(self, *names):
        """[{name: value of that column, …, name of a Counts field: number}], one for each group, in one query."""
        return self.order_by().values(*names).annotate(**_FIGURES)

    def counts_of_each(self, activities):
        """{key of an Activity: Counts} of those of `activities` (keys) that have rows, in one query."""
        rows = self.filter(activity__in=activities).figures_by("activity")
        return {row.pop("activity"): Counts(**row) for row in rows}

    def counts(self):
        """The Counts of these rows, in one query."""
        return Counts(**self.figures())


class Participation(Recorded):
    """A member or guest at an activity.

    `state` says what became of the invitation, `presence` who was there. Leave asked for beforehand is a presence: it
    gives the place free. Which way the presence was found out does not matter to what it is.
    """

    class State(models.TextChoices):
        INVITED = "invited", pgettext_lazy("participation", "invited")
        SIGNED_UP = "signed_up", pgettext_lazy("participation", "signed up")
        WAITING = "waiting", pgettext_lazy("participation", "in line")
        DECLINED = "declined", pgettext_lazy("participation", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("participation", "signed off")
        WALK_IN = "walk_in", pgettext_lazy("participation", "came without signing up")

    class Way(models.TextChoices):
        """How the present entry of the presence was made."""

        SCREEN = "screen", _("code on the screen")
        SCANNED = "scanned", _("code scanned by staff")
        LIST = "list", _("entered by staff")
        SHEET = "sheet", _("sign-in sheet")
        OWN = "own", _("said by the member")

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="participations", verbose_name=_("activity"), db_index=False
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("member"),
    )
    guest_name = models.CharField(_("guest"), max_length=100, blank=True)
    guest_from = models.CharField(
        pgettext_lazy("guest", "of"), max_length=150, blank=True, help_text=_("Office, association or firm.")
    )
    guest_post = models.CharField(_("post"), max_length=100, blank=True)
    state = models.CharField(
        pgettext_lazy("participation", "state"), max_length=10, choices=State, default=State.SIGNED_UP
    )
    # the moment that decides the place in the line
    asked_at = models.DateTimeField(_("asked for a place"), null=True, blank=True)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    signed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed up by"),
    )
    presence = models.CharField(
        pgettext_lazy("activity", "attendance"), max_length=10, choices=Presence, blank=True
    )
    proxy_name = models.CharField(_("represented by"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    way = models.CharField(_("found out by"), max_length=10, choices=Way, blank=True, editable=False)
    came_at = models.DateTimeField(_("came at"), null=True, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects = ParticipationQuerySet.as_manager()
    whole_field = "activity"
    # of these the history keeps the fact of a change alone: reasons for leave tell of health, guests are no members
    identity_fields = frozenset({"reason", "proxy_name", "guest_name", "guest_from", "guest_post"})
    unrecorded_fields = frozenset({"asked_at", "invited_at", "signed_up_by_id", "entered_by_id", "came_at"})

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["activity", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "member"],
                condition=Q(member__isnull=False),
                name="participation_once",
                violation_error_message=_("This member is on the list already."),
            ),
            models.CheckConstraint(
                condition=(Q(member__isnull=False) & Q(guest_name="", guest_from="", guest_post=""))
                | (Q(member__isnull=True) & ~Q(guest_name="")),
                name="participation_member_or_guest",
            ),
            models.CheckConstraint(
                condition=Q(presence="proxy") | Q(proxy_name=""), name="participation_proxy_named_for_a_proxy"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(asked_at__isnull=False), name="participation_waits_since"
            ),
            # who is not on the list has to be put there before anything is said of their coming
            models.CheckConstraint(
                condition=Q(state__in=["invited", "signed_up", "walk_in"])
                | Q(presence__in=["", "leave", "absent"]),
                name="participation_came_from_the_list",
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "state", "asked_at"], name="participation_in_line"),
        ]

    def __str__(self):
        return self.person

    @property
    def person(self):
        return str(self.member) if self.member_id else self.guest_name

    @property
    def is_expected(self):
        """Whether the person counts as entitled (应到)."""
        if self.state == self.State.SIGNED_UP:
            return self.presence != Presence.OBSERVER
        return (
            self.state == self.State.INVITED
            and self.activity.is_compulsory
            and self.presence != Presence.OBSERVER
        )

    @property
    def is_present(self):
        return self.presence in PRESENT

    @property
    def takes_a_seat(self):
        return self.state == self.State.SIGNED_UP and self.presence != Presence.LEAVE


_S, _P = Participation.State, Presence
_EXPECTED = (Q(state=_S.SIGNED_UP) | Q(state=_S.INVITED, activity__is_compulsory=True)) & ~Q(
    presence=_P.OBSERVER
)
_FIGURES = {
    # everybody who was ever asked
    "invited": Count("pk", filter=Q(invited_at__isnull=False)),
    "signed_up": Count("pk", filter=Q(state=_S.SIGNED_UP)),
    "waiting": Count("pk", filter=Q(state=_S.WAITING)),
    "declined": Count("pk", filter=Q(state__in=[_S.DECLINED, _S.WITHDRAWN])),
    "expected": Count("pk", filter=_EXPECTED),
    "present": Count("pk", filter=_EXPECTED & Q(presence__in=sorted(PRESENT))),
    "late": Count("pk", filter=_EXPECTED & Q(presence=_P.LATE)),
    "proxy": Count("pk", filter=_EXPECTED & Q(presence=_P.PROXY)),
    "leave": Count("pk", filter=_EXPECTED & Q(presence=_P.LEAVE)),
    "absent": Count("pk", filter=_EXPECTED & Q(presence=_P.ABSENT)),
    "observers": Count("pk", filter=Q(presence=_P.OBSERVER)),
    "others": Count("pk", filter=~_EXPECTED & Q(presence__in=sorted(PRESENT))),
    "open": Count("pk", filter=_EXPECTED & Q(presence="")),
}


class Answer(models.Model):
    """What somebody answered on signing up. Not in the history: it goes when it is no longer needed."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="answers", verbose_name=_("participation"), db_index=False
    )
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers", verbose_name=_("question"))
    text = models.CharField(_("answer"), max_length=500)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["participation", "question__number", "id"]
        constraints = [models.UniqueConstraint(fields=["participation", "question"], name="answer_once")]

    def __str__(self):
        return self.text
