import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models.history import Recorded
from organizations.partial_dates import PartialDateField, date_check
from organizations.strokes import refresh_keys


class AssociationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Associations in which `user` holds a role today, and all below them (design §4)."""
        return self.filter(pk__in=user.rights.associations)

    def where_may(self, user, ability):
        """Associations to whose rows `user` may do `ability` (a value of members.rights.Ability)."""
        return self.filter(pk__in=user.rights.associations_for(ability))

    def below(self, association):
        """`association` itself and everything below it in the tree."""
        return self.filter(path__startswith=association.path)


class Association(Recorded):
    """An association in the tree: a district one, its sub-associations below, the city's above.

    Founding, registration and the start of a term are three different dates (domain.md §0).
    """

    class Level(models.TextChoices):
        NATION = "nation", _("National")
        PROVINCE = "province", _("Province or municipality")
        CITY = "city", _("City")
        DISTRICT = "district", _("District or county")
        SUB = "sub", _("Sub-association")

    class NameOrder(models.TextChoices):
        SURNAME = "surname", _("by surname strokes (按姓氏笔画)")
        FULL_NAME = "full_name", _("by full-name strokes (按姓名笔画)")

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Short name for commands and addresses: jiangjin")
    )
    name = models.CharField(_("full name"), max_length=100, unique=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.DISTRICT)
    region_code = models.CharField(_("region code"), max_length=6, blank=True, help_text=_("GB/T 2260"))
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    supervising_authority = models.CharField(_("supervising authority"), max_length=100, blank=True)
    registry = models.CharField(_("registry"), max_length=100, blank=True)
    founded_on = PartialDateField(_("founded"), blank=True)
    registered_on = PartialDateField(_("registered"), blank=True)
    term_started_on = PartialDateField(_("current term started"), blank=True)
    number_pattern = models.CharField(
        _("member number pattern"),
        max_length=40,
        blank=True,
        help_text=_("For example JJ{year}{serial:04}; numbers are never reused."),
    )
    name_order = models.CharField(
        _("order of names"), max_length=10, choices=NameOrder, default=NameOrder.SURNAME
    )
    # defaults: 社会团体登记管理条例 arts. 28 and 18 (domain.md D1)
    report_due = models.CharField(
        _("annual report due"),
        max_length=5,
        default="05-31",
        help_text=_("Month and day, 05-31 by the regulation; as the registry's notice of this year says."),
    )
    filing_days = models.PositiveSmallIntegerField(
        _("days for filing changes"),
        default=30,
        help_text=_("Of registered items and the charter, from the supervising authority's consent."),
    )
    townships = models.TextField(_("townships"), blank=True, help_text=_("One a line."))
    # self-service and personal data; the law sets no numbers of days and years (domain.md F1), so these are defaults
    invitation_days = models.PositiveSmallIntegerField(_("days an invitation is good"), default=14)
    takes_applications = models.BooleanField(
        _("takes applications"),
        default=False,
        help_text=_(
            "The application form for membership is open to everybody; without, to those who got a link."
        ),
    )
    introducers = models.PositiveSmallIntegerField(
        _("introducers"), default=2, help_text=_("Members who must introduce an applicant.")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of announcement"),
        default=0,
        help_text=_("For how long an admission is publicly announced (公示); 0 for not at all."),
    )
    card_years = models.PositiveSmallIntegerField(
        _("years a member card is valid"), default=5, help_text=_("0 for as long as the membership.")
    )
    request_days = models.PositiveSmallIntegerField(
        _("working days for requests"),
        default=15,
        help_text=_("Within which requests of persons about their data are answered."),
    )
    retention_years = models.PositiveSmallIntegerField(
        _("years of retention"),
        default=3,
        help_text=_("How long the record of who left is kept before it is anonymised."),
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=30,
        help_text=_("Before records are anonymised, and before they are purged."),
    )
    data_contact = models.CharField(
        _("contact for personal data"),
        max_length=200,
        blank=True,
        help_text=_("Whom members ask: a name with telephone or e-mail, shown in the notice."),
    )
    # "00001/00007/": ids from the root down, so that "this and below" is a prefix
    path = models.CharField(max_length=200, editable=False, db_index=True, default="")

    objects = AssociationQuerySet.as_manager()
    unrecorded_fields = frozenset({"path"})

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        ordering = ["path"]
        constraints = [
            date_check("association", "founded_on"),
            date_check("association", "registered_on"),
            date_check("association", "term_started_on"),
            models.CheckConstraint(
                condition=Q(report_due__regex=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
                name="association_report_due_is_a_day",
                violation_error_message=_("Write month and day as 05-31."),
            ),
            models.CheckConstraint(condition=Q(filing_days__gte=1), name="association_has_days_for_filing"),
            models.CheckConstraint(
                condition=Q(
                    invitation_days__gte=1, request_days__gte=1, retention_years__gte=1, grace_days__gte=1
                ),
                name="association_has_days_for_persons",
                violation_error_message=_("Days and years are at least 1."),
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    def clean(self):
        try:
            # 29 February does not come every year
            dt.date.fromisoformat(f"2025-{self.report_due}")
        except ValueError as error:
            raise ValidationError({"report_due": _("Write month and day as 05-31.")}) from error
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("An association cannot stand below itself.")})

    @transaction.atomic
    def save(self, **kwargs):
        moved_from = self.path
        reordered = not self._state.adding and "name_order" in self.pending_diff(kwargs.get("update_fields"))
        super().save(**kwargs)
        if reordered:
            self.refresh_stroke_keys()
        path = f"{self.parent.path if self.parent else ''}{self.pk:05}/"
        if path == moved_from:
            return
        Association.objects.filter(pk=self.pk).update(path=path)
        self.path = path
        if moved_from:
            for below in Association.objects.filter(path__startswith=moved_from).exclude(pk=self.pk):
                Association.objects.filter(pk=below.pk).update(path=path + below.path[len(moved_from) :])

    def history_association_id(self):
        return self.pk

    def refresh_stroke_keys(self):
        """Put the members into the order of strokes anew; returns how many changed their place in it."""
        return refresh_keys(self.members.all(), self.name_order)

    @property
    def township_list(self):
        return [line.strip() for line in self.townships.splitlines() if line.strip()]


def indented(associations):
    """[(association, name indented as the tree is)] of `associations` in the order of the tree.

    With full-width blanks, which pages do not run together.
    """
    top = min((row.path.count("/") for row in associations), default=0)
    return [(row, "\u3000" * (row.path.count("/") - top) + str(row)) for row in associations]


class Milestone(Recorded):
    """A dated event in an association's life: founded, registered, party branch approved."""

    association = models.ForeignKey(
        Association, models.CASCADE, related_name="milestones", verbose_name=_("association")
    )
    on = PartialDateField(_("date"))
    text = models.CharField(_("what happened"), max_length=200)

    whole_field = "association"

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["on", "id"]
        constraints = [date_check("milestone", "on")]

    def __str__(self):
        return f"{self.on} {self.text}"
