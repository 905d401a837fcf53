"""The rows below a header: which are people, and what the others are."""

from members.roster import rows as kinds
from members.roster.cells import text_of, text_of_value, value_of
from members.roster.columns import settle
from members.roster.headers import UNKNOWN
from members.roster.layout import TableColumn, area_over, by_left, is_header, matches_header, read_table
from members.roster.looking import samples
from members.roster.messages import QUESTION, WARNING, Message
from members.roster.people import PersonReader
from members.roster.results import Column, letter
from members.roster.workbook import Cell

# Fields that a column's cells may fill besides its own.
_ALSO = {
    "mobile": ("second_mobile", "office_phone", "wechat"),
    "political_status": ("second_party",),
    "education": ("degree",),
    "full_time_education": ("full_time_degree",),
    "in_service_education": ("in_service_degree",),
}
TOLD_EVERY = 1000
_DITTOS = ("同上", "〃")
# Columns of sheets too long for memory are judged by so many rows.
LOOKED_AT = 2_000
# A merged cell wider than this is a heading or a note, not one value for several people.
_WIDEST_VALUE = 6


class TableReader:
    """Reads one table of a sheet into its SheetReading."""

    def __init__(self, table, grid, source, reading, settings, groups, choices):
        self.table = table
        self.grid = grid
        self.source = source
        self.reading = reading
        self.groups = groups
        self.tell = settings.tell
        self.rows = MeantRows(grid, table.first_row)
        self.titles = {
            text for row in range(table.header_rows.start) for _column, text in grid.filled(row) if text
        }
        below = self.rows.head()
        for index in choices.indexes - {column.index for column in table.columns}:
            self._add_unheaded(index)
        self.vocabulary = settings.vocabulary
        claims = [self._names(block) for block in table.blocks]
        messages, aside = settle(table, below, choices, self._address)
        reading.messages.extend(messages)
        reading.header_rows.extend(source.row_number(row) for row in table.header_rows)
        reading.columns.extend(_reported(column, below, self.vocabulary.fields) for column in table.columns)
        alone = len(table.blocks) == 1
        self.people = [
            PersonReader(block, aside, settings, groups, names, alone=alone)
            for block, claimed in zip(table.blocks, claims, strict=True)
            if (names := self._names(block) or _undecided(block, claimed))
        ]
        self.ignored = {column for person in self.people for column in person.ignored}
        self.known = {column for person in self.people for column in person.known}

    def _add_unheaded(self, index):
        """Let a column without header take part, for which staff chose a field."""
        if not self.rows.has_any(index):
            return
        column = TableColumn(index, "", UNKNOWN, self.table.last_header_row)
        block = next(
            (block for block in reversed(self.table.blocks) if block and block[0].index < index),
            self.table.blocks[0],
        )
        for columns in {id(block): block, id(self.table.columns): self.table.columns}.values():
            columns.append(column)
            columns.sort(key=lambda column: column.index)

    def _names(self, columns):
        """The indexes of the columns that hold names."""
        return [column.index for column in columns if column.meaning.field == self.vocabulary.person]

    def read(self):
        """Read the rows; return the next table of the sheet, or None."""
        if not self.people:
            cell = self._address(self.table.last_header_row, 0)
            self.reading.messages.append(
                Message(cell, QUESTION, "name_column_missing", field=self.vocabulary.person)
            )
            return None
        first = self.people[0]
        name_column, remarks_column = first.name_column, first.remarks_column
        seq_columns = sorted(first.ignored)
        last = self._last_person()
        self.rows.own = self._own_columns()
        rows, read, words = self.rows, self._read_people, self.vocabulary.headers.words
        index = self.table.first_row
        while index < len(rows):
            cells = rows.meant(index)
            width = len(cells)
            name = cells[name_column] if name_column < width else None
            # Most rows are plainly a person's: a name, some more cells, and nothing that could mark an example.
            if (
                type(name) is str
                and width - cells.count(None) > 2
                and (kinds.is_plainly_person(name, words) or self._is_person(name))
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
            if any(self.vocabulary.headers.is_label(text) for _column, text in texts):
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
        if self.tell and not index % TOLD_EVERY:
            self.tell("understanding", index, len(self.rows))
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
        notes = self.vocabulary.notes
        if notes and any(notes.match(text) for _column, text in texts):
            kind = kinds.NOTE
        elif texts:
            name_column = self.people[0].name_column
            kind = kinds.kind_of(
                texts,
                name_column,
                self.ignored,
                self.known,
                self.vocabulary.headers,
                before_people=before_people,
                wide=wide,
            )
        if kind in (kinds.NOTE, kinds.SUBHEADING) and not wide and len(self.people) > 1:
            # The person on the left may be missing while there is one beside.
            names = [
                text_of(cells[each.name_column]) for each in self.people if each.name_column < len(cells)
            ]
            if any(name and self._is_person(name) for name in names):
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
        filled_down = self.rows.filled_down(index)
        for column, cell in enumerate(cells):
            if cell is None or column in filled_down:
                continue
            value = value_of(cell)
            if value is not None:
                text = text_of_value(value)
            else:
                text = (cell.error or ("=" if cell.formula else "")) if isinstance(cell, Cell) else ""
            if text:
                texts.append((column, text))
        return texts

    def _is_person(self, text):
        return (
            kinds.looks_like_person(text)
            and not self.vocabulary.headers.is_label(text)
            and not kinds.is_subtotal(text)
            and not kinds.is_note(text)
            and not kinds.is_example_name(text)
        )

    def _own_columns(self):
        """The columns in which 同上 makes no sense: nobody shares a name or a number."""
        return {person.name_column for person in self.people} | {
            column
            for person in self.people
            for column, field, *_rest in person.readers
            if field == "id_number"
        }

    def _last_person(self):
        """Index of the last row with a person, -1 if there is none."""
        column = self.people[0].name_column
        enough = min(len(self.known), 2)
        for index in range(len(self.rows) - 1, self.table.first_row - 1, -1):
            cells = self.rows[index]
            filled = len(cells) - cells.count(None)
            if column < len(cells) and filled >= enough and self._is_person(text_of(cells[column])):
                return index
        return -1

    def _report_unheaded(self):
        """Columns without header that had data are kept aside like those with an unknown one."""
        for column in sorted(set().union(*(person.unheaded for person in self.people))):
            texts = samples(self.rows.head(), column)
            self.reading.columns.append(Column(letter(column), "", None, samples=texts))
            cell = self._address(self.table.last_header_row, column)
            params = {"variant": "unnamed", "header": ""}
            self.reading.messages.append(Message(cell, WARNING, "header_unknown", params))

    def _skip(self, index, kind):
        self.reading.skip(self.source.row_number(index), kind, self.grid.rows[index])

    def _address(self, row, column):
        return f"{letter(column)}{self.source.row_number(row)}"


def _undecided(columns, claimed):
    """Of the indexes that claimed to hold names, those between which nobody has chosen yet."""
    decided = {column.index for column in columns if column.meaning != UNKNOWN}
    return [index for index in claimed if index not in decided]


def _is_example(cell):
    return type(cell) is str and kinds.is_example(cell)


def _reported(column, rows, fields):
    meaning = column.meaning
    also = (*meaning.fields[1:], *(key for key in _ALSO.get(meaning.field, ()) if key in fields))
    return Column(
        letter(column.index),
        column.header,
        meaning.field,
        also,
        meaning.fields,
        meaning.ignored,
        samples(rows, column.index),
    )


class MeantRows:
    """The rows of a sheet as they are meant below a header: merged cells filled down, 同上 replaced."""

    def __init__(self, grid, first_row):
        self.rows = grid.rows
        self.first_row = first_row
        self._merged = by_left(
            area
            for area in grid.merged
            if area[0] >= first_row and area[2] > area[0] and area[3] - area[1] < _WIDEST_VALUE
        )
        self._says = {}  # by first column, the merged area looked at last and what it says
        self.own = frozenset()
        """Columns in which 同上 is left."""
        self._said = {}  # by column, the row of the last 同上 and what it stands for

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        """The cells of a row, filled down."""
        cells = self.rows[index]
        if self._merged and (fills := self.filled_down(index)):
            cells = [*cells, *[None] * (max(fills) + 1 - len(cells))]
            for column, cell in fills.items():
                cells[column] = cell
        return cells

    def filled_down(self, index):
        """{column: cell} of what merged areas that begin further up say in a row."""
        cells, fills = self.rows[index], {}
        for column, areas in self._merged.items():
            area = area_over(index, areas)
            if area is None or area[0] == index or (column < len(cells) and cells[column] is not None):
                continue
            known, cell = self._says.get(column, (None, None))
            if known is not area:
                first = self.rows[area[0]]
                cell = first[column] if column < len(first) else None
                self._says[column] = area, cell
            if cell is not None:
                fills[column] = cell
        return fills

    def head(self):
        """The rows by which columns are judged: all of them if they are in memory."""
        stop = len(self) if type(self.rows) is list else self.first_row + LOOKED_AT
        if not self._merged:
            return self.rows[self.first_row : stop]
        return [self[index] for index in range(self.first_row, min(stop, len(self)))]

    def has_any(self, column):
        """Does anything stand in the column?"""
        rows = (self.rows[index] for index in range(self.first_row, len(self)))
        return any(column < len(cells) and cells[column] is not None for cells in rows)

    def meant(self, index):
        """The cells of a row with what stands above in the place of 同上; ask for row after row."""
        cells = self[index]
        if not any(ditto in cells for ditto in _DITTOS):
            return cells
        return [
            self._above(index, column) if cell in _DITTOS and column not in self.own else cell
            for column, cell in enumerate(cells)
        ]

    def _above(self, index, column):
        """The next filled cell above a place, below the header."""
        said_in, said = self._said.get(column, (None, None))
        for row in range(index - 1, self.first_row - 1, -1):
            if row == said_in:
                break
            cells = self[row]
            if column < len(cells) and cells[column] is not None:
                said = cells[column]
                break
        else:
            said = None
        self._said[column] = index, said
        return said
