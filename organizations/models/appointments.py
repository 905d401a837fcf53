from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.bodies import Body, Post, Term
from organizations.models.history import Recorded


def all_members():
    """The manager of the members. Their app comes later, so it is reached through the relation."""
    return Appointment._meta.get_field("member").related_model.objects


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Appointments of the bodies whose people `user` may see."""
        return self.filter(body__in=Body.objects.visible_to(user))

    def valid(self):
        """All but those entered in error."""
        return self.filter(voided_on__isnull=True)

    def in_force_on(self, day):
        """Valid appointments of the local date `day`: begun, not ended before it, of somebody who had not left.

        An end date holds through that day. The post of a member who has left the association is vacant from the day
        after, though nobody has ended the appointment yet.
        """
        return self._dated_on(day).exclude(member__in=self._left_before(day))

    def left_open_on(self, day):
        """Valid appointments whose dates hold on the local date `day` though the member had left: to be ended."""
        return self._dated_on(day).filter(member__in=self._left_before(day))

    def _dated_on(self, day):
        return self.valid().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def _left_before(self, day):
        return all_members().left_before(day)

    def in_order_of_rank(self):
        """Highest post first, within it the people in order of surname strokes (domain.md E2)."""
        return self.order_by("post__rank", "post", "member__stroke_key", "id")


class Appointment(Recorded):
    """A member holds a post of a body from a day on: ended, never deleted; one entered in error is voided.

    Triggers (guards.py) keep it within its term, in line with its body and post, and a post of one seat to one holder
    at a time.
    """

    class How(models.TextChoices):
        ELECTED = "elected", _("elected")
        BY_ELECTION = "by_election", _("by-election (增补)")
        APPOINTED = "appointed", _("appointed")

    class EndReason(models.TextChoices):
        TERM_END = "term_end", _("end of term")
        RESIGNED = "resigned", _("resigned")
        REMOVED = "removed", _("removed")
        LEFT = "left", _("left the association")
        DECEASED = "deceased", pgettext_lazy("post", "deceased")
        CHANGED = "changed", _("took another post")
        DISSOLVED = "dissolved", _("body dissolved")

    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="appointments", verbose_name=_("member")
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="appointments", verbose_name=_("body"))
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=pgettext_lazy("body", "term"),
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name=_("post"))
    starts_on = models.DateField(pgettext_lazy("period", "from"))
    ends_on = models.DateField(
        pgettext_lazy("period", "to"), null=True, blank=True, help_text=_("The last day in the post.")
    )
    how = models.CharField(_("how"), max_length=20, choices=How, default=How.ELECTED)
    is_acting = models.BooleanField(_("acting"), default=False)
    basis = models.CharField(_("basis"), max_length=200, blank=True, help_text=_("Which meeting decided."))
    end_reason = models.CharField(_("reason for the end"), max_length=20, choices=EndReason, blank=True)
    end_basis = models.CharField(_("basis of the end"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        "organizations.Resolution",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="appointed",
        verbose_name=_("decided by"),
    )
    ended_by = models.ForeignKey(
        "organizations.Resolution",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="appointments_ended",
        verbose_name=_("end decided by"),
    )
    voided_on = models.DateField(_("voided"), null=True, blank=True, editable=False)
    void_reason = models.CharField(_("why voided"), max_length=200, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()
    whole_field = "body"

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "post", "member"],
                condition=Q(voided_on__isnull=True),
                name="appointed_once_a_term",
                violation_error_message=_("This member holds that post in this term already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
                violation_error_message=_("The appointment ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="")
                | (Q(ends_on__isnull=False) & ~Q(end_reason="")),
                name="appointment_end_with_a_reason",
                violation_error_message=_("An appointment that ends has a reason for it."),
            ),
            models.CheckConstraint(
                condition=Q(voided_on__isnull=True, void_reason="")
                | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                name="appointment_voided_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["body", "starts_on"], name="appointment_of_body")]

    def __str__(self):
        return f"{self.member} {self.post}"

    @property
    def is_void(self):
        return self.voided_on is not None

    def in_force_on(self, day):
        """Whether its dates hold on the local date `day`; whether the member had left is not looked at."""
        return not self.is_void and self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)
