"""From a workbook to the people in it: tables and forms found, cells understood, doubts told."""

from members.codes import IdKind
from members.identity import IdNumber
from members.roster import forms, lists
from members.roster import rows as kinds
from members.roster.columns import settle
from members.roster.duplicates import mark_duplicates
from members.roster.headers import header_key
from members.roster.layout import (
    Grid,
    find_table,
    is_header,
    is_label,
    matches_header,
    read_table,
    text_of,
    value_of,
)
from members.roster.messages import ERROR, QUESTION, WARNING, Doubt, Message
from members.roster.results import Column, Roster, Row, SheetReading, Skipped, letter
from members.roster.text import EMPTY_MARKS, tidy
from members.roster.values import Found, Settings, column_reader, finish_row, read_id_cell, text_of_value
from members.roster.workbook import Cell

# Subheadings and sheet names that are a township: 几江街道, 白沙镇.
_TOWNSHIP_ENDS = ("街道", "镇", "乡", "街道办事处", "街道办", "镇人民政府", "镇政府")


def read_roster(workbook, *, today, sheet=None, mapping=None):
    """Read the people of a `workbook.Workbook` as a `results.Roster`.

    `today` is the local date against which ages and dates are checked. `sheet` names the one sheet to read, even
    if it is hidden; the others are only listed. `mapping` is what staff chose for headers nobody knew: field key, or
    None to leave the column out, by header (`header_key`) or column letter.
    """
    settings = Settings(today, bool(workbook.properties.get("date1904")))
    mapping = {_mapping_key(header): field for header, field in (mapping or {}).items()}
    roster = Roster(workbook.format, workbook.encoding)
    for source in workbook.sheets:
        reading = SheetReading(source.name, source.hidden)
        roster.sheets.append(reading)
        wanted = source.name.strip() == sheet.strip() if sheet else not source.hidden
        if wanted and source.kind == "worksheet" and source.rows:
            _SheetReader(source, reading, settings, mapping).read()
    mark_duplicates(roster)
    return roster


def _mapping_key(header):
    return header if header.isascii() and header.isupper() and len(header) <= 3 else header_key(header)


def township_of(text):
    """The township a subheading or sheet name stands for, or ""."""
    words = "".join(text.split())
    if (
        3 <= len(words) <= 12
        and words.endswith(_TOWNSHIP_ENDS)
        and all("\u4e00" <= character <= "\u9fff" for character in words)
    ):
        for end in ("办事处", "人民政府"):
            words = words.removesuffix(end)
        return words if words.endswith(("街道", "镇", "乡")) else ""
    return ""


class _SheetReader:
    """Reads one sheet into `reading`."""

    def __init__(self, source, reading, settings, mapping):
        self.source = source
        self.reading = reading
        self.settings = settings
        self.mapping = mapping
        self.grid = Grid(source)

    def read(self):
        if forms.read_forms(self.grid, self.source, self.reading, self.settings):
            return
        table = find_table(self.grid)
        if table is None:
            return
        for row in range(table.header_rows.start):
            if self.grid.filled(row):
                self._skip(row, kinds.TITLE)
        while table is not None:
            table = _TableReader(self, table).read()

    def address(self, row, column):
        return f"{letter(column)}{self.source.row_number(row)}"

    def _skip(self, row, kind):
        self.reading.skipped.append(Skipped(self.source.row_number(row), kind))


class _Plan:
    """How the columns of one person in a row are read."""

    def __init__(self, columns, settings, table_columns):
        self.name_column = next((column.index for column in columns if column.meaning.field == "name"), None)
        self.readers = []  # (index, field, reader), the name among them
        self.subjects = []  # (index, field): subject columns that go into a school column's text
        self.ignored = {column.index for column in columns if column.meaning.ignored}
        for column in columns:
            meaning = column.meaning
            if meaning.fields:
                kind = meaning.kind
                self.readers.append(
                    (column.index, meaning.field, column_reader(meaning.fields, settings, kind=kind), kind)
                )
        # a subject goes behind its school, wherever the columns stand
        self.readers.sort(key=lambda reader: reader[3] == "subject")
        self.known = {index for index, *_rest in self.readers}
        fields = {field: index for index, field, *_rest in reversed(self.readers)}
        self.cells = {field: letter(index) for field, index in fields.items()}
        self.has_id_kind = "id_kind" in fields
        self.first = min((column.index for column in columns), default=0)
        self.last = max((column.index for column in columns), default=0)


class _TableReader:
    def __init__(self, sheet_reader, table):
        self.owner = sheet_reader
        self.grid = sheet_reader.grid
        self.source = sheet_reader.source
        self.reading = sheet_reader.reading
        self.table = table
        self.rows, self.filled_from_above = _filled_down(self.grid, table.first_row)
        below = self.rows[table.first_row :]
        messages, aside = settle(table, below, sheet_reader.mapping, sheet_reader.address)
        self.aside = [(column, letter(column)) for column in sorted(aside)]
        self.reading.messages.extend(messages)
        self.reading.header_rows.extend(self.source.row_number(row) for row in table.header_rows)
        self.reading.columns.extend(_column_json(column) for column in table.columns)
        self.plans = [_Plan(block, sheet_reader.settings, table.columns) for block in table.blocks]
        self.plans = [plan for plan in self.plans if plan.name_column is not None]
        self.headed = {column.index for column in table.columns}
        self.unheaded = set()
        self.groups = []  # (level, field, value) of the subheadings in force
        self.sheet_group = _group_of(self.source.name)

    def read(self):
        """Read the rows below the header; return the next table of the sheet, or None."""
        if not self.plans:
            return None
        plan = self.plans[0]
        name_column = plan.name_column
        last = self._last_person(name_column)
        seq = sorted(plan.ignored)
        rows = self.rows
        index = self.table.first_row
        several = len(self.plans) > 1
        end = len(rows)
        remarks = next((place for place, field, *_rest in plan.readers if field == "remarks"), None)
        while index < end:
            cells = rows[index]
            width = len(cells)
            name = cells[name_column] if name_column < width else None
            plain = (
                type(name) is str
                and width - cells.count(None) > 2
                and (kinds.is_plainly_person(name) or self._is_person(name))
                and not any(
                    place < width and type(cells[place]) is str and not cells[place].isdecimal()
                    for place in seq
                )
                and not (
                    remarks is not None
                    and remarks < width
                    and type(cells[remarks]) is str
                    and kinds.is_example(cells[remarks])
                )
            )
            if plain:
                for each in self.plans if several else (plan,):
                    self._person(index, cells, each)
                index += 1
                continue
            following = self._other(index, cells, plan, last)
            if following is not None:
                if not isinstance(following, int):
                    return following
                index = following
            else:
                index += 1
        self._report_unheaded()
        return None

    def _is_person(self, text):
        return (
            not is_label(text)
            and kinds.looks_like_person(text)
            and not kinds.is_subtotal(text)
            and not kinds.is_note(text)
            and not kinds.is_example_name(text)
        )

    def _last_person(self, name_column):
        for index in range(len(self.rows) - 1, self.table.first_row - 1, -1):
            cells = self.rows[index]
            if name_column < len(cells) and len(cells) - cells.count(None) > 2:
                name = text_of(cells[name_column])
                if name and self._is_person(name):
                    return index
        return -1

    def _other(self, index, cells, plan, last):
        """A row that is not plainly a person's; returns a following table or row index if it is a header."""
        texts = []
        for column, cell in enumerate(cells):
            value = value_of(cell)
            if value is None and isinstance(cell, Cell) and (cell.formula or cell.error):
                texts.append((column, cell.error or "="))
                continue
            if value is None or (index, column) in self.filled_from_above:
                continue
            text = text_of_value(value)
            if text:
                texts.append((column, text))
        if not texts:
            return None
        if any(is_label(text) for _column, text in texts):
            if matches_header(self.grid, index, self.table):
                return self._repeated(index)
            if is_header(self.grid, index):
                self._report_unheaded()
                return read_table(self.grid, index)
        area = self.grid.area(index, texts[0][0]) if index < 400 else _area(self.grid, index, texts[0][0])
        wide = bool(area) and area[3] - area[1] >= 2
        # an empty sequence formula is no text, and neither is a count formula in a blank row
        counted = [(column, text) for column, text in texts if not (column in plan.ignored and text == "=")]
        kind = kinds.BLANK
        if counted:
            several = len(self.plans) > 1
            kind = kinds.kind_of(
                counted,
                plan.name_column,
                {column for each in self.plans for column in each.ignored},
                {column for each in self.plans for column in each.known},
                before_people=index < last,
                wide=wide,
            )
            if (
                several
                and kind in (kinds.NOTE, kinds.SUBHEADING)
                and any(
                    each.name_column < len(cells)
                    and kinds.looks_like_person(text_of(cells[each.name_column]))
                    and not wide
                    for each in self.plans
                )
            ):
                kind = None
        if kind is None:
            for each in self.plans:
                self._person(index, cells, each)
            return None
        self.owner._skip(index, kind)
        if kind == kinds.SUBHEADING:
            self._enter_group(kinds.heading_in([text for _column, text in counted]))
        elif kind == kinds.SUBTOTAL and not counted[0][1].startswith("本页"):
            self.groups.clear()
        return None

    def _repeated(self, index):
        """The header once more, all its rows."""
        while index < len(self.rows) and matches_header(self.grid, index, self.table):
            self.owner._skip(index, kinds.REPEATED_HEADER)
            index += 1
        return index

    def _enter_group(self, text):
        level, words = kinds.heading(text)
        self.groups = [group for group in self.groups if level and group[0] and group[0] < level]
        group = _group_of(words)
        if group:
            self.groups.append((level, *group))

    def _person(self, index, cells, plan):
        """Read one person's cells of a row and add the Row."""
        values, messages, extras = {}, [], None
        width = len(cells)
        number = self.source.row_number(index)
        identity = None
        deferred = None
        filled = False
        for column, field, read, kind in plan.readers:
            if column >= width:
                continue
            cell = cells[column]
            if cell is None:
                continue
            if field == "id_number" and plan.has_id_kind:
                deferred = column, cell, read
                continue
            found = read(cell)
            if found is None:
                continue
            filled = True
            if type(found) is str:
                if kind == "subject":
                    found = _with_subject(values.get(field), found)
                elif kind == "name_part" and field in values:
                    found = values[field] + ("" if found[0] > "\u3000" else " ") + found
                values[field] = found
                continue
            if type(found) is IdNumber:
                identity = found
                values["id_number"] = found.number
                continue
            for level, code, params in found.notes:
                messages.append(Message(f"{letter(column)}{number}", level, code, params))
            values.update(found.values)
            if found.id_number is not None:
                identity = found.id_number
                values["id_number"] = identity.number
            if found.extras:
                extras = extras or []
                extras.append((column, found))
        if deferred:
            identity = self._deferred_id(deferred, values, messages, number)
            filled = True
        if not filled and len(self.plans) > 1:
            return
        row = Row(number, values, messages)
        if extras:
            self._add_extras(row, extras, number)
        if self.aside:
            kept = self._kept(cells, plan)
            if kept:
                row.kept = kept
        if width > plan.last + 1 and len(self.plans) == 1:
            self._keep_unheaded(row, cells, plan)
        finish_row(
            row, identity, lambda key: f"{plan.cells.get(key, plan.cells['name'])}{number}", self.settings_day
        )
        if "name" not in values:
            row.error = True
            row.messages.append(Message(f"{plan.cells['name']}{number}", ERROR, "name_missing"))
        elif self.groups or self.sheet_group:
            self._derive_group(row)
        for message in row.messages:
            if message.level == QUESTION:
                row.question = True
        self.reading.rows.append(row)

    @property
    def settings_day(self):
        return self.owner.settings.today

    def _deferred_id(self, deferred, values, messages, number):
        """The identity number of a row that names the kind of document."""
        column, cell, read = deferred
        kind = values.get("id_kind", "")
        value = value_of(cell)
        plain = read(cell) if kind in ("", IdKind.RESIDENT_CARD.value) or value is None else None
        if plain is None and value is not None:
            text = text_of_value(value)
            if not text or text in EMPTY_MARKS:
                return None
            try:
                plain = read_id_cell(value, kind)
            except Doubt as doubt:
                plain = Found(notes=[(doubt.level, doubt.code, doubt.params)])
        if plain is None:
            return None
        if type(plain) is IdNumber:
            values["id_number"] = plain.number
            return plain
        for level, code, params in plain.notes:
            messages.append(Message(f"{letter(column)}{number}", level, code, params))
        if plain.id_number is None:
            return None
        values["id_number"] = plain.id_number.number
        return plain.id_number

    def _add_extras(self, row, extras, number):
        """What cells say of other fields, where the row has nothing of its own there."""
        for column, found in extras:
            for field, value in found.extras.items():
                own = row.values.setdefault(field, value)
                if own == value or field == "wechat":
                    continue
                codes = {code for _level, code, _params in found.notes}
                if field in ("office_phone", "second_mobile") and "several_phones" not in codes:
                    params = {"value": value}
                    row.messages.append(
                        Message(f"{letter(column)}{number}", WARNING, "several_phones", params)
                    )

    def _kept(self, cells, plan):
        kept = {}
        for column, letters in self.aside:
            cell = cells[column] if column < len(cells) else None
            if cell is None or (len(self.plans) > 1 and not plan.first <= column <= plan.last):
                continue
            if type(cell) is str and cell.isprintable():
                text = cell.strip()
            elif isinstance(cell, Cell):
                text = cell.error or ("" if cell.value is None else text_of_value(cell.value, cell.format))
            else:
                text = text_of_value(cell)
            if text:
                kept[letters] = text
        return kept

    def _keep_unheaded(self, row, cells, plan):
        """Cells to the right of the header's end, or below a gap in it."""
        for column in range(plan.last + 1, len(cells)):
            if column not in self.headed and cells[column] is not None:
                value = value_of(cells[column])
                text = text_of_value(value) if value is not None else ""
                if text:
                    row.kept = row.kept | {letter(column): text}
                    self.unheaded.add(column)

    def _report_unheaded(self):
        last = self.table.header_rows[-1]
        for column in sorted(self.unheaded):
            self.reading.columns.append(Column(letter(column), "", None))
            cell = self.owner.address(last, column)
            self.reading.messages.append(
                Message(cell, WARNING, "header_unknown", {"variant": "unnamed", "header": ""})
            )
        self.unheaded.clear()

    def _derive_group(self, row):
        """Category or township from the subheadings above the row, else from the sheet's name."""
        said = {message.cell.rstrip("0123456789") for message in row.messages}
        for group in (*((field, value) for _level, field, value in reversed(self.groups)), self.sheet_group):
            if group and group[0] not in row.values and self.plans[0].cells.get(group[0]) not in said:
                row.values[group[0]] = group[1]
                row.derived |= {group[0]}


def _area(grid, row, column):
    for area in grid.merged:
        if area[0] <= row <= area[2] and area[1] <= column <= area[3]:
            return area
    return None


def _with_subject(school, subject):
    """School and subject in one text: 西南政法大学法学专业, 四川美术学院 音乐学."""
    if not school:
        return subject
    return school + subject if subject.endswith("专业") or school.endswith("系") else f"{school} {subject}"


def _group_of(text):
    """("category" or "township", value) that a subheading or a sheet's name tells, or None."""
    words = tidy(text)
    if not words:
        return None
    if township := township_of(words):
        return "township", township
    category = lists.category_of(words)
    return ("category", category.value) if category else None


def _column_json(column):
    meaning = column.meaning
    also = (
        _ALSO.get(meaning.field, ())
        if len(meaning.fields) < 2
        else (*meaning.fields[1:], *_ALSO.get(meaning.field, ()))
    )
    return Column(letter(column.index), column.header, meaning.field, also, meaning.ignored)


# Fields that a column's cells may fill besides their own.
_ALSO = {
    "mobile": ("second_mobile", "office_phone", "wechat"),
    "political_status": ("second_party",),
    "education": ("degree",),
    "full_time_education": ("full_time_degree",),
    "in_service_education": ("in_service_degree",),
}


def _filled_down(grid, first_row):
    """The rows with merged cells filled down below `first_row`, and the (row, column) places so filled."""
    rows = grid.rows
    places = set()
    copied = set()
    for top, left, bottom, right in grid.merged:
        if top < first_row or bottom == top or top >= len(rows) or left >= len(rows[top]) or right - left > 5:
            continue
        cell = rows[top][left]
        if value_of(cell) is None and not isinstance(cell, Cell):
            continue
        if not places:
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
