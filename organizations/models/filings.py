from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.association import Association
from organizations.models.bodies import Body, Term
from organizations.models.history import Recorded


class FilingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Filings of the associations `user` reads; one about a term only for who sees the term's body."""
        seen = Q(term=None) | Q(term__body__in=Body.objects.visible_to(user))
        return self.filter(seen, association__in=user.rights.associations)

    def open(self):
        """Filings not yet made."""
        return self.filter(filed_on=None)

    def due_by(self, day):
        """Open filings that fall due on the local date `day` or before."""
        return self.open().filter(due_on__lte=day)


class Filing(Recorded):
    """Something an association files with its supervising authority or the registry, or has to (domain.md E1).

    A due date is what the office goes by: proposed where a rule gives one (organizations/filings.py), and changed as
    the local notice of the year says.
    """

    class Kind(models.TextChoices):
        """As a civil-affairs system names them (domain.md E1 [MZ-F]); the last but one by [R250] art. 12, 18."""

        CHARTER = "charter", _("Approval of the charter")
        RE_ELECTION = "re_election", _("Approval before a re-election")
        POSTPONEMENT = "postponement", _("Approval of a later re-election")
        OFFICERS_OF_TERM = "officers_of_term", _("Officers of a new term")
        OFFICERS_CHANGED = "officers_changed", _("Officers changed within a term")
        FEES = "fees", _("Standard of membership fees")
        ANNUAL_REPORT = "annual_report", _("Annual report")
        REGISTRATION = "registration", _("Change of registered items")
        OTHER = "other", pgettext_lazy("filing", "Other")

    # counted from the consent of the supervising authority (domain.md D1 art. 18)
    AFTER_CONSENT = frozenset({Kind.CHARTER, Kind.REGISTRATION})

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="filings", verbose_name=_("association")
    )
    kind = models.CharField(pgettext_lazy("filing", "kind"), max_length=20, choices=Kind)
    year = models.PositiveSmallIntegerField(
        _("year of the report"),
        null=True,
        blank=True,
        help_text=_("Of an annual report: the year it is about."),
    )
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filings",
        verbose_name=pgettext_lazy("body", "term"),
        help_text=_("Of a re-election or of officers: the term it is about."),
    )
    consented_on = models.DateField(_("consent of the supervising authority"), null=True, blank=True)
    opens_on = models.DateField(_("window opens"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    filed_on = models.DateField(_("filed"), null=True, blank=True, help_text=_("Empty until it is done."))
    approval_number = models.CharField(_("number of the approval"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = FilingQuerySet.as_manager()
    follows_its_sight = True

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["association", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "year"],
                condition=Q(kind="annual_report"),
                name="annual_report_once_a_year",
                violation_error_message=_("The annual report of that year is listed already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="annual_report") | Q(year__isnull=False),
                name="annual_report_has_a_year",
                violation_error_message=_("Say which year the report is about."),
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=1949, year__lte=2199),
                name="filing_year_is_one",
                violation_error_message=_("Write a year between 1949 and 2199."),
            ),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=models.F("opens_on")),
                name="filing_due_after_its_window_opens",
                violation_error_message=_("The filing is due before its window opens."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["association", "due_on"],
                name="filing_open_by_due_date",
                condition=Q(filed_on__isnull=True),
            ),
        ]

    def __str__(self):
        if self.kind == self.Kind.ANNUAL_REPORT and self.year:
            return _("Annual report {year}").format(year=self.year)
        return self.get_kind_display()

    def is_overdue_on(self, day):
        """Whether it should have been made before the local date `day` and is not."""
        return self.filed_on is None and self.due_on is not None and self.due_on < day

    @property
    def whole_name(self):
        """Its name with the term it is about."""
        return f"{self}（{self.term}）" if self.term else str(self)
