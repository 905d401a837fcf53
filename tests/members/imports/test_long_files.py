"""A file too long for memory is matched part by part, as if it were one."""

import csv
import io

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.imports.pipeline import preview_file
from members.imports.preview import PART
from members.models import EmployerAlias
from members.roster.workbook import IN_MEMORY
from tests.make import make_association, make_employer, make_member

pytestmark = pytest.mark.django_db
HEADER = ["姓名", "手机", "备用手机", "会员编号", "工作单位"]


def long_file(*last, first=()):
    """A .csv file of `first`, people nobody knows until it is too long for memory, and `last`."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADER)
    rows.writerows(first)
    strangers = IN_MEMORY + 1 - len(first) - len(last)
    rows.writerows([f"李{chr(0x4E00 + number)}", f"139{number:08}"] for number in range(strangers))
    rows.writerows(last)
    return ContentFile(text.getvalue().encode())


def preview(association, file):
    return preview_file(file, file_name="long.csv", association=association, actor=None)


def test_rows_of_different_parts_do_not_get_the_same_member_or_number():
    association = make_association()
    member = make_member(association=association, name="张三", mobile="13800000001", number="A1")
    file = long_file(
        ["张三", "13800000002", "13800000001"],
        ["王五", "13800000003", "", "N7"],
        first=[["张三", "13800000001", "", "A1"], ["赵六", "13800000004", "", "N7"]],
    )

    batch = preview(association, file)

    assert IN_MEMORY > PART
    assert {key: value for key, value in batch.counts.items() if value} == {
        "rows": IN_MEMORY + 1,
        "new": IN_MEMORY - 1,
        "unchanged": 1,
        "question": 1,
        "doubtful": 2,
    }
    rows = list(batch.rows.filter(position__in=[0, 1, IN_MEMORY - 1, IN_MEMORY]).order_by("position"))
    assert [(row.row, row.outcome, row.member_id) for row in rows] == [
        (2, "unchanged", member.pk),
        (3, "new", None),
        (IN_MEMORY + 1, "question", None),
        (IN_MEMORY + 2, "new", None),
    ]
    told = [[message["code"] for message in row.content()["messages"]] for row in rows]
    assert told == [[], [], ["ambiguous_match"], ["number_taken"]]
    assert "number" not in rows[-1].content()["values"]


def test_a_merged_spelling_is_known_in_every_part():
    association = make_association()
    employer = make_employer(association=association, name="甲公司")
    EmployerAlias.objects.create(association=association, name="甲厂", employer=employer)

    batch = preview(association, long_file(["王五", "13800000003", "", "", "甲厂"]))

    assert batch.rows.get(position=IN_MEMORY).content()["values"]["employer"] == "甲公司"


def test_statements_grow_by_one_for_each_part():
    association = make_association()
    preview(association, long_file())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        preview(association, long_file())

    assert len(queries) <= 20 + IN_MEMORY / PART
