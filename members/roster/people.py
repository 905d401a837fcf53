"""One person's cells of a row as a `results.Row`."""

from members.codes import IdKind
from members.identity import IdNumber
from members.roster.cells import Found, text_of_value, value_of
from members.roster.kinds import read_id_cell
from members.roster.messages import ERROR, QUESTION, REFUSED, WARNING, Doubt, Message
from members.roster.results import Row, letter
from members.roster.text import EMPTY_MARKS
from members.roster.values import column_reader
from members.roster.workbook import Cell


class PersonReader:
    """Reads the persons whose cells stand in these columns: a table's, or one part of it if two stand side by side."""

    def __init__(self, columns, aside, settings, groups, name_columns, *, alone):
        """`aside` are the indexes of columns kept without a field; `alone` that no other person shares the rows.

        `name_columns` have names for header. If there are several and nobody has chosen yet, every row lacks a
        name; the first of them still tells persons from other rows.
        """
        self.today = settings.today
        self.person = settings.vocabulary.person
        self.finish = settings.vocabulary.finish
        self.fields = settings.vocabulary.fields
        self.groups = groups
        self.alone = alone
        self.readers = []  # (index, field, reader, kind)
        for column in columns:
            fields, kind = column.meaning.fields, column.meaning.kind
            if fields:
                self.readers.append(
                    (column.index, fields[0], column_reader(fields, settings, kind=kind), kind)
                )
        # a subject goes behind its school, wherever the columns stand
        self.readers.sort(key=lambda reader: reader[3] == "subject")
        indexes = {column.index for column in columns}
        self.first, self.last = min(indexes), max(indexes)
        self.aside = [(column, letter(column)) for column in sorted(aside & indexes)]
        self.ignored = {column.index for column in columns if column.meaning.ignored}
        self.known = {index for index, *_rest in self.readers}
        places = {field: index for index, field, *_rest in reversed(self.readers)}
        self.name_column = places.get(self.person, name_columns[0])
        self.remarks_column = places.get("remarks")
        self.letters = {self.person: letter(self.name_column)} | {
            field: letter(index) for field, index in places.items()
        }
        self.states_id_kind = "id_kind" in places
        # columns without header, left of the last one; and those in which data was met
        self.gaps = sorted(set(range(self.last)) - indexes) if alone else []
        self.unheaded = set()

    def read(self, cells, number):
        """The Row of the person in `cells`, the row with this number; None if there is nobody."""
        values, messages = {}, []
        identity = stated = extras = None
        filled = False
        width = len(cells)
        for column, field, read, kind in self.readers:
            cell = cells[column] if column < width else None
            if cell is None:
                continue
            if field == "id_number" and self.states_id_kind:
                stated = column, cell, read
                continue
            found = read(cell)
            if found is None:
                continue
            filled = True
            if type(found) is str:
                values[field] = _joined(values.get(field), found, kind) if kind else found
            elif type(found) is IdNumber:
                identity = found
                values["id_number"] = found.number
            else:
                identity = self._take(found, (column, field), number, values, messages) or identity
                if found.extras:
                    extras = [*(extras or ()), (column, field, found)]
        if stated:
            column, cell, read = stated
            found = _read_stated(cell, read, values.get("id_kind", ""))
            if found is not None:
                identity = self._take(found, (column, "id_number"), number, values, messages)
                filled = True
        if not filled and not self.alone:
            return None
        row = Row(number, values, messages)
        if extras:
            self._add_extras(row, extras)
        if self.aside:
            self._keep(row, cells)
        if self.alone and (self.gaps or width > self.last + 1):
            self._keep_unheaded(row, cells)
        if self.finish:
            self.finish(row, identity, self._place(number), self.today)
        if self.person not in values:
            row.error = True
            cell = self._place(number)(self.person)
            messages.append(Message(cell, ERROR, "name_missing", field=self.person))
        elif self.groups:
            self._derive_groups(row)
        if messages:
            row.question = any(message.level == QUESTION for message in messages)
        return row

    def _place(self, number):
        """A function that gives the address of a field's cell in the row with this number."""
        letters = self.letters
        own = letters[self.person]
        return lambda field: f"{letters.get(field, own)}{number}"

    def _take(self, found, place, number, values, messages):
        """Take over what the cell in the (column, field) `place` says; returns its IdNumber, if it has one."""
        column, field = place
        for level, code, params in found.notes:
            messages.append(Message(f"{letter(column)}{number}", level, code, params, field))
        values.update(found.values)
        if found.id_number is not None:
            values["id_number"] = found.id_number.number
        return found.id_number

    def _add_extras(self, row, extras):
        """What cells say of other fields, where the row has nothing of its own there."""
        for column, own_field, found in extras:
            told = {code for _level, code, _params in found.notes}
            for field, value in found.extras.items():
                if field not in self.fields:  # sheets of this kind have no place for it
                    row.kept[letter(column)] = value
                    continue
                own = row.values.setdefault(field, value)
                lost = own != value and field in ("office_phone", "second_mobile")
                if lost and "several_phones" not in told:
                    cell = f"{letter(column)}{row.row}"
                    params = {"value": value}
                    row.messages.append(Message(cell, WARNING, "several_phones", params, own_field))

    def _keep(self, row, cells):
        """The texts of columns nobody recognised."""
        kept = {}
        width = len(cells)
        for column, letters in self.aside:
            cell = cells[column] if column < width else None
            if cell is None:
                continue
            if type(cell) is str and cell.isprintable():
                text = cell.strip()
            elif isinstance(cell, Cell):
                text = cell.error or ("" if cell.value is None else text_of_value(cell.value, cell.format))
            else:
                text = text_of_value(cell)
            if text:
                kept[letters] = text
        row.kept |= kept

    def _keep_unheaded(self, row, cells):
        """Texts beside the headers."""
        for column in (*self.gaps, *range(self.last + 1, len(cells))):
            value = value_of(cells[column]) if column < len(cells) else None
            text = "" if value is None else text_of_value(value)
            if text:
                row.kept[letter(column)] = text
                self.unheaded.add(column)

    def _derive_groups(self, row):
        """Category or township from subheadings, where the row says nothing of its own, not even something wrong."""
        doubted = {message.cell for message in row.messages if message.level in (REFUSED, QUESTION)}
        for field, value in self.groups:
            if field not in row.values and f"{self.letters.get(field)}{row.row}" not in doubted:
                row.values[field] = value
                row.derived |= {field}


def _joined(before, text, kind):
    """Two columns in one text: 西南政法大学法学专业, 四川美术学院 音乐学; 欧阳 and 修, Ann and Lee."""
    if not before or kind not in ("subject", "name_part"):
        return text
    if kind == "name_part":
        return before + text if text[0] > "\u3000" else f"{before} {text}"
    return before + text if text.endswith("专业") or before.endswith("系") else f"{before} {text}"


def _read_stated(cell, read, kind):
    """A Found of the identity number in a row that names the kind of document, or None."""
    value = value_of(cell)
    if kind in ("", IdKind.RESIDENT_CARD.value) or value is None:
        found = read(cell)
        return Found(id_number=found) if isinstance(found, IdNumber) else found
    text = text_of_value(value)
    if not text or text in EMPTY_MARKS:
        return None
    try:
        return read_id_cell(value, kind)
    except Doubt as doubt:
        return Found(notes=[(doubt.level, doubt.code, doubt.params)])
