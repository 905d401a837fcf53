"""The steps of an import in order, for the screens and the command line alike."""

import dataclasses
import os
from datetime import timedelta

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from members.imports import bulk
from members.imports.applying import apply_batch
from members.imports.preview import prepare, store
from members.models import ImportBatch
from members.roster.reading import read_roster
from members.roster.workbook import Limits, read_workbook


def limits():
    """The limits of the settings ROSTER_MAX_*."""
    return dataclasses.replace(
        Limits(),
        max_bytes=settings.ROSTER_MAX_BYTES,
        max_unpacked=settings.ROSTER_MAX_UNPACKED,
        # titles, headers, subtotals and notes are rows as well
        max_rows=settings.ROSTER_MAX_ROWS + settings.ROSTER_MAX_ROWS // 10,
        max_columns=settings.ROSTER_MAX_COLUMNS,
        seconds=settings.ROSTER_MAX_SECONDS,
    )


def read_file(path, *, file_name=None, sheet=None):
    """The `Roster` in the file at `path`. Raises UnreadableFile with a sentence for people."""
    workbook = read_workbook(path, limits=limits(), filename=file_name)
    return read_roster(workbook, today=timezone.localdate(), sheet=sheet)


def preview_file(file, *, file_name, association, actor, sheet=None):
    """Read the open binary `file` and keep it as a batch to be confirmed. Raises UnreadableFile; then nothing stays.

    The file is stored first and read from there, so that what is kept is what was read.
    """
    batch = ImportBatch(association=association, created_by=actor, file_name=file_name[-255:])
    batch.file.save(file_name, File(file), save=False)
    try:
        with bulk.without_collection():
            roster = read_file(batch.file.path, file_name=file_name, sheet=sheet)
            return store(batch, roster, prepare(roster, association))
    except BaseException:
        batch.file.delete(save=False)
        raise


def import_file(path, *, association, actor, sheet=None):
    """Import the file at `path` without asking: all rows that have no error or open question. Returns the batch."""
    with open(path, "rb") as file:
        name = os.path.basename(path)
        batch = preview_file(file, file_name=name, association=association, actor=actor, sheet=sheet)
    return apply_batch(batch, actor=actor)


def discard_batch(batch):
    """Put away a batch that was not applied, its rows and its file; whether there was anything to put away."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != ImportBatch.State.PREVIEWED:
            return False
        batch.rows.all().delete()
        batch.state = ImportBatch.State.DISCARDED
        name, batch.file = batch.file.name, ""
        batch.save()
        transaction.on_commit(lambda: batch.file.storage.delete(name))
    return True


def delete_old_files(*, days):
    """Delete the uploaded files of batches older than `days` days; the number deleted. Their ledgers stay."""
    old = ImportBatch.objects.filter(created_at__lt=timezone.now() - timedelta(days=days)).exclude(file="")
    count = 0
    for batch in old.only("file").iterator():
        # the file first: should it fail, the batch still knows that there is one
        batch.file.delete(save=False)
        ImportBatch.objects.filter(pk=batch.pk).update(file="")
        count += 1
    return count
