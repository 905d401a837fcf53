from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.association import Association
from organizations.models.bodies import Body, Term
from organizations.models.history import Recorded


class MeetingKind(models.TextChoices):
    """Kinds of meetings; those of a party branch are the kinds of 三会一课 and its neighbours (domain.md D5 [BR])."""

    ASSEMBLY = "assembly", _("Members' assembly meeting")
    COUNCIL = "council", _("Council meeting")
    STANDING_COUNCIL = "standing_council", _("Standing council meeting")
    SUPERVISORS = "supervisors", _("Supervisors' meeting")
    JOINT = "joint", _("Joint meeting")
    PARTY_ASSEMBLY = "party_assembly", _("Party branch assembly (支部党员大会)")
    PARTY_COMMITTEE = "party_committee", _("Party branch committee (支部委员会)")
    PARTY_GROUP = "party_group", _("Party group meeting (党小组会)")
    PARTY_LECTURE = "party_lecture", _("Party lecture (党课)")
    PARTY_DAY = "party_day", _("Theme party day (主题党日)")
    PARTY_LIFE = "party_life", _("Organizational life meeting (组织生活会)")
    PARTY_APPRAISAL = "party_appraisal", _("Appraisal of party members (民主评议)")
    OTHER = "other", _("Other meeting")


PARTY_KINDS = tuple(kind for kind in MeetingKind if kind.value.startswith("party_"))
# {kind of body: kinds of its meetings}; other bodies hold "other" ones
KINDS_OF_BODY = {
    Body.Kind.ASSEMBLY: (MeetingKind.ASSEMBLY,),
    Body.Kind.COUNCIL: (MeetingKind.COUNCIL, MeetingKind.JOINT),
    Body.Kind.STANDING_COUNCIL: (MeetingKind.STANDING_COUNCIL, MeetingKind.JOINT),
    Body.Kind.SUPERVISORS: (MeetingKind.SUPERVISORS, MeetingKind.JOINT),
    Body.Kind.PARTY_BRANCH: PARTY_KINDS,
}


def kinds_of(body):
    """The MeetingKinds that `body` holds, the usual one first."""
    return KINDS_OF_BODY.get(body.kind, (MeetingKind.OTHER,))


class Share(models.TextChoices):
    """What part must be reached. 2/3 means at least that many, "more than half" more than half (domain.md D2)."""

    ANY = "any", pgettext_lazy("share", "any number")
    HALF = "1/2", _("more than 1/2")
    TWO_THIRDS = "2/3", _("at least 2/3")
    THREE_QUARTERS = "3/4", _("at least 3/4")
    FOUR_FIFTHS = "4/5", _("at least 4/5")
    ALL = "1/1", pgettext_lazy("share", "all")


class Base(models.TextChoices):
    """Whose number a majority is a part of."""

    PRESENT = "present", _("of those present (到会)")
    ENTITLED = "entitled", _("of those entitled (应到)")
    CAST = "cast", _("of the votes in favour and against")


class Period(models.TextChoices):
    MONTH = "month", pgettext_lazy("frequency", "month")
    QUARTER = "quarter", pgettext_lazy("frequency", "quarter")
    HALF_YEAR = "half_year", pgettext_lazy("frequency", "half-year")
    YEAR = "year", pgettext_lazy("frequency", "year")


class MeetingRule(Recorded):
    """What the charter of an association asks of its meetings of one kind.

    Where there is no row the defaults hold: `organizations.meetings.defaults.rule_for`.
    """

    association = models.ForeignKey(
        Association, models.CASCADE, related_name="meeting_rules", verbose_name=_("association")
    )
    kind = models.CharField(_("kind of meeting"), max_length=20, choices=MeetingKind)
    quorum = models.CharField(
        _("quorum"), max_length=5, choices=Share, help_text=_("Of those entitled, how many must be present.")
    )
    majority = models.CharField(pgettext_lazy("vote", "majority"), max_length=5, choices=Share)
    majority_of = models.CharField(_("majority counted"), max_length=10, choices=Base, default=Base.PRESENT)
    secret_for = models.JSONField(
        _("secret ballot for"), default=list, blank=True, help_text=_("Kinds of resolutions.")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"), null=True, blank=True, help_text=_("Empty: the charter names none.")
    )
    proxies_allowed = models.BooleanField(_("proxies allowed (代为出席)"), default=False)
    correspondence_allowed = models.BooleanField(_("by correspondence allowed (通讯方式)"), default=False)
    at_least = models.PositiveSmallIntegerField(
        _("at least, times"), null=True, blank=True, help_text=_("Empty: the charter names none.")
    )
    period = models.CharField(
        pgettext_lazy("frequency", "in each"), max_length=10, choices=Period, default=Period.YEAR
    )
    article = models.CharField(_("article"), max_length=100, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    whole_field = "association"

    class Meta:
        verbose_name = _("rule of meetings")
        verbose_name_plural = _("rules of meetings")
        ordering = ["association", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "kind"],
                name="meeting_rule_once_by_kind",
                violation_error_message=_("This association has a rule for meetings of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(at_least__isnull=True) | Q(at_least__gte=1), name="meeting_rule_at_least_one"
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Meetings of bodies whose people `user` may see, both bodies of a joint one."""
        bodies = Body.objects.visible_to(user)
        return self.filter(Q(joint_with=None) | Q(joint_with__in=bodies), body__in=bodies)

    def where_may(self, user, ability):
        """Visible meetings of the bodies to whose rows `user` may do `ability`."""
        return self.visible_to(user).filter(body__in=Body.objects.where_may(user, ability))

    def took_place(self):
        return self.filter(state__in=[Meeting.State.HELD, Meeting.State.SIGNED])


class Meeting(Recorded):
    """One meeting of a body: 第一届理事会第三次会议.

    Its number is unique among the meetings of the kind in the term; a cancelled one gives its number free. A trigger
    keeps the day within the term (guards.py).
    """

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("on site")
        ONLINE = "online", _("online")
        CORRESPONDENCE = "correspondence", _("by correspondence")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "planned")
        HELD = "held", pgettext_lazy("meeting", "held")
        SIGNED = "signed", pgettext_lazy("meeting", "minutes signed")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    joint_with = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joint_meetings",
        verbose_name=_("together with"),
        help_text=_("The other body of a joint meeting."),
    )
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=pgettext_lazy("body", "term"),
    )
    kind = models.CharField(_("kind of meeting"), max_length=20, choices=MeetingKind)
    number = models.PositiveSmallIntegerField(
        _("number in the term"), help_text=_("Empty: the next one."), blank=True
    )
    name = models.CharField(
        pgettext_lazy("meeting", "name"),
        max_length=150,
        blank=True,
        help_text=_("Empty: 第一届理事会第三次会议 and the like."),
    )
    on = models.DateField(_("day"))
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    mode = models.CharField(_("way of meeting"), max_length=20, choices=Mode, default=Mode.ON_SITE)
    notice_on = models.DateField(_("notice sent"), null=True, blank=True)
    chair = models.CharField(_("chaired by"), max_length=100, blank=True)
    recorder = models.CharField(_("recorded by"), max_length=100, blank=True)
    guests = models.TextField(
        _("guests"), max_length=2000, blank=True, help_text=_("Who attended without being a member.")
    )
    minutes = models.TextField(_("minutes"), max_length=50000, blank=True)
    state = models.CharField(
        pgettext_lazy("meeting", "state"), max_length=10, choices=State, default=State.PLANNED, editable=False
    )
    # as of the day it was held, whatever the rule says later
    quorum = models.CharField(_("quorum"), max_length=5, choices=Share, blank=True, editable=False)
    signed_on = models.DateField(_("minutes signed on"), null=True, blank=True, editable=False)
    signed_by = models.CharField(_("minutes signed by"), max_length=200, blank=True, editable=False)
    cancelled_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()
    follows_its_sight = True
    whole_field = "body"

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "term", "kind", "number"],
                condition=Q(term__isnull=False) & ~Q(state="cancelled"),
                name="meeting_once_by_number_in_term",
                violation_error_message=_("There is a meeting of that number in this term already."),
            ),
            models.UniqueConstraint(
                fields=["body", "kind", "number"],
                condition=Q(term__isnull=True) & ~Q(state="cancelled"),
                name="meeting_once_by_number",
                violation_error_message=_("There is a meeting of that number already."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="meeting_number_from_one"),
            models.CheckConstraint(condition=~Q(name=""), name="meeting_has_a_name"),
            models.CheckConstraint(
                condition=Q(notice_on__isnull=True) | Q(notice_on__lte=F("on")),
                name="meeting_after_its_notice",
                violation_error_message=_("The notice was sent after the meeting."),
            ),
            models.CheckConstraint(
                condition=Q(state="signed", signed_on__gte=F("on"))
                | (~Q(state="signed") & Q(signed_on__isnull=True)),
                name="meeting_signed_on_a_day",
                violation_error_message=_("Minutes are signed on the day of the meeting or later."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "signed"]) | ~Q(quorum=""), name="meeting_held_by_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(joint_with__isnull=True) | ~Q(joint_with=F("body")), name="meeting_of_two_bodies"
            ),
        ]
        indexes = [models.Index(fields=["body", "on"], name="meeting_of_body")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organizations:meeting", args=[self.pk])

    @property
    def is_open(self):
        """Whether it can still be written without a reason: neither signed nor cancelled."""
        return self.state in (self.State.PLANNED, self.State.HELD)

    @property
    def has_taken_place(self):
        return self.state in (self.State.HELD, self.State.SIGNED)

    @property
    def bodies(self):
        """The body, and the second one of a joint meeting."""
        return [self.body, self.joint_with] if self.joint_with_id else [self.body]


class AttendanceQuerySet(models.QuerySet):
    def in_order(self):
        """Those entitled first, highest post first, then in the order of the list they were taken from."""
        return self.order_by("-is_entitled", "place", "id")

    def entitled(self):
        return self.filter(is_entitled=True)

    def counted_present(self):
        """Those entitled who were there, late or by proxy too (实到)."""
        return self.filter(is_entitled=True, presence__in=Attendance.PRESENT)


class Attendance(Recorded):
    """A member at a meeting. The list of those entitled is fixed with the first entry and when the meeting is held."""

    class Presence(models.TextChoices):
        ATTENDED = "attended", pgettext_lazy("attendance", "present (出席)")
        LATE = "late", pgettext_lazy("attendance", "late (迟到)")
        PROXY = "proxy", pgettext_lazy("attendance", "by proxy (代为出席)")
        LEAVE = "leave", pgettext_lazy("attendance", "on leave (请假)")
        ABSENT = "absent", pgettext_lazy("attendance", "absent (缺席)")
        OBSERVER = "observer", pgettext_lazy("attendance", "observer (列席)")

    PRESENT = frozenset({Presence.ATTENDED, Presence.LATE, Presence.PROXY})

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendances", verbose_name=_("meeting"), db_index=False
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="attendances", verbose_name=_("member")
    )
    is_entitled = models.BooleanField(_("entitled"), default=True)
    post = models.CharField(_("post"), max_length=200, blank=True)
    place = models.PositiveIntegerField(default=0, editable=False)
    presence = models.CharField(
        pgettext_lazy("meeting", "attendance"), max_length=10, choices=Presence, blank=True
    )
    proxy = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proxies",
        verbose_name=_("represented by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AttendanceQuerySet.as_manager()
    whole_field = "meeting"
    unrecorded_fields = frozenset({"place"})

    class Meta:
        verbose_name = pgettext_lazy("meeting", "attendance")
        verbose_name_plural = pgettext_lazy("meeting", "attendance")
        ordering = ["meeting", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(proxy__isnull=True) | (Q(presence="proxy") & ~Q(proxy=F("member"))),
                name="attendance_proxy_is_another",
            ),
            # who is entitled does not observe, who is not does not count
            models.CheckConstraint(
                condition=(Q(is_entitled=True) & ~Q(presence="observer"))
                | Q(is_entitled=False, presence__in=["", "observer", "leave", "absent"]),
                name="attendance_entitled_or_observer",
            ),
        ]

    def __str__(self):
        return f"{self.member} {self.get_presence_display()}"

    @property
    def counts_as_present(self):
        return self.is_entitled and self.presence in self.PRESENT


class AgendaItem(Recorded):
    """A point of the agenda (议题)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("subject"), max_length=300)
    presenter = models.CharField(_("presented by"), max_length=100, blank=True)
    text = models.TextField(_("what was said"), max_length=20000, blank=True)

    whole_field = "meeting"

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="agenda_item_once_by_number",
                violation_error_message=_("The agenda has an item of that number already."),
            ),
            models.CheckConstraint(condition=~Q(title=""), name="agenda_item_has_a_title"),
            models.CheckConstraint(condition=Q(number__gte=1), name="agenda_item_number_from_one"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"
