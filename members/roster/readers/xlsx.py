"""Excel workbooks of 2007 and later (.xlsx, .xlsm), ECMA-376 part 1.

Sheets and shared strings are cut up with regular expressions, which takes half the time of an XML parser.
They know only the form nearly every program writes; what they find is counted, and what does not add up is
first brought into that form by an XML parser (`markup.canonical`).
"""

import re
from itertools import chain

from .formats import BUILT_IN, clean, date_cell, is_date, number_cell, whole
from .markup import canonical, elements
from .output import Refused

# a cell with no more than a value, or empty: nearly every cell of nearly every file
PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"([^>]*)>(?:(?<=/>)|<v>([^<]*)</v></c>)')
ATTRIBUTES = re.compile(rb'(?: s="(\d{1,6})")?(?: t="(\w{1,9})")?(?: (?:cm|vm|ph)="\w*")*\s*/?')
CELL = re.compile(
    rb'<c(?: r="([A-Z]{1,3})\d{1,7}")?(?: s="(\d{1,6})")?(?: t="(\w{1,9})")?(?: (?:cm|vm|ph)="\w*")*\s*(?:/>|>'
    rb"\s*(?:(<f)(?: [^>]*)?(?:/>|>[^<]*</f>)\s*)?"
    rb"(?:<v(?: [^>]*)?(?:/>|>([^<]*)</v>)|<is>(.*?)</is>|<is/>)?\s*</c>)",
    re.DOTALL,
)
ROW_ATTRIBUTE = re.compile(rb"\sr\s*=")
ROW_NUMBER = re.compile(rb'\sr="(\d{1,7})"')
MERGED = re.compile(rb'<mergeCell ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')
SHARED = re.compile(r"<si>(?:<t(?: [^>]*)?>([^<]*)</t></si>|(.*?)</si>)|<si/>", re.DOTALL)
PHONETIC = re.compile(r"<rPh[ >].*?</rPh>", re.DOTALL)
TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(\w+));")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([\w-]+)""")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
LONGEST_PIECE = 1 << 24
"""Bytes of one row or one text; 16 384 cells take a megabyte."""

MAIN_CONTENT = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml",
    "application/vnd.ms-excel.template.macroenabled.main+xml",
}
KINDS = {"worksheet": "worksheet", "chartsheet": "chart", "dialogsheet": "dialog"}


class Columns(dict):
    """Index of a column by its letters, as bytes: b"A" is 0."""

    def __missing__(self, letters):
        index = 0
        for letter in letters:
            index = index * 26 + letter - 64
        self[letters] = index - 1
        return index - 1


class Attributes(dict):
    """What the attributes of a cell after its address say: (style, type), or None for a shared string."""

    def __missing__(self, written):
        match = ATTRIBUTES.fullmatch(written)
        if match is None:
            raise Unusual
        style, kind = match.groups(b"")
        self[written] = None if kind == b"s" else (style, kind)
        return self[written]


class Unusual(Exception):
    """Not in the form that nearly every program writes."""


COLUMNS = Columns()


def read(archive, output):
    main = main_part(archive)
    folder = main.rpartition("/")[0]
    related = relations(archive, main)
    sheets = []
    date1904 = False
    for name, attributes in elements(archive.read(main)):
        if name == "workbookPr":
            date1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            sheets.append(attributes)
    output.workbook("xlsx", date1904=date1904)
    styles = shared = None
    for attributes in sheets:
        key = next((attributes[key] for key in attributes if key.endswith(":id")), "")
        kind, target = related.get(key, ("", ""))
        kind = KINDS.get(kind, "macro")
        output.sheet(attributes.get("name", ""), attributes.get("state", "visible") != "visible", kind)
        if kind == "worksheet":
            if styles is None:
                by_kind = dict(related.values())
                styles = _styles(archive, by_kind.get("styles", f"{folder}/styles.xml"))
                shared = _shared_strings(archive, by_kind.get("sharedStrings", f"{folder}/sharedStrings.xml"))
            Worksheet(output, styles, shared, date1904).read(archive, target)


def main_part(archive):
    if "[Content_Types].xml" not in archive:
        raise Refused("not_a_spreadsheet")
    for name, attributes in elements(archive.read("[Content_Types].xml")):
        if name == "Override":
            kind = attributes.get("ContentType", "").lower()
            if kind in MAIN_CONTENT:
                return attributes.get("PartName", "").lstrip("/")
            if kind == "application/vnd.ms-excel.sheet.binary.macroenabled.main":
                raise Refused("other_spreadsheet", kind=".xlsb")
    if "xl/workbook.xml" in archive:
        return "xl/workbook.xml"
    raise Refused("not_a_spreadsheet")


def relations(archive, part):
    """Relationships of `part`: id → (last word of the type, path of the target)."""
    folder, _, name = part.rpartition("/")
    found = {}
    for tag, attributes in elements(archive.read(f"{folder}/_rels/{name}.rels".lstrip("/"))):
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id")] = (kind, _resolve(folder, attributes.get("Target", "")))
    return found


def _resolve(folder, target):
    if target.startswith("/"):
        return target[1:]
    path = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            del path[-1:]
        elif step != ".":
            path.append(step)
    return "/".join(path)


def _styles(archive, part):
    """Style number as bytes → (format code, is it a date)."""
    if part not in archive:
        return {}
    codes = dict(BUILT_IN)
    numbers = []
    depth_name = ""
    for name, attributes in elements(archive.read(part)):
        if name == "numFmt" and depth_name != "dxfs":
            codes[int(attributes["numFmtId"])] = clean(attributes.get("formatCode", ""))
        elif name in ("cellStyleXfs", "cellXfs", "dxfs", "cellStyles"):
            depth_name = name
        elif name == "xf" and depth_name == "cellXfs":
            numbers.append(int(attributes.get("numFmtId", 0)))
    styles = {}
    for index, number in enumerate(numbers):
        code = codes.get(number, "")
        styles[b"%d" % index] = (code, is_date(code))
    return styles


def _shared_strings(archive, part):
    if part not in archive:
        return []
    strings = []
    for block in Content(archive, part, b"<sst", b"<sst", b"<si"):
        count = block.count(b"<si")
        if count != block.count(b"</si>") or b"<!" in block or b"<?" in block:
            block = _canonical_block(block)
        found = SHARED.findall(block.decode())
        if len(found) != count:
            found = SHARED.findall(_canonical_block(block).decode())
        for plain, rich in found:
            string = plain or (rich and "".join(TEXT.findall(PHONETIC.sub("", rich))))
            strings.append(_unescape(string) if "&" in string or "_x" in string else string)
    return strings


def _put(cells, column, value):
    if column >= len(cells):
        cells.extend([None] * (column - len(cells) + 1))
    cells[column] = value


def _canonical_block(block):
    return b"".join(canonical([b"<x>", block, b"</x>"]))


def _unescape(text):
    text = ENTITY.sub(_entity, text)
    if "_x" in text:  # ECMA-376 part 1, 22.9.2.19
        text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _entity(match):
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED[name]
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))


class Content:
    """The inside of the element `opening` of a part in blocks, each of whole `child` elements; then `tail`."""

    def __init__(self, archive, part, root, opening, child):
        self.chunks = _usual_form(archive, part, root)
        self.opening = opening
        self.closing = opening.replace(b"<", b"</") + b">"
        self.child = child
        self.tail = b""

    def __iter__(self):
        buffer = b""
        at = -1
        for chunk in self.chunks:
            buffer += chunk
            at = buffer.find(self.opening)
            if at >= 0 and b">" in buffer[at:]:
                break
            if len(buffer) > LONGEST_PIECE:
                raise Refused("damaged")
        else:
            raise Refused("damaged")
        head, _, buffer = buffer[at:].partition(b">")
        if head.endswith(b"/"):
            self.tail = buffer + b"".join(self.chunks)
            return
        while True:
            end = buffer.find(self.closing)
            cut = end if end >= 0 else buffer.rfind(self.child)
            if cut > 0:
                block, buffer = buffer[:cut], buffer[cut:]
                yield block.replace(b"\r\n", b"\n") if b"\r" in block else block
            if end >= 0:
                self.tail = buffer + b"".join(self.chunks)
                return
            if len(buffer) > LONGEST_PIECE:
                raise Refused("too_much_text", limit=LONGEST_PIECE >> 20)
            chunk = next(self.chunks, None)
            if chunk is None:
                raise Refused("damaged")
            buffer += chunk


def _usual_form(archive, part, root):
    """The chunks of a part, brought into the canonical form if its beginning is not as usual."""
    chunks = archive.chunks(part)
    first = next(chunks, b"")
    encoding = ENCODING.search(first[:200])
    unusual = (
        (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii"))
        or first.startswith((b"\xff\xfe", b"\xfe\xff"))
        or root not in first
        or b"<!" in first[: first.find(b"<row")]
    )
    pieces = chain((first,), chunks)
    return canonical(pieces) if unusual else pieces


class Worksheet:
    def __init__(self, output, styles, shared, date1904):
        self.output = output
        self.styles = styles
        self.shared = shared
        self.date1904 = date1904
        self.dates = {}
        self.attributes = Attributes()

    def read(self, archive, part):
        content = Content(archive, part, b"<worksheet", b"<sheetData", b"<row")
        row = -1
        for block in content:
            if b"<!" in block or b"<?" in block:
                block = _canonical_block(block)
            for piece in block.split(b"<row")[1:]:
                head, _, body = piece.partition(b">")
                number = ROW_NUMBER.search(head)
                if number is None and ROW_ATTRIBUTE.search(head):
                    piece = _canonical_block(b"<row" + piece).partition(b"<row")[2]
                    head, _, body = piece.partition(b">")
                    number = ROW_NUMBER.search(head)
                row = int(number[1]) - 1 if number else row + 1
                if b"<v" not in body and b"<is" not in body and b"<f" not in body:
                    continue
                try:
                    cells = self._plain_cells(body)
                except Unusual:
                    try:
                        cells = self._cells(body)
                    except Unusual:
                        block = _canonical_block(b"<row" + piece)
                        cells = self._cells(block.partition(b"<row")[2].partition(b">")[2])
                self.output.row(row, cells)
        self.output.merged = self._merged(content.tail)

    def _plain_cells(self, body):
        found = PLAIN_CELL.findall(body)
        if len(found) != body.count(b"<c"):
            raise Unusual
        shared = self.shared
        known = self.attributes
        cells = []
        for letters, attributes, text in found:
            if not text:
                continue
            other = known[attributes]
            value = shared[int(text)] or None if other is None else self._value(*other, text)
            if value is None:
                continue
            column = COLUMNS[letters]
            if column == len(cells):
                cells.append(value)
            else:
                _put(cells, column, value)
        return cells

    def _cells(self, body):
        if body.count(b"<is>") != body.count(b"</is>"):
            raise Unusual  # before the expression looks for the end of each one through the whole row
        found = CELL.findall(body)
        if len(found) != body.count(b"<c ") + body.count(b"<c>") + body.count(b"<c/>"):
            raise Unusual
        cells = []
        column = -1
        for letters, style, kind, formula, text, inline in found:
            column = COLUMNS[letters] if letters else column + 1
            value = self._value(style, kind, text, inline, 1 if formula else 0)
            if value is not None:
                _put(cells, column, value)
        return cells

    def _value(self, style, kind, text, inline=b"", formula=0):
        if kind in (b"", b"n"):
            if not text:
                return ["", None, "", 1, ""] if formula else None
            return self._number(text, style or b"0", formula)
        if kind == b"e":
            return ["", None, "", formula, text.decode()]
        if kind == b"inlineStr":
            value = "".join(TEXT.findall(PHONETIC.sub("", inline.decode()))) if inline else text.decode()
        elif kind == b"s":
            value = self.shared[int(text)] if text else ""
            return ["", value, "", 1, ""] if formula else value or None
        elif kind == b"b":
            value = text.strip() == b"1" or text.strip() == b"true"
            return ["", value, "", formula, ""] if formula else value
        elif kind == b"d":
            return self._iso_date(text.decode(), style, formula)
        else:
            value = text.decode()
        if "&" in value or "_x" in value:
            value = _unescape(value)
        return ["", value, "", formula, ""] if formula else value or None

    def _number(self, text, style, formula):
        code, is_day = self.styles.get(style, ("", False))
        if not is_day:
            return number_cell(number(text), code, False, self.date1904, formula)
        key = text, style, formula
        if key not in self.dates:
            self.dates[key] = date_cell(number(text), code, self.date1904, formula)
        return self.dates[key]

    def _iso_date(self, text, style, formula):
        from datetime import datetime

        code = self.styles.get(style, ("",))[0]
        moment = datetime.fromisoformat(text)
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        if seconds:
            return ["datetime", [moment.toordinal(), seconds], code, formula, ""]
        return ["date", moment.toordinal(), code, formula, ""]

    @staticmethod
    def _merged(tail):
        begin = tail.find(b"<mergeCells")
        if begin < 0:
            return []
        area = tail[begin : tail.find(b"</mergeCells>", begin)] + b"</mergeCells>"
        found = MERGED.findall(area)
        if len(found) != area.count(b"<mergeCell "):
            found = MERGED.findall(_canonical_block(area))
        return [
            (int(top) - 1, COLUMNS[left], int(bottom) - 1, COLUMNS[right])
            for left, top, right, bottom in found
        ]


def number(text):
    return int(text) if text.isdigit() and len(text) < 19 else whole(float(text))
