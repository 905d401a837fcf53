from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from members.signing_in.journal import delete_older_than


class Command(BaseCommand):
    help = (
        "Delete sign-ins noted more than SIGN_IN_KEEP_DAYS ago, and sessions that have run out. Run it daily."
    )

    def handle(self, *args, **options):
        count = delete_older_than(settings.SIGN_IN_KEEP_DAYS)
        call_command("clearsessions")
        self.stdout.write(f"{count} sign-ins deleted.")
