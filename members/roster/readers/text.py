"""CSV files: encoding, delimiter and records."""

import csv

from .output import Refused

DELIMITERS = ",;\t"


def read(data, output):
    """Read `data` (bytes) as one sheet."""
    text, encoding = decode(data)
    output.workbook("csv", encoding)
    output.sheet("", is_csv=True)
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=find_delimiter(text))
    start = 1
    index = 0
    for record in reader:
        output.row(index, [value or None for value in record], line=start)
        start = reader.line_num + 1
        index += 1


def decode(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), "utf-16"
    for encoding in ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            pass
    raise Refused("not_a_spreadsheet")


def find_delimiter(text):
    head = text[:10_000]
    return max(DELIMITERS, key=head.count)
