"""Figures of activities as a workbook to hand in, with an entry in the log."""

import io

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from members.statistics.sheet import Writer
from organizations.models import Action


class FiguresWriter(Writer):
    def about(self):
        return _("Activities and meetings from {first} to {last}. Made by {who}, {when}.").format(
            first=self.question.first,
            last=self.question.last,
            who=self.actor,
            when=f"{timezone.localtime():%Y-%m-%d %H:%M}",
        )


def export_figures(tables, question, *, actor):
    """An open file with a workbook of `tables`, one sheet each; logged as an export of figures by `actor`."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        writer = FiguresWriter(workbook, question, actor)
        for table in tables:
            writer.write(table)
    Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=actor,
        association=question.association,
        note=_("Figures, no persons"),
        details={
            "fields": [table.title for table in tables],
            "filter": f"{question.first} – {question.last}",
            "format": "xlsx",
        },
    )
    file.seek(0)
    return file


def sheet_name(question):
    return (
        _("Figures of activities {first} to {last}").format(
            first=f"{question.first:%Y%m%d}", last=f"{question.last:%Y%m%d}"
        )
        + ".xlsx"
    )
