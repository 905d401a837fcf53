from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import timezone

from members.models import RetentionRun
from members.retention.services import anonymise_run, delete_old_applications, forget_deleted, purge_run
from organizations.models import Association


class Command(BaseCommand):
    help = (
        "Carries out what managers have started: anonymises the records of runs whose time of grace is over. Deletes "
        "old applications and empties the history of records deleted long ago. With --purge also drops for good what "
        "was anonymised long enough ago. Starts no run by itself. Run it daily; it may be repeated and interrupted."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--purge", action="store_true", help="purge runs whose second time of grace is over"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args, purge, dry_run, **options):
        day, state = timezone.localdate(), RetentionRun.State
        ready = Q(state=state.LISTED, grace_until__lt=day)
        if purge:
            ready |= Q(state=state.ANONYMISED, purge_after__lt=day)
        for run in RetentionRun.objects.filter(ready).select_related("association").order_by("pk"):
            service, verb = (
                (anonymise_run, "anonymised") if run.state == state.LISTED else (purge_run, "purged")
            )
            count = run.items.filter(state=run.state).count() if dry_run else service(run, actor=None)
            self.stdout.write(f"{run.association} {run.started_on}: {count} records {verb}")
        for association in Association.objects.all():
            if not dry_run and (count := delete_old_applications(association, actor=None)):
                self.stdout.write(f"{association}: {count} old applications deleted")
            if not dry_run and (count := forget_deleted(association, actor=None)):
                self.stdout.write(f"{association}: history of {count} deleted records emptied")
