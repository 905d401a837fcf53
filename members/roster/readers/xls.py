"""Excel workbooks of 1993 to 2003 (.xls, also WPS .et): BIFF5 and BIFF8, [MS-XLS]."""

from struct import Struct, error, unpack_from

from .compound import Compound
from .formats import BUILT_IN, clean, is_date, number_cell
from .output import Refused

BOF, EOF = 0x0809, 0x000A
OLDER_BOF = 0x0009, 0x0209, 0x0409
FILEPASS, CODEPAGE, DATEMODE, BOUNDSHEET, XF, FORMAT, SST = 0x2F, 0x42, 0x22, 0x85, 0xE0, 0x41E, 0xFC
CONTINUE, LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK = 0x3C, 0xFD, 0x204, 0xD6, 0x203, 0x27E, 0xBD
BOOLERR, FORMULA, STRING, MERGEDCELLS = 0x205, 0x06, 0x207, 0xE5
BIFF5, BIFF8 = 0x0500, 0x0600
KINDS = {0: "worksheet", 2: "chart"}
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
GLOBALS = 5

HEADER = Struct("<2H")
CELL = Struct("<3H")
LABELSST_CELL = Struct("<3HI")
NUMBER_CELL = Struct("<3Hd")
RK_CELL = Struct("<3HI")
XF_RK = Struct("<HI")
DOUBLE = Struct("<d")


def read(data, output):
    compound = Compound(data)
    streams = compound.streams
    if "encryptedpackage" in streams:
        raise Refused("encrypted")
    name = next((name for name in ("workbook", "book") if name in streams), None)
    if name is None:
        raise Refused("not_a_spreadsheet")
    Reader(compound.read(name), output).read()


class Reader:
    def __init__(self, stream, output):
        self.stream = stream
        self.output = output
        self.encoding = "gb18030"
        self.date1904 = False
        self.codes = dict(BUILT_IN)
        self.formats = []
        self.sheets = []
        self.shared = []

    def read(self):
        try:
            self._globals()
            self.styles = [
                (code, is_date(code)) for code in (self.codes.get(key, "") for key in self.formats)
            ]
            self.output.workbook("xls", date1904=self.date1904)
            for offset, state, kind, name in self.sheets:
                kind = KINDS.get(kind, "macro")
                self.output.sheet(name, state & 3 != 0, kind)
                if kind == "worksheet":
                    self._worksheet(offset)
        except error:
            raise Refused("damaged") from None

    def _records(self, at):
        """(kind, content) of the records from `at` to the EOF that closes the first of them."""
        stream = self.stream
        end = len(stream)
        unpack = HEADER.unpack_from
        depth = 0
        while at + 4 <= end:
            kind, length = unpack(stream, at)
            at += 4
            if at + length > end:
                break
            if kind == BOF:
                depth += 1
            elif kind == EOF:
                depth -= 1
                if depth <= 0:
                    return
            if depth == 1:  # a chart within a sheet has records of its own
                yield kind, stream[at : at + length]
            at += length
        raise Refused("truncated")

    def _globals(self):
        first, _, self.version, what = unpack_from("<4H", self.stream)
        if first in OLDER_BOF:
            raise Refused("other_spreadsheet", kind="Excel 4.0")
        if first != BOF or what != GLOBALS or self.version not in (BIFF5, BIFF8):
            raise Refused("damaged")
        before = None
        strings = []
        for kind, content in self._records(0):
            if kind == SST:
                strings = [content]
            elif kind == CONTINUE:
                if before == SST:
                    strings.append(content)
                continue
            else:
                self._global(kind, content)
            before = kind
        if strings:
            self.shared = SharedStrings(strings).read()

    def _global(self, kind, content):
        if kind == FILEPASS:
            raise Refused("encrypted")
        if kind == CODEPAGE:
            self.encoding = _encoding(unpack_from("<H", content)[0])
        elif kind == DATEMODE:
            self.date1904 = content[:1] == b"\1"
        elif kind == FORMAT:
            code = self._text(content, 2, 2 if self.version == BIFF8 else 1)
            self.codes[unpack_from("<H", content)[0]] = clean(code)
        elif kind == XF:
            self.formats.append(unpack_from("<H", content, 2)[0])
        elif kind == BOUNDSHEET:
            self.sheets.append((*unpack_from("<I2B", content), self._text(content, 6, 1)))

    def _text(self, content, at, width):
        """A text with its length, `width` bytes, in front."""
        length = int.from_bytes(content[at : at + width], "little")
        at += width
        if self.version == BIFF5:
            return content[at : at + length].decode(self.encoding, "replace")
        if content[at : at + 1] and content[at] & 1:
            return content[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
        return content[at + 1 : at + 1 + length].decode("latin-1")

    def _worksheet(self, offset):
        rows = {}
        merged = []
        waiting = None  # a formula whose result, a text, comes in a record of its own
        shared = self.shared
        number = self._number
        for kind, content in self._records(offset):
            if kind == LABELSST:
                row, column, _, index = LABELSST_CELL.unpack_from(content)
                value = shared[index] or None
            elif kind == NUMBER:
                row, column, style, value = NUMBER_CELL.unpack_from(content)
                value = number(value, style)
            elif kind == RK:
                row, column, style, value = RK_CELL.unpack_from(content)
                value = number(_rk(value), style)
            elif kind == MULRK:
                row, column = unpack_from("<2H", content)
                for index, (style, value) in enumerate(XF_RK.iter_unpack(content[4:-2])):
                    rows.setdefault(row, {})[column + index] = number(_rk(value), style)
                continue
            elif kind in (LABEL, RSTRING):
                row, column, _ = CELL.unpack_from(content)
                value = self._text(content, 6, 2) or None
            elif kind == BOOLERR:
                row, column, _, value, is_error = unpack_from("<3H2B", content)
                value = ["", None, "", 0, _error(value)] if is_error else bool(value)
            elif kind == FORMULA:
                row, column, style = CELL.unpack_from(content)
                value = self._formula(content[6:14], style)
                waiting = value
            elif kind == STRING:
                if waiting is not None:
                    waiting[1] = self._text(content, 0, 2)
                    waiting = None
                continue
            else:
                if kind == MERGEDCELLS:
                    merged += self._merged(content)
                continue
            if value is not None:
                rows.setdefault(row, {})[column] = value
        for row in sorted(rows):
            columns = rows[row]
            cells = [None] * (max(columns) + 1)
            for column, value in columns.items():
                cells[column] = value
            self.output.row(row, cells)
        self.output.merged = merged

    def _number(self, value, style, formula=0):
        code, is_day = self.styles[style] if style < len(self.styles) else ("", False)
        return number_cell(value, code, is_day, self.date1904, formula)

    def _formula(self, result, style):
        if result[6:8] != b"\xff\xff":
            value = self._number(DOUBLE.unpack(result)[0], style, 1)
            return value if type(value) is list else ["", value, "", 1, ""]
        if result[0] == 1:
            return ["", bool(result[2]), "", 1, ""]
        if result[0] == 2:
            return ["", None, "", 1, _error(result[2])]
        # an empty text is also what programs write that do not calculate: it counts as no result
        return ["", None, "", 1, ""]

    @staticmethod
    def _merged(content):
        ranges = Struct("<4H").iter_unpack(content[2 : 2 + 8 * int.from_bytes(content[:2], "little")])
        return [(top, left, bottom, right) for top, bottom, left, right in ranges]


def _rk(value):
    """The number packed into 30 bits, [MS-XLS] 2.5.217."""
    if value & 2:
        number = (value >> 2) - (1 << 30 if value & 0x80000000 else 0)
    else:
        number = DOUBLE.unpack(((value & 0xFFFFFFFC) << 32).to_bytes(8, "little"))[0]
    return number / 100 if value & 1 else number


def _error(code):
    return ERRORS.get(code, "#VALUE!")


def _encoding(codepage):
    if codepage == 936:
        return "gb18030"
    if codepage == 1200:
        return "utf-16-le"
    try:
        b"".decode(f"cp{codepage}")
    except LookupError:
        return "cp1252"
    return f"cp{codepage}"


class SharedStrings:
    """The table of texts, spread over an SST record and its CONTINUE records ([MS-XLS] 2.5.293)."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.piece = pieces[0]
        self.next_piece = 1
        self.at = 8

    def read(self):
        count = unpack_from("<I", self.piece, 4)[0]
        if count > sum(map(len, self.pieces)) // 3:
            raise Refused("damaged")
        return [self._string() for _ in range(count)]

    def _advance(self):
        if self.next_piece >= len(self.pieces):
            raise Refused("truncated")
        self.piece = self.pieces[self.next_piece]
        self.next_piece += 1
        self.at = 0

    def _string(self):
        if self.at >= len(self.piece):
            self._advance()
        length, flags = unpack_from("<HB", self.piece, self.at)
        self.at += 3
        extra = 0
        if flags & 8:
            extra += 4 * unpack_from("<H", self.piece, self.at)[0]
            self.at += 2
        if flags & 4:
            extra += unpack_from("<I", self.piece, self.at)[0]
            self.at += 4
        text = self._characters(length, flags)
        while extra > len(self.piece) - self.at:
            extra -= len(self.piece) - self.at
            self._advance()
        self.at += extra
        return text

    def _characters(self, length, flags):
        piece, at = self.piece, self.at
        width = 1 + (flags & 1)
        self.at = at + length * width
        if self.at <= len(piece):
            return piece[at : self.at].decode("utf-16-le" if flags & 1 else "latin-1", "replace")
        text = b""
        while at + length * width > len(piece):
            part = piece[at : at + (len(piece) - at) // width * width]
            text += _utf16(part, flags)
            length -= len(part) // width
            self._advance()
            piece, at = self.piece, 1
            flags = piece[0] if piece else 0
            width = 1 + (flags & 1)
        self.at = at + length * width
        return (text + _utf16(piece[at : self.at], flags)).decode("utf-16-le", "replace")


def _utf16(characters, flags):
    """One or two bytes a character, as UTF-16."""
    return characters if flags & 1 else characters.decode("latin-1").encode("utf-16-le")
