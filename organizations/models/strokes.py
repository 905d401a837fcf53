from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models.association import Association
from organizations.models.history import Recorded
from organizations.strokes.table import FORMS, UNPLACED, is_han


class StrokeOverrideQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them, for whoever reads members: they are nobody's own."""
        return self if user.rights.associations else self.none()


class StrokeOverride(Recorded):
    """The strokes of one character as the office has them, for the whole installation.

    For characters that our table lacks, and for the order among characters of the same strokes. Saving or deleting
    one moves all members with that character.
    """

    character = models.CharField(
        _("character"),
        max_length=2,  # some databases and browsers count a rare character as two
        unique=True,
        error_messages={"unique": _("This character is in the list already; change it there.")},
    )
    forms = models.CharField(
        _("strokes"),
        max_length=64,
        validators=[
            RegexValidator(f"^[{FORMS}]+$", _("Write the strokes in digits 1 to 5 only, for example 1121."))
        ],
        help_text=_("In writing order: 1 横 (提), 2 竖 (竖钩), 3 撇, 4 点 (捺), 5 折. 王 is 1121."),
    )
    place = models.PositiveSmallIntegerField(
        _("place among the same strokes"),
        default=UNPLACED,
        validators=[MinValueValidator(1), MaxValueValidator(UNPLACED)],
        help_text=_(
            "From 1 to 9; characters of the same strokes stand in this order, for example 未 1, 末 2."
        ),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = StrokeOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("strokes of a character")
        verbose_name_plural = _("strokes of characters")
        ordering = ["character"]
        constraints = [
            models.CheckConstraint(condition=~Q(character=""), name="stroke_override_has_a_character"),
            models.CheckConstraint(condition=Q(forms__regex=f"^[{FORMS}]+$"), name="stroke_override_forms"),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=UNPLACED), name="stroke_override_place"
            ),
        ]

    def __str__(self):
        return f"{self.character} {self.forms}"

    def clean(self):
        if len(self.character) != 1 or not is_han(self.character):
            raise ValidationError({"character": _("Write one Chinese character.")})

    @transaction.atomic
    def save(self, **kwargs):
        super().save(**kwargs)
        refresh_all_stroke_keys()

    @transaction.atomic
    def delete(self, **kwargs):
        deleted = super().delete(**kwargs)
        refresh_all_stroke_keys()
        return deleted


def refresh_all_stroke_keys():
    """Put all members into the order of strokes anew, association by association."""
    for association in Association.objects.all():
        association.refresh_stroke_keys()
