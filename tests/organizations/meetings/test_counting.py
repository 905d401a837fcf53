"""Quorum and majority as tables: facts → answer, on both sides of every boundary."""

import pytest

from organizations.meetings.counting import faults, needed, passed, quorum
from organizations.meetings.numbering import in_chinese


@pytest.mark.parametrize(
    ("share", "whole", "number"),
    [
        # more than half: of an even number one above the half
        ("1/2", 1, 1), ("1/2", 2, 2), ("1/2", 3, 2), ("1/2", 4, 3), ("1/2", 20, 11), ("1/2", 21, 11),
        ("1/2", 500, 251),
        # at least two thirds
        ("2/3", 1, 1), ("2/3", 2, 2), ("2/3", 3, 2), ("2/3", 4, 3), ("2/3", 5, 4), ("2/3", 6, 4), ("2/3", 21, 14),
        ("2/3", 22, 15), ("2/3", 139, 93), ("2/3", 500, 334), ("2/3", 30000, 20000), ("2/3", 30001, 20001),
        ("3/4", 4, 3), ("3/4", 5, 4), ("3/4", 21, 16), ("4/5", 5, 4), ("4/5", 6, 5), ("1/1", 7, 7),
        ("any", 7, 1), ("any", 0, 1), ("2/3", 0, 1),
    ],
)  # fmt: skip
def test_how_many_are_needed(share, whole, number):
    assert needed(share, whole) == number


@pytest.mark.parametrize(
    ("entitled", "present", "share", "reached", "missing"),
    [
        (21, 14, "2/3", True, 0), (21, 13, "2/3", False, 1), (22, 14, "2/3", False, 1), (22, 15, "2/3", True, 0),
        (20, 10, "1/2", False, 1), (20, 11, "1/2", True, 0), (21, 10, "1/2", False, 1), (21, 11, "1/2", True, 0),
        (7, 0, "2/3", False, 5), (0, 0, "2/3", False, 1), (0, 0, "any", False, 1), (3, 1, "any", True, 0),
    ],
)  # fmt: skip
def test_quorum(entitled, present, share, reached, missing):
    found = quorum(entitled, present, share)

    assert (found.reached, found.missing) == (reached, missing)


@pytest.mark.parametrize(
    ("in_favour", "against", "present", "entitled", "majority", "base", "answer"),
    [
        # council: 2/3 of those present
        (10, 5, 15, 21, "2/3", "present", True), (9, 5, 15, 21, "2/3", "present", False),
        (10, 0, 16, 21, "2/3", "present", False), (11, 0, 16, 21, "2/3", "present", True),
        # assembly: more than half of those present; a tie does not pass
        (47, 46, 93, 139, "1/2", "present", True), (46, 47, 93, 139, "1/2", "present", False),
        (47, 47, 94, 139, "1/2", "present", False), (48, 46, 94, 139, "1/2", "present", True),
        # party branch: more than half of those entitled, however few are there
        (5, 0, 6, 10, "1/2", "entitled", False), (6, 0, 6, 10, "1/2", "entitled", True),
        (5, 1, 6, 9, "1/2", "entitled", True),
        # of the votes cast: abstaining does not count
        (3, 2, 10, 12, "1/2", "cast", True), (2, 2, 10, 12, "1/2", "cast", False),
        (0, 0, 10, 12, "1/2", "cast", False), (0, 0, 0, 0, "2/3", "present", False),
        (7, 0, 7, 7, "1/1", "entitled", True), (6, 0, 7, 7, "1/1", "entitled", False),
    ],
)  # fmt: skip
def test_passed(in_favour, against, present, entitled, majority, base, answer):
    found = passed(
        in_favour, against=against, present=present, entitled=entitled, majority=majority, majority_of=base
    )

    assert found is answer


@pytest.mark.parametrize(
    ("votes", "present", "entitled", "number"),
    [((10, 3, 2), 15, 21, 0), ((10, 3, 3), 15, 21, 1), ((0, 0, 0), 0, 0, 0), ((1, 0, 0), 3, 2, 1),
     ((9, 0, 0), 3, 2, 2)],
)  # fmt: skip
def test_faults_of_a_vote(votes, present, entitled, number):
    in_favour, against, abstained = votes

    found = faults(in_favour, against=against, abstained=abstained, present=present, entitled=entitled)

    assert len(found) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"), (3, "三"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一"), (100, "一百"),
        (105, "一百零五"), (110, "一百一十"), (112, "一百一十二"), (1001, "一千零一"), (2026, "二千零二十六"),
    ],
)  # fmt: skip
def test_numbers_of_titles(number, text):
    assert in_chinese(number) == text
