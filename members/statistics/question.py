"""What figures are asked for."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from organizations.models import Association

# Upper ends of the age bands in full years; what is above the last is a band of its own. Source: domain.md E1.
DEFAULT_BANDS = (35, 45, 55, 60)


@dataclass(frozen=True)
class Question:
    """Members of the `associations`, in force on the local date `day`, and compared with `other_day` if given.

    `association` is the one that was chosen, with everything below it; None stands for all in sight.
    """

    associations: tuple
    day: dt.date
    association: Association | None = None
    other_day: dt.date | None = None
    bands: tuple = DEFAULT_BANDS

    @property
    def days(self):
        """The days to count on, in their order: one or two."""
        return sorted({self.day, self.other_day or self.day})

    @cached_property
    def ids(self):
        return frozenset(each.pk for each in self.associations)

    @property
    def townships(self):
        """Townships named in the settings of the associations, in that order."""
        return list(dict.fromkeys(name for each in self.associations for name in each.township_list))
