"""Member numbers: by the pattern, without gaps that matter, never given twice."""

import datetime as dt

import pytest
from django.urls import reverse

from members.merging import merge_members
from members.models import Member, NumberSeries
from members.numbers import assign_number, next_number
from members.rights import Role
from organizations.models import Association
from organizations.number_patterns import NotAPattern, NumberPattern
from tests.make import make_association, make_member
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 20)


@pytest.fixture
def home():
    return make_association(number_pattern="JJ{year}{serial:04}")


def test_numbers_follow_each_other_by_year(home):
    numbers = [assign_number(make_member(), on=DAY) for _ in range(2)]
    numbers.append(assign_number(make_member(), on=dt.date(2027, 1, 1)))

    assert numbers == ["JJ20260001", "JJ20260002", "JJ20270001"]
    assert set(Member.objects.values_list("number", flat=True)) == set(numbers)


def test_numbers_that_rosters_brought_are_respected(home):
    make_member(number="JJ20260041")
    make_member(number="旧0099")
    assert next_number(home, on=DAY) == "JJ20260042"

    assert assign_number(make_member(), on=DAY) == "JJ20260042"


def test_a_number_once_given_is_not_given_again(home):
    gone = make_member()
    assign_number(gone, on=DAY)
    gone.delete()

    assert assign_number(make_member(), on=DAY) == "JJ20260002"


def test_who_had_a_number_gets_it_back(home):
    member = make_member()
    assign_number(member, on=DAY)
    member.number = ""
    member.save()
    other = make_member()

    assert (assign_number(other, on=DAY), assign_number(member, on=DAY)) == ("JJ20260002", "JJ20260001")
    assert NumberSeries.objects.get().last == 2


def test_who_has_a_number_keeps_it_and_without_pattern_there_is_none(home):
    assert assign_number(make_member(number="7"), on=DAY) == "7"
    Association.objects.update(number_pattern="")
    assert (assign_number(make_member(), on=DAY), next_number(Association.objects.get(), on=DAY)) == ("", "")


def test_a_pattern_without_a_year_counts_on():
    make_association(number_pattern="{serial:03}")

    numbers = [assign_number(make_member(), on=dt.date(year, 1, 1)) for year in (2025, 2026)]

    assert numbers == ["001", "002"]


def test_associations_count_for_themselves(home):
    other = make_association(number_pattern="JJ{year}{serial:04}")

    assign_number(make_member(association=home), on=DAY)

    assert assign_number(make_member(association=other), on=DAY) == "JJ20260001"


@pytest.mark.parametrize(
    "text", ["JJ", "{year}", "{serial}{serial}", "{name}", "{serial!r}", "{serial:>4}", "{serial", "{}", "}"]
)
def test_what_is_no_pattern(text):
    with pytest.raises(NotAPattern):
        NumberPattern.read(text)


def test_a_pattern_reads_its_own_numbers():
    pattern = NumberPattern.read("新{{{year}}}-{serial:02}号")

    assert pattern.number(year=2026, serial=7) == "新{2026}-07号"
    assert pattern.serial_of("新{2026}-123号", year=2026) == 123
    assert pattern.serial_of("新{2025}-07号", year=2026) is None


def test_the_number_of_a_record_deleted_or_merged_is_not_given_again(client, home):
    manager = sign_in(client, Role.MANAGER, home)
    deleted = make_member(number="JJ20260007")
    client.post(reverse("admin:members_member_delete", args=[deleted.pk]), {"post": "yes"})
    assert next_number(home, on=DAY) == "JJ20260008"
    gone, kept = make_member(number="JJ20260009"), make_member(number="JJ20260001")

    merge_members(gone, into=kept, taken=[], seen={gone.pk: 1, kept.pk: 1}, actor=manager)

    assert next_number(home, on=DAY) == "JJ20260010"
