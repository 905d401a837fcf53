"""What members and others gave: hours and services, donations, and the honours that came of it (design §3)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import Activity
from activities.models.campaigns import Campaign, ServiceField
from members.models import Employer, Member
from organizations.models import Association, Recorded
from organizations.partial_dates import PartialDateField, date_check


class OfMembersQuerySet(models.QuerySet):
    """Rows about one member each."""

    def visible_to(self, user):
        """Rows of the members in sight, and the user's own."""
        return self.filter(
            Q(member__in=Member.objects.staff_visible_to(user).values("pk")) | Q(member__user=user)
        )

    def editable_by(self, user):
        """Rows of the members whom `user` may edit."""
        return self.filter(member__in=Member.objects.editable_by(user).values("pk"))


class ClaimedQuerySet(OfMembersQuerySet):
    """Services and honours: claimed, then confirmed or refused; some of them come of an activity."""

    def staff_visible_to(self, user):
        """Rows that the staff's pages show `user`: where a role there lets view them, of no activity out of sight."""
        places = user.rights.associations_with(f"activities.view_{self.model._meta.model_name}")
        seen = Activity.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(activity__isnull=True) | Q(activity__in=seen), member__association__in=places)

    def to_decide(self, user):
        """Claims that wait for `user`: of members whom the user edits, the user's own apart."""
        rows = self.staff_visible_to(user).editable_by(user).waiting()
        # written so, since "not equal" would leave out the members without an account
        return rows.filter(Q(member__user=None) | ~Q(member__user=user))

    def confirmed(self):
        return self.filter(state=Service.State.CONFIRMED)

    def waiting(self):
        """Claims that nobody has decided."""
        return self.filter(state=Service.State.CLAIMED)


class OfAnActivity(Recorded):
    """Base of what a member has and an activity may be the source of.

    Where the host of the activity hides its people the history goes with the activity, so that the member's own tells
    nothing of it.
    """

    whole_field = "member"

    class Meta:
        abstract = True

    def whole(self):
        return self.activity if self._is_of_a_hidden_body() else self.member

    def history_association_id(self):
        return None if self._is_of_a_hidden_body() else super().history_association_id()

    def _is_of_a_hidden_body(self):
        host = self.activity.host if self.activity_id else None
        return host is not None and host.hides_people


class Service(OfAnActivity):
    """A service of a member in a field the association names, with its hours: claimed, then confirmed or refused.

    Those of an activity with hours come of its attendance; each member has one of an activity.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", pgettext_lazy("service", "to be confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("service", "confirmed")
        REFUSED = "refused", pgettext_lazy("service", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("service", "taken back")

    member = models.ForeignKey(Member, models.PROTECT, related_name="services", verbose_name=_("member"))
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="services", verbose_name=_("activity")
    )
    field = models.ForeignKey(
        ServiceField,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("field of service"),
    )
    on = models.DateField(_("day"))
    what = models.CharField(pgettext_lazy("service", "what was done"), max_length=300)
    for_whom = models.CharField(pgettext_lazy("service", "for whom"), max_length=150, blank=True)
    hours = models.DecimalField(
        pgettext_lazy("service", "hours"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    state = models.CharField(
        pgettext_lazy("service", "state"), max_length=10, choices=State, default=State.CLAIMED, editable=False
    )
    claimed_at = models.DateTimeField(
        pgettext_lazy("service", "claimed at"), default=timezone.now, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=500, blank=True, editable=False)
    # it follows the attendance of its activity (activities.crediting), nobody decides on it
    is_credited = models.BooleanField(_("of the attendance"), default=False, editable=False)

    objects = ClaimedQuerySet.as_manager()
    unrecorded_fields = frozenset({"claimed_at", "decided_at", "decided_by_id"})

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "activity"],
                condition=Q(activity__isnull=False) & ~Q(state__in=["refused", "withdrawn"]),
                name="service_once_an_activity",
                violation_error_message=_("The hours of this activity are claimed already."),
            ),
            models.CheckConstraint(condition=~Q(what=""), name="service_says_what"),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=1000),
                name="service_hours_positive",
                violation_error_message=_("Hours are more than 0 and at most 1000."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "withdrawn"]) | Q(decided_at__isnull=False),
                name="service_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""),
                name="service_refused_with_an_answer",
                violation_error_message=_("Say why it is refused."),
            ),
        ]
        indexes = [models.Index(fields=["state", "on"], name="service_by_state")]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("activities:service", args=[self.pk])


class DonationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Donations booked in the associations that `user` reads."""
        return self.filter(association__in=user.rights.associations)

    def editable_by(self, user):
        return self.filter(association__in=user.rights.associations_with("activities.change_donation"))

    def valid(self):
        """All that were not voided."""
        return self.filter(voided_on=None)


class Donation(Recorded):
    """A donation of cash or goods in the ledger (捐赠台账): booked, never deleted, voided with a reason.

    Source: domain.md B2 [DON]; D1 art. 26: used as agreed, reported to the supervisor, published.
    """

    class Kind(models.TextChoices):
        CASH = "cash", _("cash (现金)")
        GOODS = "goods", _("goods (物资)")

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="donations", verbose_name=_("association")
    )
    kind = models.CharField(pgettext_lazy("donation", "kind"), max_length=10, choices=Kind)
    received_on = models.DateField(_("received"))
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="donations", verbose_name=_("member")
    )
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="donations", verbose_name=_("employer")
    )
    donor_name = models.CharField(
        _("somebody else"),
        max_length=150,
        blank=True,
        help_text=_("A person or firm that is not in the register."),
    )
    is_anonymous = models.BooleanField(
        _("wishes to stay unnamed"), default=False, help_text=_("Lists and papers say 爱心人士.")
    )
    amount = models.DecimalField(
        _("amount, yuan"),
        max_digits=14,
        decimal_places=2,
        help_text=_("Of goods: the value, the sum of their list."),
    )
    purpose = models.CharField(
        _("purpose"), max_length=200, blank=True, help_text=_("Empty: not tied to a purpose (非定向).")
    )
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="donations",
        verbose_name=_("campaign"),
    )
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="donations", verbose_name=_("activity")
    )
    receiver = models.CharField(
        _("handed on to"),
        max_length=150,
        blank=True,
        help_text=_("School, village, person … that it went to."),
    )
    receipt_number = models.CharField(_("number of the receipt"), max_length=60, blank=True)
    reported_on = models.DateField(_("reported to the supervising authority"), null=True, blank=True)
    published_on = models.DateField(_("published"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    voided_on = models.DateField(_("voided"), null=True, blank=True, editable=False)
    voided_reason = models.CharField(_("why voided"), max_length=200, blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DonationQuerySet.as_manager()
    unrecorded_fields = frozenset({"made_at"})

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="donation_of_something",
                violation_error_message=_("A donation is worth more than 0 yuan."),
            ),
            # nobody at all: who gave it is not known
            models.CheckConstraint(
                condition=(Q(member__isnull=False) & Q(employer=None, donor_name=""))
                | (Q(employer__isnull=False) & Q(member=None, donor_name=""))
                | (Q(member=None, employer=None) & ~Q(donor_name=""))
                | Q(member=None, employer=None, donor_name="", is_anonymous=True),
                name="donation_by_one_donor",
                violation_error_message=_("Name one donor: a member, an employer or somebody else."),
            ),
            models.UniqueConstraint(
                fields=["association", "receipt_number"],
                condition=~Q(receipt_number=""),
                name="donation_receipt_once",
                violation_error_message=_("Another donation has this receipt number."),
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(published_on__gte=F("received_on")),
                name="donation_published_after_it_came",
                violation_error_message=_("It was published before it was received."),
            ),
            models.CheckConstraint(
                condition=Q(voided_on__isnull=True) | ~Q(voided_reason=""),
                name="donation_voided_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["association", "-received_on"], name="donation_of_association")]

    def __str__(self):
        return f"{self.received_on} {self.public_donor} {self.amount}"

    def clean(self):
        for name in ("member", "employer", "campaign", "activity"):
            other = getattr(self, name)
            if other is not None and other.association_id != self.association_id:
                raise ValidationError({name: _("This belongs to another association.")})

    def get_absolute_url(self):
        return reverse("activities:donation", args=[self.pk])

    @property
    def donor(self):
        """Who gave it, for who may know."""
        return str(self.member or self.employer or self.donor_name or _("a kind person (爱心人士)"))

    @property
    def public_donor(self):
        """Who gave it, as lists and papers say."""
        return str(_("a kind person (爱心人士)")) if self.is_anonymous else self.donor


class DonatedGoods(Recorded):
    """One kind of goods in a donation, with its value."""

    donation = models.ForeignKey(Donation, models.CASCADE, related_name="goods", verbose_name=_("donation"))
    name = models.CharField(pgettext_lazy("goods", "name"), max_length=100)
    specification = models.CharField(pgettext_lazy("goods", "specification"), max_length=100, blank=True)
    quantity = models.DecimalField(pgettext_lazy("goods", "quantity"), max_digits=12, decimal_places=2)
    unit = models.CharField(pgettext_lazy("goods", "unit"), max_length=20, blank=True)
    value = models.DecimalField(_("value, yuan"), max_digits=14, decimal_places=2)

    whole_field = "donation"

    class Meta:
        verbose_name = _("donated goods")
        verbose_name_plural = _("donated goods")
        ordering = ["donation", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="goods_have_a_name"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, value__gte=0),
                name="goods_are_something",
                violation_error_message=_("Quantity and value of goods are not negative."),
            ),
        ]

    def __str__(self):
        return self.name


class Honour(OfAnActivity):
    """An honour of a member (荣誉): title, who gave it, when."""

    class Level(models.TextChoices):
        NATIONAL = "national", pgettext_lazy("honour", "national")
        MUNICIPAL = "municipal", _("provincial or municipal")
        DISTRICT = "district", _("district or county")
        ASSOCIATION = "association", _("of the association")
        OTHER = "other", pgettext_lazy("honour", "other")

    member = models.ForeignKey(Member, models.PROTECT, related_name="honour_rows", verbose_name=_("member"))
    title = models.CharField(pgettext_lazy("honour", "title"), max_length=150)
    given_by = models.CharField(_("given by"), max_length=150, blank=True)
    level = models.CharField(
        pgettext_lazy("honour", "level"), max_length=12, choices=Level, default=Level.OTHER
    )
    on = PartialDateField(_("when"))
    document = models.CharField(_("document"), max_length=150, blank=True)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="honours", verbose_name=_("activity")
    )
    state = models.CharField(
        pgettext_lazy("service", "state"),
        max_length=10,
        choices=Service.State,
        default=Service.State.CONFIRMED,
        editable=False,
    )
    claimed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=500, blank=True, editable=False)

    objects = ClaimedQuerySet.as_manager()
    unrecorded_fields = frozenset({"claimed_at", "decided_at", "decided_by_id"})

    class Meta:
        verbose_name = _("honour")
        verbose_name_plural = _("honours")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="honour_has_a_title"),
            models.CheckConstraint(condition=~Q(on=""), name="honour_has_a_date"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="honour_refused_with_an_answer"
            ),
            date_check("honour", "on"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("activities:honour", args=[self.pk])
