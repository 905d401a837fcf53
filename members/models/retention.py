"""Retention: who left long ago is listed, after a time of grace anonymised, later purged (PIPL arts. 19 and 47)."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import crypto
from members.models.member import Member
from members.rights import Ability
from organizations.models import Recorded

KEPT_COLUMN = "retention.kept"


class RetentionRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(association__in=user.rights.associations_for(Ability.MANAGE))


class RetentionRun(Recorded):
    """One round in an association: a list to look through, then grace, anonymised records, at last the purge.

    Nothing is lost before the purge: what was anonymised is kept sealed and can be put back.
    """

    class State(models.TextChoices):
        LISTED = "listed", pgettext_lazy("retention", "in the time of grace")
        ANONYMISED = "anonymised", pgettext_lazy("retention", "anonymised")
        PURGED = "purged", pgettext_lazy("retention", "purged")
        CANCELLED = "cancelled", pgettext_lazy("retention", "cancelled")

    association = models.ForeignKey(
        "organizations.Association",
        models.PROTECT,
        related_name="retention_runs",
        verbose_name=_("association"),
    )
    state = models.CharField(
        pgettext_lazy("retention", "state"), max_length=10, choices=State, default=State.LISTED
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    started_on = models.DateField(_("started"), default=timezone.localdate)
    grace_until = models.DateField(_("grace until"))
    anonymised_on = models.DateField(_("anonymised"), null=True, blank=True)
    purge_after = models.DateField(_("purged after"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    objects = RetentionRunQuerySet.as_manager()

    unrecorded_fields = frozenset({"started_by_id"})

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.association} {self.started_on}"


class RetentionItem(models.Model):
    """A member in a run: why, and sealed what was taken out of the record until it is purged."""

    class State(models.TextChoices):
        LISTED = "listed", pgettext_lazy("retention item", "listed")
        LEFT_OUT = "left_out", pgettext_lazy("retention item", "left out")
        ANONYMISED = "anonymised", pgettext_lazy("retention item", "anonymised")
        RESTORED = "restored", pgettext_lazy("retention item", "put back")
        PURGED = "purged", pgettext_lazy("retention item", "purged")

    run = models.ForeignKey(RetentionRun, models.CASCADE, related_name="items", verbose_name=_("run"))
    member = models.ForeignKey(
        Member, models.CASCADE, related_name="retention_items", verbose_name=_("member")
    )
    state = models.CharField(
        pgettext_lazy("retention", "state"), max_length=10, choices=State, default=State.LISTED
    )
    due_on = models.DateField(_("kept until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    kept = models.BinaryField(default=b"", editable=False)

    sealed_columns = {"kept": KEPT_COLUMN}

    class Meta:
        verbose_name = _("member of a retention run")
        verbose_name_plural = _("members of a retention run")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "member"], name="retention_item_once"),
            # a member is in one run at a time
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=("listed", "anonymised")),
                name="retention_item_in_force",
            ),
        ]

    def __str__(self):
        return str(self.member)

    @property
    def content(self):
        """What was taken out of the record, ``{}`` where nothing was or it is purged."""
        return json.loads(crypto.unseal(self.kept, KEPT_COLUMN)) if self.kept else {}

    @content.setter
    def content(self, content):
        self.kept = crypto.seal(json.dumps(content, ensure_ascii=False), KEPT_COLUMN) if content else b""
