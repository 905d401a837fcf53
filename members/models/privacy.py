"""Personal data: notices and consents by version, requests of persons, who saw and who was given what.

Source: Personal Information Protection Law (PIPL) as in domain.md F1.
"""

import json

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.member import Member
from members.rights import Ability
from organizations.models import Recorded


class NoticeQuerySet(models.QuerySet):
    def in_force_on(self, association, day):
        """The notice of `association` in force on the local date `day`: a queryset of at most one."""
        return self.published().filter(association=association, valid_from__lte=day).order_by("-version")[:1]

    def published(self):
        return self.filter(published_at__isnull=False)


class AlreadyPublished(ValueError):
    """A published notice was to be written over."""


class Notice(Recorded):
    """What an association tells people about their personal data, by version (PIPL arts. 17 and 30).

    A draft is the next version, not published yet. Once published a version stays as it is: consents refer to it.
    """

    association = models.ForeignKey(
        "organizations.Association", models.PROTECT, related_name="notices", verbose_name=_("association")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("in force from"))
    text = models.TextField(_("text"), max_length=20000)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    # None for a draft
    published_at = models.DateTimeField(_("published"), null=True, blank=True, default=timezone.now)

    objects = NoticeQuerySet.as_manager()

    unrecorded_fields = frozenset({"published_at", "published_by_id"})

    class Meta:
        verbose_name = _("notice on personal data")
        verbose_name_plural = _("notices on personal data")
        ordering = ["association", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["association", "version"], name="notice_version_once"),
            models.CheckConstraint(condition=~Q(text=""), name="notice_says_something"),
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(published_at=None),
                name="notice_one_draft",
                violation_error_message=_("This association has a draft already."),
            ),
        ]

    def __str__(self):
        return f"{self.association} v{self.version}"

    def save(self, **kwargs):
        """Raises AlreadyPublished where the text, number or day of a published version would change."""
        stored = getattr(self, "_stored", None) or {}
        if stored.get("published_at") and self.pending_diff(kwargs.get("update_fields")):
            raise AlreadyPublished(str(self))
        super().save(**kwargs)


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at=None)


class Consent(Recorded):
    """That a person agreed to one purpose under one version of the notice; withdrawn, never deleted (arts. 14–16)."""

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("has read the notice on personal data")
        DIRECTORY = (
            "directory",
            _("listed in the members' directory: name, employer, position, category, posts"),
        )
        DIRECTORY_PHOTO = "directory_photo", _("photo in the members' directory")
        DIRECTORY_MOBILE = "directory_mobile", _("mobile number in the members' directory")
        DIRECTORY_EMAIL = "directory_email", _("e-mail address in the members' directory")
        DIRECTORY_WECHAT = "directory_wechat", _("WeChat name in the members' directory")
        MESSAGES = "messages", _("messages by e-mail and text message")
        PROVIDING = "providing", _("giving the record to other organizations (separate consent, art. 23)")
        PUBLISHING = "publishing", _("publication of name and photo (separate consent, art. 25)")

    class Way(models.TextChoices):
        SELF = "self", _("in the portal")
        PAPER = "paper", _("on paper")
        APPLICATION = "application", _("with the application")

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents", verbose_name=_("member"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, blank=True, related_name="consents", verbose_name=_("notice")
    )
    way = models.CharField(_("given"), max_length=12, choices=Way, default=Way.SELF)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    whole_field = "member"
    unrecorded_fields = frozenset({"given_by_id"})

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "purpose"], condition=Q(withdrawn_at=None), name="consent_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]
        indexes = [
            models.Index(
                fields=["purpose", "member"], condition=Q(withdrawn_at=None), name="consent_by_purpose"
            ),
        ]

    def __str__(self):
        return self.get_purpose_display()


class PersonRequestQuerySet(models.QuerySet):
    def staff_visible_to(self, user):
        """Requests of the associations in which a role of `user` reads them: who answers them, and the supervisor."""
        return self.filter(association__in=user.rights.associations_with("members.view_personrequest"))

    def visible_to(self, user):
        """As `staff_visible_to`, and the user's own."""
        places = user.rights.associations_with("members.view_personrequest")
        return self.filter(Q(association__in=places) | Q(member__user=user))

    def editable_by(self, user):
        """Requests that `user` may answer: not the own ones."""
        places = user.rights.associations_for(Ability.EDIT)
        return self.filter(association__in=places).exclude(member__user=user)

    def open(self):
        return self.filter(state=PersonRequest.State.OPEN)

    def restricting(self):
        """Requests by which the data of a member are kept, and used no further, as long as they are not lifted."""
        return self.filter(
            kind=PersonRequest.Kind.RESTRICTION, state=PersonRequest.State.FULFILLED, lifted_on=None
        )


class PersonRequest(Recorded):
    """What a person asks about the own personal data, with the day by which it is answered (PIPL arts. 44–50).

    A refusal gives its reason (art. 50). Relatives of the deceased may ask too (art. 49).
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("to know what is stored")
        COPY = "copy", _("a copy")
        CORRECTION = "correction", _("correction")
        DELETION = "deletion", _("deletion")
        RESTRICTION = "restriction", _("no further use")
        EXPLANATION = "explanation", _("explanation of the rules")
        TRANSFER = "transfer", _("transfer to another organization")
        RELATIVE = "relative", _("request of a relative of a deceased member")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("person request", "waiting")
        FULFILLED = "fulfilled", pgettext_lazy("person request", "fulfilled")
        REFUSED = "refused", pgettext_lazy("person request", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("person request", "withdrawn")

    association = models.ForeignKey(
        "organizations.Association",
        models.PROTECT,
        related_name="person_requests",
        verbose_name=_("association"),
    )
    member = models.ForeignKey(
        Member,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person_requests",
        verbose_name=_("member"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    asker = models.CharField(_("asked by"), max_length=100, help_text=_("The person or the relative."))
    text = models.TextField(_("what is asked"), max_length=2000, blank=True)
    received_on = models.DateField(_("received"), default=timezone.localdate)
    due_on = models.DateField(_("to be answered by"))
    state = models.CharField(
        pgettext_lazy("request", "state"), max_length=10, choices=State, default=State.OPEN
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    lifted_on = models.DateField(
        _("lifted"), null=True, blank=True, help_text=_("From when on the data may be used again.")
    )

    objects = PersonRequestQuerySet.as_manager()

    unrecorded_fields = frozenset({"decided_by_id"})

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""),
                name="person_request_refused_with_reason",
                violation_error_message=_("Give the reason of the refusal (PIPL art. 50)."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_on__isnull=True)
                | (~Q(state="open") & Q(decided_on__isnull=False)),
                name="person_request_decided_on",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("received_on")), name="person_request_due_after_received"
            ),
        ]
        indexes = [
            models.Index(
                fields=["association", "due_on"], condition=Q(state="open"), name="person_request_due"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.asker}"


class Viewing(models.Model):
    """That a user opened the record of a member on a day: kept ≥ 180 days for the member's own file (domain.md F2)."""

    member = models.ForeignKey(
        Member,
        models.CASCADE,
        db_index=False,  # the unique constraint begins with it
        related_name="viewings",
        verbose_name=_("member"),
    )
    on = models.DateField(_("day"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+", verbose_name=_("who")
    )

    class Meta:
        verbose_name = _("viewing")
        verbose_name_plural = _("viewings")
        constraints = [
            models.UniqueConstraint(fields=["member", "on", "user"], name="viewing_once_a_day"),
        ]
        indexes = [models.Index(fields=["on"], name="viewing_by_day")]

    def __str__(self):
        return f"{self.user} {self.on}"


class DisclosedQuerySet(models.QuerySet):
    def note(self, action, members):
        """Write that `action`, an export, held the data of `members` (ids), in one statement however many they are.

        A member deleted in between is left out.
        """
        table, quote = self.model._meta, connection.ops.quote_name
        ids = sorted(set(members))
        if connection.vendor == "postgresql":
            listed = "unnest(%s::bigint[]) AS listed(value)"
        else:
            listed, ids = "json_each(%s) AS listed", json.dumps(ids)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(table.db_table)} (action_id, member_id) "  # noqa: S608 - names of our own tables
                # joined: of an IN list PostgreSQL compares each member with each of the list
                f"SELECT %s, m.id FROM {listed} JOIN {quote(Member._meta.db_table)} m ON m.id = listed.value",
                [action.pk, ids],
            )


class Disclosed(models.Model):
    """That the data of a member left the register in an export or a paper: an Action of the kind "export"."""

    action = models.ForeignKey(
        "organizations.Action",
        models.CASCADE,
        db_index=False,  # the unique constraint begins with it
        related_name="disclosed",
        verbose_name=_("export"),
    )
    member = models.ForeignKey(Member, models.CASCADE, related_name="disclosures", verbose_name=_("member"))

    objects = DisclosedQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        constraints = [models.UniqueConstraint(fields=["action", "member"], name="disclosed_once")]

    def __str__(self):
        return f"{self.action} {self.member}"
