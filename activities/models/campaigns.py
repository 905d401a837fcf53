"""Fields of service and campaigns: what activities have in common (design §3)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Association, Recorded


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
