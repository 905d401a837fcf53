"""Small rosters made in memory."""

import datetime as dt

from members.roster.reading import read_roster
from members.roster.workbook import Sheet, Workbook

TODAY = dt.date(2026, 11, 21)


def read(rows, *, merged=(), name="Sheet1", **kwargs):
    """The SheetReading of one sheet with these rows; `merged` as in `workbook.Sheet`."""
    return read_sheets(Sheet(name, rows=rows, merged=list(merged)), **kwargs).sheets[0]


def read_sheets(*sheets, **kwargs):
    return read_roster(Workbook("xlsx", None, list(sheets)), today=TODAY, **kwargs)


def fields(reading):
    """{header: field} of the columns that have one."""
    return {column.header: column.field for column in reading.columns if column.field}


def values(reading):
    return [row.values for row in reading.rows]


def skipped(reading):
    return [(each.row, each.kind) for each in reading.skipped]


def told(messages):
    """(cell, level, code) of messages."""
    return [(message.cell, message.level, message.code) for message in messages]


def read_cells(header, *cells):
    """Rows of persons A, B … with one column of this header: [(values without the name, messages)]."""
    reading = read(
        [["姓名", header], *([f"张{'甲乙丙丁戊己庚辛'[place]}", cell] for place, cell in enumerate(cells))]
    )
    return [
        ({key: value for key, value in row.values.items() if key != "name"}, told(row.messages))
        for row in reading.rows
    ]


def read_cell(header, cell):
    return read_cells(header, cell)[0]
