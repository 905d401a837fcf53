from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.association import Association
from organizations.models.history import Recorded
from organizations.papers.kinds import KINDS


class PaperTemplate(Recorded):
    """A template that an association uploaded for one kind of paper. Kept when another takes its place.

    Without one in use the kind has its default template.
    """

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="paper_templates", verbose_name=_("association")
    )
    # a key of KINDS; a list of choices would be a migration for every new kind
    kind = models.CharField(pgettext_lazy("paper", "kind"), max_length=20)
    file_name = models.CharField(_("file"), max_length=255)
    stored_as = models.CharField(max_length=100, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    uploaded_at = models.DateTimeField(_("when"), auto_now_add=True)
    is_in_use = models.BooleanField(_("in use"), default=False)

    unrecorded_fields = frozenset({"stored_as", "digest", "uploaded_at"})

    class Meta:
        verbose_name = _("paper template")
        verbose_name_plural = _("paper templates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "kind", "digest"],
                name="paper_template_once",
                violation_error_message=_("This template is there already."),
            ),
            models.UniqueConstraint(
                fields=["association", "kind"],
                condition=Q(is_in_use=True),
                name="paper_template_in_use_once",
                violation_error_message=_("Another template of this paper is in use."),
            ),
        ]

    def __str__(self):
        return f"{KINDS[self.kind].label}: {self.file_name}" if self.kind in KINDS else self.file_name
