"""Figures as a workbook to hand in, with an entry in the log."""

import io

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from members.formats import A4
from members.statistics.dimensions import GROUP, PART
from members.statistics.tables import CHANGE, SHARE, TOTAL
from organizations.models import Action
from organizations.partial_dates import sentence

NUMBER_FORMATS = {SHARE: "0.0%", CHANGE: "+0;−0;0"}
LONGEST_NAME = 31
WIDE, NARROW = 34, 11
TITLE_ROW, ABOUT_ROW, HEAD_ROW = 0, 1, 3


def export_figures(tables, question, *, actor):
    """An open file with a workbook of `tables`, one sheet each; logged as an export of figures by `actor`."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        writer = Writer(workbook, question, actor)
        for table in tables:
            writer.write(table)
    Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=actor,
        association=question.association,
        note=_("Figures, no persons"),
        details={
            "fields": [table.title for table in tables],
            "filter": " / ".join(day.isoformat() for day in question.days),
            "format": "xlsx",
        },
    )
    file.seek(0)
    return file


def sheet_name(question):
    return _("Member statistics {day}").format(day=f"{question.day:%Y%m%d}") + ".xlsx"


class Writer:
    """Writes tables about a question, one a sheet, into a workbook."""

    def __init__(self, workbook, question, actor):
        self.workbook, self.question, self.actor = workbook, question, actor
        self.formats = {}

    def format(self, **properties):
        """The workbook's format of these properties; a workbook keeps each once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"font_size": 11, "valign": "vcenter"} | properties)
        return self.formats[key]

    def write(self, table):
        sheet = self.workbook.add_worksheet(table.title[:LONGEST_NAME])
        last = len(table.columns)
        sheet.write_string(TITLE_ROW, 0, self.title(table), self.format(bold=True, font_size=16))
        sheet.write_string(ABOUT_ROW, 0, self.about(), self.format(font_color="#57606A"))
        body = self._write_head(sheet, table)
        for number, row in enumerate(table.rows, body):
            self._write_row(sheet, number, row, table.columns)
        sheet.set_column(0, 0, WIDE)
        sheet.set_column(1, last, NARROW)
        sheet.freeze_panes(body, 1)
        sheet.repeat_rows(HEAD_ROW, body - 1)
        sheet.set_paper(A4)
        if last > 6:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")

    def title(self, table):
        association = self.question.association
        place = association.name if association else _("All associations in sight")
        return f"{place} {table.title}"

    def about(self):
        days = " / ".join(sentence(day.isoformat()) for day in self.question.days)
        return _("Members in force on {days}. Made by {who}, {when}.").format(
            days=days, who=self.actor, when=f"{timezone.localtime():%Y-%m-%d %H:%M}"
        )

    def _write_head(self, sheet, table):
        """The headings in one row or two; the number of the row below them."""
        head = self.format(bold=True, text_wrap=True, align="center", bg_color="#EFEFEF", border=1)
        rows = [HEAD_ROW, HEAD_ROW + 1] if table.groups else [HEAD_ROW]
        self._across(sheet, rows[0], 0, rows[-1], 0, table.head, head)
        for number, column in enumerate(table.columns, 1):
            if column.group:
                sheet.write_string(rows[-1], number, column.label, head)
            else:
                self._across(sheet, rows[0], number, rows[-1], number, column.label, head)
        place = 1
        for heading, columns, _label in table.groups:
            if heading:
                self._across(sheet, rows[0], place, rows[0], place + columns - 1, heading, head)
            place += columns
        return rows[-1] + 1

    @staticmethod
    def _across(sheet, first_row, first_column, last_row, last_column, text, style):
        if (first_row, first_column) == (last_row, last_column):
            sheet.write_string(first_row, first_column, text, style)
        else:
            sheet.merge_range(first_row, first_column, last_row, last_column, "", style)
            sheet.write_string(first_row, first_column, text, style)

    def _write_row(self, sheet, number, row, columns):
        strong = {"bold": True} if row.kind in (TOTAL, GROUP) else {}
        indent = {"indent": 1} if row.kind == PART else {}
        sheet.write_string(number, 0, row.label, self.format(border=1, text_wrap=True, **strong, **indent))
        for place, cell in enumerate(row.cells, 1):
            style = self.format(border=1, num_format=NUMBER_FORMATS.get(cell.kind, "0"), **strong)
            if cell.value is None:
                sheet.write_blank(number, place, None, style)
            else:
                sheet.write_number(number, place, cell.value, style)
