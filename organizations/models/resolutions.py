from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.history import Action, Recorded
from organizations.models.meetings import AgendaItem, Base, Meeting, Share


class Vote(Recorded):
    """A vote on an item of the agenda, with the five numbers of every vote (domain.md D2).

    The majority asked for is that of the rule when the vote was entered, and may be another: a third term of office
    needs more.
    """

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="votes", verbose_name=_("agenda item"))
    subject = models.CharField(
        _("voted on"), max_length=300, blank=True, help_text=_("Empty: the item as it stands.")
    )
    is_secret = models.BooleanField(_("secret ballot"), default=False)
    entitled = models.PositiveIntegerField(_("entitled (应到)"))
    present = models.PositiveIntegerField(_("present (实到)"))
    in_favour = models.PositiveIntegerField(_("in favour (同意)"))
    against = models.PositiveIntegerField(_("against (反对)"), default=0)
    abstained = models.PositiveIntegerField(_("abstained (弃权)"), default=0)
    majority = models.CharField(pgettext_lazy("vote", "majority"), max_length=5, choices=Share)
    majority_of = models.CharField(_("majority counted"), max_length=10, choices=Base, default=Base.PRESENT)

    whole_field = "item"

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["item", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(present__gte=F("in_favour") + F("against") + F("abstained")),
                name="vote_of_those_present",
                violation_error_message=_("More votes than people present."),
            ),
            models.CheckConstraint(
                condition=Q(entitled__gte=F("present")),
                name="vote_present_are_entitled",
                violation_error_message=_("More people present than entitled."),
            ),
        ]

    def __str__(self):
        return self.subject or self.item.title

    def whole(self):
        return self.item.meeting


class ResolutionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def where_may(self, user, ability):
        return self.filter(meeting__in=Meeting.objects.where_may(user, ability))


class Resolution(Recorded):
    """What a meeting resolved. One that changes something is carried out in one action (meetings/resolving.py).

    `plan` says what carrying it out does, as its kind of effect reads it (meetings/effects.py).
    """

    class Kind(models.TextChoices):
        ADMIT = "admit", _("admit members")
        APPOINT = "appoint", pgettext_lazy("resolution", "appoint")
        END_APPOINTMENT = "end", _("end appointments")
        ESTABLISH = "establish", _("establish a body")
        DISSOLVE = "dissolve", _("dissolve a body")
        CHARTER = "charter", _("change the charter")
        FEES = "fees", _("set fees")
        ELECTION = "election", pgettext_lazy("resolution", "election")
        OTHER = "other", pgettext_lazy("resolution", "other")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="resolutions", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resolutions",
        verbose_name=_("agenda item"),
    )
    vote = models.ForeignKey(
        Vote, models.PROTECT, null=True, blank=True, related_name="resolutions", verbose_name=_("vote")
    )
    number = models.PositiveSmallIntegerField(_("number of the resolution"))
    document = models.CharField(_("document number"), max_length=60, blank=True)
    kind = models.CharField(pgettext_lazy("resolution", "kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title of the resolution"), max_length=200)
    text = models.TextField(_("text of the resolution"), max_length=20000, blank=True)
    is_passed = models.BooleanField(_("passed"), null=True, blank=True)
    plan = models.JSONField(_("plan"), default=dict, blank=True, editable=False)
    # the action that carried it out, while nobody has taken it back
    carried_out = models.ForeignKey(
        Action,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="resolutions",
        verbose_name=_("carried out"),
    )

    objects = ResolutionQuerySet.as_manager()
    whole_field = "meeting"
    unrecorded_fields = frozenset({"plan"})

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="resolution_once_by_number",
                violation_error_message=_("The meeting has a resolution of that number already."),
            ),
            models.CheckConstraint(condition=~Q(title=""), name="resolution_has_a_title"),
            models.CheckConstraint(condition=Q(number__gte=1), name="resolution_number_from_one"),
            models.CheckConstraint(
                condition=Q(carried_out__isnull=True) | Q(is_passed=True), name="resolution_passed_first"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("organizations:resolution", args=[self.pk])

    @property
    def basis(self):
        """How papers and appointments name it, within 200 characters: meeting, then document or number."""
        name = self.document or _("resolution no. {number}").format(number=self.number)
        return f"{self.meeting} {name}"[:200]
