"""The steps of an import in order, for the screens and the command line alike."""

import dataclasses
import os

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from members.imports import bulk
from members.imports.applying import apply_batch
from members.imports.files import NotStored, is_out_of_room, keep_file
from members.imports.kinds import MEMBERS, kind_of
from members.imports.preview import prepare, store
from members.imports.progress import Cancelled, silent
from members.models import HeaderChoice, ImportBatch
from members.models.imports import DISCARDABLE_STATES
from members.roster.decisions import Decisions
from members.roster.reading import read_roster
from members.roster.workbook import Limits, UnreadableFile, read_workbook


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
        # 640 bytes a row are twice what a row of twenty columns has
        max_text=max(Limits.max_text, 640 * settings.ROSTER_MAX_ROWS),
    )


def read_file(path, *, kind=MEMBERS, file_name=None, sheet=None, decisions=None, tell=silent):
    """The `Roster` in the file at `path`. Raises UnreadableFile with a sentence for people."""
    try:
        workbook = read_workbook(path, limits=limits(), filename=file_name, tell=tell)
    except UnreadableFile as error:
        if error.code == "too_many_rows":
            error.params["limit"] = settings.ROSTER_MAX_ROWS
        raise
    return read_roster(
        workbook,
        today=timezone.localdate(),
        sheet=sheet,
        decisions=decisions,
        vocabulary=kind.vocabulary,
        tell=tell,
    )


def read_stored(batch, decisions, *, tell=silent):
    """The `Roster` in the file that `batch` keeps, read with the `Decisions` of staff."""
    return read_file(
        batch.file.path, kind=kind_of(batch), file_name=batch.file_name, decisions=decisions, tell=tell
    )


def remembered(association, kind):
    """The `Decisions` that the staff of an association took about headings of earlier files of that `kind`."""
    choices = HeaderChoice.objects.filter(association=association, kind=kind.key)
    return Decisions(headers=dict(choices.values_list("header", "field")))


def new_batch(file_name, association, actor, kind, body=None, options=None):
    """An unsaved batch for a file of that `kind`, with what is remembered of its headings.

    `body` is the Body whose roster it is, `options` those of the batch, where somebody has said so.
    """
    return ImportBatch(
        association=association,
        created_by=actor,
        kind=kind.key,
        file_name=file_name[-255:],
        decisions=remembered(association, kind).to_json(),
        body=body,
        options=options or {},
    )


def understand(batch, roster, *, decisions, tell=silent):
    """The `Ledger` of the `Roster` read from the file of `batch`. First its kind looks what the file says of itself."""
    kind = kind_of(batch)
    if kind.choose:
        kind.choose(batch, roster)
    return prepare(roster, batch.association, kind=kind, decisions=decisions, tell=tell)


def preview_file(file, *, file_name, association, actor, kind=MEMBERS, body=None, options=None, sheet=None):
    """Read the open binary `file` and keep it as a batch to be confirmed. Raises UnreadableFile, or NotStored
    where a disk is full; then nothing stays.

    The file is stored first and read from there, so that what is kept is what was read.
    """
    batch = new_batch(file_name, association, actor, kind, body, options)
    decisions = Decisions.from_json(batch.decisions)
    try:
        keep_file(batch, file)
        with bulk.without_collection():
            roster = read_file(
                batch.file.path, kind=kind, file_name=file_name, sheet=sheet, decisions=decisions
            )
            return store(batch, roster, understand(batch, roster, decisions=decisions))
    except BaseException as error:
        if batch.file:
            batch.file.delete(save=False)
        if is_out_of_room(error):
            raise NotStored(file_name) from error
        raise


def read_batch(batch, *, tell):
    """Read the file of `batch`, a batch being read by the worker, and make it one to be confirmed.

    Raises UnreadableFile, and Cancelled if the reading is not wanted any more; the batch is then as it was.
    """
    with bulk.without_collection():
        decisions = Decisions.from_json(batch.decisions)
        roster = read_stored(batch, decisions, tell=tell)
        rows = understand(batch, roster, decisions=decisions, tell=tell)
        with transaction.atomic():
            if not ImportBatch.objects.select_for_update().filter(pk=batch.pk, task=batch.task).exists():
                raise Cancelled
            batch.state = ImportBatch.State.PREVIEWED
            batch.end_work()
            return store(batch, roster, rows, tell=tell)


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
        if batch.state not in DISCARDABLE_STATES or batch.work:
            return False
        put_away(batch)
    return True


def put_away(batch):
    """Discard the locked `batch`: its rows go, and with the end of the transaction its file."""
    batch.rows.all().delete()
    batch.end_work()
    batch.state = ImportBatch.State.DISCARDED
    drop_file(batch)
    batch.save()


def drop_file(batch):
    """Forget the file of `batch`, which the caller saves; it is deleted with the end of the transaction."""
    storage, name, batch.file = batch.file.storage, batch.file.name, ""
    if name:
        transaction.on_commit(lambda: storage.delete(name))
