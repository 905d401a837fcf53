from django.conf import settings
from django.core.management.base import BaseCommand

from members.imports.files import delete_old_files


class Command(BaseCommand):
    help = (
        "Delete uploaded rosters older than ROSTER_KEEP_DAYS, and those of no import; what was imported and its ledger "
        "stay. Run it daily."
    )

    def handle(self, *args, **options):
        count = delete_old_files(days=settings.ROSTER_KEEP_DAYS)
        self.stdout.write(f"{count} uploaded rosters deleted.")
