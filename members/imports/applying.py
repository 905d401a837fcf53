"""Writing a previewed batch into the register: one transaction, one action in the history."""

import json
from json.encoder import encode_basestring

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.codes import Status
from members.imports import bulk
from members.imports.matching import EMPLOYER_ID, PLACE, TEXT_KEYS, Register, new_status
from members.imports.preview import message_json
from members.models import (
    Employer,
    ImportBatch,
    ImportRow,
    Member,
    StatusChange,
    opened_payload,
    sealed_id,
    sealed_payload,
)
from members.pinyin import romanise
from members.roster.messages import Message
from organizations.models import Action, Association, Change, acting

# identity fields by the name of their column in the history
_IDENTITY = {"id_kind": "id_kind", "id_number": "id_sealed"}
_BY_HAND = {*_IDENTITY, "employer"}
_COMPUTED = ("pinyin", "initials", "version", "updated_at")
_NEW_COLUMNS = (
    "id",
    "association_id",
    "employer_id",
    "id_sealed",
    "id_digest",
    "created_at",
    *_COMPUTED,
    *TEXT_KEYS,
)


def apply_batch(batch, *, actor):
    """Import all rows of `batch` that are new or changed; return the batch as it is afterwards.

    A batch applied before (a double click, a second tab) is left as it is. A row whose member was written since
    the preview, or that now fits another member, is not applied: it becomes a question.
    """
    with bulk.without_collection():
        try:
            return _apply(batch, actor)
        except IntegrityError:
            # somebody entered one of these persons between our look and our writing; the second look sees it
            return _apply(batch, actor)


def _apply(batch, actor):
    ready = _ready_rows(batch)
    with transaction.atomic():
        # one import at a time in an association: two batches with the same new person must see each other
        association = Association.objects.select_for_update().get(pk=batch.association_id)
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != ImportBatch.State.PREVIEWED:
            return batch
        with acting(actor, kind=Action.Kind.IMPORT, association=association, note=batch.file_name) as scope:
            action = scope.action()
            register = Register(association, [row.values for row in ready], lock=True)
            new, changed, moved_on = _check_again(register, ready)
            _Writer(register, association, actor, action).write(new, changed)
        _mark(batch, new, changed, moved_on)
        batch.state = ImportBatch.State.APPLIED
        batch.applied_by, batch.applied_at, batch.action = actor, timezone.now(), action
        batch.save()
        Action.objects.filter(pk=action.pk).update(details={"batch": batch.pk, "counts": batch.counts})
    return batch


class _Ready:
    """A ledger row that could be applied, opened."""

    __slots__ = ("content", "match", "member", "outcome", "pk", "row", "values", "version")

    def __init__(self, pk, row, outcome, member, version, payload):
        self.pk, self.row, self.outcome, self.member, self.version = pk, row, outcome, member, version
        self.content = opened_payload(payload)
        self.values = self.content["values"]
        self.match = None


def _ready_rows(batch):
    rows = batch.rows.filter(outcome__in=["new", "update"], is_applied=False).order_by("position")
    columns = rows.values_list("pk", "row", "outcome", "member_id", "member_version", "payload")
    return [_Ready(*row) for row in columns.iterator(chunk_size=2000)]


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
        self.moment = bulk.moment(timezone.now())

    def write(self, new, changed):
        self.employers = self._employers(new, changed)
        self._insert(new)
        self._update(changed)
        self._record_statuses(new, changed)
        self._record_history(new, changed)

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
        rows = [
            (
                pk,
                self.association.pk,
                name,
                first_seen[name].get("employer_kind", ""),
                first_seen[name].get("employer_uscc", ""),
            )
            for pk, name in zip(ids, missing, strict=True)
        ]
        columns = ("id", "association_id", "name", "kind", "uscc")
        bulk.insert(Employer, columns, rows)
        self._record(
            Employer,
            Change.Kind.CREATED,
            [(row[0], _created(zip(columns[2:], row[2:], strict=True))) for row in rows],
        )
        return known | dict(zip(missing, ids, strict=True))

    def _insert(self, new):
        if not new:
            return
        for row, pk in zip(new, bulk.reserve_ids(Member, len(new)), strict=True):
            row.member = pk
        bulk.insert(Member, _NEW_COLUMNS, [self._new_member(row) for row in new])

    def _new_member(self, row):
        values = row.values
        values["status"] = new_status(values)
        get = values.get
        return (
            row.member,
            self.association.pk,
            self.employers.get(get("employer")),
            *sealed_id(get("id_number", ""), self.register.digest_of(values)),
            self.moment,
            *romanise(values["name"]),
            1,
            self.moment,
            *[get(key, "") for key in TEXT_KEYS],
        )

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
        bulk.update(
            Member,
            ["id_sealed", "id_digest"],
            [
                (row.member, *sealed_id(row.values["id_number"], self.register.digest_of(row.values)))
                for row in changed
                if "id_number" in row.match.diff
            ],
        )

    def _record_statuses(self, new, changed):
        """A step in each new member's life, and in that of members whose status changed."""
        rows = []
        for row in new:
            status = row.values["status"]
            # the day of joining is when the registered status began; other steps came later, on a day unknown
            on = row.values.get("joined", "") if status == Status.ACTIVE else ""
            rows.append((row.member, status, on, "", "", self.actor_id, self.moment))
        for row in changed:
            if "status" in row.match.diff:
                rows.append((row.member, row.values["status"], "", "", "", self.actor_id, self.moment))
        columns = ("member_id", "status", "on", "decided_by", "document", "entered_by_id", "entered_at")
        bulk.insert(StatusChange, columns, rows)

    def _record_history(self, new, changed):
        self._record(Member, Change.Kind.CREATED, [(row.member, self._first_values(row)) for row in new])
        self._record(Member, Change.Kind.CHANGED, [(row.member, self._differences(row)) for row in changed])

    def _first_values(self, row):
        """The difference of a new member, with the employer by its id and identity fields by name only."""
        texts = [item for item in row.values.items() if item[0] not in _BY_HAND]
        others = {_IDENTITY[key]: None for key in _IDENTITY if key in row.values}
        if "employer" in row.values:
            others["employer"] = [None, self.employers[row.values["employer"]]]
        return _created(texts, others)

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
        content_type = ContentType.objects.get_for_model(model).pk
        bulk.insert(
            Change,
            ("action_id", "content_type_id", "object_id", "kind", "diff"),
            [(self.action.pk, content_type, pk, kind, diff) for pk, diff in changes],
        )


def _created(texts, others=()):
    """The difference of a new record as JSON: (field, text) pairs, and ready entries of other kinds.

    Put together by hand, since this is done for every new record.
    """
    parts = [f'"{key}":[null,{encode_basestring(text)}]' for key, text in texts if text]
    if others:
        parts.append(json.dumps(others, ensure_ascii=False)[1:-1])
    return f"{{{','.join(parts)}}}"


def _mark(batch, new, changed, moved_on):
    """Bring the ledger and the batch's counts up to what was done."""
    bulk.update(
        ImportRow, ["member_id", "is_applied"], [(row.pk, row.member, True) for row in (*new, *changed)]
    )
    for row in moved_on:
        message = Message(f"A{row.row}", "question", "changed_since_preview", {"name": row.values["name"]})
        content = row.content | {"messages": [*row.content["messages"], message_json(message)]}
        ImportRow.objects.filter(pk=row.pk).update(
            outcome=ImportRow.Outcome.QUESTION, is_doubtful=True, payload=sealed_payload(content)
        )
        batch.counts[row.outcome] -= 1
        batch.counts["question"] += 1
    batch.counts["applied"] = len(new) + len(changed)
