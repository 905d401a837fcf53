"""What members ask to have changed in their record: reviewed field by field (design §6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import crypto
from members.models.member import Member
from members.own_fields import REVIEWED_FIELDS
from members.rights import Ability
from organizations.models import Recorded

REQUESTED_COLUMN = "requested_change.value"


class ChangeRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests about the members whom `user` may edit, and the user's own."""
        places = user.rights.associations_for(Ability.EDIT)
        return self.filter(Q(member__association__in=places) | Q(member__user=user))

    def staff_visible_to(self, user):
        """Requests about the members whom `user` may edit, the user's own among them: the staff's queue."""
        return self.filter(member__association__in=user.rights.associations_for(Ability.EDIT))

    def editable_by(self, user):
        """Requests that `user` may decide: not the own ones."""
        # written so, since "not equal" would leave out the members without an account
        return self.staff_visible_to(user).filter(Q(member__user=None) | ~Q(member__user=user))

    def open(self):
        return self.filter(state=ChangeRequest.State.OPEN)


class ChangeRequest(Recorded):
    """Changes that a member asks for, of which each field is accepted or refused; one open at a time."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "waiting")
        DECIDED = "decided", pgettext_lazy("request", "decided")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")

    member = models.ForeignKey(
        Member, models.CASCADE, related_name="change_requests", verbose_name=_("member")
    )
    state = models.CharField(
        pgettext_lazy("request", "state"), max_length=10, choices=State, default=State.OPEN
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    made_at = models.DateTimeField(_("asked"), default=timezone.now)
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

    objects = ChangeRequestQuerySet.as_manager()

    whole_field = "member"
    field_labels = {"outcome": _("outcome")}
    # what a decision comes to, in words: only the history keeps it
    outcome = ""
    # the action knows who and when
    unrecorded_fields = frozenset({"made_at", "made_by_id", "decided_at", "decided_by_id"})

    class Meta:
        verbose_name = _("request for changes")
        verbose_name_plural = _("requests for changes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state="open"),
                name="change_request_open_once",
                violation_error_message=_("A request of this member is waiting already."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="change_request_decided_at",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state="open"), name="change_request_waiting"),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.made_at):%Y-%m-%d}"

    def pending_diff(self, update_fields=None):
        diff = super().pending_diff(update_fields)
        return diff | {"outcome": ["", self.outcome]} if self.outcome else diff

    @property
    def is_open(self):
        return self.state == self.State.OPEN


def _label(key):
    return _("identity number") if key == "id_number" else Member._meta.get_field(key).verbose_name


class RequestedChange(models.Model):
    """One field of a ChangeRequest. Both values are kept sealed: an identity number may be among them.

    The history of the member tells of it by the notes of the actions (members/change_requests).
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "waiting")
        ACCEPTED = "accepted", pgettext_lazy("request", "accepted")
        REFUSED = "refused", pgettext_lazy("request", "refused")

    request = models.ForeignKey(
        ChangeRequest, models.CASCADE, related_name="fields", verbose_name=_("request")
    )
    field = models.CharField(
        _("field"), max_length=40, choices=[(key, _label(key)) for key in REVIEWED_FIELDS]
    )
    before_sealed = models.BinaryField(editable=False)
    after_sealed = models.BinaryField(editable=False)
    state = models.CharField(
        pgettext_lazy("request", "state"), max_length=10, choices=State, default=State.OPEN
    )
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    sealed_columns = {"before_sealed": REQUESTED_COLUMN, "after_sealed": REQUESTED_COLUMN}

    class Meta:
        verbose_name = _("requested change")
        verbose_name_plural = _("requested changes")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "field"], name="change_requested_once"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""),
                name="refusal_has_an_answer",
                violation_error_message=_("Say why it is refused."),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        return str(capfirst(self.get_field_display()))

    @property
    def before(self):
        """The value as the member saw it when asking, as text."""
        return crypto.unseal(self.before_sealed, REQUESTED_COLUMN)

    @before.setter
    def before(self, text):
        self.before_sealed = crypto.seal(text, REQUESTED_COLUMN)

    @property
    def after(self):
        """The value asked for, as text."""
        return crypto.unseal(self.after_sealed, REQUESTED_COLUMN)

    @after.setter
    def after(self, text):
        self.after_sealed = crypto.seal(text, REQUESTED_COLUMN)
