"""Words that forms offer: occupations and kinds of employer. Offered, never demanded: rosters write what they write."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import codes
from organizations.models import Recorded


class ListedWordQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The words for everybody and those of the associations in which `user` may read."""
        return self.filter(Q(association=None) | Q(association__in=user.rights.associations))

    def offered(self, user, word_list):
        """[(word, category)] of the list `word_list` to offer to `user`, each word once, in order."""
        rows = self.visible_to(user).filter(word_list=word_list).order_by("category", "name")
        return list(dict(rows.values_list("name", "category")).items())


class ListedWord(Recorded):
    """A word of a list, for everybody (without an association) or an association's own."""

    class List(models.TextChoices):
        OCCUPATION = "occupation", _("occupation")
        EMPLOYER_KIND = "employer_kind", _("kind of employer")

    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        null=True,
        related_name="listed_words",
        verbose_name=_("association"),
    )
    # also the field of a member that it is offered for
    word_list = models.CharField(_("list"), max_length=20, choices=List)
    category = models.CharField(
        _("category"),
        max_length=40,
        blank=True,
        choices=codes.Category,
        help_text=_("Of an occupation: the category to which it usually belongs."),
    )
    name = models.CharField(pgettext_lazy("of a list", "word"), max_length=100)

    objects = ListedWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of a list")
        verbose_name_plural = _("word lists")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "word_list", "name"],
                name="listed_word_once",
                violation_error_message=_("The list has this word already."),
            ),
            models.UniqueConstraint(
                fields=["word_list", "name"],
                condition=Q(association=None),
                name="listed_word_for_everybody_once",
                violation_error_message=_("The list has this word already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="listed_word_has_a_name"),
        ]

    def __str__(self):
        return self.name
