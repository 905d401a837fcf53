"""Numbers of ballots and votes → who is elected."""

import pytest
from django.utils import translation

from organizations.elections.counting import (
    Ballots,
    Votes,
    ballot_faults,
    decide,
    reason,
    vote_faults,
)
from organizations.meetings.counting import needed as votes_needed
from organizations.models import Contest
from organizations.models.meetings import Share

HALF, TWO_THIRDS = (Share.HALF, "present"), (Share.TWO_THIRDS, "present")
# 30 entitled, 24 present and voting
GOOD = {"entitled": 30, "present": 24, "issued": 24, "returned": 24, "valid": 23, "invalid": 1}


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def ballots(**numbers):
    return Ballots(**GOOD | numbers)


def votes(**in_favour):
    return [Votes(name, name, number) for name, number in in_favour.items()]


@pytest.mark.parametrize(
    ("share", "base", "needed"),
    [
        (HALF, 30, 16),
        (HALF, 31, 16),
        (HALF, 1, 1),
        (HALF, 0, 1),
        (TWO_THIRDS, 30, 20),
        (TWO_THIRDS, 31, 21),
        (TWO_THIRDS, 32, 22),
        (TWO_THIRDS, 33, 22),
        (TWO_THIRDS, 3, 2),
    ],
)
def test_two_thirds_means_at_least_and_half_means_more(share, base, needed):
    assert votes_needed(share[0], base) == needed


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [
        ({}, ""),
        ({"present": 20, "issued": 20, "returned": 20, "valid": 20, "invalid": 0}, ""),
        ({"returned": 22, "valid": 22, "invalid": 0}, ""),
        ({"present": 19, "issued": 19, "returned": 19, "valid": 19, "invalid": 0}, "至少须有20人"),
        ({"present": 31, "issued": 24}, "多于应到"),
        ({"issued": 25}, "每人一张"),
        ({"returned": 25, "valid": 24}, "本次投票无效"),
        ({"valid": 24}, "重新计票"),
        ({"invalid": 0}, "重新计票"),
    ],
)
def test_what_is_wrong_with_the_ballots(numbers, fault):
    found = ballot_faults(ballots(**numbers), quorum=20)

    assert len(found) == bool(fault)
    assert fault in "".join(found)


@pytest.mark.parametrize(
    ("rows", "seats", "faults"),
    [
        ([Votes(1, "甲", 20, 2, 1)], 1, []),
        ([Votes(1, "甲", 20, 3, 1)], 1, ["甲"]),
        ([Votes(1, "甲", 20), Votes(2, "乙", 20)], 2, []),
        ([Votes(1, "甲", 23), Votes(2, "乙", 23)], 2, []),
        ([Votes(1, "甲", 20), Votes(2, "乙", 4)], 1, ["合计得24票"]),
        ([Votes(1, "甲", 24), Votes(2, "乙", 23)], 1, ["甲", "合计得47票"]),
    ],
)
def test_what_is_wrong_with_the_votes(rows, seats, faults):
    found = vote_faults(ballots(), rows, seats=seats)

    assert len(found) == len(faults)
    assert all(fault in sentence for fault, sentence in zip(faults, found, strict=True))


@pytest.mark.parametrize(
    ("counted", "seats", "share", "verdicts"),
    [
        # 24 present: more than half are 13, two thirds 16
        ({"甲": 13}, 1, HALF, {"甲": "elected"}),
        ({"甲": 12}, 1, HALF, {"甲": "too_few"}),
        ({"甲": 16}, 1, TWO_THIRDS, {"甲": "elected"}),
        ({"甲": 15}, 1, TWO_THIRDS, {"甲": "too_few"}),
        ({"甲": 20, "乙": 18, "丙": 14}, 2, HALF, {"甲": "elected", "乙": "elected", "丙": "beyond_seats"}),
        ({"丙": 14, "甲": 20, "乙": 14}, 2, HALF, {"甲": "elected", "乙": "tied", "丙": "tied"}),
        ({"甲": 14, "乙": 14, "丙": 14}, 2, HALF, {"甲": "tied", "乙": "tied", "丙": "tied"}),
        # who ties below the majority is not elected anyway
        ({"甲": 20, "乙": 10, "丙": 10}, 2, HALF, {"甲": "elected", "乙": "too_few", "丙": "too_few"}),
        # a tie that the seats hold is none
        ({"甲": 14, "乙": 14}, 2, HALF, {"甲": "elected", "乙": "elected"}),
        ({}, 1, HALF, {}),
    ],
)
def test_who_is_elected(counted, seats, share, verdicts):
    outcome = decide(ballots(), votes(**counted), seats=seats, share=share)

    assert {key: verdict.value for key, verdict in outcome.verdicts.items()} == verdicts
    assert outcome.vacant == seats - list(verdicts.values()).count("elected")


@pytest.mark.parametrize(
    ("majority", "needed"),
    [("half_present", 13), ("two_thirds_present", 16), ("half_entitled", 16), ("half_valid", 12)],
)
def test_the_majority_is_of_the_right_number(majority, needed):
    assert decide(ballots(), [], seats=1, share=Contest.SHARES[majority]).needed == needed


def test_every_verdict_has_its_reason():
    rows = votes(甲=20, 乙=14, 丙=14, 丁=9)
    outcome = decide(ballots(), rows, seats=2, share=HALF)

    assert [reason(outcome, row, seats=2) for row in rows] == [
        "得票20张，须得13张。",
        "与他人得票相同而名额不足，须再次投票。",
        "与他人得票相同而名额不足，须再次投票。",
        "得票9张，须得13张，未获多数。",
    ]
    beyond = decide(ballots(), votes(甲=20, 乙=14), seats=1, share=HALF)
    assert reason(beyond, votes(乙=14)[0], seats=1) == "已获规定票数，但名额1个已满。"
