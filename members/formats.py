"""File formats of the export, as django-import-export knows them: written row by row, in constant memory.

Every cell is text. A number cell would lose the end of an identity number, a date cell would invent a day, and no
program may take what somebody wrote for a formula.
"""

import csv
import io
import re
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from import_export.formats.base_formats import Format
from xlsxwriter.utility import xl_col_to_name

from members.roster.contract import FIELD, FIELDS
from members.roster.readers.text import FORMULA

SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
SHEET_NAME = "会员名册"
A4 = 9
MOST_ROWS = 1_048_576  # of a sheet
# Widths in characters (a Chinese one is two) by header; the rest of the columns get the usual width
USUAL_WIDTH = 14
WIDTHS = {field.header: USUAL_WIDTH for field in FIELDS} | {
    "姓名": 10,
    "曾用名": 10,
    "性别": 6,
    "出生年月": 11,
    "民族": 9,
    "学历": 12,
    "毕业院校": 22,
    "专业": 16,
    "全日制毕业院校系及专业": 26,
    "在职毕业院校系及专业": 26,
    "职称": 16,
    "职称级别": 10,
    "执业资格": 18,
    "工作单位": 32,
    "职务": 18,
    "统一社会信用代码": 22,
    "所属类别": 24,
    "办公电话": 16,
    "邮箱": 26,
    "微信号": 16,
    "证件号码": 22,
    "通讯地址": 32,
    "社会职务": 32,
    "荣誉": 32,
    "会内职务": 18,
    "入会时间": 11,
    "会员状态": 10,
    "备注": 32,
}
# Lines above the table span it where they fit; on a wider one the middle would be off the screen
NARROWEST_SPAN, WIDEST_CENTRED = 40, 180
LINE = 15  # points
# Columns up to the name stay in sight when the sheet is moved sideways, if the name is among the first so many
FROZEN = 4
# Stand in the workbook's strings for the lines above the table until the rows are written
TITLE, NOTE = "@title@", "@note@"

# What has no place in XML 1.0 at all, what must be escaped in it, and what a spreadsheet program takes for an escape
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NEEDS_CARE = re.compile("[&<>_ \x00-\x1f\ud800-\udfff\ufffe\uffff]")


class RosterFormat(Format):
    """A format that takes headers and an iterable of rows of texts."""

    most_rows = None
    """Members that one file holds, None without a limit."""

    def can_export(self):
        return True

    def write(self, file, headers, rows, heading=None):
        """Write to the binary `file`; return the number of rows.

        `heading` is what stands above the table where the format has room for it: its attribute `maker` names who
        made the file, its methods `title()` and `note(count)` give two lines, asked for when the rows are written;
        `sheet` is the name of the sheet, if it has one of its own.
        """
        raise NotImplementedError

    def export_data(self, dataset, **kwargs):
        """The package's own way in: a whole tablib dataset, answered as bytes."""
        file = io.BytesIO()
        self.write(file, dataset.headers, dataset)
        return file.getvalue()


class Xlsx(RosterFormat):
    """Excel and WPS, ready to be handed in: title, frozen header with filters, lines, text cells, A4 across."""

    most_rows = MOST_ROWS - 3  # title, note and header

    def get_title(self):
        return _("Excel or WPS (.xlsx)")

    def get_extension(self):
        return "xlsx"

    def get_content_type(self):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, file, headers, rows, heading=None):
        # XlsxWriter makes the workbook; its rows, at ten microseconds a cell, are put in by hand
        frame = zipfile.ZipFile(io.BytesIO(_frame(headers, heading)))
        top = 3 if heading else 1
        sheet = frame.read(SHEET).decode()
        start, end = sheet.index(f'<row r="{top + 1}"'), sheet.index("</sheetData>")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as archive:
            for name in frame.namelist():
                if name not in (SHEET, STRINGS, WORKBOOK):
                    archive.writestr(name, frame.read(name))
            with archive.open(SHEET, "w", force_zip64=True) as out:
                out.write(re.sub(r"<dimension [^>]*/>", "", sheet[:start]).encode())
                number, piece = top, []
                for number, row in enumerate(_rows(sheet[start:end], len(headers), rows), top + 1):
                    piece.append(row.replace("\0", str(number)))
                    if len(piece) == 200:
                        out.write("".join(piece).encode())
                        piece.clear()
                last = xl_col_to_name(len(headers) - 1)
                rest = sheet[end:].replace(f':{last}{top + 1}"', f':{last}{number}"')
                out.write("".join([*piece, rest]).encode())
            # now the number of rows is known
            names = frame.read(WORKBOOK).decode()
            archive.writestr(WORKBOOK, names.replace(f":${last}${top + 1}<", f":${last}${number}<"))
            archive.writestr(STRINGS, _strings(frame.read(STRINGS).decode(), heading, number - top))
        return number - top


def _rows(pattern, width, rows):
    """The xml of each of `rows`, with ``\\0`` for its number; `pattern` is that of an empty row, for the styles."""
    styles = re.findall(r' s="\d+"', pattern)
    names = [xl_col_to_name(place) for place in range(width)]
    empty = [f'<c r="{name}\0"{style}/>' for name, style in zip(names, styles, strict=True)]
    filled = [f'{cell[:-2]} t="inlineStr"><is><t' for cell in empty]
    plain = [f"{cell}>" for cell in filled]
    careful = [f'{cell} xml:space="preserve">' for cell in filled]
    for row in rows:
        if not NEEDS_CARE.search("|".join(row)):
            cells = [
                f"{cell}{text}</t></is></c>" if text else blank
                for cell, blank, text in zip(plain, empty, row, strict=True)
            ]
        else:
            cells = [
                f"{cell}{_xml_text(text)}</t></is></c>" if text else blank
                for cell, blank, text in zip(careful, empty, row, strict=True)
            ]
        yield f'<row r="\0">{"".join(cells)}</row>'


def _strings(xml, heading, count):
    """The part with the headers, the lines above the table put in."""
    if heading is None:
        return xml
    for mark, text in ((TITLE, heading.title()), (NOTE, heading.note(count))):
        xml = xml.replace(f"<t>{mark}</t>", f'<t xml:space="preserve">{_xml_text(text)}</t>')
    return xml


def _frame(headers, heading):
    """The bytes of a workbook with the lines above the rows, and one row of empty cells in the styles of theirs."""
    file = io.BytesIO()
    usual = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    options = {"in_memory": True, "default_format_properties": usual}
    widths = [WIDTHS.get(header, USUAL_WIDTH) for header in headers]
    with xlsxwriter.Workbook(file, options) as workbook:
        bold = {"bold": True, "align": "center", "bg_color": "#EFEFEF"}
        lined = {"border": 1, "text_wrap": True, "num_format": "@"}
        header_style = workbook.add_format({**lined, **bold})
        short, long = workbook.add_format({**lined, "align": "center"}), workbook.add_format(lined)
        name = getattr(heading, "sheet", SHEET_NAME)
        sheet = workbook.add_worksheet(name)
        top = 0
        if heading is not None:
            workbook.set_properties({"title": name, "author": heading.maker})
            _write_heading(workbook, sheet, widths, heading)
            top = 2
        for place, (header, width) in enumerate(zip(headers, widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(top, place, header, header_style)
            sheet.write_blank(top + 1, place, None, short if width <= USUAL_WIDTH else long)
        last = len(headers) - 1
        sheet.autofilter(top, 0, top + 1, last)
        name = FIELD["name"].header
        sheet.freeze_panes(top + 1, headers.index(name) + 1 if name in headers[:FROZEN] else 0)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last)}{MOST_ROWS}"})
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.repeat_rows(top)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页 共 &N 页")
    return file.getvalue()


def _write_heading(workbook, sheet, widths, heading):
    width = sum(widths)
    spans = len(widths) > 1 and width >= NARROWEST_SPAN
    title_style = {"bold": True, "font_size": 16}
    if spans and width <= WIDEST_CENTRED:
        title_style["align"] = "center"
    lines = -(-2 * len(heading.note(MOST_ROWS)) // width) if spans else 1
    wrapped = {"text_wrap": True} if spans else {}
    for row, (mark, style, height) in enumerate(
        [(TITLE, title_style, 2 * LINE), (NOTE, wrapped, (lines + 0.5) * LINE)]
    ):
        sheet.set_row(row, height)
        if spans:
            sheet.merge_range(row, 0, row, len(widths) - 1, mark, workbook.add_format(style))
        else:
            sheet.write_string(row, 0, mark, workbook.add_format(style))


def _xml_text(text):
    return escape(LOOKS_ESCAPED.sub("_x005F_", FORBIDDEN.sub("", text.replace("\r\n", "\n"))))


class Csv(RosterFormat):
    """CSV in UTF-8 with a mark, by which Excel knows the encoding; every cell in quotation marks."""

    def get_title(self):
        return _("Text with commas (.csv)")

    def get_extension(self):
        return "csv"

    def get_content_type(self):
        return "text/csv; charset=utf-8"

    def is_binary(self):
        return True

    def write(self, file, headers, rows, heading=None):
        written = io.TextIOWrapper(
            file, encoding="utf-8-sig", errors="replace", newline="", write_through=False
        )
        writer = csv.writer(written, quoting=csv.QUOTE_ALL)
        writer.writerow(headers)
        number = 0
        for row in rows:
            if FORBIDDEN.search("".join(row)):
                row = [FORBIDDEN.sub("", text) for text in row]
            # no program may take a text for a formula; reading the file takes the apostrophe away
            writer.writerow([f"'{text}" if text and FORMULA.match(text) else text for text in row])
            number += 1
        written.flush()
        written.detach()
        return number


FORMATS = [Xlsx, Csv]
