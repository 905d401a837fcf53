"""Files too long for memory are read as others are, piece by piece."""

import csv
from pathlib import Path

import pytest

from members.roster.reading import read_roster
from members.roster.spool import Spool, SpooledLines, SpooledList
from members.roster.workbook import Sheet, UnreadableFile, Workbook, read_workbook
from tests.members.roster.books import TODAY

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "rosters"
N = None


def as_read(workbook):
    """All that reading a workbook yields, and the rows' marks that its JSON leaves out."""
    roster = read_roster(workbook, today=TODAY)
    sheets = [
        sheet.to_json(list(sheet.rows)) | {"look": sheet.look, "columns": sheet.columns}
        for sheet in roster.sheets
    ]
    return roster.row_count, sheets


@pytest.mark.parametrize(
    "path",
    sorted(path for path in SAMPLES.iterdir() if path.suffix in (".xlsx", ".xls", ".ods", ".csv")),
    ids=lambda path: path.name,
)
def test_sample_is_the_same_piece_by_piece(path):
    assert as_read(read_workbook(path, in_memory=0)) == as_read(read_workbook(path))


def test_pieces_of_a_long_list_are_one(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["姓名", "手机", "单位", "职务"])
        for number in range(5000):
            name = "张" + chr(0x4E00 + number % 3000) + chr(0x4E00 + number % 1700)
            rows.writerow([name, f"138{number % 4900:08}", "甲公司" if number % 3 else "同上", "同上"])

    whole, pieces = read_workbook(path), read_workbook(path, in_memory=1000)

    assert (whole.is_spooled, pieces.is_spooled) == (False, True)
    count, sheets = as_read(pieces)
    assert (count, sheets) == as_read(whole)
    assert count == 5000
    roster = read_roster(pieces, today=TODAY)
    assert [row.row for _sheet, row in roster.rows if row.messages] == []


def test_the_same_person_far_apart_is_found(tmp_path):
    path = tmp_path / "twice.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["姓名", "手机", "单位"])
        for number in range(3000):
            rows.writerow([f"张{chr(0x4E00 + number)}", f"138{number:08}", "甲公司"])
        rows.writerow(["张一", "13800000000", "甲公司"])
        rows.writerow(["张丁", "13800000001", "乙公司"])

    roster = read_roster(read_workbook(path, in_memory=1000), today=TODAY)

    marked = {row.row: (row.error, row.merged_into) for _sheet, row in roster.rows if row.messages}
    assert marked == {3: (True, N), 3002: (False, (0, 2)), 3003: (True, N)}


def test_many_repeats_of_one_person_take_no_time_worth_speaking_of():
    rows = [["姓名", "手机", "单位"], *(["张三", "13800000001", f"{number}公司"] for number in range(10_000))]

    (sheet,) = read_roster(Workbook("xlsx", N, [Sheet("Sheet1", rows=rows)]), today=TODAY).sheets

    assert all(row.error for row in sheet.rows)
    assert sheet.rows[0].messages[0].params["fields"] == ["工作单位"]


def test_damage_in_a_piece_is_told_when_it_is_met(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("姓名\n张三\n")
    (sheet,) = read_workbook(path, in_memory=0).sheets
    sheet.rows.add(b'["rows",2,[["only one"]]]', 2)

    with pytest.raises(UnreadableFile, match=r"roster\.csv"):
        list(sheet.rows)


def test_lists_in_a_spool():
    lines = SpooledLines(Spool(), lambda piece, count: [int(piece) + place for place in range(count)])
    for start in range(0, 60, 10):
        lines.add(str(start).encode(), 10)

    assert (len(lines), list(lines), lines[-1], lines[5:12], lines[33]) == (
        60,
        list(range(60)),
        59,
        list(range(5, 12)),
        33,
    )
    with pytest.raises(IndexError):
        lines[60]


def test_growing_list_in_a_spool():
    entries = SpooledList(piece=10, pack=str, unpack=int)
    entries.extend(range(25))

    assert (len(entries), list(entries)) == (25, list(range(25)))
    assert list(entries.pick([0, 9, 10, 24])) == [(0, 0), (9, 9), (10, 10), (24, 24)]


def test_a_hundred_thousand_merged_areas_take_no_time_worth_speaking_of():
    # every area reaches to the end, which no program writes; the one that begins last above a row is meant
    rows = [["姓名", "手机", "单位"], ["张三", "13800000001", "甲公司"], *([["张三"], ["李四"]] * 5000)]
    merged = [(1 + number % 10_000, 2, 10_001, 2) for number in range(100_000)]

    (sheet,) = read_roster(
        Workbook("xlsx", N, [Sheet("Sheet1", rows=rows, merged=merged)]), today=TODAY
    ).sheets

    assert len(sheet.rows) + len(sheet.skipped) == 10_001
