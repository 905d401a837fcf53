"""Writing a previewed batch into the register: one transaction, one action in the history."""

from django.db import IntegrityError, OperationalError, transaction

from members.imports import bulk
from members.imports.kinds import kind_of
from members.imports.preview import message_json
from members.imports.progress import APPLYING, silent
from members.models import (
    ImportBatch,
    ImportRow,
    ImportStep,
    payload_opener,
    payload_sealer,
)
from members.models.imports import OPEN_OUTCOMES, OPEN_STATES, WRITTEN
from members.roster.messages import Message
from organizations.models import Action, Association, acting

# rows looked at and written together
CHUNK = 5_000


def apply_batch(batch, *, actor, task=None, tell=silent):
    """Import all rows of `batch` that are new or changed and not yet written; return the batch as it is afterwards.

    Its `step_made` is the ImportStep of this call, None if there was nothing to do.
    Rows left open can be seen to and written with a later call, a step of its own. A step taken before (a double
    click, a second tab) is left as it is. A row whose member was written since the preview, or that now fits another
    member, is not applied: it becomes a question.
    `task` is the batch's for the worker, who alone may apply what is in its hands; `tell` hears how many rows are
    written (`progress.Progress`).
    """
    with bulk.without_collection():
        try:
            return _apply(batch, actor, task, tell)
        except (IntegrityError, OperationalError):
            # somebody entered one of these persons between our look and our writing, or wrote at the same moment
            # and the database gave that one the right of way; the second look sees it
            return _apply(batch, actor, task, tell)


@transaction.atomic
def _apply(batch, actor, task, tell):
    # one import at a time in an association: two batches with the same new person must see each other
    association = Association.objects.select_for_update(no_key=True).get(pk=batch.association_id)
    before, batch = batch, ImportBatch.objects.select_for_update().get(pk=batch.pk)
    batch.step_made = None
    if batch.task != task:
        return batch
    batch.end_work()
    is_late = batch.state not in OPEN_STATES or batch.steps_applied != before.steps_applied
    if is_late or (batch.state == ImportBatch.State.APPLIED and not batch.ready):
        batch.save()
        return batch
    with acting(actor, kind=Action.Kind.IMPORT, association=association, note=batch.history_note) as scope:
        action = scope.action()
        kind = kind_of(batch)
        writer = kind.writer(association, actor, action)
        applied = _write_rows(batch, association, kind.register, writer, tell)
    batch.counts["applied"] = batch.counts.get("applied", 0) + applied
    batch.state = ImportBatch.State.APPLIED
    batch.steps_applied += 1
    batch.save()
    counts = {"applied": applied}
    batch.step_made = ImportStep.objects.create(
        batch=batch, number=batch.steps_applied, action=action, by=actor, at=writer.now, counts=counts
    )
    Action.objects.filter(pk=action.pk).update(details={"batch": batch.pk, "counts": batch.counts | counts})
    return batch


def _write_rows(batch, association, find, writer, tell):
    """Write the rows that are ready, a chunk at a time so that a large file need not fit into memory; their number."""
    last = find.newest()
    ready, seen, moved_on = batch.ready, 0, []
    file = find.long_file(association) if ready > CHUNK else None
    tell(APPLYING, 0, ready)
    for part in _ready_rows(batch):
        values, chosen = [row.values for row in part], [row.content.get("choice") for row in part]
        register = find(
            association,
            values,
            chosen=[pk for pk in chosen if pk],
            lock=True,
            newcomers_after=last,
            file=file,
        )
        new, changed, others = _check_again(register, part)
        writer.write(register, new, changed)
        moved_on += others
        seen += len(part)
        tell(APPLYING, seen, ready)
    writer.finish()
    # not before the last chunk is read: they leave the rows that are gone through
    _mark(batch, moved_on)
    return seen - len(moved_on)


class _Ready:
    """A ledger row that could be applied, opened."""

    __slots__ = ("content", "match", "member", "outcome", "pk", "position", "row", "values", "version")

    def __init__(self, pk, position, row, outcome, member, version, content):
        self.pk, self.position, self.row, self.outcome = pk, position, row, outcome
        self.member, self.version = member, version
        self.content, self.values = content, content["values"]
        self.match = None


def _ready_rows(batch):
    """The `_Ready` rows in the file's order, CHUNK of them at a time."""
    rows = batch.rows.filter(outcome__in=WRITTEN, step__gt=batch.steps_applied).order_by("position")
    columns = ("pk", "position", "row", "outcome", "member_id", "member_version", "payload")
    content, after = payload_opener(), -1
    while True:
        part = [
            _Ready(*row, content(payload))
            for *row, payload in rows.filter(position__gt=after).values_list(*columns)[:CHUNK]
        ]
        if part:
            yield part
        if len(part) < CHUNK:
            return
        after = part[-1].position


def _check_again(register, ready):
    """(new, changed, moved on): the rows that still mean what the preview said, and those that do not."""
    new, changed, moved_on = [], [], []
    for row in ready:
        numbered = "number" in row.values
        row.match = register.match(
            row.values,
            row.position,
            lambda key, row=row: f"A{row.row}",
            row.content["derived"],
            row.content.get("choice"),
        )
        same = (row.match.outcome, row.match.member, row.match.version) == (
            row.outcome,
            row.member,
            row.version,
        ) and numbered == ("number" in row.values)
        same = same and register.is_as_shown(row.match, row.content)
        (moved_on if not same else new if row.outcome == "new" else changed).append(row)
    return new, changed, moved_on


def _mark(batch, moved_on):
    """Rows that mean something else by now become questions, in the ledger and in the batch's counts."""
    for row in moved_on:
        # what the match asks tells more than that something changed
        told = row.match.messages if row.match.outcome in OPEN_OUTCOMES else [_changed_since(row)]
        messages = [*row.content["messages"], *map(message_json, told)]
        outcome = row.match.outcome if row.match.outcome in OPEN_OUTCOMES else ImportRow.Outcome.QUESTION
        payload = payload_sealer()(row.content | {"messages": messages})
        ImportRow.objects.filter(pk=row.pk).update(outcome=outcome, is_doubtful=True, payload=payload)
        batch.counts[row.outcome] -= 1
        batch.counts[outcome] += 1
        batch.counts["doubtful"] += not row.content["messages"]


def _changed_since(row):
    return Message(f"A{row.row}", "question", "changed_since_preview", {"name": row.values["name"]}, "name")
