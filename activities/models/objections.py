"""What members say against their evidence record."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.contributions import OfMembersQuerySet
from members.models import Member
from organizations.models import Recorded


class ObjectionQuerySet(OfMembersQuerySet):
    def waiting(self):
        return self.filter(state=Objection.State.OPEN)


class Objection(Recorded):
    """What a member says against a line of the own evidence record, and what the association answers (PIPL art. 46)."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("objection", "waiting")
        UPHELD = "upheld", pgettext_lazy("objection", "put right")
        REJECTED = "rejected", pgettext_lazy("objection", "rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("objection", "withdrawn")

    member = models.ForeignKey(Member, models.CASCADE, related_name="objections", verbose_name=_("member"))
    # which line: the name of its source and the key of the row there (activities.evidence)
    source = models.CharField(_("source"), max_length=20)
    row = models.BigIntegerField(_("record"), null=True, blank=True)
    about = models.CharField(pgettext_lazy("objection", "about"), max_length=300)
    text = models.TextField(_("what is wrong"), max_length=1000)
    state = models.CharField(
        pgettext_lazy("objection", "state"), max_length=10, choices=State, default=State.OPEN, editable=False
    )
    made_at = models.DateTimeField(pgettext_lazy("objection", "made"), default=timezone.now, editable=False)
    answer = models.TextField(_("answer"), max_length=1000, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)

    objects = ObjectionQuerySet.as_manager()
    whole_field = "member"
    identity_fields = frozenset({"text", "answer", "about"})
    unrecorded_fields = frozenset({"made_at", "decided_at", "decided_by_id"})

    class Meta:
        verbose_name = _("objection to the evidence record")
        verbose_name_plural = _("objections to the evidence record")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "source", "row"],
                condition=Q(state="open", row__isnull=False),
                name="objection_once_at_a_time",
                violation_error_message=_(
                    "You have said something about this line already; it waits for an answer."
                ),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_something"),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(answer=""),
                name="objection_rejected_with_an_answer",
                violation_error_message=_("Say why it is rejected."),
            ),
        ]

    def __str__(self):
        return self.about
