"""The secret addresses by which calendars of telephones read what is coming."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.links import Linked, LinkedQuerySet


class CalendarFeedQuerySet(LinkedQuerySet):
    def in_force(self):
        return self.filter(revoked_at=None)


class CalendarFeed(Linked):
    """The address at which a calendar reads what its user may see; one in force a user, revocable."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("account")
    )
    made_at = models.DateTimeField(pgettext_lazy("calendar feed", "made"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="calendar_feed_one_in_force"
            ),
        ]

    def __str__(self):
        return str(self.user)
