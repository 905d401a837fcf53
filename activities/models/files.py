"""Files and photos of activities."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activities import Activity
from activities.models.participation import Participation
from organizations.models import Recorded


class ActivityFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of the activities that `user` sees as staff."""
        return self.filter(activity__in=Activity.objects.visible_to(user).values("pk"))

    def shown_to(self, member):
        """Files that the portal shows to `member`: of activities shown to them, those meant for them.

        Those for participants are for who signed up, is expected or was there.
        """
        rows = Participation.objects.filter(activity=OuterRef("activity"), member=member)
        readers = ActivityFile.Readers
        return self.filter(
            Q(readers=readers.INVITED) | Q(Exists(rows.taking_part()), readers=readers.PARTICIPANTS),
            activity__in=Activity.objects.shown_to(member).values("pk"),
        )


class ActivityFile(Recorded):
    """A file or photo of an activity, in private storage under a name that says nothing."""

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        PHOTO = "photo", _("photo")

    class Readers(models.TextChoices):
        STAFF = "staff", pgettext_lazy("readers", "staff")
        PARTICIPANTS = "participants", _("those who are on the list")
        INVITED = "invited", _("all to whom the activity is shown")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="files", verbose_name=_("activity"))
    kind = models.CharField(pgettext_lazy("file", "kind"), max_length=10, choices=Kind)
    # name in the storage
    file = models.CharField(max_length=200, editable=False)
    place = models.PositiveIntegerField(_("place in lists"), default=0, editable=False)
    name = models.CharField(pgettext_lazy("file", "name"), max_length=200)
    size = models.PositiveIntegerField(pgettext_lazy("file", "size"), editable=False)
    readers = models.CharField(_("shown to"), max_length=12, choices=Readers, default=Readers.STAFF)
    persons_agreed = models.BooleanField(
        _("the persons on it agreed to its being shown"),
        default=False,
        help_text=_("Without it a photo is shown to staff only (PIPL arts. 25 and 29)."),
    )
    put_in_at = models.DateTimeField(_("put in"), default=timezone.now, editable=False)
    put_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("put in by"),
    )

    objects = ActivityFileQuerySet.as_manager()
    whole_field = "activity"
    unrecorded_fields = frozenset({"file", "place", "put_in_at", "put_in_by_id"})

    class Meta:
        verbose_name = _("file of an activity")
        verbose_name_plural = _("files of activities")
        ordering = ["activity", "kind", "place", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(file=""), name="activity_file_is_stored"),
            models.CheckConstraint(
                condition=~Q(kind="photo") | Q(readers="staff") | Q(persons_agreed=True),
                name="activity_photo_with_consent",
                violation_error_message=_("Photos are shown to members only if the persons on them agreed."),
            ),
        ]

    def __str__(self):
        return self.name
