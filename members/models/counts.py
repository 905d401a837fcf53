from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MemberCount(models.Model):
    """How many members of an association agree in all these columns: the sum of `n` over the rows that do.

    The database keeps it by triggers (members/counting.py); nobody else writes it. On SQLite there is one row of each
    kind, on PostgreSQL there may be several, of which some take away.
    """

    association = models.ForeignKey(
        "organizations.Association",
        # an association goes when it has no members, and then its rows come to nothing
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,  # the index below begins with it
        related_name="+",
        verbose_name=_("association"),
    )
    category = models.CharField(_("category"), max_length=40)
    status = models.CharField(pgettext_lazy("membership", "status"), max_length=10)
    has_mobile = models.BooleanField()
    joined_year = models.CharField(max_length=4)  # "" if unknown
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["association", "category", "status", "has_mobile", "joined_year"], name="member_count"
            )
        ]

    def __str__(self):
        return f"{self.association_id} {self.category} {self.status} {self.n}"
