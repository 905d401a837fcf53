"""Members who are probably one person: found by what two records share, each pair with the reasons for it.

The database groups the records by keys (the same identity number, mobile number, month of birth with the same sound of
the name …) and answers with the groups that have more than one; only their members are read and compared. So the cost
follows the number of records once, and never that of their pairs.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from django.db.models import Aggregate, CharField, Count, Exists, OuterRef, Q, TextChoices
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _

from members.models import DistinctPair, Member
from members.variants import standard

# groups of one kind looked through, and records of a group that are compared each with each
MOST_GROUPS, MOST_EACH_WITH_EACH = 3_000, 8
# rows read where grouping is not the database's
MOST_ROWS = 20_000
# characters of a name from which on one of them may differ
SHORTEST_ALIKE = 3
# places of a name of which one may be left out to find those alike; longer names are compared by sound only
PLACES = 4
MONTH = len("1985-06")


class Reason(TextChoices):
    """Why two records are listed, the strongest first; the labels are sentences."""

    IDENTITY = "identity", _("Both have the same identity number.")
    MOBILE = "mobile", _("Same name and same mobile number.")
    BIRTH = "birth", _("Same name, and the dates of birth agree.")
    ALIKE_MOBILE = "alike_mobile", _("Alike names and the same mobile number.")
    VARIANT_BIRTH = (
        "variant_birth",
        _("The name in other characters or the former one, and the dates of birth agree."),
    )
    EMPLOYER = "employer", _("Same name and same employer.")
    FORMER = "former", _("The former name of one is the name of the other, with the same employer.")
    VARIANT = "variant", _("The name in traditional or variant characters, with the same employer.")
    SOUND = "sound", _("Names that sound the same, with the same employer.")
    CHARACTER = "character", _("Names that differ in one character, with the same employer.")


STRENGTH = {reason: place for place, reason in enumerate(Reason.values)}


class Record(NamedTuple):
    """What of a member is compared."""

    pk: int
    association_id: int
    name: str
    former_name: str
    pinyin: str
    birth: str
    mobile: str
    second_mobile: str
    employer_id: int | None
    id_kind: str
    id_digest: str | None

    @property
    def mobiles(self):
        return {self.mobile, self.second_mobile} - {""}


@dataclass(frozen=True)
class Pair:
    one: int
    """Key of a member, the lower one of the two."""
    other: int
    reasons: tuple
    """Values of Reason, the strongest first."""

    @property
    def sentences(self):
        return [Reason(reason).label for reason in self.reasons]


@dataclass(frozen=True)
class Found:
    pairs: list
    """Pairs, the strongest first."""
    is_capped: bool
    """Whether there were more groups than are looked through."""


class _Keys(Aggregate):
    """The keys of the rows of a group as ``3,17``."""

    output_field = CharField()

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT")

    def as_postgresql(self, compiler, connection):
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template)


def find_pairs(associations, reason=None):
    """The `Found` among the members of `associations` (ids); with `reason` those that have it among others.

    Pairs noted as two persons are left out. A few statements, whatever the number of members.
    """
    members = Member.objects.named().filter(association__in=associations)
    groups, is_capped = [], False
    for search in _SEARCHES[reason] if reason else _ALL:
        found = search(members)
        is_capped = is_capped or len(found) > MOST_GROUPS
        groups += found[:MOST_GROUPS]
    ids = sorted({pk for group in groups for pk in group})
    rows = {row.pk: row for row in _records(members.filter(pk__listed=ids))}
    distinct = set(DistinctPair.objects.filter(one__association__in=associations).values_list("one", "other"))
    candidates = {pair for group in groups for pair in _pairs_of(group, rows)} - distinct
    pairs = [_compare(rows[one], rows[other]) for one, other in candidates]
    wanted = [pair for pair in pairs if pair.reasons and (reason is None or reason in pair.reasons)]
    return Found(_strongest_first(wanted), is_capped)


def pairs_with(member, associations):
    """The Pairs of `member` with others of `associations` (ids), the strongest first; one statement.

    Found by what an index leads to: who has the name as a former one is found from that side alone, unless the two
    share something else.
    """
    others = Member.objects.named().filter(association__in=associations)
    names = [name for name in (member.name, member.former_name) if name]
    shared = [others.filter(name__in=names)]
    if member.pinyin:
        shared.append(others.filter(pinyin=member.pinyin))
    if mobiles := [mobile for mobile in (member.mobile, member.second_mobile) if mobile]:
        shared.append(others.filter(mobile__in=mobiles))
    if member.id_digest:
        shared.append(others.filter(id_digest=member.id_digest))
    if member.employer_id:
        shared.append(others.filter(employer=member.employer_id))
    marked = DistinctPair.objects.filter(
        Q(one=member, other=OuterRef("pk")) | Q(one=OuterRef("pk"), other=member)
    )
    found = Member.objects.filter(~Exists(marked), pk__among=[rows.values("pk") for rows in shared])
    mine = Record(*(getattr(member, name) for name in Record._fields))
    pairs = [_compare(mine, row) for row in _records(found.exclude(pk=member.pk))]
    return _strongest_first([pair for pair in pairs if pair.reasons])


def _records(members):
    return [Record(*values) for values in members.order_by().values_list(*Record._fields)]


def _strongest_first(pairs):
    return sorted(pairs, key=lambda pair: ([STRENGTH[each] for each in pair.reasons], pair.one, pair.other))


# -- the groups


def _grouped(rows, *keys):
    """[[ids]] of the groups of `rows` that agree in `keys`, of two and more."""
    found = (
        rows.order_by()
        .values(*keys)
        .annotate(ids=_Keys("pk"), members=Count("pk"))
        .filter(members__gt=1)
        .order_by(*keys)
        .values_list("ids", flat=True)
    )
    return [_ids(text) for text in found[: MOST_GROUPS + 1]]


def _ids(text):
    return sorted({int(pk) for pk in text.split(",")})


def _by_identity(members):
    return _grouped(members.filter(id_digest__isnull=False), "id_digest")


def _by_mobile(members):
    return _grouped(members.exclude(mobile=""), "mobile", "pinyin")


def _by_mobile_alone(members):
    return _grouped(members.exclude(mobile=""), "mobile")


def _by_second_mobile(members):
    """Who has as second mobile what another has as the first, or as the second too."""
    seconds = members.exclude(second_mobile="")
    either = members.filter(mobile__in=seconds.values("second_mobile")).order_by().values_list("mobile", "pk")
    rows = either.union(seconds.order_by().values_list("second_mobile", "pk"), all=True)
    groups = {}
    for mobile, pk in rows[:MOST_ROWS]:
        groups.setdefault(mobile, set()).add(pk)
    return [sorted(group) for group in groups.values() if len(group) > 1][: MOST_GROUPS + 1]


def _by_birth(members):
    known = members.annotate(length=Length("birth")).filter(length__gte=MONTH)
    return _grouped(known.annotate(month=Substr("birth", 1, MONTH)), "month", "pinyin")


def _by_sound(members):
    return _grouped(members.filter(employer__isnull=False), "employer_id", "pinyin")


def _by_former_name(members):
    """Whose former name another one has who shares something else too; few records have a former name at all."""
    columns = ("pk", "former_name", "name", "employer", "mobile", "birth")
    renamed = list(members.exclude(former_name="").order_by("pk").values_list(*columns)[:MOST_ROWS])
    names = sorted({row[1] for row in renamed})
    namesakes = {}
    for row in members.filter(name__listed=names).order_by("pk").values_list(*columns)[:MOST_ROWS]:
        namesakes.setdefault(row[2], []).append(row)
    return [
        sorted((row[0], other[0]))
        for row in renamed
        for other in namesakes.get(row[1], ())
        if row[0] != other[0] and _share_something(row[3:], other[3:])
    ][: MOST_GROUPS + 1]


def _share_something(one, other):
    """Whether two (employer, mobile, birth) agree in any of it."""
    return any(a and a == b for a, b in zip(one[:2], other[:2], strict=True)) or _births_agree(
        one[2], other[2]
    )


def _by_character(place):
    """The search for names of one employer that differ in the character at `place` alone."""

    def search(members):
        rows = (
            members.filter(employer__isnull=False)
            .annotate(length=Length("name"), after=Substr("name", place + 1))
            .filter(length__gte=max(SHORTEST_ALIKE, place), length__lte=PLACES)
        )
        if place == 1:
            return _grouped(rows, "employer_id", "length", "after")
        rows = rows.annotate(before=Substr("name", 1, place - 1))
        return _grouped(rows, "employer_id", "length", "before", "after")

    return search


_BY_CHARACTER = [_by_character(place) for place in range(1, PLACES + 1)]
_MOBILES = (_by_mobile, _by_second_mobile, _by_mobile_alone)
_ALL = (_by_identity, *_MOBILES, _by_birth, _by_sound, _by_former_name, *_BY_CHARACTER)
# where pairs of a reason are found
_SEARCHES = {
    Reason.IDENTITY: (_by_identity,),
    Reason.MOBILE: (_by_mobile, _by_second_mobile),
    Reason.BIRTH: (_by_birth,),
    Reason.ALIKE_MOBILE: _MOBILES,
    Reason.VARIANT_BIRTH: (_by_birth, _by_former_name),
    Reason.EMPLOYER: (_by_sound,),
    Reason.FORMER: (_by_former_name,),
    Reason.VARIANT: (_by_sound, *_BY_CHARACTER),
    Reason.SOUND: (_by_sound,),
    Reason.CHARACTER: _BY_CHARACTER,
}


def _pairs_of(group, rows):
    """Pairs of ids out of a group; of a large one those whose names sound or are alike, each with the first of them."""
    group = [pk for pk in group if pk in rows]
    if len(group) <= MOST_EACH_WITH_EACH:
        yield from combinations(group, 2)
        return
    alike = {}
    for pk in group:
        alike.setdefault(rows[pk].pinyin or standard(rows[pk].name), []).append(pk)
    for first, *others in alike.values():
        for other in others:
            yield first, other


# -- the reasons


def _compare(one, other):
    one, other = sorted((one, other), key=lambda record: record.pk)
    return Pair(one.pk, other.pk, tuple(reason.value for reason in _reasons(one, other)))


def _reasons(one, other):
    """The reasons to take the Records for one person, the strongest first.

    Two numbers of one kind of document are two persons, unless name and mobile number say otherwise: then one of the
    numbers may be wrong.
    """
    if one.id_digest and one.id_digest == other.id_digest:
        yield Reason.IDENTITY
    is_contradicted = one.id_digest and other.id_digest and one.id_kind == other.id_kind
    is_contradicted = is_contradicted and one.id_digest != other.id_digest
    same_mobile = bool(one.mobiles & other.mobiles)
    if one.name == other.name and same_mobile:
        yield Reason.MOBILE
    if is_contradicted:
        return
    same_birth = _births_agree(one.birth, other.birth)
    same_employer = one.employer_id is not None and one.employer_id == other.employer_id
    if one.name == other.name:
        if same_birth:
            yield Reason.BIRTH
        if same_employer:
            yield Reason.EMPLOYER
        return
    kind = _alike(one, other)
    if kind and same_mobile:
        yield Reason.ALIKE_MOBILE
    if kind in (Reason.VARIANT, Reason.FORMER) and same_birth:
        yield Reason.VARIANT_BIRTH
    if kind and same_employer:
        yield kind


def _births_agree(one, other):
    """The same date as far as both know it, at least to the month."""
    shorter = min(len(one), len(other))
    return shorter >= MONTH and one[:shorter] == other[:shorter]


def _alike(one, other):
    """How two different names are alike, a Reason; None if they are not."""
    if one.name == other.former_name or other.name == one.former_name:
        return Reason.FORMER
    first, second = standard(one.name), standard(other.name)
    if first == second:
        return Reason.VARIANT
    if one.pinyin and one.pinyin == other.pinyin:
        return Reason.SOUND
    if len(first) == len(second) >= SHORTEST_ALIKE:
        differing = sum(a != b for a, b in zip(first, second, strict=True))
        if differing == 1:
            return Reason.CHARACTER
    return None
