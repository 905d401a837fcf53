"""For whom an activity is, and what is asked of who signs up."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import Activity
from members.codes import Category
from organizations.models import Appointment, Body, Recorded


class AudienceQuerySet(models.QuerySet):
    def holding(self, member):
        """Ids of the activities whose audience `member` is part of by a rule that can be asked at any time.

        All members, a category (a further one counts too), a body in whose posts the member is today, a list picked by
        hand.
        """

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
