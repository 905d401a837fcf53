"""Applications for membership (入会申请), from the draft to the decision of a meeting (domain.md E4)."""

import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import crypto
from members.models.links import Linked, LinkedQuerySet
from members.models.member import Member
from members.rights import Ability
from organizations.models import Recorded

ANSWERS_COLUMN = "application.answers"


class ApplicationQuerySet(LinkedQuerySet):
    def visible_to(self, user):
        """Applications to the associations in which `user` may edit; drafts are their author's alone."""
        places = user.rights.associations_for(Ability.EDIT)
        return self.filter(association__in=places).exclude(state=Application.State.DRAFT)

    def waiting(self):
        """Applications that wait for the staff."""
        return self.filter(state__in=Application.WAITING)


class Application(Linked, Recorded):
    """An application, opened again by its author through its link. What is written in it is kept sealed.

    Once it has passed the first review a Member of the status "applied" stands for it, whom a meeting admits.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("application", "draft")
        SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
        RETURNED = "returned", pgettext_lazy("application", "returned to be completed")
        REVIEWED = "reviewed", pgettext_lazy("application", "before the council")
        NOTICE = "notice", pgettext_lazy("application", "publicly announced")
        ADMITTED = "admitted", pgettext_lazy("application", "admitted")
        REFUSED = "refused", pgettext_lazy("application", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")

    # while introducers are asked
    UNDER_REVIEW = (State.SUBMITTED, State.RETURNED)
    WAITING = (State.SUBMITTED, State.REVIEWED, State.NOTICE)
    CLOSED = (State.ADMITTED, State.REFUSED, State.WITHDRAWN)

    association = models.ForeignKey(
        "organizations.Association",
        models.PROTECT,
        related_name="applications",
        verbose_name=_("association"),
    )
    state = models.CharField(
        pgettext_lazy("application", "state"), max_length=10, choices=State, default=State.DRAFT
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    answers_sealed = models.BinaryField(editable=False)
    member = models.OneToOneField(
        Member,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("member"),
    )
    notice = models.ForeignKey(
        "members.Notice",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("notice read"),
    )
    made_at = models.DateTimeField(_("begun"), default=timezone.now)
    saved_at = models.DateTimeField(_("last saved"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    announced_on = models.DateField(_("announced from"), null=True, blank=True)
    announced_until = models.DateField(_("announced until"), null=True, blank=True)
    objections = models.TextField(_("objections"), max_length=4000, blank=True)
    resolution = models.ForeignKey(
        "organizations.Resolution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("resolution"),
    )
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # counts the writes: of two tabs or two members of staff the second is told
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ApplicationQuerySet.as_manager()

    unrecorded_fields = frozenset(
        {
            "token_sealed",
            "token_digest",
            "made_at",
            "saved_at",
            "submitted_at",
            "decided_at",
            "decided_by_id",
            "version",
        }
    )
    identity_fields = frozenset({"answers_sealed"})
    field_labels = {"answers_sealed": _("what the applicant wrote")}
    sealed_columns = {"answers_sealed": ANSWERS_COLUMN}

    class Meta:
        verbose_name = _("application for membership")
        verbose_name_plural = _("applications for membership")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="application_submitted_at"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("returned", "refused")) | ~Q(answer=""),
                name="application_refused_with_answer",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(announced_until__isnull=True) | Q(announced_until__gte=F("announced_on")),
                name="application_announced_in_order",
            ),
        ]
        indexes = [models.Index(fields=["association", "state", "id"], name="application_by_state")]

    def __str__(self):
        return self.name or str(_("Application"))

    def save(self, **kwargs):
        if not self.answers_sealed:
            self.answers = {}
        if not self._state.adding:
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version", "saved_at"}
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("members:application", args=[self.pk])

    @property
    def leaves_history(self):
        # a draft is its author's alone, and leaves nothing behind when it is thrown away
        return self.state != self.State.DRAFT

    @property
    def is_open_to_author(self):
        """Whether its author may still write in it."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def draft_url(self):
        """The address that its author keeps."""
        return reverse("application_draft", args=[self.token])

    @property
    def answers(self):
        """{field of the roster contract or "reason": text} as the applicant wrote it."""
        return json.loads(crypto.unseal(self.answers_sealed, ANSWERS_COLUMN))

    @answers.setter
    def answers(self, answers):
        self.answers_sealed = crypto.seal(json.dumps(answers, ensure_ascii=False), ANSWERS_COLUMN)


class Introduction(Recorded):
    """A member who introduces an applicant (介绍人); asked by the applicant or having sent the link."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("introduction", "asked")
        CONFIRMED = "confirmed", pgettext_lazy("introduction", "confirmed")
        DECLINED = "declined", pgettext_lazy("introduction", "declined")

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="introductions", verbose_name=_("application")
    )
    member = models.ForeignKey(
        Member, models.CASCADE, related_name="introductions", verbose_name=_("introducer")
    )
    state = models.CharField(
        pgettext_lazy("introduction", "state"), max_length=10, choices=State, default=State.ASKED
    )
    opinion = models.CharField(_("opinion"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    whole_field = "application"
    unrecorded_fields = frozenset({"answered_at"})

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "member"],
                name="introducer_once",
                violation_error_message=_("This member introduces the applicant already."),
            ),
        ]

    def __str__(self):
        return str(self.member)

    @property
    def leaves_history(self):
        return self.application.leaves_history


class NumberSeries(models.Model):
    """The highest serial of member numbers ever given in an association and year; numbers are never given again.

    `year` is 0 for patterns without a year. Source: domain.md E3 (member card numbers).
    """

    association = models.ForeignKey(
        "organizations.Association", models.CASCADE, related_name="+", verbose_name=_("association")
    )
    year = models.PositiveSmallIntegerField(_("year"), default=0)
    last = models.PositiveIntegerField(_("last serial"), default=0)

    class Meta:
        verbose_name = _("series of member numbers")
        verbose_name_plural = _("series of member numbers")
        constraints = [models.UniqueConstraint(fields=["association", "year"], name="number_series_once")]

    def __str__(self):
        return f"{self.association} {self.year}: {self.last}"
