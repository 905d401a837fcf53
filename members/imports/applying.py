"""Writing a previewed batch into the register: one transaction, one action in the history."""

import json
from json.encoder import encode_basestring

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from members import crypto
from members.codes import Status
from members.imports import bulk
from members.imports.matching import EMPLOYER_ID, PLACE, TEXT_KEYS, Register, new_status
from members.imports.preview import message_json
from members.models import (
    Employer,
    ImportBatch,
    ImportRow,
    ImportStep,
    Member,
    StatusChange,
    payload_opener,
    payload_sealer,
)
from members.models.imports import WRITTEN
from members.models.member import ID_COLUMN
from members.pinyin import romanise
from members.roster.messages import Message
from organizations.models import Action, Association, Change, acting

# states in which rows may be written
OPEN = (ImportBatch.State.PREVIEWED, ImportBatch.State.APPLIED)
# identity fields by the name of their column in the history
_IDENTITY = {"id_kind": "id_kind", "id_number": "id_sealed"}
_COMPUTED = ("pinyin", "initials", "version", "updated_at")
_NEW_COLUMNS = (
    "id",
    "association_id",
    "employer_id",
    "id_sealed",
    "id_digest",
    "created_at",
    "imported_from_id",
    *_COMPUTED,
)


def apply_batch(batch, *, actor):
    """Import all rows of `batch` that are new or changed and not yet written; return the batch as it is afterwards.

    Its `step_made` is the ImportStep of this call, None if there was nothing to do.
    Rows left open can be seen to and written with a later call, a step of its own. A step taken before (a double
    click, a second tab) is left as it is. A row whose member was written since the preview, or that now fits another
    member, is not applied: it becomes a question.
    """
    with bulk.without_collection():
        try:
            return _apply(batch, actor)
        except (IntegrityError, OperationalError):
            # somebody entered one of these persons between our look and our writing, or wrote at the same moment
            # and the database gave that one the right of way; the second look sees it
            return _apply(batch, actor)


def _apply(batch, actor):
    ready = _ready_rows(batch)
    with transaction.atomic():
        # one import at a time in an association: two batches with the same new person must see each other
        association = Association.objects.select_for_update(no_key=True).get(pk=batch.association_id)
        before, batch = batch, ImportBatch.objects.select_for_update().get(pk=batch.pk)
        batch.step_made = None
        if batch.state not in OPEN or batch.steps_applied != before.steps_applied:
            return batch
        if batch.state == ImportBatch.State.APPLIED and not ready:
            return batch
        with acting(
            actor, kind=Action.Kind.IMPORT, association=association, note=batch.file_name[:200]
        ) as scope:
            action = scope.action()
            register = Register(association, [row.values for row in ready], lock=True)
            new, changed, moved_on = _check_again(register, ready)
            writer = _Writer(register, association, actor, action)
            writer.write(new, changed)
        _mark(batch, new, changed, moved_on)
        batch.state = ImportBatch.State.APPLIED
        batch.steps_applied += 1
        batch.save()
        counts = {"applied": len(new) + len(changed)}
        batch.step_made = ImportStep.objects.create(
            batch=batch, number=batch.steps_applied, action=action, by=actor, at=writer.now, counts=counts
        )
        Action.objects.filter(pk=action.pk).update(
            details={"batch": batch.pk, "counts": batch.counts | counts}
        )
    return batch


class _Ready:
    """A ledger row that could be applied, opened."""

    __slots__ = ("content", "match", "member", "outcome", "pk", "row", "values", "version")

    def __init__(self, pk, row, outcome, member, version, content):
        self.pk, self.row, self.outcome, self.member, self.version = pk, row, outcome, member, version
        self.content, self.values = content, content["values"]
        self.match = None


def _ready_rows(batch):
    rows = batch.rows.filter(outcome__in=WRITTEN, step__gt=batch.steps_applied).order_by("position")
    columns = rows.values_list("pk", "row", "outcome", "member_id", "member_version", "payload")
    content = payload_opener()
    return [_Ready(*row, content(payload)) for *row, payload in columns.iterator(chunk_size=2000)]


def _check_again(register, ready):
    """(new, changed, moved on): the rows that still mean what the preview said, and those that do not."""
    new, changed, moved_on = [], [], []
    for position, row in enumerate(ready):
        numbered = "number" in row.values
        row.match = register.match(
            row.values, position, lambda key, row=row: f"A{row.row}", row.content["derived"]
        )
        same = (row.match.outcome, row.match.member, row.match.version) == (
            row.outcome,
            row.member,
            row.version,
        ) and numbered == ("number" in row.values)
        (moved_on if not same else new if row.outcome == "new" else changed).append(row)
    return new, changed, moved_on


class _Writer:
    """Writes members, employers, status changes and history of one import."""

    def __init__(self, register, association, actor, action):
        self.register, self.association, self.action = register, association, action
        self.actor_id = actor.pk if actor else None
        self.now = timezone.now()
        self.moment = bulk.moment(self.now)
        self.seal_id = crypto.sealer(ID_COLUMN)

    def write(self, new, changed):
        self.employers = self._employers(new, changed)
        self._insert(new)
        self._update(changed)
        self._record_statuses(new, changed)
        self._record_history(new, changed)
        bulk.take_stock(Member, len(new))

    def _employers(self, new, changed):
        """{name: id} of the employers that the rows name; unknown ones are made."""
        first_seen = {}
        for row in (*new, *changed):
            name = row.values.get("employer")
            if name and name not in first_seen:
                first_seen[name] = row.values
        known = dict(
            Employer.objects.filter(
                association=self.association, name__listed=sorted(first_seen)
            ).values_list("name", "pk")
        )
        missing = [name for name in first_seen if name not in known]
        ids = bulk.reserve_ids(Employer, len(missing)) if missing else []
        rows, changes = [], []
        for pk, name in zip(ids, missing, strict=True):
            texts = {
                "name": name,
                "kind": first_seen[name].get("employer_kind", ""),
                "uscc": first_seen[name].get("employer_uscc", ""),
            }
            rows.append((pk, self.association.pk, *texts.values()))
            entries = ",".join([_first_value(key, text) for key, text in texts.items() if text])
            changes.append((pk, f"{{{entries}}}"))
        bulk.insert(Employer, ("id", "association_id", "name", "kind", "uscc"), rows)
        self._record(Employer, Change.Kind.CREATED, changes)
        bulk.take_stock(Employer, len(rows))
        return known | dict(zip(missing, ids, strict=True))

    def _insert(self, new):
        if not new:
            return
        for row, pk in zip(new, bulk.reserve_ids(Member, len(new)), strict=True):
            row.member = pk
        for row in new:
            row.values["status"] = new_status(row.values)
        present = set().union(*(row.values for row in new))
        # columns that no row of the file fills keep the database's own default
        texts = [key for key in TEXT_KEYS if key in present]
        bulk.insert(Member, (*_NEW_COLUMNS, *texts), [self._new_member(row, texts) for row in new])

    def _new_member(self, row, texts):
        values = row.values
        get = values.get
        return (
            row.member,
            self.association.pk,
            self.employers.get(get("employer")),
            *self._sealed_id(values),
            self.moment,
            row.pk,
            *romanise(values["name"]),
            1,
            self.moment,
            *[get(key, "") for key in texts],
        )

    def _sealed_id(self, values):
        """The columns of the row's identity number."""
        if "id_number" not in values:
            return None, None
        return self.seal_id(values["id_number"]), self.register.digest_of(values)

    def _update(self, changed):
        """Every changed row writes the columns that any of them changes, so that one statement does for all."""
        keys = {key for row in changed for key in row.match.diff}
        texts = [key for key in TEXT_KEYS if key in keys]
        columns = [*texts, "version", "updated_at"]
        columns += ["employer_id"] if "employer" in keys else []
        columns += ["pinyin", "initials"] if "name" in keys else []
        rows = []
        for row in changed:
            diff, record = row.match.diff, self.register.by_id[row.member]
            after = [diff[key][1] if key in diff else record[PLACE[key]] for key in texts]
            after += [row.version + 1, self.moment]
            if "employer" in keys:
                after.append(
                    self.employers[diff["employer"][1]] if "employer" in diff else record[EMPLOYER_ID]
                )
            if "name" in keys:
                after += romanise(row.values["name"])
            rows.append((row.member, *after))
        bulk.update(Member, columns, rows)
        renumbered = [row for row in changed if "id_number" in row.match.diff]
        self._keep_numbers(renumbered)
        bulk.update(
            Member,
            ["id_sealed", "id_digest"],
            [(row.member, *self._sealed_id(row.values)) for row in renumbered],
        )

    def _keep_numbers(self, renumbered):
        """Note in the ledger the identity numbers that are about to be replaced, for the undoing; rows are few."""
        sealed = dict(
            Member.objects.filter(pk__in=[row.member for row in renumbered]).values_list("pk", "id_sealed")
        )
        seal, unseal = payload_sealer(), crypto.opener(ID_COLUMN)
        for row in renumbered:
            before = unseal(sealed[row.member]) if sealed[row.member] else ""
            pair = {"id_number": [before, row.values["id_number"]]}
            row.content["diff"] = row.content["diff"] | pair
            ImportRow.objects.filter(pk=row.pk).update(payload=seal(row.content))

    def _record_statuses(self, new, changed):
        """A step in each new member's life, and in that of members whose status changed."""
        rows, today = [], timezone.localdate().isoformat()
        for row in new:
            status = row.values["status"]
            # the day of joining is when the registered status began; other steps came later, on a day unknown
            on = row.values.get("joined", "") if status == Status.ACTIVE else ""
            rows.append((row.member, status, on, "", "", self.actor_id, self.moment))
        for row in changed:
            if "status" in row.match.diff:
                # rosters give no day; the register counts it from the day it learnt of it, and says from where
                learnt = (row.member, row.values["status"], today, "", self.action.note)
                rows.append((*learnt, self.actor_id, self.moment))
        columns = ("member_id", "status", "on", "decided_by", "document", "entered_by_id", "entered_at")
        bulk.insert(StatusChange, columns, rows)

    def _record_history(self, new, changed):
        self._record(
            Member, Change.Kind.CREATED, [(row.member, self._first_values(row.values)) for row in new]
        )
        self._record(Member, Change.Kind.CHANGED, [(row.member, self._differences(row)) for row in changed])

    def _first_values(self, values):
        """The difference of a new member as JSON, with the employer by its id and identity fields by name only."""
        parts = []
        for key, text in values.items():
            if key == "employer":
                parts.append(f'"employer":[null,{self.employers[text]}]')
            elif key in _IDENTITY:
                parts.append(f'"{_IDENTITY[key]}":null')
            else:
                parts.append(_first_value(key, text))
        return f"{{{','.join(parts)}}}"

    def _differences(self, row):
        """The difference of a changed record as JSON: identity fields without values, the employer by its id."""
        diff = {}
        for key, pair in row.match.diff.items():
            if key in _IDENTITY:
                diff[_IDENTITY[key]] = None
            elif key == "employer":
                diff[key] = [self.register.employer_ids.get(pair[0] or None), self.employers[pair[1]]]
            else:
                diff[key] = pair
        return json.dumps(diff, ensure_ascii=False)

    def _record(self, model, kind, changes):
        """`Change` rows of this import's action for (id, difference as JSON) pairs."""
        content_type, association = ContentType.objects.get_for_model(model).pk, self.association.pk
        bulk.insert(
            Change,
            ("action_id", "content_type_id", "object_id", "kind", "diff", "association_id"),
            [(self.action.pk, content_type, pk, kind, diff, association) for pk, diff in changes],
        )


def _first_value(key, text):
    """An entry of a new record's difference, put together by hand: there are many of them."""
    return f'"{key}":[null,{encode_basestring(text)}]'


def _mark(batch, new, changed, moved_on):
    """Bring the ledger and the batch's counts up to what was done."""
    for row in moved_on:
        message = Message(f"A{row.row}", "question", "changed_since_preview", {"name": row.values["name"]})
        content = row.content | {"messages": [*row.content["messages"], message_json(message)]}
        ImportRow.objects.filter(pk=row.pk).update(
            outcome=ImportRow.Outcome.QUESTION, is_doubtful=True, payload=payload_sealer()(content)
        )
        batch.counts[row.outcome] -= 1
        batch.counts["question"] += 1
    batch.counts["applied"] = batch.counts.get("applied", 0) + len(new) + len(changed)
