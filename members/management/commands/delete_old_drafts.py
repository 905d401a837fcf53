from django.core.management.base import BaseCommand

from members.applications.applying import DRAFT_DAYS, delete_old_drafts


class Command(BaseCommand):
    help = f"Delete drafts of applications that nobody has touched for {DRAFT_DAYS} days. Run it daily."

    def handle(self, *args, **options):
        self.stdout.write(f"{delete_old_drafts()} drafts of applications deleted.")
