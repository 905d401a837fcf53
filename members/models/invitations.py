"""Invitations: one-use links by which members open their accounts (design §6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.links import Linked, LinkedQuerySet
from members.models.member import Member
from members.rights import Ability
from organizations.models import Recorded


class InvitationQuerySet(LinkedQuerySet):
    def visible_to(self, user):
        """Invitations of the members whom `user` may invite: those the user may edit."""
        return self.filter(member__association__in=user.rights.associations_for(Ability.EDIT))

    def pending(self):
        """Invitations that were neither used nor revoked, expired or not."""
        return self.filter(used_at=None, revoked_at=None)

    def open_at(self, moment):
        """Invitations that still open an account at `moment`."""
        return self.pending().filter(expires_at__gt=moment)


class Invitation(Linked, Recorded):
    """A link bound to one member, good for one account, until it expires, is used or revoked.

    Of a member at most one is neither used nor revoked: sending another revokes the one before.
    """

    class Way(models.TextChoices):
        LINK = "link", _("link handed on")
        EMAIL = "email", pgettext_lazy("way of an invitation", "e-mail")
        SMS = "sms", _("text message")
        SHEET = "sheet", _("printed sheet")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("invitation", "open")
        USED = "used", pgettext_lazy("invitation", "used")
        EXPIRED = "expired", pgettext_lazy("invitation", "expired")
        REVOKED = "revoked", pgettext_lazy("invitation", "revoked")

    class Failure(models.TextChoices):
        UNREACHABLE = "unreachable", _("The server that sends could not be reached.")
        REFUSED = "refused", _("The address or number was refused.")
        OTHER = "other", _("It could not be sent.")

    member = models.ForeignKey(Member, models.CASCADE, related_name="invitations", verbose_name=_("member"))
    way = models.CharField(_("sent by"), max_length=10, choices=Way, default=Way.LINK)
    sent_to = models.CharField(_("sent to"), max_length=254, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    made_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("good until"))
    # of a letter or text message: when the server took it, or why it did not
    delivered_at = models.DateTimeField(_("handed to the server"), null=True, blank=True)
    failure = models.CharField(_("why it was not sent"), max_length=12, choices=Failure, blank=True)
    # when somebody with the expired link asked for a new one
    asked_at = models.DateTimeField(_("new link asked for"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    whole_field = "member"
    unrecorded_fields = frozenset(
        {
            "token_sealed",
            "token_digest",
            "made_by_id",
            "made_at",
            "sent_to",
            "delivered_at",
            "failure",
            "asked_at",
        }
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(used_at=None, revoked_at=None),
                name="invitation_once_at_a_time",
                violation_error_message=_("This member has an invitation already."),
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None), name="invitation_used_or_revoked"
            ),
        ]

    def __str__(self):
        return f"{self.member} {self.made_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("join", args=[self.token])

    @property
    def is_sent(self):
        """Whether it goes by a server of ours: a letter or a text message."""
        return self.way in (self.Way.EMAIL, self.Way.SMS)

    @property
    def state(self):
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > timezone.now() else self.State.EXPIRED
