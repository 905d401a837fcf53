import logging

from django.db import OperationalError
from django_tasks_db.management.commands import db_worker

from members.imports import progress, work

logger = logging.getLogger(__name__)


class Command(db_worker.Command):
    """The library's worker, which shows as long as it lives that it does."""

    help = "Do the large imports and undoings that were asked for on the screens; one process is enough."

    def handle(self, *, worker_id, **options):
        with progress.holding(progress.WORKER + worker_id):
            self.put_right()
            super().handle(worker_id=worker_id, **options)

    def put_right(self):
        try:
            work.put_right()
        except OperationalError as error:  # somebody writes for long; each page puts right its own
            logger.warning("Interrupted work was not looked for: %s", error)
