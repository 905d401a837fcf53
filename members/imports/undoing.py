"""Taking back what a batch wrote: one transaction, one action in the history."""

from collections import Counter

from django.db import transaction

from members.imports import bulk, plans
from members.imports.kinds import kind_of
from members.imports.plans import LISTS, WholePlan
from members.imports.progress import UNDOING, silent
from members.models import ImportBatch, ImportStep
from organizations.models import Action, Association, acting


def plan_undo(batch):
    """The `WholePlan` for the applied `batch`; reads only."""
    whole = WholePlan()
    for plan in kind_of(batch).undoing(batch).plans():
        whole.add(plan)
    return whole


@transaction.atomic
def undo_batch(batch, *, actor, task=None, tell=silent):
    """Take back what the applied `batch` wrote, as far as nobody touched it since; return the batch as it is then.

    Its `step_made` is the ImportStep of this call, None if there was nothing to do.
    One transaction, one action in the history. A batch undone before, or never applied, is left as it is.
    `task` is the batch's for the worker, who alone may undo what is in its hands; `tell` hears how many rows are
    taken back (`progress.Progress`).
    """
    association = Association.objects.select_for_update(no_key=True).get(pk=batch.association_id)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    batch.step_made = None
    if batch.task != task or batch.state != ImportBatch.State.APPLIED:
        return batch
    with (
        bulk.without_collection(),
        acting(actor, kind=Action.Kind.UNDO, association=association, note=batch.history_note) as scope,
    ):
        action = scope.action()
        undoing = kind_of(batch).undoing(batch, action)
        counts, seen, written = Counter(), 0, batch.counts["applied"]
        tell(UNDOING, 0, written)
        for plan in undoing.plans(lock=True):
            undoing.carry_out(plan)
            counts.update(plan.counts)
            seen += plans.CHUNK
            tell(UNDOING, min(seen, written), written)
        undoing.finish()
    counts = {name: counts[name] for name in LISTS}
    batch.step_made = ImportStep.objects.create(
        batch=batch, number=ImportStep.UNDOING, action=action, by=actor, at=undoing.now, counts=counts
    )
    Action.objects.filter(pk=action.pk).update(details={"batch": batch.pk, "counts": counts})
    batch.state = ImportBatch.State.UNDONE
    batch.end_work()
    batch.save()
    return batch
