"""The uploaded files: put into private storage, kept for a set time, deleted."""

from datetime import timedelta

from django.conf import settings
from django.core.files.base import File
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from config.uploads import NO_ROOM
from members.models import ImportBatch
from members.models.imports import FOLDER, upload_path

# what SQLite says, and PostgreSQL's SQLSTATE for the same
_SQLITE_FULL, _POSTGRES_FULL = "database or disk is full", "53100"
# a file that no batch names may belong to one that is being read just now
ORPHANS_STAY = timedelta(days=1)
SAME_LISTED = 3


class NotStored(Exception):
    """The server has no room left for an upload; str() is one sentence for the user."""

    def __init__(self, file_name):
        super().__init__(file_name)
        self.file_name = file_name

    def __str__(self):
        return _(
            "The file {file} was not stored and nothing was imported: the server’s disk is full. Tell whoever runs "
            "the server, and upload the file again afterwards."
        ).format(file=self.file_name)


def is_out_of_room(error):
    """Whether an exception says that a disk, of the files or of the database, is full."""
    if isinstance(error, OperationalError):
        return _SQLITE_FULL in str(error) or getattr(error.__cause__, "sqlstate", "") == _POSTGRES_FULL
    return isinstance(error, OSError) and error.errno in NO_ROOM


def keep_file(batch, file):
    """Store the open binary `file` as that of the unsaved `batch`; should it fail, nothing of it stays."""
    storage = batch.file.storage
    name = upload_path(batch, batch.file_name)
    try:
        batch.file = storage.save(name, File(file))
    except BaseException:
        storage.delete(name)  # what was written until the disk was full
        raise


def delete_old_files(*, days):
    """Delete the uploaded files of batches older than `days` days; the number deleted. Their ledgers stay.

    Files that no batch names go too: those of an association that was deleted, or of a server that was stopped.
    """
    old = ImportBatch.objects.filter(created_at__lt=timezone.now() - timedelta(days=days)).exclude(file="")
    count = 0
    for batch in old.only("file").iterator():
        # the file first: should it fail, the batch still knows that there is one
        batch.file.delete(save=False)
        ImportBatch.objects.filter(pk=batch.pk).update(file="")
        count += 1
    return count + _delete_orphans()


def _delete_orphans():
    storage = ImportBatch._meta.get_field("file").storage
    if not storage.exists(FOLDER):
        return 0
    found = {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]}
    found -= set(ImportBatch.objects.exclude(file="").values_list("file", flat=True))
    orphans = [name for name in found if storage.get_modified_time(name) < timezone.now() - ORPHANS_STAY]
    for name in orphans:
        storage.delete(name)
    return len(orphans)


def is_lost(batch):
    """Whether the file is gone: its time was over, the preview was discarded, or somebody deleted it by hand."""
    return not (batch.file and batch.file.storage.exists(batch.file.name))


def file_view(batch, user):
    """What the batch's page says of its file: whether it is lost, whether there are doubts to be given back with it,
    the local date until which it is kept, and the imports in sight of the same file."""
    lost = is_lost(batch)
    doubts = batch.counts.get("doubtful") or any(sheet["messages"] for sheet in batch.sheets)
    same = ImportBatch.objects.visible_to(user).same_file_as(batch)
    return {
        "is_lost": lost,
        # of the columns another import kept aside; that one has the file
        "is_derived": "from" in batch.decisions,
        "is_doubtful": bool(doubts) and not lost,
        "kept_until": timezone.localdate(batch.created_at) + timedelta(days=settings.ROSTER_KEEP_DAYS),
        "same": list(same.select_related("association", "created_by").defer("sheets", "look")[:SAME_LISTED]),
    }
