"""From a workbook to the people in it: tables and forms found, cells understood, doubts told."""

from functools import partial

from members.roster.cells import Settings
from members.roster.contract import DOUBTS_TITLE
from members.roster.decisions import NO_HEADER, ColumnChoices, Decisions, taught
from members.roster.duplicates import identity, mark_duplicates
from members.roster.forms import read_forms
from members.roster.groups import Groups
from members.roster.layout import Grid, find_table, headless_table, table_at
from members.roster.looking import first_rows
from members.roster.results import Roster, RowStore, SheetReading
from members.roster.rows import TITLE
from members.roster.tables import TableReader
from members.roster.vocabulary import MEMBERS


def read_roster(workbook, *, today, sheet=None, decisions=None, vocabulary=MEMBERS, tell=None):
    """Read the people of a `workbook.Workbook` as a `results.Roster`.

    `today` is the local date against which ages and dates are checked. `sheet` names the one sheet to read, even
    if it is hidden; the others are only listed. `decisions` are the `decisions.Decisions` of staff, `vocabulary` what
    this kind of sheet speaks of. `tell` is that of `cells.Settings`.
    """
    decisions = decisions or Decisions()
    vocabulary = taught(decisions.headers, vocabulary)
    settings = Settings(today, bool(workbook.properties.get("date1904")), vocabulary, tell)
    roster = Roster(workbook.format, workbook.encoding, is_stored=workbook.is_spooled)
    for source in workbook.sheets:
        if source.rows and source.rows[0][:1] == [DOUBTS_TITLE]:
            continue
        reading = SheetReading(source.name, source.hidden, look=first_rows(source))
        if roster.is_stored:
            reading.rows = RowStore(partial(identity, person=vocabulary.person))
        roster.sheets.append(reading)
        decision = decisions.of_sheet(source.name)
        if sheet:
            wanted = source.name.strip() == sheet.strip()
        else:
            wanted = not source.hidden if decision.is_read is None else decision.is_read
        if wanted and source.kind == "worksheet" and source.rows:
            choices = ColumnChoices(decision.columns, vocabulary)
            _read_sheet(source, reading, settings, decision.header_row, choices)
    if vocabulary.stands_once:
        mark_duplicates(roster, vocabulary)
    return roster


def _read_sheet(source, reading, settings, header_row, choices):
    """Read one sheet into `reading`. `header_row` is that of the sheet's `decisions.SheetDecision`."""
    grid = Grid(source, settings.vocabulary)
    table = _decided_table(grid, source, header_row)
    if table is None:
        if read_forms(grid, source, reading, settings):
            return
        table = find_table(grid)
    if table is None:
        return
    for row in range(table.header_rows.start):
        if grid.filled(row):
            reading.skip(source.row_number(row), TITLE, grid.rows[row])
    groups = Groups(source.name, settings.vocabulary.fields)
    while table is not None:
        table = TableReader(table, grid, source, reading, settings, groups, choices).read()


def _decided_table(grid, source, header_row):
    """The Table whose header staff pointed at; None if they did not, or at a row that is not there."""
    if header_row is None:
        return None
    if header_row == NO_HEADER:
        return headless_table(grid)
    row = source.row_index(header_row)
    return None if row is None else table_at(grid, row)
