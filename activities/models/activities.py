"""Activities and who holds them together with their host (design §3)."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.campaigns import Campaign, ServiceField
from organizations.models import Appointment, Association, Body, Recorded

# signing up and checking in after this many minutes count as late unless an activity says otherwise
LATE_AFTER = 10


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Activities that `user` may see as staff: of the associations read, and of bodies whose people are in sight.

        One whose host hides its people is seen by who sees those people.
        """
        bodies = Body.objects.visible_to(user)
        return self.filter(
            Q(host=None, association__in=user.rights.associations) | Q(host__in=bodies.values("pk")),
        )

    def where_may(self, user, ability):
        """Visible activities to which `user` may do `ability` (a value of members.rights.Ability)."""
        bodies = Body.objects.where_may(user, ability)
        places = user.rights.associations_for(ability)
        return self.filter(Q(host=None, association__in=places) | Q(host__in=bodies.values("pk")))

    def shown_to(self, member):
        """Activities that the portal shows to `member`: published, and invited to or open to them.

        To whom an activity is open is asked now: who joins the association later finds it too. Lists by conditions
        count only through the invitations made of them (activities.invitations). What a body holds that hides its
        people is open to those who sit in it, whatever its audience; others have to be on its list.
        """
        from activities.models.audience import Audience
        from activities.models.participation import Participation

        listed = Participation.objects.filter(activity=OuterRef("pk"), member=member)
        seats = Appointment.objects.in_force_on(timezone.localdate()).filter(member=member)
        in_the_open = Q(host=None) | Q(host__hides_people=False) | Q(host__in=seats.order_by().values("body"))
        opened = Q(sign_up=Activity.SignUp.OPEN, pk__in=Audience.objects.holding(member))
        return self.exclude(state=Activity.State.DRAFT).filter(Exists(listed) | opened & in_the_open)

    def announced(self):
        """Neither drafts nor cancelled ones."""
        return self.filter(state__in=[Activity.State.PUBLISHED, Activity.State.CLOSED])

    def overlapping(self, starts_at, ends_at):
        """Announced activities some of whose time lies between the two moments."""
        return self.announced().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Activity(Recorded):
    """Something the association or one of its bodies holds, from the invitation to who was there.

    Meetings of a body, with those entitled, votes and resolutions, are `organizations.Meeting`; both share check-in,
    calendar and evidence record. Rows of `Participation` say who is invited, signed up and came.
    """

    class Kind(models.TextChoices):
        # Source: works that produce records, domain.md 0 and design §3
        THEME_EDUCATION = "theme_education", _("Theme education (主题教育)")
        TRAINING = "training", _("Training (教育培训)")
        RESEARCH_VISIT = "research_visit", _("Research visit (考察调研)")
        SOCIAL_SERVICE = "social_service", _("Social service (社会服务)")
        VOLUNTEERING = "volunteering", _("Volunteering (志愿服务)")
        CONSULTATION = "consultation", _("Consultation (建言献策)")
        FORUM = "forum", _("Forum (论坛座谈)")
        FELLOWSHIP = "fellowship", _("Fellowship (联谊交流)")
        CULTURE = "culture", _("Culture and sports (文体活动)")
        PARTY = "party", _("Party building (党建活动)")
        WORK_MEETING = "work_meeting", _("Working meeting (工作会议)")
        OTHER = "other", pgettext_lazy("activity", "Other")

    class SignUp(models.TextChoices):
        OPEN = "open", _("open to those whom it is for")
        INVITED = "invited", _("only for those invited")
        NONE = "none", _("none: whoever is on the list comes")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("activity", "draft")
        PUBLISHED = "published", pgettext_lazy("activity", "announced")
        CLOSED = "closed", pgettext_lazy("activity", "attendance settled")
        CANCELLED = "cancelled", pgettext_lazy("activity", "cancelled")

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="activities", verbose_name=_("association")
    )
    host = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("held by"),
        help_text=_("Empty: the association itself."),
    )
    kind = models.CharField(pgettext_lazy("activity", "kind"), max_length=20, choices=Kind)
    title = models.CharField(pgettext_lazy("activity", "title"), max_length=150)
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("campaign"),
    )
    field = models.ForeignKey(
        ServiceField,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("field of service"),
    )
    starts_at = models.DateTimeField(pgettext_lazy("activity", "begins"))
    ends_at = models.DateTimeField(pgettext_lazy("activity", "ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    base = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities_at",
        verbose_name=_("at the base"),
        help_text=_("A practice base or home of members."),
    )
    about = models.TextField(_("what it is about"), max_length=10000, blank=True)
    programme = models.TextField(_("programme"), max_length=10000, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=100, blank=True)
    contact_phone = models.CharField(_("telephone of whom to ask"), max_length=40, blank=True)

    sign_up = models.CharField(_("signing up"), max_length=10, choices=SignUp, default=SignUp.OPEN)
    sign_up_from = models.DateTimeField(
        _("signing up from"), null=True, blank=True, help_text=_("Empty: once it is announced.")
    )
    sign_up_until = models.DateTimeField(
        _("signing up until"), null=True, blank=True, help_text=_("Empty: until it begins.")
    )
    capacity = models.PositiveIntegerField(
        pgettext_lazy("activity", "places"),
        null=True,
        blank=True,
        help_text=_("Empty: as many as come. Who is too late waits in line."),
    )
    is_compulsory = models.BooleanField(
        _("those invited are expected"),
        default=False,
        help_text=_("Invited members count as entitled (应到) even if they did not sign up."),
    )
    late_after = models.PositiveSmallIntegerField(
        _("late after, minutes"),
        null=True,
        blank=True,
        default=LATE_AFTER,
        help_text=_("Empty: nobody is late."),
    )
    hours = models.DecimalField(
        _("volunteer hours"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("Credited to each who was there when the attendance is settled. Empty: none."),
    )
    remind_days = models.PositiveSmallIntegerField(
        _("reminder, days before"), null=True, blank=True, default=1, help_text=_("Empty: no reminder.")
    )
    state = models.CharField(
        pgettext_lazy("activity", "state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    published_at = models.DateTimeField(pgettext_lazy("activity", "announced at"), null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(_("attendance settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
    )
    cancelled_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActivityQuerySet.as_manager()
    follows_its_sight = True
    unrecorded_fields = frozenset({"made_at", "reminded_at", "settled_by_id"})

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="activity_has_a_title"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="activity_ends_after_start",
                violation_error_message=_("The activity ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(sign_up_from__isnull=True)
                | Q(sign_up_until__isnull=True)
                | Q(sign_up_until__gt=F("sign_up_from")),
                name="activity_sign_up_window",
                violation_error_message=_("Signing up ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1),
                name="activity_has_room",
                violation_error_message=_("An activity has room for one person at least."),
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=200),
                name="activity_hours_positive",
                violation_error_message=_("Volunteer hours are more than 0 and at most 200."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "closed", "cancelled"]),
                name="activity_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(settled_at__isnull=False),
                name="activity_settled_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["association", "-starts_at"], name="activity_of_association"),
            models.Index(fields=["host", "-starts_at"], name="activity_of_body"),
            models.Index(fields=["starts_at"], name="activity_by_day"),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        errors = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = _("The activity ends before it begins.")
        if self.sign_up_from and self.sign_up_until and self.sign_up_until <= self.sign_up_from:
            errors["sign_up_until"] = _("Signing up ends before it begins.")
        for name in ("host", "base", "campaign", "field"):
            other = getattr(self, name)
            if other is not None and other.association_id != self.association_id:
                errors[name] = _("This belongs to another association.")
        if errors:
            raise ValidationError(errors)

    def get_absolute_url(self):
        return reverse("activities:activity", args=[self.pk])

    @property
    def on(self):
        """The local date on which it begins."""
        return timezone.localdate(self.starts_at)

    @property
    def when(self):
        """Local time from begin to end: 2026-11-24 09:00–11:00."""
        starts_at, ends_at = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        form = "%H:%M" if ends_at.date() == starts_at.date() else "%Y-%m-%d %H:%M"
        return f"{starts_at:%Y-%m-%d %H:%M}–{ends_at.strftime(form)}"

    @property
    def is_announced(self):
        return self.state in (self.State.PUBLISHED, self.State.CLOSED)

    @property
    def is_open(self):
        """Whether it can still be written without a reason: neither settled nor cancelled."""
        return self.state in (self.State.DRAFT, self.State.PUBLISHED)

    def is_late(self, moment):
        """Whether who comes at `moment` is late (迟到)."""
        if self.late_after is None:
            return False
        return moment > self.starts_at + dt.timedelta(minutes=self.late_after)

    def takes_sign_ups_at(self, moment):
        """Whether one may sign up at `moment`, places apart."""
        if self.state != self.State.PUBLISHED or self.sign_up == self.SignUp.NONE:
            return False
        begun = self.sign_up_from is None or moment >= self.sign_up_from
        return begun and moment < (self.sign_up_until or self.starts_at)


class Partner(Recorded):
    """Who holds an activity together with its host: a body of the register, or somebody outside (协办单位)."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="partners", verbose_name=_("activity")
    )
    body = models.ForeignKey(
        Body, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("body")
    )
    name = models.CharField(
        pgettext_lazy("partner", "name"), max_length=100, blank=True, help_text=_("Of somebody outside.")
    )

    whole_field = "activity"

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["activity", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(body__isnull=False) & Q(name="")) | (Q(body__isnull=True) & ~Q(name="")),
                name="partner_body_or_name",
                violation_error_message=_("Choose a body or write a name, not both."),
            ),
            models.UniqueConstraint(
                fields=["activity", "body"], condition=Q(body__isnull=False), name="partner_body_once"
            ),
        ]

    def __str__(self):
        return str(self.body) if self.body_id else self.name
