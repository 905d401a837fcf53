"""CSV files: encoding, delimiter and records."""

import csv
import re
from io import StringIO
from itertools import islice

from .output import Refused

DELIMITERS = ",\t;"
SAMPLE = 100
"""Records by which the delimiter is told, """
SAMPLE_LENGTH = 100_000
"""but no more than so many characters."""
CONTROL = re.compile("[\1-\x08\x0e-\x1f\x7f]")
MOST_CONTROLS = 100
"""One stray or unreadable character in so many is an accident, more mean another kind of file."""
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?[\r\n]')
# The first characters by which spreadsheet programs tell a formula, full-width forms included (Chinese editions fold
# them). Careful writers, our own export among them, put an apostrophe in front of such a text.
FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")
UTF16_BOM = (b"\xff\xfe", b"\xfe\xff")
UTF8_BOM = b"\xef\xbb\xbf"


def read(text, encoding, output):
    """Read a text as one sheet. Blank lines are records too, so that each record has its line."""
    output.workbook("csv", encoding)
    output.sheet("", is_csv=True)
    csv.field_size_limit(max(len(text), 1))
    hint = SEPARATOR_LINE.match(text)
    reader = csv.reader(StringIO(text, newline=""), **dialect(text, hint and hint[1]))
    has_returns = "\r" in text
    starts = []
    line = 1
    for index, record in enumerate(reader):
        starts.append(line)
        line = reader.line_num + 1
        cells = [unguarded(value) if value[:1] == "'" else value or None for value in record]
        if has_returns:
            cells = [value and value.replace("\r\n", "\n") for value in cells]
        if index or not hint:
            output.row(index, cells)
    output.lines = starts[: output.next_row]


def unguarded(text):
    """`text` without the apostrophe that keeps it from being a formula."""
    return text[1:] if FORMULA.match(text, 1) else text


def decode(data):
    """(text, encoding) of a text file; Refused if it is something else."""
    if data.startswith(UTF16_BOM):
        return check(attempt(data, "utf-16")), "utf-16"
    if data.startswith(UTF8_BOM):
        return check(attempt(data, "utf-8-sig")), "utf-8-sig"
    byte_order = guess_utf16(data)
    if byte_order:
        return check(attempt(data, byte_order)), "utf-16"
    try:
        return check(data.decode()), "utf-8"
    except UnicodeDecodeError as failure:
        if failure.reason == "unexpected end of data" and failure.start:
            raise Refused("truncated") from None
    return check(attempt(data, "gb18030")), "gb18030"


def attempt(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as failure:
        if failure.end >= len(data) - 1 and failure.start > 1:
            raise Refused("truncated") from None
    if any(few_errors(data, likely) for likely in (encoding, "utf-8")):
        raise Refused("damaged")
    raise Refused("not_a_spreadsheet")


def few_errors(data, encoding):
    text = data.decode(encoding, "replace")
    return text.count("\ufffd") * MOST_CONTROLS < len(text) and not has_controls(text)


def check(text):
    text = text.rstrip("\x1a\0")  # end marks of DOS and of fixed-length files
    if has_controls(text):
        raise Refused("not_a_spreadsheet")
    return text


def has_controls(text):
    """Whether there is what no text has: a zero, or more control characters than stray ones."""
    return "\0" in text or len(CONTROL.findall(text)) * MOST_CONTROLS > len(text)


def guess_utf16(data):
    """Byte order of UTF-16 without a mark: digits, commas and line ends have a zero on one side only."""
    sample = data[: 1 << 16]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 40 < len(sample) or max(even, odd) < 4:
        return None
    if even <= odd // 20:
        return "utf-16-le"
    if odd <= even // 20:
        return "utf-16-be"
    return None


def dialect(text, delimiter):
    """How the records are written; the delimiter is the one by which most are equally wide."""
    delimiter = delimiter or max(DELIMITERS, key=lambda mark: regularity(text, delimiter=mark))
    usual = {"delimiter": delimiter}
    if '"' not in text:
        return usual
    try:
        for _ in csv.reader(StringIO(text, newline=""), **usual, strict=True):
            pass
    except csv.Error:
        # quotation marks that are no quoting: a lone one must not swallow the rest of the list
        unquoted = {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
        return max(usual, unquoted, key=lambda options: regularity(text, records=None, **options))
    return usual


def regularity(text, records=SAMPLE, **options):
    """How many of the first `records` have the most frequent width, and that width; one cell is no record."""
    lines = StringIO(text if records is None else text[:SAMPLE_LENGTH], newline="")
    frequency = {}
    for record in islice(csv.reader(lines, **options), records):
        width = len(record)
        frequency[width] = frequency.get(width, 0) + 1
    return max(((count, width) for width, count in frequency.items() if width > 1), default=(0, 0))
