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

from members.roster.contract import FIELDS
from members.roster.readers.text import FORMULA

SHEET = "xl/worksheets/sheet1.xml"
A4 = 9
# Widths in characters by header; the rest of the columns get the usual width
USUAL_WIDTH = 14
WIDTHS = {field.header: USUAL_WIDTH for field in FIELDS} | {
    "姓名": 10,
    "性别": 6,
    "民族": 8,
    "证件号码": 22,
    "统一社会信用代码": 22,
    "所属类别": 36,
    "工作单位": 32,
    "通讯地址": 36,
    "社会职务": 36,
    "荣誉": 36,
    "备注": 36,
}

# What has no place in XML 1.0 at all, what must be escaped in it, and what a spreadsheet program takes for an escape
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NEEDS_CARE = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x|^ | $")


class RosterFormat(Format):
    """A format that takes headers and an iterable of rows of texts."""

    def can_export(self):
        return True

    def write(self, file, headers, rows):
        """Write to the binary `file`; return the number of rows."""
        raise NotImplementedError

    def export_data(self, dataset, **kwargs):
        """The package's own way in: a whole tablib dataset, answered as bytes."""
        file = io.BytesIO()
        self.write(file, dataset.headers, dataset)
        return file.getvalue()


class Xlsx(RosterFormat):
    """Excel and WPS: header in bold and frozen, text cells, one page wide on A4 across."""

    def get_title(self):
        return _("Excel or WPS (.xlsx)")

    def get_extension(self):
        return "xlsx"

    def get_content_type(self):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, file, headers, rows):
        # XlsxWriter makes the workbook; its rows, at ten microseconds a cell, are put in by hand
        frame = zipfile.ZipFile(io.BytesIO(_frame(headers)))
        sheet = frame.read(SHEET).decode()
        start, end = sheet.index('<row r="2"'), sheet.index("</sheetData>")
        style = re.search(r' s="\d+"', sheet[start:end])[0]
        columns = [f'<c r="{xl_col_to_name(place)}' for place in range(len(headers))]
        plain = f'"{style} t="inlineStr"><is><t>'
        careful = f'"{style} t="inlineStr"><is><t xml:space="preserve">'
        number = 1
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name in frame.namelist():
                if name != SHEET:
                    archive.writestr(name, frame.read(name))
            with archive.open(SHEET, "w", force_zip64=True) as out:
                out.write(re.sub(r"<dimension [^>]*/>", "", sheet[:start]).encode())
                piece = []
                for number, row in enumerate(rows, 2):
                    piece.append(f'<row r="{number}">')
                    for column, text in zip(columns, row, strict=True):
                        if not text:
                            continue
                        if NEEDS_CARE.search(text):
                            piece.append(f"{column}{number}{careful}{_xml_text(text)}</t></is></c>")
                        else:
                            piece.append(f"{column}{number}{plain}{text}</t></is></c>")
                    piece.append("</row>")
                    if len(piece) > 5000:
                        out.write("".join(piece).encode())
                        piece.clear()
                out.write("".join([*piece, sheet[end:]]).encode())
        return number - 1


def _frame(headers):
    """The bytes of a workbook with the header row and one empty cell in the style of the rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        text = workbook.add_format({"num_format": "@"})
        bold = workbook.add_format({"bold": True, "num_format": "@", "bg_color": "#EFEFEF", "bottom": 1})
        bold.set_text_wrap()
        sheet = workbook.add_worksheet("会员名册")
        for place, header in enumerate(headers):
            sheet.set_column(place, place, WIDTHS.get(header, USUAL_WIDTH), text)
            sheet.write_string(0, place, header, bold)
        sheet.write_blank(1, 0, None, text)
        sheet.freeze_panes(1, min(2, len(headers)))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
    return file.getvalue()


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

    def write(self, file, headers, rows):
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=False)
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow(headers)
        number = 0
        for row in rows:
            writer.writerow([guarded(value) for value in row])
            number += 1
        text.flush()
        text.detach()
        return number


def guarded(text):
    """`text` as a cell of a CSV file that no program takes for a formula; reading it takes the apostrophe away."""
    text = FORBIDDEN.sub("", text)
    return f"'{text}" if FORMULA.match(text) else text


FORMATS = [Xlsx, Csv]
