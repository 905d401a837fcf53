"""Check-in at the door of an activity or a meeting, and the codes that were read there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import Activity
from members.models import Member
from organizations.models import Meeting


class DoorQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Doors of the activities and meetings that `user` may see as staff."""
        activities = Activity.objects.visible_to(user).values("pk")
        return self.filter(Q(activity__in=activities) | Q(meeting__in=Meeting.objects.visible_to(user)))

    def with_event(self):
        return self.select_related("activity__host", "meeting__body", "meeting__joint_with")

    def lately_for(self, member, since):
        """Doors opened after the moment `since` in the association of `member`, and where they are on the list."""
        place = member.association_id
        return self.filter(
            Q(activity__association=place)
            | Q(meeting__body__association=place)
            | Q(activity__in=member.participations.values("activity")),
            opened_at__gte=since,
        )


class Door(models.Model):
    """The check-in of one activity or meeting: from it come the codes on the screen of the room."""

    activity = models.OneToOneField(
        Activity, models.CASCADE, null=True, blank=True, related_name="door", verbose_name=_("activity")
    )
    meeting = models.OneToOneField(
        "organizations.Meeting",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="door",
        verbose_name=_("meeting"),
    )
    # what the codes are made of; a new one makes all codes before worthless
    secret = models.CharField(max_length=64, editable=False)
    opened_at = models.DateTimeField(pgettext_lazy("check-in", "opened"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("check-in", "opened by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = DoorQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, meeting=None) | Q(activity=None, meeting__isnull=False),
                name="door_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="door_closes_after_opening",
            ),
        ]

    def __str__(self):
        return str(self.activity or self.meeting)

    @property
    def event(self):
        """The activity or meeting at which it stands."""
        return self.activity if self.activity_id else self.meeting

    @property
    def association_id(self):
        return self.activity.association_id if self.activity_id else self.meeting.body.association_id

    @property
    def bodies(self):
        """The bodies that hold it; none where the association itself does."""
        if self.meeting_id:
            return self.meeting.bodies
        return [self.activity.host] if self.activity.host_id else []

    @property
    def is_hidden(self):
        """Whether it belongs to a body that hides its people, of which nobody else is told."""
        return any(body.hides_people for body in self.bodies)


class Scan(models.Model):
    """One code that was read at a door, whatever came of it: what is shown twice counts once.

    `key` is made by the telephone that read it, so that sending it again (a weak network) is known as the same.
    """

    class Way(models.TextChoices):
        SCREEN = "screen", _("code on the screen, by the member")
        STAFF = "staff", _("code of the member, by staff")

    class Outcome(models.TextChoices):
        COUNTED = "counted", pgettext_lazy("check-in", "counted")
        AGAIN = "again", pgettext_lazy("check-in", "was checked in already")
        # read in time, sent too late to be sure: staff decide
        WAITING = "waiting", pgettext_lazy("check-in", "to be confirmed")
        REFUSED = "refused", pgettext_lazy("check-in", "refused")

    door = models.ForeignKey(
        Door, models.CASCADE, related_name="scans", verbose_name=_("check-in"), db_index=False
    )
    member = models.ForeignKey(Member, models.CASCADE, related_name="scans", verbose_name=_("member"))
    key = models.CharField(max_length=40, editable=False)
    way = models.CharField(_("way"), max_length=10, choices=Way)
    # by the server's clock; of a code that stood on a screen nobody can have read it before that
    shown_at = models.DateTimeField(_("shown"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    outcome = models.CharField(pgettext_lazy("check-in", "what came of it"), max_length=10, choices=Outcome)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("check-in", "by"),
    )

    class Meta:
        verbose_name = _("code read")
        verbose_name_plural = _("codes read")
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["door", "key"], name="scan_once")]
        indexes = [models.Index(fields=["door", "outcome"], name="scan_of_door")]

    def __str__(self):
        return f"{self.door}: {self.member}"
