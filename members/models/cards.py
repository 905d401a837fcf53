"""Member cards (会员证), checked by the code that is printed on them (domain.md E3)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.links import Linked, LinkedQuerySet
from members.models.member import Member
from members.rights import Ability
from organizations.models import Recorded


class MemberCardQuerySet(LinkedQuerySet):
    def visible_to(self, user):
        """Cards of the members whom `user` may edit, and the user's own."""
        places = user.rights.associations_for(Ability.EDIT)
        return self.filter(Q(member__association__in=places) | Q(member__user=user))

    def in_force(self):
        return self.filter(revoked_on=None)


class MemberCard(Linked, Recorded):
    """A card of a member: one in force at a time; its link says to anyone number, name and validity alone."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="cards", verbose_name=_("member"))
    issued_on = models.DateField(_("issued"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("issued by")
    )
    revoked_on = models.DateField(_("revoked"), null=True, blank=True)

    objects = MemberCardQuerySet.as_manager()

    whole_field = "member"
    unrecorded_fields = frozenset({"token_sealed", "token_digest", "issued_by_id"})

    class Meta:
        verbose_name = _("member card")
        verbose_name_plural = _("member cards")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(revoked_on=None),
                name="card_once_at_a_time",
                violation_error_message=_("This member has a card already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="card_valid_after_issue",
            ),
        ]

    def __str__(self):
        return f"{self.member} {self.issued_on}"

    def get_absolute_url(self):
        return reverse("card_check", args=[self.token])
