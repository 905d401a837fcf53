"""Two records of one person: merged into one, with what it takes to part them again; and pairs that are two persons."""

import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members import crypto
from members.models.member import Member, sealed_id
from members.rights import Ability

REMOVED_COLUMN = "member_merge.removed"


class DistinctPairQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Pairs of whom `user` may edit both."""
        ids = user.rights.associations_for(Ability.EDIT)
        return self.filter(one__association__in=ids, other__association__in=ids)


class DistinctPair(models.Model):
    """That somebody looked at two members who seem to be one and found that they are not."""

    # the one with the lower key first, so that a pair has one row
    one = models.ForeignKey(
        Member,
        models.CASCADE,
        db_index=False,  # the unique pair begins with it
        related_name="+",
        verbose_name=_("member"),
    )
    other = models.ForeignKey(Member, models.CASCADE, related_name="+", verbose_name=_("other member"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = DistinctPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of two persons")
        verbose_name_plural = _("pairs of two persons")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="distinct_pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="distinct_pair_in_order"),
        ]

    def __str__(self):
        return f"{self.one} ≠ {self.other}"


class MemberMergeQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(undone_at=None)

    def visible_to(self, user):
        ids = user.rights.associations
        return self.filter(association__in=ids, survivor__association__in=ids)

    def editable_by(self, user):
        """Merges of records of which `user` may edit the one that stayed and the one that went."""
        ids = user.rights.associations_for(Ability.EDIT)
        return self.filter(association__in=ids, survivor__association__in=ids)


class MemberMerge(models.Model):
    """A record that became part of another, kept sealed: rosters that name it mean the survivor.

    `removed` is the sealed JSON object that members/merging.py writes: the record, what it wrote into the survivor,
    what it moved there. It is emptied when the merge is taken back. What identifies the removed record stands beside
    it, as it would in the register, so that a roster finds it.
    """

    survivor = models.ForeignKey(Member, models.CASCADE, related_name="merges", verbose_name=_("member"))
    # the record into which it was merged; `survivor` moves on when that one is merged too
    merged_into = models.BigIntegerField()
    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        related_name="+",
        verbose_name=_("association"),
    )
    former_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=100)
    id_digest = models.CharField(max_length=crypto.DIGEST, null=True, editable=False)  # noqa: DJ001 - as in Member
    removed = models.BinaryField()
    # name of the file in private storage of the photo that was put aside
    photo = models.CharField(max_length=100, blank=True, editable=False)
    action = models.OneToOneField(
        "organizations.Action",
        models.SET_NULL,
        null=True,
        related_name="merge",
        verbose_name=_("action"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("merged by")
    )
    at = models.DateTimeField(_("merged"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    undone_at = models.DateTimeField(_("taken back"), null=True)

    objects = MemberMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of members")
        verbose_name_plural = _("merges of members")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["former_id"], condition=Q(undone_at=None), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(former_id=F("survivor")) | Q(undone_at__isnull=False), name="merged_into_another"
            ),
        ]
        indexes = [
            models.Index(fields=["association", "name"], name="merge_by_name"),
            models.Index(fields=["association", "id_digest"], name="merge_by_identity"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("admin:members_member_unmerge", args=[self.pk])

    def content(self):
        """The JSON object that was sealed, ``{}`` once the merge was taken back."""
        return json.loads(crypto.unseal(self.removed, REMOVED_COLUMN)) if self.removed else {}

    def seal(self, content):
        """Keep `content`, whose ``id_number`` is the removed record's."""
        self.removed = crypto.seal(json.dumps(content, ensure_ascii=False), REMOVED_COLUMN)
        self.id_digest = sealed_id(content["id_number"])[1]
