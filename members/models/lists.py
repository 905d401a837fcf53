"""Lists of members that somebody keeps: conditions to find them by, or members picked by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.member import Member
from members.rights import Ability
from organizations.models import Recorded


class SavedListQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The own lists of `user`, and those shared in associations in which `user` reads."""
        return self.filter(Q(owner=user) | Q(association__in=user.rights.associations))


class SavedList(Recorded):
    """A member list to come back to. With an association it is shared with all who read there.

    Whom it shows, each reader sees as far as their rights go: conditions are asked anew at every opening, members
    picked by hand stay out of sight where their reader does not read.
    """

    class Kind(models.TextChoices):
        CONDITIONS = "conditions", pgettext_lazy("kind of list", "by conditions")
        PICKED = "picked", pgettext_lazy("kind of list", "picked by hand")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,  # the unique name begins with it
        related_name="saved_lists",
        verbose_name=_("owner"),
    )
    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # the unique name begins with it
        related_name="saved_lists",
        verbose_name=_("shared in"),
    )
    name = models.CharField(pgettext_lazy("list", "name"), max_length=60)
    kind = models.CharField(pgettext_lazy("list", "kind"), max_length=12, choices=Kind)
    # each a group of conditions as written in addresses (members.filters)
    groups = models.JSONField(_("conditions"), default=list, blank=True)
    search = models.CharField(_("search"), max_length=100, blank=True)
    # keys of columns; empty for what the reader usually has
    columns = models.JSONField(_("columns"), default=list, blank=True)
    order = models.CharField(_("order"), max_length=20, blank=True)
    members = models.ManyToManyField(Member, through="ListedMember", related_name="saved_lists")

    objects = SavedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_list_once_by_owner",
                violation_error_message=_("You have a list of that name already."),
            ),
            models.UniqueConstraint(
                fields=["association", "name"],
                condition=Q(association__isnull=False),
                name="saved_list_once_by_association",
                violation_error_message=_("This association has a shared list of that name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_list_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["conditions", "picked"]), name="saved_list_kind_known"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('admin:members_member_changelist')}?list={self.pk}"

    def is_deletable_by(self, user):
        """Whether the list is the user's own, or shared in an association which `user` manages."""
        return self.owner_id == user.pk or user.rights.may(Ability.MANAGE, self.association_id)

    @property
    def is_picked(self):
        return self.kind == self.Kind.PICKED


class ListedMember(models.Model):
    """That a member stands on a list picked by hand."""

    saved_list = models.ForeignKey(
        SavedList,
        models.CASCADE,
        db_index=False,  # the unique pair begins with it
        related_name="entries",
        verbose_name=_("saved list"),
    )
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", verbose_name=_("member"))

    class Meta:
        verbose_name = _("member on a list")
        verbose_name_plural = _("members on lists")
        constraints = [models.UniqueConstraint(fields=["saved_list", "member"], name="listed_once")]

    def __str__(self):
        return f"{self.saved_list}: {self.member}"


class ColumnChoice(models.Model):
    """The columns in which somebody wants to see member lists: keys in their order."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="column_choice",
        verbose_name=_("account"),
    )
    columns = models.JSONField(_("columns"), default=list)

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")

    def __str__(self):
        return f"{self.user}: {', '.join(self.columns)}"
