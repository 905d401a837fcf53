from django.core.management.base import BaseCommand
from django.utils import timezone

from activities.check_in.services import delete_old_scans


class Command(BaseCommand):
    help = "Delete which codes were read at check-in longer than SCANS_KEEP_DAYS ago. Run it daily."

    def handle(self, *args, **options):
        self.stdout.write(f"{delete_old_scans(timezone.localdate())} codes deleted.")
