"""What a parser hands to the parent process: lines of JSON, checked against the limits on the way."""

import json

EMPTY_ROWS_BRIDGED = 1000
"""A filled cell below more empty rows than this, or beyond the last column allowed, is a stray one."""
MAX_STRAY = 20
MAX_MERGED = 100_000
FIRST_BATCH, LAST_BATCH = 4, 512
BATCH_BYTES = 1 << 18
"""Rows go out in batches that grow to this size: one text may be repeated in millions of cells."""

encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Refused(Exception):
    """The file is not read; `code` is a key of MESSAGES in workbook.py."""

    def __init__(self, code, **params):
        self.code = code
        self.params = params


def column_name(index):
    name = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        name = chr(65 + digit) + name
    return name


class Output:
    def __init__(self, stream, limits):
        self.stream = stream
        self.limits = limits
        self.rows_left = limits["max_rows"]
        self.rows_with_gaps_left = 10 * limits["max_rows"]
        self.sheets_left = limits["max_sheets"]
        self.batch_size = FIRST_BATCH
        self.is_open = False

    def send(self, *message):
        line = encode(message).encode("utf-8", "replace") + b"\n"
        self.stream.write(line)
        return len(line)

    def workbook(self, form, encoding=None, **properties):
        self.send("workbook", form, encoding, properties)

    def sheet(self, name, hidden=False, kind="worksheet", is_csv=False):
        self.close_sheet()
        if not self.sheets_left:
            raise Refused("too_many_sheets", limit=self.limits["max_sheets"])
        self.sheets_left -= 1
        self.send("sheet", name, hidden, kind, is_csv)
        self.is_open = True
        self.next_row = 0
        self.batch = []
        self.lines = []
        self.merged = []
        self.stray = []

    def row(self, index, cells):
        """Take the cells of row `index` (from 0, ascending); a gap below the row before becomes empty rows."""
        if len(cells) > self.limits["max_columns"]:
            self._cut(index, cells)
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            return
        gap = index - self.next_row
        if gap < 0:
            raise Refused("damaged")
        if gap > EMPTY_ROWS_BRIDGED:
            self._add_stray("far_cells", index, 0, cells)
            return
        self.rows_left -= 1
        if self.rows_left < 0:
            raise Refused("too_many_rows", limit=self.limits["max_rows"])
        self.rows_with_gaps_left -= gap + 1
        if self.rows_with_gaps_left < 0:
            raise Refused("far_cells", cell=f"A{index + 1}")
        if gap:
            self.batch.extend([] for _ in range(gap))
        self.batch.append(cells)
        self.next_row = index + 1
        if len(self.batch) >= self.batch_size:
            self._flush()

    def _cut(self, index, cells):
        beyond = self.limits["max_columns"]
        self._add_stray("too_many_columns", index, beyond, cells[beyond:])
        del cells[beyond:]

    def _add_stray(self, code, row, first, cells):
        for column, cell in enumerate(cells, first):
            if cell is None:
                continue
            self.stray.append(f"{column_name(column)}{row + 1}")
            if len(self.stray) > MAX_STRAY:
                raise Refused(code, cell=self.stray[0], limit=self.limits["max_columns"])

    def _flush(self):
        if not self.batch:
            return
        size = self.send("rows", len(self.batch), self.batch)
        self.batch = []
        if size > BATCH_BYTES:
            self.batch_size = max(1, self.batch_size // 4)
        elif self.batch_size < LAST_BATCH:
            self.batch_size *= 2

    def close_sheet(self):
        if not self.is_open:
            return
        self._flush()
        if self.lines:
            self.send("lines", self.lines)
        if len(self.merged) > MAX_MERGED:
            raise Refused("damaged")
        if self.merged:
            self.send("merged", self.merged)
        if self.stray:
            self.send("stray", self.stray)
        self.is_open = False

    def refuse(self, code, params):
        self.send("refused", code, params)
        self.stream.flush()

    def end(self):
        self.close_sheet()
        self.send("end")
        self.stream.flush()
