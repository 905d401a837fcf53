"""A copy of a roster whose format we cannot write, as .xlsx, with its doubts."""

import re
import tempfile
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange

from members.roster.results import index_of
from members.roster.workbook import Cell

NO_SHEET_NAME = "名册"
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]|^'|'$")
LONGEST_NAME = 31
NARROWEST, WIDEST, REMARKS_WIDTH = 8, 40, 60
MEASURED = 200
"""Rows by which the widths of columns go."""
FIRST_DAY = date(1900, 3, 1)
"""Earlier ones Excel counts otherwise."""
A4 = 9
LIST_WIDTHS = (16, 10, 14, 90)


def write_copy(workbook, job, remarks):
    """An open temporary file: the sheets of a `roster.Workbook` with colours, comments and remarks, and the list.

    `job` is that of `readers.marking.Marking`, `remarks` {name of the sheet: {number of the row: text}}. Rows stand
    where they stood, those of a .csv on their lines, so that the addresses in the sentences are those of the copy.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    # cells of merged areas come out of their order, which only a book held in memory takes
    in_order = not any(source.merged for source in workbook.sheets)
    with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": in_order}) as book:
        formats = _Formats(book, job["colours"])
        for source in workbook.sheets:
            sheet = book.add_worksheet(_sheet_name(source.name, book))
            if source.hidden and len(book.worksheets()) > 1:
                sheet.hide()  # never the first, which a program shows on opening
            notes = job["sheets"].get(source.name, {})
            _write_sheet(sheet, source, notes, remarks.get(source.name, {}), formats)
        _write_list(book.add_worksheet(_sheet_name(job["list"]["name"], book)), job["list"], formats)
    file.seek(0)
    return file


class _Formats:
    """The formats of the book by number format, colour and whether lines break."""

    def __init__(self, book, colours):
        self.book, self.colours, self.made = book, colours, {}

    def get(self, code="", level=None, wrap=False):
        key = code, level, wrap
        if key not in self.made:
            properties = {"num_format": code or "@"}
            if level:
                properties["bg_color"] = f"#{self.colours[level]}"
            if wrap:
                properties |= {"text_wrap": True, "valign": "top"}
            self.made[key] = self.book.add_format(properties)
        return self.made[key]


def _sheet_name(name, book):
    base = FORBIDDEN_IN_NAMES.sub(" ", name).strip()[:LONGEST_NAME] or NO_SHEET_NAME
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base[: LONGEST_NAME - 4]} {number}", number + 1
    return name


def _write_sheet(sheet, source, notes, remarks, formats):
    for area in source.merged:
        _merge(sheet, area, formats.get())
    widths, last = {}, max(map(len, source.rows), default=0)
    notes_of_row = {}
    for address, note in notes.items():
        row, column = _place(address)
        notes_of_row.setdefault(row, {})[column] = note
    for index, cells in enumerate(source.rows):
        row = source.row_number(index) - 1
        own = notes_of_row.get(row, {})
        for column in range(max(len(cells), *(column + 1 for column in own), 0)):
            cell = cells[column] if column < len(cells) else None
            level, text = own.get(column, (None, ""))
            if cell is not None or level:
                _write_cell(sheet, row, column, cell, level, formats)
                if index < MEASURED:
                    widths[column] = max(widths.get(column, 0), _width(cell))
            if text:
                sheet.write_comment(row, column, text, {"x_scale": 2, "y_scale": 1.2})
        if row + 1 in remarks:
            sheet.write_string(row, last, remarks[row + 1], formats.get(wrap=True))
    for column, width in widths.items():
        sheet.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))
    if remarks:
        sheet.set_column(last, last, REMARKS_WIDTH)


def _place(address):
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, index_of(letters)


def _merge(sheet, area, cell_format):
    try:
        sheet.merge_range(*area, "", cell_format)
    except OverlappingRange:
        pass  # the file is broken there; the cells come one by one


def _width(cell):
    """Characters that the longest line of a cell takes, a Chinese one for two."""
    value = cell.value if isinstance(cell, Cell) else cell
    lines = str("" if value is None else value).splitlines() or [""]
    return max(sum(2 if character > "\u2e80" else 1 for character in line) for line in lines)


def _write_cell(sheet, row, column, cell, level, formats):
    """A cell as what it was: numbers with their format, since what they show is what was read."""
    value, code = (cell.value, cell.format) if isinstance(cell, Cell) else (cell, "")
    if isinstance(cell, Cell) and cell.error:
        sheet.write_formula(row, column, f"={cell.error}", formats.get("General", level), cell.error)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, formats.get("General", level))
    elif isinstance(value, date) and (value.date() if isinstance(value, datetime) else value) < FIRST_DAY:
        sheet.write_string(row, column, value.isoformat(), formats.get(level=level))
    elif isinstance(value, (date, time)):
        sheet.write_datetime(row, column, value, formats.get(code or "yyyy-mm-dd", level))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, formats.get(code or "General", level))
    elif value is None:
        sheet.write_blank(row, column, None, formats.get(level=level))
    else:
        sheet.write_string(row, column, value, formats.get(level=level))


def _write_list(sheet, wanted, formats):
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(LIST_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, wanted["title"])
    row = 1
    for level, label in wanted["legend"]:
        sheet.write_string(row, 0, label, formats.get(level=level))
        row += 1
    for column, label in enumerate(wanted["header"]):
        sheet.write_string(row + 1, column, label)
    row += 2
    for name, address, level, label, text in wanted["rows"]:
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, address)
        sheet.write_string(row, 2, label, formats.get(level=level))
        sheet.write_string(row, 3, text, formats.get(wrap=True))
        row += 1
    for note in wanted["notes"]:
        sheet.write_string(row, 0, note)
        row += 1
