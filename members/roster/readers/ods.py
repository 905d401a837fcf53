"""OpenDocument spreadsheets (.ods), version 1.0 to 1.3."""

import re
from datetime import datetime

from .formats import PLAIN, clean, number_cell
from .markup import elements, feed, parser
from .output import Refused

MOST_COLUMNS = 16_384
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
ERROR = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d{3}")
BLANKS = re.compile(r"[ \t\r\n]+")
CELLS = {"table:table-cell", "table:covered-table-cell"}
# what may stand in or beside a cell with texts or tables of its own: comments, pictures, change tracking …
IGNORED = {
    "office:annotation",
    "office:forms",
    "table:shapes",
    "table:tracked-changes",
    "table:dde-links",
    "text:note",
    "text:ruby-text",
}
NUMBER_STYLES = {
    "number-style",
    "date-style",
    "time-style",
    "percentage-style",
    "currency-style",
    "text-style",
}


def read(archive, output):
    if "META-INF/manifest.xml" in archive:
        for name, _ in elements(archive.read("META-INF/manifest.xml")):
            if name == "encryption-data":
                raise Refused("encrypted")
    output.workbook("ods")
    styles = Styles()
    if "styles.xml" in archive:
        styles.read(archive.chunks("styles.xml"))
    Content(output, styles).read(archive.chunks("content.xml"))


class Styles:
    """Number formats of the cell styles as Excel's codes, and which table styles hide their sheet."""

    def __init__(self):
        self.codes = {}
        self.parts = None
        self.number_style = None
        self.style = None
        self.cells = {}
        self.hidden = set()
        self.text = False

    def read(self, chunks):
        feed(parser(self.start, self.end, self.characters), chunks)

    def start(self, name, attributes):
        prefix, _, name = name.partition(":")
        if prefix == "number":
            if name in NUMBER_STYLES:
                self.parts = []
                self.number_style = attributes.get("style:name")
                self.elapsed = attributes.get("number:truncate-on-overflow") == "false"
            elif self.parts is not None:
                self.parts.append(self._part(name, attributes))
                self.text = name in ("text", "currency-symbol")
        elif prefix == "style":
            if name == "style":
                family = attributes.get("style:family")
                self.style = attributes.get("style:name")
                if family == "table-cell":
                    self.cells[self.style] = (
                        attributes.get("style:data-style-name"),
                        attributes.get("style:parent-style-name"),
                    )
            elif name == "table-properties" and attributes.get("table:display") == "false":
                self.hidden.add(self.style)

    def end(self, name):
        prefix, _, name = name.partition(":")
        if prefix != "number":
            return
        self.text = False
        if name in NUMBER_STYLES and self.parts is not None:
            self.codes[self.number_style] = clean("".join(self.parts))
            self.parts = None

    def characters(self, text):
        if self.text and self.parts is not None:
            # what needs no quotes in Excel either stays readable: yyyy-mm-dd, yyyy.mm, 0%
            self.parts.append(text if text in ("-", "/", ".", ":", " ", "%", ",") else f'"{text}"')

    def _part(self, name, attributes):
        long = attributes.get("number:style") == "long"
        if name == "year":
            return "yyyy" if long else "yy"
        if name == "month":
            if attributes.get("number:textual") == "true":
                return "mmmm" if long else "mmm"
            return "mm" if long else "m"
        if name == "day":
            return "dd" if long else "d"
        if name == "day-of-week":
            return "aaaa" if long else "aaa"
        if name == "hours":
            hours = "hh" if long else "h"
            return f"[{hours}]" if self.elapsed else hours
        if name == "minutes":
            return "mm" if long else "m"
        if name == "seconds":
            return "ss" if long else "s"
        if name == "am-pm":
            return "AM/PM"
        if name == "text-content":
            return "@"
        if name == "fraction":
            return "# ?/?"
        if name in ("number", "scientific-number"):
            return _digits(attributes) + ("E+00" if name == "scientific-number" else "")
        return ""

    def code(self, style):
        for _ in range(10):  # a style takes from its parent what it does not say itself
            data_style, parent = self.cells.get(style, (None, None))
            if data_style is not None:
                return self.codes.get(data_style, "")
            if parent is None:
                return ""
            style = parent
        return ""


def _digits(attributes):
    whole = min(int(attributes.get("number:min-integer-digits", 1)), 30)
    decimals = attributes.get("number:decimal-places")
    grouped = attributes.get("number:grouping") == "true"
    if decimals is None and whole <= 1 and not grouped:
        return "General"
    code = "0" * whole or "#"
    if grouped:
        code = "#," + code.rjust(3, "#")
    decimals = min(int(decimals or 0), 30)
    return code + ("." + "0" * decimals if decimals else "")


class Content:
    def __init__(self, output, styles):
        self.output = output
        self.styles = styles
        self.codes = {}
        self.in_body = self.in_table = False
        self.ignored = 0
        """Depth below an element that is passed over."""
        self.cell = None
        self.text = []
        self.in_paragraph = False

    def read(self, chunks):
        feed(parser(self.start, self.end, self.characters), chunks)
        if not self.in_body:
            raise Refused("damaged")

    def start(self, name, attributes):
        if self.ignored:
            self.ignored += 1
        elif not self.in_body:
            if name == "office:body":
                self.in_body = True
            else:
                self.styles.start(name, attributes)
        elif name in CELLS:
            self.cell = attributes
            self.text = []
        elif name == "text:p":
            if self.text:
                self.text.append("\n")
            self.in_paragraph = self.cell is not None
        elif name in IGNORED or name.startswith("draw:"):
            self.ignored = 1
        elif name == "table:table-row":
            self.cells = []
            self.column = 0
            self.row_style = attributes.get("table:default-cell-style-name")
            self.repeated = _repeated(attributes, "table:number-rows-repeated")
        elif name == "text:s":
            self.text.append(" " * min(_repeated(attributes, "text:c"), 1000))
        elif name == "text:tab":
            self.text.append("\t")
        elif name == "text:line-break":
            self.text.append("\n")
        elif name == "table:table-column":
            style = attributes.get("table:default-cell-style-name")
            count = _repeated(attributes, "table:number-columns-repeated")
            self.column_styles += [style] * min(count, MOST_COLUMNS - len(self.column_styles))
        elif name == "table:table":
            if self.in_table:
                self.ignored = 1
            else:
                self._begin_table(attributes)

    def end(self, name):
        if self.ignored:
            self.ignored -= 1
        elif not self.in_body:
            self.styles.end(name)
        elif name == "text:p":
            self.in_paragraph = False
        elif name in CELLS:
            self._end_cell()
        elif name == "table:table-row":
            while self.cells and self.cells[-1] is None:
                self.cells.pop()
            if self.cells:
                for row in range(self.row, self.row + self.repeated):
                    self.output.row(row, list(self.cells))
            self.row += self.repeated
        elif name == "table:table":
            self.in_table = False

    def characters(self, text):
        if self.ignored:
            return
        if not self.in_body:
            self.styles.characters(text)
        elif self.in_paragraph:
            self.text.append(BLANKS.sub(" ", text))

    def _begin_table(self, attributes):
        hidden = attributes.get("table:style-name") in self.styles.hidden
        self.output.sheet(attributes.get("table:name", ""), hidden)
        self.in_table = True
        self.row = 0
        self.column_styles = []

    def _end_cell(self):
        attributes = self.cell
        self.cell = None
        value = self._value(attributes)
        count = _repeated(attributes, "table:number-columns-repeated")
        if "table:number-rows-spanned" in attributes or "table:number-columns-spanned" in attributes:
            bottom = self.row + _repeated(attributes, "table:number-rows-spanned") - 1
            right = self.column + _repeated(attributes, "table:number-columns-spanned") - 1
            if (bottom, right) != (self.row, self.column):
                self.output.merged.append((self.row, self.column, bottom, right))
        if value is not None:
            if self.column + count > MOST_COLUMNS:
                raise Refused("damaged")
            self.cells.extend([None] * (self.column - len(self.cells)))
            self.cells.extend([value] * count)
        self.column += count

    def _value(self, attributes):
        """The cell's value in the form for the wire."""
        formula = 1 if "table:formula" in attributes else 0
        kind = attributes.get("office:value-type")
        text = "".join(self.text)
        if attributes.get("calcext:value-type") == "error" or (formula and ERROR.fullmatch(text)):
            return ["", None, "", formula, text if ERROR.fullmatch(text) else "#VALUE!"]
        if kind in ("float", "percentage", "currency"):
            value = float(attributes["office:value"])
            return number_cell(value, self._code(attributes), False, False, formula)
        if kind == "date":
            try:
                return _date(attributes["office:date-value"], self._code(attributes), formula)
            except ValueError:  # BCE, or a form Python does not know
                value = text
        elif kind == "time":
            value = self._time(attributes, formula)
            if type(value) is list:
                return value
        elif kind == "boolean":
            value = attributes.get("office:boolean-value") == "true"
        elif kind is None and formula:
            value = None
        else:
            value = attributes.get("office:string-value", text)
        if formula:
            return ["", value, "", 1, ""]
        return None if value == "" else value

    def _time(self, attributes, formula):
        match = DURATION.fullmatch(attributes.get("office:time-value", ""))
        if match is None:
            return "".join(self.text)
        hours, minutes, seconds = map(int, match.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if total < 86_400:
            return ["time", total, self._code(attributes), formula, ""]
        return ["", total / 86_400, self._code(attributes), formula, ""]

    def _code(self, attributes):
        style = attributes.get("table:style-name") or self.row_style
        if style is None and self.column < len(self.column_styles):
            style = self.column_styles[self.column]
        if style not in self.codes:
            code = self.styles.code(style)
            self.codes[style] = "" if code in PLAIN else code
        return self.codes[style]


def _repeated(attributes, name):
    return max(1, int(attributes.get(name, 1)))


def _date(text, code, formula):
    moment = datetime.fromisoformat(text)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    if seconds:
        return ["datetime", [moment.toordinal(), seconds], code, formula, ""]
    return ["date", moment.toordinal(), code, formula, ""]
