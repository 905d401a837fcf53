"""From a workbook to the people in it: tables and forms found, cells understood, doubts told."""

from members.roster.cells import Settings
from members.roster.duplicates import mark_duplicates
from members.roster.forms import read_forms
from members.roster.groups import Groups
from members.roster.headers import header_key
from members.roster.layout import Grid, find_table
from members.roster.results import Roster, SheetReading, Skipped
from members.roster.rows import TITLE
from members.roster.tables import TableReader


def read_roster(workbook, *, today, sheet=None, mapping=None):
    """Read the people of a `workbook.Workbook` as a `results.Roster`.

    `today` is the local date against which ages and dates are checked. `sheet` names the one sheet to read, even
    if it is hidden; the others are only listed. `mapping` is what staff chose for headers nobody knew: field key,
    or None to leave the column out, by header (as written, or its `header_key`) or by column letter.
    """
    settings = Settings(today, bool(workbook.properties.get("date1904")))
    mapping = {_mapping_key(header): field for header, field in (mapping or {}).items()}
    roster = Roster(workbook.format, workbook.encoding)
    for source in workbook.sheets:
        reading = SheetReading(source.name, source.hidden)
        roster.sheets.append(reading)
        wanted = source.name.strip() == sheet.strip() if sheet else not source.hidden
        if wanted and source.kind == "worksheet" and source.rows:
            _read_sheet(source, reading, settings, mapping)
    mark_duplicates(roster)
    return roster


def _mapping_key(header):
    is_letter = header.isascii() and header.isalpha() and header.isupper() and len(header) <= 3
    return header if is_letter else header_key(header)


def _read_sheet(source, reading, settings, mapping):
    """Read one sheet into `reading`."""
    grid = Grid(source)
    if read_forms(grid, source, reading, settings):
        return
    table = find_table(grid)
    if table is None:
        return
    for row in range(table.header_rows.start):
        if grid.filled(row):
            reading.skipped.append(Skipped(source.row_number(row), TITLE))
    groups = Groups(source.name)
    while table is not None:
        table = TableReader(table, grid, source, reading, settings, groups, mapping).read()
