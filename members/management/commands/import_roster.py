import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.imports.files import NotStored
from members.imports.pipeline import import_file, read_file
from members.imports.preview import count, prepared
from members.imports.report import batch_report, roster_report
from members.roster.workbook import UnreadableFile
from organizations.models import Association

EXIT_UNREADABLE, EXIT_LEFT_OUT = 1, 2


class Command(BaseCommand):
    help = "Read a roster into the register; what the import screens do, by the same code (roster contract)."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--association", metavar="CODE", help="where to; the only one if there is one")
        parser.add_argument("--sheet", metavar="NAME", help="read this sheet only, even a hidden one")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the contract's JSON object")

    def handle(self, *args, file, association, sheet, dry_run, **options):
        try:
            if dry_run:
                roster = read_file(file, sheet=sheet)
                rows = list(prepared(roster, self.find_association(association, required=False)))
                report = roster_report(file, roster, rows, count(rows))
            else:
                batch = import_file(
                    file, association=self.find_association(association), actor=None, sheet=sheet
                )
                report = batch_report(file, batch)
        except (UnreadableFile, NotStored) as error:
            self.stderr.write(str(error))
            sys.exit(EXIT_UNREADABLE)
        self.print(report, as_json=options["json"])
        if report["counts"]["error"] or report["counts"]["question"]:
            sys.exit(EXIT_LEFT_OUT)

    def find_association(self, code, *, required=True):
        """The association of that code, or the only one; None for a dry run against an empty register."""
        if not required and Association._meta.db_table not in connection.introspection.table_names():
            return None
        if code:
            try:
                return Association.objects.get(code=code)
            except Association.DoesNotExist:
                known = ", ".join(Association.objects.values_list("code", flat=True)) or "-"
                raise CommandError(f"There is no association {code!r}. There are: {known}.") from None
        found = list(Association.objects.all()[:2])
        if len(found) == 1:
            return found[0]
        if not found and not required:
            return None
        raise CommandError("Name the association with --association CODE.")

    def print(self, report, *, as_json):
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for sheet in report["sheets"]:
            for message in [*sheet["messages"], *(m for row in sheet["rows"] for m in row["messages"])]:
                self.stdout.write(f"{sheet['name']}!{message['cell']}: {message['text']}")
        counts = report["counts"]
        line = ngettext("{rows} row", "{rows} rows", counts["rows"]) + _(
            ": {new} new, {update} changed, {unchanged} unchanged, {question} open, {error} with errors."
        )
        self.stdout.write(line.format(**counts))
