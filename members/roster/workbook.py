"""A spreadsheet file as cells: the first step of reading a roster.

The file is parsed in a child process with limits on memory and CPU time (`readers/child.py`), because a
file may be hostile: a few kilobytes can unpack to gigabytes, and a parser that crashes must not take a web
worker along. Whatever happens in the child, the caller gets a `Workbook` or an `UnreadableFile`.
"""

import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from members.roster.spool import Spool, SpooledLines

logger = logging.getLogger(__name__)

READERS = Path(__file__).resolve().parent
# -I and -S: no environment, no site-packages; the child starts in a third of the time and needs neither.
START = "import sys; sys.path.append(sys.argv[1]); from readers.{} import main; main(sys.argv[2:])"
CHUNK = 1 << 18
IN_MEMORY = 12_000
"""Rows of a workbook; those of longer ones lie in a file of our own."""
_ROWS = re.compile(rb'\["rows",(\d{1,9}),')
WALL_TIME = 1.5
"""Seconds by the clock for each second of CPU time allowed."""
SIGKILL, SIGXCPU = (getattr(signal, name, None) or 0 for name in ("SIGKILL", "SIGXCPU"))
"""Absent on Windows, where a process does not end by a signal."""


class Cell(NamedTuple):
    """A cell that is more than a plain value in General or text format."""

    value: Any
    """None, str, int, float, bool, date, datetime or time; None for errors and formulas without a result."""
    format: str = ""
    """The number format code as in the file (`yyyy.mm`, `000000`); "" for General and text."""
    formula: bool = False
    """The cell is a formula and `value` the result that was saved with it."""
    error: str = ""
    """`#N/A`, `#REF!` …"""


@dataclass(slots=True)
class Sheet:
    name: str
    hidden: bool = False
    kind: str = "worksheet"
    """worksheet, chart, dialog or macro; only a worksheet has rows."""
    rows: Sequence[list] = field(default_factory=list)
    """Row i + 1 of the sheet, or record i of a CSV file. An entry is None (empty), str, int, float, bool or
    Cell. Empty cells at the end of a row are left out, as are empty rows at the end of the sheet."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column; counted from 0, the last ones included. A range may
    reach beyond the rows that are there."""
    lines: list[int] | None = None
    """CSV: the line of the file, counted from 1, on which each record starts."""
    stray: list[str] = field(default_factory=list)
    """Addresses of the few filled cells that lie far outside the rest and are therefore not in `rows`."""

    def row_number(self, index):
        """The number under which a person finds `rows[index]`: row of the sheet, or line of a CSV file."""
        return index + 1 if self.lines is None else self.lines[index]

    def row_index(self, number):
        """The index in `rows` of the row with this number (of a CSV file: the record on that line), or None."""
        index = number - 1 if self.lines is None else bisect_right(self.lines, number) - 1
        return index if 0 <= index < len(self.rows) else None


@dataclass(slots=True)
class Workbook:
    format: str
    """xlsx, xls, ods or csv: what the file is, whatever its name says."""
    encoding: str | None
    """CSV: utf-8, utf-8-sig, gb18030 or utf-16."""
    sheets: list[Sheet] = field(default_factory=list)
    properties: dict = field(default_factory=dict)
    """`date1904`: dates count from 1904."""
    is_spooled: bool = False
    """The rows are too many for memory: each sheet's are read from a file as they are asked for."""


@dataclass(frozen=True)
class Limits:
    """What a file may cost. The sentences in MESSAGES name them to the user."""

    max_bytes: int = 20 * 2**20
    max_unpacked: int = 300 * 2**20
    """Bytes of all parts of a zipped file together."""
    max_rows: int = 10_100
    """Rows that are not empty, all sheets together: 10 000 members with titles, headers and notes."""
    max_columns: int = 300
    max_sheets: int = 200
    max_text: int = 64 * 2**20
    """Bytes of what the child hands over."""
    seconds: int = 60
    """CPU time of the child; half as much again of wall time."""
    memory: int = 2**30
    """Address space of the child in bytes."""


MESSAGES = {
    "not_found": _("The file {file} cannot be opened."),
    "empty": _("The file {file} is empty. Please choose the file again."),
    "too_large": _(
        "The file {file} is larger than {limit} MB. Please remove pictures or split it into several files."
    ),
    "zip_bomb": _(
        "Unpacked, the file {file} would be larger than {limit} MB. "
        "Please copy the list into a new workbook and save that."
    ),
    "too_much_text": _(
        "The file {file} holds more than {limit} MB of text. Please split it into several files."
    ),
    "too_many_rows": _(
        "The file {file} has more than {limit} rows that are not empty. Please split it into several files."
    ),
    "too_many_columns": _(
        "The file {file} has more than {limit} columns (filled cell {cell}). "
        "Please delete the columns that do not belong to the list."
    ),
    "far_cells": _(
        "The file {file} has many filled cells far away from the list (first {cell}). "
        "Please delete them and save the file again."
    ),
    "too_many_sheets": _("The file {file} has more than {limit} sheets. Please split it into several files."),
    "timeout": _(
        "Reading the file {file} took longer than {limit} seconds and was stopped. "
        "Please copy the list into a new workbook and save that."
    ),
    "memory": _(
        "Reading the file {file} takes more than {limit} MB of memory. "
        "Please copy the list into a new workbook or split it into several files."
    ),
    "encrypted": _(
        "The file {file} is protected by a password. Please save it without a password and try again."
    ),
    "truncated": _("The file {file} is incomplete. Please copy or download it again."),
    "damaged": _(
        "The file {file} is damaged. Please open it in WPS or Excel, save it as .xlsx and try again."
    ),
    "forbidden_markup": _(
        "The file {file} contains entity declarations, which no spreadsheet program writes. "
        "Please open it in WPS or Excel, save it as .xlsx and try again."
    ),
    "html": _(
        "The file {file} is a web page, not a spreadsheet. "
        "Please open it in WPS or Excel, save it as .xlsx and try again."
    ),
    "other_spreadsheet": _(
        "The file {file} is of a kind that cannot be read here ({kind}). "
        "Please open it in WPS or Excel, save it as .xlsx and try again."
    ),
    "not_a_spreadsheet": _(
        "The file {file} is not a spreadsheet. Files of the kinds .xlsx, .xls, .ods and .csv can be read."
    ),
}


class UnreadableFile(Exception):
    """The file cannot be read; str() is one sentence for the user: what is wrong and what to do."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self):
        return str(MESSAGES[self.code]).format(**self.params)


def read_workbook(path, *, limits=Limits(), filename=None, tell=None, in_memory=IN_MEMORY):
    """Read the spreadsheet at `path`; raises UnreadableFile. `filename` is the name to show for an upload.

    `tell` is called with "reading" and the number of rows read so far; what it raises ends the reading. If there are
    more rows than `in_memory`, they are kept in a file and read piece by piece.
    """
    name = filename or Path(path).name
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                raise UnreadableFile("empty", file=name)
            if size > limits.max_bytes:
                raise UnreadableFile("too_large", file=name, limit=limits.max_bytes >> 20)
            child = _start(file, limits)
    except IsADirectoryError:
        raise UnreadableFile("not_a_spreadsheet", file=name) from None
    except (FileNotFoundError, PermissionError):
        raise UnreadableFile("not_found", file=name) from None
    return _receive(child, limits, name, tell, in_memory)


def mark_workbook(path, job, *, limits=Limits(), filename=None):
    """(open temporary file, its extension): the .xlsx at `path` marked as `job` says (`readers/marking.py`).

    Raises UnreadableFile. It is the child that opens the file, as for reading.
    """
    name = filename or Path(path).name
    with tempfile.TemporaryFile() as task:
        task.write(json.dumps(job).encode() + b"\n")
        try:
            with open(path, "rb") as file:
                shutil.copyfileobj(file, task)
        except FileNotFoundError:
            raise UnreadableFile("not_found", file=name) from None
        task.seek(0)
        marked = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
        try:
            return marked, _mark(task, marked, limits, name)
        except BaseException:
            marked.close()
            raise


def _mark(task, marked, limits, name):
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            _command("marking", limits),
            stdin=task,
            stdout=marked,
            stderr=subprocess.PIPE,
            timeout=limits.seconds * WALL_TIME,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile("timeout", file=name, limit=limits.seconds) from None
    if done.returncode:
        raise _failure(done.returncode, limits, name)
    marked.seek(0)
    answer = json.loads(done.stderr)
    if "refused" in answer:
        raise _refusal(*answer["refused"], name)
    return answer["kind"]


def _command(program, limits):
    start = START.format(program)
    return [sys.executable, "-I", "-S", "-c", start, READERS, *map(str, astuple(limits))]


def _start(file, limits):
    return subprocess.Popen(  # noqa: S603 (our own program; the file is its standard input, not an argument)
        _command("child", limits), stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _receive(child, limits, name, tell, in_memory):
    late = threading.Event()

    def stop():
        late.set()
        child.kill()

    clock = threading.Timer(limits.seconds * WALL_TIME, stop)
    clock.start()
    try:
        return _Assembly(limits, name, tell, in_memory).read(child.stdout)
    except _Broken:
        # the pipe is closed, but the child may still be on its way out; if it is not, it is none of ours to wait for
        status = _status(child)
    finally:
        clock.cancel()
        child.kill()
        child.stdout.close()
        child.wait()
    if late.is_set():
        raise UnreadableFile("timeout", file=name, limit=limits.seconds)
    raise _failure(status, limits, name)


def _failure(status, limits, name):
    """What a child's way of ending means."""
    if status == -SIGXCPU:
        return UnreadableFile("timeout", file=name, limit=limits.seconds)
    if status == -SIGKILL:  # not by us: the system ran out of memory
        return UnreadableFile("memory", file=name, limit=limits.memory >> 20)
    logger.warning("The reader of a spreadsheet ended with status %s.", status)
    return UnreadableFile("damaged", file=name)


def _refusal(code, params, name):
    """The refusal that a child answered with."""
    reason = params.pop("reason", None)
    if reason:
        logger.warning("The reader of a spreadsheet failed: %s.", reason)
    refusal = UnreadableFile(code, **params, file=name)
    str(refusal)  # a code or a parameter that is not known shows here
    return refusal


def _status(child):
    try:
        return child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return None


class _Broken(Exception):
    """The child ended without a proper last line, or wrote something else than it should."""


class _Assembly:
    """Builds the workbook from the child's lines of JSON, believing nothing about their size or form."""

    def __init__(self, limits, name, tell, in_memory):
        self.limits = limits
        self.name = name
        self.tell = tell
        self.in_memory = in_memory
        self.book = None
        self.is_complete = False
        self.count = 0
        self.spool = None
        # (sheet, [(line, its number of rows)]) while there are not too many for memory
        self.waiting = []

    def read(self, stream):
        budget = self.limits.max_text
        pieces = []
        while chunk := stream.read1(CHUNK):
            budget -= len(chunk)
            if budget < 0:
                raise UnreadableFile("too_much_text", file=self.name, limit=self.limits.max_text >> 20)
            first, *lines = chunk.split(b"\n")
            pieces.append(first)
            if lines:
                self._take(b"".join(pieces))
                pieces = [lines.pop()]
                for line in lines:
                    self._take(line)
                if self.tell:
                    self.tell("reading", self.count)
        if not self.is_complete or any(pieces):
            raise _Broken
        for sheet, lines in self.waiting:
            for line, count in lines:
                sheet.rows.extend(_rows(line, count))
        return self.book

    def _take(self, line):
        if match := _ROWS.match(line):
            self._keep(line, int(match[1]))
            return
        try:
            what, *rest = json.loads(line)
            getattr(self, f"_take_{what}")(*rest)
        except (ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError):
            raise _Broken from None

    def _keep(self, line, count):
        """Take a line of rows, which is looked into when all of them are there."""
        if not self.book or not self.book.sheets:
            raise _Broken
        self.count += count
        if self.spool:
            self.sheet.rows.add(line, count)
            return
        self.waiting[-1][1].append((line, count))
        if self.count > self.in_memory:
            self._spool_all()

    def _spool_all(self):
        """Let the rows of all sheets lie in a file, as the lines they came in."""
        self.spool = Spool()
        self.book.is_spooled = True
        for sheet, lines in self.waiting:
            self._spool_sheet(sheet)
            for line, count in lines:
                sheet.rows.add(line, count)
        self.waiting = []

    def _spool_sheet(self, sheet):
        sheet.rows = SpooledLines(self.spool, partial(_spooled_rows, self.name))

    def _take_workbook(self, form, encoding, properties):
        self.book = Workbook(form, encoding, [], properties)

    def _take_sheet(self, name, hidden, kind, is_csv):
        self.sheet = Sheet(name, hidden, kind, lines=[] if is_csv else None)
        if self.spool:
            self._spool_sheet(self.sheet)
        else:
            self.waiting.append((self.sheet, []))
        self.book.sheets.append(self.sheet)

    def _take_lines(self, lines):
        self.sheet.lines.extend(lines)

    def _take_merged(self, ranges):
        self.sheet.merged.extend(map(tuple, ranges))

    def _take_stray(self, addresses):
        self.sheet.stray.extend(addresses)

    def _take_refused(self, code, params):
        raise _refusal(code, params, self.name)

    def _take_end(self):
        self.is_complete = True


def _rows(line, count):
    """The `count` rows of a line."""
    try:
        _what, _count, rows = json.loads(line)
        if len(rows) != count:
            raise ValueError
        for row in rows:
            for index, value in enumerate(row):
                if type(value) is list:
                    row[index] = _cell(*value)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError):
        raise _Broken from None
    return rows


def _spooled_rows(name, line, count):
    try:
        return _rows(line, count)
    except _Broken:
        raise UnreadableFile("damaged", file=name) from None


def _cell(kind, value, code, formula, error):
    if kind == "date":
        value = date.fromordinal(value)
    elif kind == "datetime":
        day, seconds = value
        value = datetime.fromordinal(day) + timedelta(seconds=seconds)
    elif kind == "time":
        value = time(value // 3600, value // 60 % 60, value % 60)
    return Cell(value, code, bool(formula), error)
