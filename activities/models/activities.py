"""Activities, the campaigns they belong to, and what is asked and said before they take place (design §3)."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.codes import Category
from organizations.models import Association, Body, Recorded

# signing up and checking in after this many minutes count as late unless an activity says otherwise
LATE_AFTER = 10


class ServiceFieldQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Fields of the associations that `user` reads."""
        return self.filter(association__in=user.rights.associations)


class ServiceField(Recorded):
    """A field in which an association serves (服务领域); each names its own, first those of `activities.fields`."""

    association = models.ForeignKey(
        Association, models.CASCADE, related_name="service_fields", verbose_name=_("association")
    )
    name = models.CharField(_("name"), max_length=40)
    place = models.PositiveSmallIntegerField(_("place in lists"), default=1)
    is_offered = models.BooleanField(
        pgettext_lazy("field of service", "offered"),
        default=True,
        help_text=_("Unchecked, it stays where it is used and is not offered any more."),
    )

    objects = ServiceFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("field of service")
        verbose_name_plural = _("fields of service")
        ordering = ["association", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "name"],
                name="service_field_once_by_name",
                violation_error_message=_("This association has a field of service of that name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="service_field_has_a_name"),
        ]

    def __str__(self):
        return self.name


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Campaigns of the associations that `user` reads."""
        return self.filter(association__in=user.rights.associations)

    def editable_by(self, user):
        return self.filter(association__in=user.rights.associations_with("activities.change_campaign"))

    def running_on(self, day):
        """Campaigns that have begun and not ended on the local date `day`, both ends included."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Campaign(Recorded):
    """A series of activities under one theme (主题教育, a year's plan), whose figures are those of its activities."""

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="campaigns", verbose_name=_("association")
    )
    name = models.CharField(pgettext_lazy("campaign", "name"), max_length=100)
    theme = models.CharField(pgettext_lazy("campaign", "theme"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    plan = models.TextField(_("plan"), max_length=10000, blank=True)
    planned_activities = models.PositiveSmallIntegerField(_("activities planned"), null=True, blank=True)
    planned_people = models.PositiveIntegerField(
        _("attendances planned"),
        null=True,
        blank=True,
        help_text=_("How often somebody takes part, all in all."),
    )
    report = models.TextField(_("what came of it"), max_length=10000, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "name"],
                name="campaign_once_by_name",
                violation_error_message=_("This association has a campaign of that name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="campaign_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("The campaign ends before it begins."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The campaign ends before it begins.")})

    def get_absolute_url(self):
        return reverse("activities:campaign", args=[self.pk])


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
        from activities.models.participation import Participation
        from organizations.models import Appointment

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


class AudienceQuerySet(models.QuerySet):
    def holding(self, member):
        """Ids of the activities whose audience `member` is part of by a rule that can be asked at any time.

        All members, a category (a further one counts too), a body in whose posts the member is today, a list picked by
        hand.
        """
        from organizations.models import Appointment

        kinds = Audience.Kind
        seats = Appointment.objects.in_force_on(timezone.localdate()).filter(member=member)
        rules = (
            Q(kind=kinds.ALL, activity__association=member.association_id)
            | Q(kind=kinds.BODY, body__in=seats.order_by().values("body"))
            | Q(kind=kinds.LIST, saved_list__kind="picked", saved_list__entries__member=member)
        )
        own = Q(category=member.category) | Q(category__in=member.further_categories.values("category"))
        rules |= Q(own, kind=kinds.CATEGORY, activity__association=member.association_id)
        return (
            self.filter(rules).order_by().values("activity")
            if member.is_in_force
            else self.none().values("activity")
        )


class Audience(Recorded):
    """One answer to the question for whom an activity is; several add up."""

    class Kind(models.TextChoices):
        ALL = "all", _("all members of the association")
        CATEGORY = "category", _("members of a category")
        BODY = "body", _("people of a body")
        LIST = "list", _("a saved list")

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="audiences", verbose_name=_("activity")
    )
    kind = models.CharField(pgettext_lazy("audience", "kind"), max_length=10, choices=Kind)
    category = models.CharField(_("category"), max_length=40, blank=True)
    body = models.ForeignKey(
        Body, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("body")
    )
    saved_list = models.ForeignKey(
        "members.SavedList",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("saved list"),
    )

    objects = AudienceQuerySet.as_manager()
    whole_field = "activity"

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ["activity", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="all", category="", body=None, saved_list=None)
                | (Q(kind="category", body=None, saved_list=None) & ~Q(category=""))
                | Q(kind="body", category="", body__isnull=False, saved_list=None)
                | Q(kind="list", category="", body=None, saved_list__isnull=False),
                name="audience_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["activity", "kind", "category"],
                condition=Q(body=None, saved_list=None),
                name="audience_category_once",
            ),
            models.UniqueConstraint(
                fields=["activity", "body"], condition=Q(body__isnull=False), name="audience_body_once"
            ),
            models.UniqueConstraint(
                fields=["activity", "saved_list"],
                condition=Q(saved_list__isnull=False),
                name="audience_list_once",
            ),
        ]

    def __str__(self):
        if self.kind == self.Kind.CATEGORY:
            return str(dict(Category.choices).get(self.category, self.category))
        if self.kind == self.Kind.BODY:
            return str(self.body)
        return str(self.saved_list) if self.kind == self.Kind.LIST else self.get_kind_display()


class Question(Recorded):
    """Something asked of who signs up: size of a shirt, food, car or bus."""

    class Kind(models.TextChoices):
        TEXT = "text", _("a line of text")
        CHOICE = "choice", _("one of several")
        YES_NO = "yes_no", _("yes or no")

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="questions", verbose_name=_("activity")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    text = models.CharField(pgettext_lazy("signing up", "question"), max_length=200)
    kind = models.CharField(pgettext_lazy("question", "kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.TextField(
        pgettext_lazy("signing up", "choices"), max_length=1000, blank=True, help_text=_("One a line.")
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_personal = models.BooleanField(
        _("personal"),
        default=True,
        help_text=_(
            "The answers are deleted some days after the activity (PIPL art. 19: no longer than needed)."
        ),
    )

    whole_field = "activity"

    class Meta:
        verbose_name = _("question on signing up")
        verbose_name_plural = _("questions on signing up")
        ordering = ["activity", "number", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_has_a_text"),
            models.CheckConstraint(
                condition=~Q(kind="choice") | ~Q(choices=""),
                name="question_has_choices",
                violation_error_message=_("Write the choices, one a line."),
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def choice_list(self):
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class ActivityFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of the activities that `user` sees as staff."""
        return self.filter(activity__in=Activity.objects.visible_to(user).values("pk"))

    def shown_to(self, member):
        """Files that the portal shows to `member`: of activities shown to them, those meant for them.

        Those for participants are for who signed up, is expected or was there.
        """
        from activities.models.participation import Participation

        rows = Participation.objects.filter(activity=OuterRef("activity"), member=member)
        readers = ActivityFile.Readers
        return self.filter(
            Q(readers=readers.INVITED) | Q(Exists(rows.taking_part()), readers=readers.PARTICIPANTS),
            activity__in=Activity.objects.shown_to(member).values("pk"),
        )


class ActivityFile(Recorded):
    """A file or photo of an activity, in private storage under a name that says nothing."""

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        PHOTO = "photo", _("photo")

    class Readers(models.TextChoices):
        STAFF = "staff", pgettext_lazy("readers", "staff")
        PARTICIPANTS = "participants", _("those who are on the list")
        INVITED = "invited", _("all to whom the activity is shown")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="files", verbose_name=_("activity"))
    kind = models.CharField(pgettext_lazy("file", "kind"), max_length=10, choices=Kind)
    # name in the storage
    file = models.CharField(max_length=200, editable=False)
    place = models.PositiveIntegerField(_("place in lists"), default=0, editable=False)
    name = models.CharField(pgettext_lazy("file", "name"), max_length=200)
    size = models.PositiveIntegerField(pgettext_lazy("file", "size"), editable=False)
    readers = models.CharField(_("shown to"), max_length=12, choices=Readers, default=Readers.STAFF)
    persons_agreed = models.BooleanField(
        _("the persons on it agreed to its being shown"),
        default=False,
        help_text=_("Without it a photo is shown to staff only (PIPL arts. 25 and 29)."),
    )
    put_in_at = models.DateTimeField(_("put in"), default=timezone.now, editable=False)
    put_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("put in by"),
    )

    objects = ActivityFileQuerySet.as_manager()
    whole_field = "activity"
    unrecorded_fields = frozenset({"file", "place", "put_in_at", "put_in_by_id"})

    class Meta:
        verbose_name = _("file of an activity")
        verbose_name_plural = _("files of activities")
        ordering = ["activity", "kind", "place", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(file=""), name="activity_file_is_stored"),
            models.CheckConstraint(
                condition=~Q(kind="photo") | Q(readers="staff") | Q(persons_agreed=True),
                name="activity_photo_with_consent",
                violation_error_message=_("Photos are shown to members only if the persons on them agreed."),
            ),
        ]

    def __str__(self):
        return self.name
