from django.core.management.base import BaseCommand

from members.privacy.viewings import delete_old_viewings


class Command(BaseCommand):
    help = (
        "Delete the notes of who opened which member's record that are older than VIEWINGS_KEEP_DAYS, never those of "
        "the last 180 days. Run it daily."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{delete_old_viewings()} viewings deleted.")
