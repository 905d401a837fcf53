"""Conditions in groups: read from an address, written into one, applied to members, said in words."""

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.filters.fields import FIELDS
from members.filters.kinds import Age, Operator, Place
from members.models.member import IN_FORCE

GROUP, SEARCH = "g", "q"
MOST_CONDITIONS = 60
MOST_VALUES = 200
LONGEST_SEARCH = 20
# percent-encoded inside a value, since they part values, conditions and the encoding itself
SEPARATORS = {character: quote(character, safe="") for character in "%,;"}


@dataclass(frozen=True)
class Condition:
    """`field` and `operator` by their names in addresses, `values` texts; whatever they are, `fault` says if wrong."""

    field: str
    operator: str
    values: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "values", tuple(str(value) for value in self.values))

    @classmethod
    def parse(cls, text):
        """The condition written as ``field:operator:value,value``; ValueError if `text` has not that form."""
        field, operator, *rest = text.split(":", 2)
        if not operator:
            raise ValueError(text)
        values = [unquote(value).strip() for value in rest[0].split(",")] if rest else []
        if operator != Operator.BETWEEN:
            values = [value for value in dict.fromkeys(values) if value]
        return cls(field.strip(), operator.strip(), tuple(values))

    def __str__(self):
        written = ",".join(value.translate(str.maketrans(SEPARATORS)) for value in self.values)
        return f"{self.field}:{self.operator}" + (f":{written}" if self.values else "")

    def fault(self, user):
        """A sentence for `user` about what is wrong with the condition, None if nothing is."""
        field = FIELDS.get(self.field)
        if field is None:
            return _("There is no field “{name}” to filter by.").format(name=self.field[:40])
        if not field.open_to(user.rights):
            return _("You may not filter by “{field}”.").format(field=field.label)
        if self.operator not in field.kind.operators:
            return _("“{field}” cannot be filtered by “{operator}”.").format(
                field=field.label, operator=self.operator[:40]
            )
        if len(self.values) > MOST_VALUES:
            return _("The condition about “{field}” has too many values.").format(field=field.label)
        return field.kind.fault(field, self.operator, self.values, user.rights)

    def q(self, rights, day):
        field = FIELDS[self.field]
        return field.kind.q(field, self.operator, self.values, rights, day)

    def description(self, user):
        """The condition in words: 所属类别为自由职业人员、新媒体从业人员. The condition has no fault for `user`."""
        field = FIELDS[self.field]
        words = field.kind.words(field, self.values, user.rights)
        if isinstance(field.kind, Age):
            return _age_in_words(field.label, *words)
        if self.operator == Operator.BETWEEN:
            return _period_in_words(field.label, *words)
        sentence = {
            Operator.IS: _("{field} is {values} or below")
            if isinstance(field.kind, Place)
            else _("{field} is {values}"),
            Operator.NOT: _("{field} is not {values}"),
            Operator.CONTAINS: _("{field} contains {values}"),
            Operator.MISSING: _("{field} is not filled in"),
            Operator.PRESENT: _("{field} is filled in"),
        }[self.operator]
        return sentence.format(field=field.label, values=pgettext("between values", " or ").join(words))


def _period_in_words(label, first, last):
    if not last:
        return _("{field} from {first} on").format(field=label, first=first)
    if not first:
        return _("{field} up to {last}").format(field=label, last=last)
    return _("{field} from {first} to {last}").format(field=label, first=first, last=last)


def _age_in_words(label, first, last, day):
    if not last:
        sentence = _("{field} {first} or more")
    elif not first:
        sentence = _("{field} {last} or less")
    elif first == last:
        sentence = _("{field} {first}")
    else:
        sentence = _("{field} {first} to {last}")
    text = sentence.format(field=label, first=first, last=last)
    return _("{text} on {day}").format(text=text, day=day) if day else text


STILL_MEMBERS = Condition("status", Operator.IS, IN_FORCE)


@dataclass(frozen=True)
class Selection:
    """Members that meet all conditions of one of the groups, and the search.

    `groups` is a tuple of tuples of Condition, empty for everybody; `unread` are parts of an address that have no
    form to be understood. With any problem a selection finds nobody, rather than more than was meant.
    """

    groups: tuple = ()
    search: str = ""
    unread: tuple = ()

    @classmethod
    def parse(cls, query):
        """The selection in a QueryDict: its parameters `g` and `q`."""
        return cls.read(query.getlist(GROUP), query.get(SEARCH, ""))

    @classmethod
    def read(cls, texts, search=""):
        """The selection of the groups written in `texts`, one each, as in an address."""
        groups, unread = [], []
        for text in texts:
            group = []
            for part in filter(None, (part.strip() for part in text.split(";"))):
                try:
                    group.append(Condition.parse(part))
                except ValueError:
                    unread.append(part)
            if group:
                groups.append(tuple(group))
        return cls(tuple(groups), search.replace("\x00", "").strip(), tuple(unread))

    def written(self):
        """The groups as an address has them: [text]; what could not be read is kept."""
        texts = [";".join(map(str, group)) for group in self.groups]
        return [*texts, ";".join(self.unread)] if self.unread else texts

    def address(self):
        """The query string, without a question mark; "" for everybody."""
        pairs = [(GROUP, text) for text in self.written()]
        if self.search:
            pairs.append((SEARCH, self.search))
        return urlencode(pairs, safe=":,;", quote_via=quote)

    def list_address(self):
        """The address of the member list with this selection."""
        query = self.address()
        return reverse("admin:members_member_changelist") + (f"?{query}" if query else "")

    def problems(self, user):
        """Sentences about what is wrong with the selection for `user`, each once."""
        found = [
            _("“{part}” in the address is not a condition.").format(part=part[:40]) for part in self.unread
        ]
        conditions = [condition for group in self.groups for condition in group]
        if len(conditions) > MOST_CONDITIONS:
            return [*found, _("These are too many conditions.")]
        found += filter(None, (condition.fault(user) for condition in conditions))
        return list(dict.fromkeys(found))

    def q(self, rights, day=None):
        """The groups as a condition on members, on the local date `day` (today if None); nobody with a problem."""
        if self.problems(rights.user):
            return Q(pk__in=[])
        day = day or timezone.localdate()
        found = Q()
        for group in self.groups:
            together = Q()
            for condition in group:
                together &= condition.q(rights, day)
            found |= together
        return found

    def apply(self, queryset, user, day=None):
        """Those of the members of `queryset` whom the selection means, as far as `user` may ask."""
        return queryset.filter(self.q(user.rights, day)).search(self.search[:LONGEST_SEARCH], user)

    def description(self, user):
        """The selection as a sentence: 所属类别为自由职业人员；性别为女. "" for everybody; faults are left out."""
        groups = []
        for group in self.groups:
            parts = [each.description(user) for each in group if each.fault(user) is None]
            if parts:
                groups.append(pgettext("between conditions", "; ").join(parts))
        text = pgettext("between groups of conditions", "; or: ").join(groups)
        if not self.search:
            return text
        searched = _("search “{text}”").format(text=self.search[:LONGEST_SEARCH])
        return pgettext("between conditions", "; ").join(filter(None, [text, searched]))

    def with_condition(self, condition):
        """The selection in which each group has `condition` besides."""
        groups = self.groups or ((),)
        return Selection(tuple((*group, condition) for group in groups), self.search, self.unread)

    def without(self, place, index):
        """The selection less the condition `index` of the group `place`."""
        groups = [list(group) for group in self.groups]
        del groups[place][index]
        return Selection(tuple(map(tuple, filter(None, groups))), self.search, self.unread)


def list_address(*conditions, search=""):
    """The address of the member list with `conditions`, all of which hold."""
    return Selection((conditions,) if conditions else (), search).list_address()
