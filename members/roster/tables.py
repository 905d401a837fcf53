"""The rows below a header: which are people, and what the others are."""

from members.roster import rows as kinds
from members.roster.cells import text_of, text_of_value, value_of
from members.roster.columns import settle
from members.roster.layout import is_header, is_label, matches_header, read_table
from members.roster.messages import WARNING, Message
from members.roster.people import PersonReader
from members.roster.results import Column, Skipped, letter
from members.roster.workbook import Cell

# Fields that a column's cells may fill besides its own.
_ALSO = {
    "mobile": ("second_mobile", "office_phone", "wechat"),
    "political_status": ("second_party",),
    "education": ("degree",),
    "full_time_education": ("full_time_degree",),
    "in_service_education": ("in_service_degree",),
}
_DITTOS = ("同上", "〃")
# A merged cell wider than this is a heading or a note, not one value for several people.
_WIDEST_VALUE = 6


class TableReader:
    """Reads one table of a sheet into its SheetReading."""

    def __init__(self, table, grid, source, reading, settings, groups, mapping):
        self.table = table
        self.grid = grid
        self.source = source
        self.reading = reading
        self.groups = groups
        self.rows, self.filled_down = _filled_down(grid, table.first_row)
        self.titles = {
            text for row in range(table.header_rows.start) for _column, text in grid.filled(row) if text
        }
        claims = [[each.index for each in block if each.meaning.field == "name"] for block in table.blocks]
        messages, aside = settle(table, self.rows[table.first_row :], mapping, self._address)
        reading.messages.extend(messages)
        reading.header_rows.extend(source.row_number(row) for row in table.header_rows)
        reading.columns.extend(map(_reported, table.columns))
        alone = len(table.blocks) == 1
        self.people = [
            PersonReader(block, aside, settings, groups, names, alone=alone)
            for block, names in zip(table.blocks, claims, strict=True)
            if names
        ]
        self.ignored = {column for person in self.people for column in person.ignored}
        self.known = {column for person in self.people for column in person.known}

    def read(self):
        """Read the rows; return the next table of the sheet, or None."""
        first = self.people[0]
        name_column, remarks_column = first.name_column, first.remarks_column
        seq_columns = sorted(first.ignored)
        last = self._last_person()
        self._resolve_dittos()
        rows, read = self.rows, self._read_people
        index = self.table.first_row
        while index < len(rows):
            cells = rows[index]
            width = len(cells)
            name = cells[name_column] if name_column < width else None
            # Most rows are plainly a person's: a name, some more cells, and nothing that could mark an example.
            if (
                type(name) is str
                and width - cells.count(None) > 2
                and (kinds.is_plainly_person(name) or _is_person(name))
                and not any(
                    column < width and type(cells[column]) is str and not cells[column].isdecimal()
                    for column in seq_columns
                )
                and not (
                    remarks_column is not None
                    and remarks_column < width
                    and _is_example(cells[remarks_column])
                )
            ):
                read(index, cells)
                index += 1
                continue
            texts = self._texts(index, cells)
            if any(is_label(text) for _column, text in texts):
                if matches_header(self.grid, index, self.table):
                    self._skip(index, kinds.REPEATED_HEADER)
                    index += 1
                    continue
                if is_header(self.grid, index) and (following := read_table(self.grid, index)):
                    self._report_unheaded()
                    return following
            if texts:
                self._read_other(index, cells, texts, before_people=index < last)
            index += 1
        self._report_unheaded()
        return None

    def _read_people(self, index, cells):
        number = self.source.row_number(index)
        for person in self.people:
            row = person.read(cells, number)
            if row is not None:
                self.reading.rows.append(row)

    def _read_other(self, index, cells, texts, *, before_people):
        """A row that is not plainly a person's, with the (column, text) of its filled cells."""
        area = self.grid.area(index, texts[0][0])
        wide = bool(area) and area[3] - area[1] >= 2
        if texts[0][1] in self.titles and len({text for _column, text in texts} - self.titles) == 0:
            self._skip(index, kinds.TITLE)  # printed again on each page
            return
        # A formula without result in the column of numbers is nothing.
        texts = [(column, text) for column, text in texts if not (column in self.ignored and text == "=")]
        kind = kinds.BLANK
        if texts:
            name_column = self.people[0].name_column
            kind = kinds.kind_of(
                texts, name_column, self.ignored, self.known, before_people=before_people, wide=wide
            )
        if kind in (kinds.NOTE, kinds.SUBHEADING) and not wide and len(self.people) > 1:
            # The person on the left may be missing while there is one beside.
            names = [
                text_of(cells[each.name_column]) for each in self.people if each.name_column < len(cells)
            ]
            if any(name and _is_person(name) for name in names):
                kind = None
        if kind is None:
            self._read_people(index, cells)
            return
        self._skip(index, kind)
        if kind == kinds.SUBHEADING:
            self.groups.enter(kinds.heading_in([text for _column, text in texts]))
        elif kind == kinds.SUBTOTAL and not texts[0][1].startswith("本页"):
            self.groups.leave()

    def _texts(self, index, cells):
        """(column, text) of the filled cells of a row; "=" for a formula without result."""
        texts = []
        for column, cell in enumerate(cells):
            if cell is None or (index, column) in self.filled_down:
                continue
            value = value_of(cell)
            if value is not None:
                text = text_of_value(value)
            else:
                text = (cell.error or ("=" if cell.formula else "")) if isinstance(cell, Cell) else ""
            if text:
                texts.append((column, text))
        return texts

    def _resolve_dittos(self):
        """Put what stands above in the place of 同上."""
        own = {person.name_column for person in self.people} | {
            column
            for person in self.people
            for column, field, *_rest in person.readers
            if field == "id_number"
        }
        for index in range(self.table.first_row, len(self.rows)):
            cells = self.rows[index]
            if not any(ditto in cells for ditto in _DITTOS):
                continue
            if self.rows is self.grid.rows:
                self.rows = list(self.rows)
            self.rows[index] = [
                self._above(index, place) if cell in _DITTOS and place not in own else cell
                for place, cell in enumerate(cells)
            ]

    def _above(self, index, place):
        """The next filled cell above a place, below the header."""
        for row in range(index - 1, self.table.first_row - 1, -1):
            cells = self.rows[row]
            if place < len(cells) and cells[place] is not None:
                return cells[place]
        return None

    def _last_person(self):
        """Index of the last row with a person, -1 if there is none."""
        column = self.people[0].name_column
        enough = min(len(self.known), 2)
        for index in range(len(self.rows) - 1, self.table.first_row - 1, -1):
            cells = self.rows[index]
            filled = len(cells) - cells.count(None)
            if column < len(cells) and filled >= enough and _is_person(text_of(cells[column])):
                return index
        return -1

    def _report_unheaded(self):
        """Columns without header that had data are kept aside like those with an unknown one."""
        for column in sorted(set().union(*(person.unheaded for person in self.people))):
            self.reading.columns.append(Column(letter(column), "", None))
            cell = self._address(self.table.header_rows[-1], column)
            params = {"variant": "unnamed", "header": ""}
            self.reading.messages.append(Message(cell, WARNING, "header_unknown", params))

    def _skip(self, index, kind):
        self.reading.skipped.append(Skipped(self.source.row_number(index), kind))

    def _address(self, row, column):
        return f"{letter(column)}{self.source.row_number(row)}"


def _is_person(text):
    return (
        kinds.looks_like_person(text)
        and not is_label(text)
        and not kinds.is_subtotal(text)
        and not kinds.is_note(text)
        and not kinds.is_example_name(text)
    )


def _is_example(cell):
    return type(cell) is str and kinds.is_example(cell)


def _reported(column):
    meaning = column.meaning
    also = (*meaning.fields[1:], *_ALSO.get(meaning.field, ()))
    return Column(letter(column.index), column.header, meaning.field, also, meaning.ignored)


def _filled_down(grid, first_row):
    """The rows with merged cells filled down below `first_row`, and the (row, column) places so filled."""
    rows = grid.rows
    places, copied = set(), set()
    for top, left, bottom, right in grid.merged:
        if top < first_row or bottom == top or top >= len(rows) or right - left >= _WIDEST_VALUE:
            continue
        cell = rows[top][left] if left < len(rows[top]) else None
        if cell is None:
            continue
        if rows is grid.rows:
            rows = list(rows)
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
            if row not in copied:
                rows[row] = list(rows[row])
                copied.add(row)
            cells = rows[row]
            cells.extend([None] * (left + 1 - len(cells)))
            if cells[left] is None:
                cells[left] = cell
                places.add((row, left))
    return rows, places
