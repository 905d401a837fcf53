"""The cuts: what is counted by what, and what of it somebody may see.

A cut is open to whoever may see figures by the class of its lines in all associations counted. Who sees figures of a
class without reading the field (the supervising department) gets it coarsely: one dimension at a time, and groups of
fewer than `LEAST` persons are merged. A table of exact small cells by personal fields would say of the one woman of
her category what she is; merging keeps all sums true, as a hidden cell beside its total would not hide anything.
"""

from dataclasses import dataclass, replace

from django.utils.translation import pgettext_lazy

from members.rights import FieldClass
from members.statistics import dimensions
from members.statistics.dimensions import Dimension

LEAST = 3


@dataclass(frozen=True)
class Cut:
    """Members counted by `rows`, and for each of `columns` by that too.

    `is_coarse`: small groups are merged and days are not compared.
    """

    key: str
    title: str
    rows: Dimension = None
    columns: tuple = ()
    is_coarse: bool = False


CUTS = (
    Cut("category", pgettext_lazy("figures", "Category and sex"), dimensions.CATEGORY, (dimensions.SEX,)),
    Cut("age", pgettext_lazy("figures", "Age"), dimensions.AGE, (dimensions.CATEGORY,)),
    Cut(
        "political",
        pgettext_lazy("figures", "Political status"),
        dimensions.POLITICAL_STATUS,
        (dimensions.SEX,),
    ),
    Cut("education", pgettext_lazy("figures", "Education"), dimensions.EDUCATION, (dimensions.DEGREE,)),
    Cut("degree", pgettext_lazy("figures", "Degree"), dimensions.DEGREE, (dimensions.SEX,)),
    Cut("title", pgettext_lazy("figures", "Title level"), dimensions.TITLE_LEVEL, (dimensions.CATEGORY,)),
    Cut("ethnicity", pgettext_lazy("figures", "Ethnic group"), dimensions.ETHNICITY, (dimensions.SEX,)),
    Cut("township", pgettext_lazy("figures", "Township"), dimensions.TOWNSHIP, (dimensions.CATEGORY,)),
    # the profession by title and by degree, each adding up, as the figures of the municipal association were given
    Cut(
        "occupation",
        pgettext_lazy("figures", "Profession"),
        dimensions.OCCUPATION,
        (dimensions.TITLE_LEVEL, dimensions.DEGREE),
    ),
    Cut(
        "employer",
        pgettext_lazy("figures", "Kind of employer"),
        dimensions.EMPLOYER_KIND,
        (dimensions.CATEGORY,),
    ),
)
# Status and day of joining are public within the association
GROWTH = Cut("growth", pgettext_lazy("figures", "Growth by year"))


def offered_cuts(rights, ids):
    """The cuts of members of the associations `ids` that the user of `rights` may see, as far as they may see them."""
    counted = {each for each in FieldClass if ids <= rights.associations_counting(each)}
    read = {each for each in FieldClass if ids <= rights.associations_showing(each)}
    exact = counted & (read | {FieldClass.PUBLIC})
    offered = []
    for cut in CUTS:
        if cut.rows.field_class in exact:
            columns = tuple(each for each in cut.columns if each.field_class in exact)
            offered.append(replace(cut, columns=columns))
        elif cut.rows.field_class in counted:
            offered.append(replace(cut, columns=(), is_coarse=True))
    if FieldClass.PUBLIC in exact:
        offered.append(GROWTH)
    return offered
