"""Large work in the background: asked for on a page, done by a worker, left, cancelled, started again.

`start` notes on the batch what is asked for and puts a task into the queue, both in one transaction. The task names
that request: a batch that was cancelled or started again has another one, and a worker of the old does nothing to it,
so that nothing is done twice however workers end. What a worker writes it writes in one transaction with the end of
the request; killed on the way it leaves the batch as it was, with a request that nobody sees to. That is noticed by
the lock the worker held (`progress`), told on the batch's page, and put right by the next worker that starts.
"""

import logging
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from members.imports import progress
from members.imports.applying import apply_batch
from members.imports.columns import FileGone, read_anew
from members.imports.files import NotStored, is_out_of_room, keep_file
from members.imports.kinds import MEMBERS, NotWritable
from members.imports.pipeline import drop_file, new_batch, put_away, read_batch
from members.imports.undoing import undo_batch
from members.models import ImportBatch, User
from members.roster.decisions import Decisions
from members.roster.workbook import UnreadableFile

logger = logging.getLogger(__name__)

IMPORT_PERMISSIONS = ("members.import_member", "members.add_member", "members.change_member")
Work, State = ImportBatch.Work, ImportBatch.State
# what may be asked of a batch in which state
BEFORE = {
    Work.READING: (State.FAILED,),
    Work.REREADING: (State.PREVIEWED,),
    Work.APPLYING: (State.PREVIEWED, State.APPLIED),
    Work.UNDOING: (State.APPLIED,),
}


def receive(file, *, file_name, association, actor, kind=MEMBERS, body=None, options=None):
    """A new batch of the uploaded `file`, which the worker will read.

    Raises UnreadableFile if it is too large, NotStored where a disk is full; then nothing stays.
    """
    if file.size > settings.ROSTER_MAX_BYTES:
        raise UnreadableFile("too_large", file=file_name, limit=settings.ROSTER_MAX_BYTES >> 20)
    batch = new_batch(file_name, association, actor, kind, body, options)
    try:
        keep_file(batch, file)
        with transaction.atomic():
            _ask(batch, Work.READING, actor)
    except BaseException as error:
        if batch.file:
            batch.file.delete(save=False)
        if is_out_of_room(error):
            raise NotStored(file_name) from error
        raise
    return batch


def start(batch, work, *, actor, decisions=None):
    """Ask the worker for `work` on `batch`; whether it could be asked: not if there is work in hand already.

    `decisions` are those with which the file is to be read again.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.work or batch.state not in BEFORE[work]:
            return False
        if decisions is not None:
            batch.decisions = decisions.to_json()
        _ask(batch, work, actor)
    return True


def start_again(batch, *, actor):
    """Ask once more for work that was interrupted or failed; whether there was any to be asked for again."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state == State.FAILED and batch.file:
            _ask(batch, Work.READING, actor)
            return True
        if not is_interrupted(batch):
            return False
        _ask(batch, batch.work, actor)
    return True


def _ask(batch, work, actor):
    batch.work, batch.task, batch.work_started_at = work, uuid.uuid4(), None
    batch.failure, batch.failure_params = "", {}
    if work == Work.READING:
        batch.state = State.READING
    batch.save()
    do_work.enqueue(batch.pk, str(batch.task), actor.pk)


def cancel(batch):
    """Take back what `batch` has in hand, unless it comes to its end before.

    What nobody has begun, or whose worker is gone, is taken back at once; a worker at it stops within a second or so.
    """
    request = batch.task
    progress.cancel(batch)
    if is_being_done(batch):
        # whose transaction may hold the database for a while: there is nothing to wait for
        return
    with transaction.atomic():
        found = ImportBatch.objects.select_for_update(skip_locked=True).filter(pk=batch.pk, task=request)
        batch = found.first()
        if batch is None or is_being_done(batch):
            return
        _take_back(batch)
    progress.forget(batch.pk, request)


def is_being_done(batch):
    """Whether a living worker is at the work of `batch`."""
    return batch.work_started_at is not None and progress.is_held(progress.batch_lock(batch.pk))


def is_interrupted(batch):
    """Whether a worker began the work of `batch` and ended before it."""
    return batch.work_started_at is not None and not progress.is_held(progress.batch_lock(batch.pk))


@task()
def do_work(batch_pk, request, actor_pk):
    """What the worker does: the work that was asked for under the name `request`, unless it is not wanted any more."""
    with progress.holding(progress.batch_lock(batch_pk)):
        try:
            actor = User.objects.filter(pk=actor_pk).first()
            batch = _begin(batch_pk, request, actor)
            if batch is not None:
                _do(batch, actor)
        except progress.Cancelled:
            _end(batch_pk, request)
        except FileGone:
            _end(batch_pk, request, "file_gone")
        except UnreadableFile as error:
            _end(batch_pk, request, error.code, error.params)
        except NotWritable as reason:
            _end(batch_pk, request, "not_writable", {"reason": str(reason)})
        except Exception:
            _end(batch_pk, request, "unexpected")
            raise
        finally:
            progress.forget(batch_pk, request)


def _begin(pk, request, actor):
    """The batch, marked as being worked on; None if its work is not wanted any more or may not be done."""
    with transaction.atomic():
        batches = ImportBatch.objects.select_for_update(of=("self",)).select_related("association")
        batch = batches.filter(pk=pk, task=request).first()
        if batch is None:
            return None
        if progress.is_cancelled(pk, request):
            _take_back(batch)
            return None
        # asked again: the right may have been withdrawn since the page was sent
        if not may_import(actor, batch):
            _take_back(batch, "not_allowed")
            return None
        batch.work_started_at = timezone.now()
        batch.save(update_fields=["work_started_at"])
    return batch


def may_import(user, batch):
    """Whether `user` (or None) may import into the association of `batch`."""
    return (
        user is not None
        and user.is_active
        and user.has_perms(IMPORT_PERMISSIONS)
        and ImportBatch.objects.visible_to(user).filter(pk=batch.pk).exists()
    )


def _do(batch, actor):
    tell = progress.Progress(batch)
    if batch.work == Work.READING:
        read_batch(batch, tell=tell)
    elif batch.work == Work.REREADING:
        read_anew(batch, Decisions.from_json(batch.decisions), task=batch.task, tell=tell)
    elif batch.work == Work.APPLYING:
        apply_batch(batch, actor=actor, task=batch.task, tell=tell)
    else:
        undo_batch(batch, actor=actor, task=batch.task, tell=tell)


def _end(pk, request, failure="", params=None):
    """The batch `pk` as it was before the work `request`, with the reason why this came to nothing."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().filter(pk=pk, task=request).first()
        if batch is not None:
            _take_back(batch, failure, params)


def _take_back(batch, failure="", params=None):
    """End the work in hand without a result; `failure` is the code of the reason, none if somebody wanted it so."""
    was_reading = batch.work == Work.READING
    if was_reading and not failure:
        put_away(batch)
        return
    batch.end_work()
    batch.failure, batch.failure_params = failure, params or {}
    if was_reading:
        batch.state = State.FAILED
        if failure not in KEEPS_FILE:
            drop_file(batch)
    batch.save()


# reasons for which reading the same file again may do better
KEEPS_FILE = {"interrupted", "not_allowed", "unexpected"}


def put_right():
    """Batches whose worker ended before the work was done become again what they were; for a worker that starts."""
    begun = ImportBatch.objects.exclude(work="").exclude(work_started_at=None)
    for batch in begun:
        if is_interrupted(batch):
            logger.warning("The work on import %s was interrupted.", batch.pk)
            _end(batch.pk, batch.task, "interrupted")
            progress.forget(batch.pk, batch.task)
    for left in DBTaskResult.objects.running():
        if not any(progress.is_held(progress.WORKER + worker) for worker in left.worker_ids):
            left.set_failed(RuntimeError("The worker ended before the task."))
    progress.bury_workers()
