from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.charter.findings import Severity
from organizations.models.association import Association
from organizations.models.bodies import Body
from organizations.models.history import Recorded


class CharterRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules of the associations `user` reads."""
        return self.filter(association__in=user.rights.associations)


class CharterRule(Recorded):
    """What an association's own charter says of one kind of rule, from a day on.

    A version is in force until the next of its kind begins, so that there is one on every day; before the first, and
    for kinds without any, the defaults hold (organizations/charter/rulebook.py).
    """

    association = models.ForeignKey(
        Association, models.CASCADE, related_name="charter_rules", verbose_name=_("association")
    )
    kind = models.CharField(pgettext_lazy("charter rule", "kind"), max_length=40)
    body_kind = models.CharField(_("kind of body"), max_length=20, choices=Body.Kind, blank=True)
    parameters = models.JSONField(_("numbers"), default=dict, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, default=Severity.WARNING)
    article = models.CharField(
        _("article"), max_length=100, blank=True, help_text=_("Of the charter or the document: 第二十三条")
    )
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("The charter, or the document with its number.")
    )
    valid_from = models.DateField(
        _("in force from"), help_text=_("Checks of earlier days go by what was in force then.")
    )
    is_active = models.BooleanField(
        _("checked"), default=True, help_text=_("Without the mark this rule is not checked from that day on.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        "organizations.Resolution",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="charter_rules",
        verbose_name=_("decided by"),
    )

    objects = CharterRuleQuerySet.as_manager()
    whole_field = "association"

    class Meta:
        verbose_name = _("charter rule")
        verbose_name_plural = _("charter rules")
        ordering = ["association", "kind", "body_kind", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "kind", "body_kind", "valid_from"],
                name="charter_rule_one_version_a_day",
                violation_error_message=_("A version of this rule begins on that day already."),
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="charter_rule_has_a_kind"),
            models.CheckConstraint(
                condition=Q(severity__in=["error", "warning", "hint"]), name="charter_rule_severity_known"
            ),
        ]

    def __str__(self):
        # the kinds are made of rules that look at models
        from organizations.charter.rulebook import title_of

        return title_of(self.kind, self.body_kind)

    def clean(self):
        from organizations.charter.rulebook import KINDS

        kind = KINDS.get(self.kind)
        if kind is None or (self.body_kind not in kind.bodies if kind.bodies else self.body_kind):
            raise ValidationError(_("There is no rule of this kind."))
        try:
            self.parameters = kind.clean(self.parameters)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
