"""Writing rows of rosters into the register: members, their employers and statuses, the history of all that."""

import json
from json.encoder import encode_basestring

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from members import crypto
from members.codes import Status
from members.imports import bulk
from members.imports.matching import EMPLOYER_ID, PLACE, TEXT_KEYS, new_status
from members.models import Employer, ImportRow, Member, StatusChange, payload_sealer
from members.models.member import ID_COLUMN
from members.pinyin import romanise
from organizations.models import Change
from organizations.strokes import stroke_key, stroke_table

# identity fields by the name of their column in the history
_IDENTITY = {"id_kind": "id_kind", "id_number": "id_sealed"}
_COMPUTED = ("pinyin", "initials", "stroke_key", "version", "updated_at")
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


class MemberWriter:
    """Writes members, employers, status changes and history of one import."""

    def __init__(self, association, actor, action):
        self.association, self.action = association, action
        self.actor_id = actor.pk if actor else None
        self.now = timezone.now()
        self.moment = bulk.moment(self.now)
        self.seal_id = crypto.sealer(ID_COLUMN)
        self.strokes = stroke_table()
        self.made = {Member: 0, Employer: 0}

    def write(self, register, new, changed):
        """Write rows that were checked against `register`."""
        self.register = register
        self.employers = self._employers(new, changed)
        self._insert(new)
        self._update(changed)
        self._record_statuses(new, changed)
        self._record_history(new, changed)
        self.made[Member] += len(new)

    def finish(self):
        for model, count in self.made.items():
            bulk.take_stock(model, count)

    def _employers(self, new, changed):
        """{name: id} of the employers that the rows name; unknown ones are made. None has no name."""
        first_seen = {}
        for row in (*new, *changed):
            name = row.values.get("employer")
            if name and name not in first_seen:
                first_seen[name] = row.values
        known = dict(
            Employer.objects.filter(association=self.association, name__listed=set(first_seen)).values_list(
                "name", "pk"
            )
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
        self.made[Employer] += len(rows)
        return known | dict(zip(missing, ids, strict=True)) | {"": None}

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
            *self._computed(values["name"]),
            1,
            self.moment,
            *[get(key, "") for key in texts],
        )

    def _computed(self, name, sort_name=""):
        """(pinyin, initials, stroke key) of a name."""
        return *romanise(name), stroke_key(sort_name or name, self.association.name_order, self.strokes)

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
        columns += ["pinyin", "initials", "stroke_key"] if "name" in keys else []
        sort_names = self._sort_names(changed) if "name" in keys else {}
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
                after += self._computed(row.values["name"], sort_names.get(row.member, ""))
            rows.append((row.member, *after))
        bulk.update(Member, columns, rows)
        renumbered = [row for row in changed if "id_number" in row.match.diff]
        self._keep_numbers(renumbered)
        bulk.update(
            Member,
            ["id_sealed", "id_digest"],
            [(row.member, *self._sealed_id(row.values)) for row in renumbered],
        )

    def _sort_names(self, changed):
        """{member: name for the order of strokes} of those that have one."""
        members = Member.objects.filter(pk__in=[row.member for row in changed]).exclude(sort_name="")
        return dict(members.values_list("pk", "sort_name"))

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
            if not text:
                continue  # a blank that clears; there was nothing yet
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
        """`changes`: (id, difference as JSON) pairs."""
        association = self.association.pk
        record_changes(self.action, model, kind, [(pk, association, diff) for pk, diff in changes])


def record_changes(action, model, kind, changes):
    """`Change` rows of `action` for records of `model`: their ids, their associations' ids, differences as JSON."""
    content_type = ContentType.objects.get_for_model(model).pk
    bulk.insert(
        Change,
        ("action_id", "content_type_id", "object_id", "kind", "diff", "association_id"),
        [(action.pk, content_type, pk, kind, diff, association) for pk, association, diff in changes],
    )


def _first_value(key, text):
    """An entry of a new record's difference, put together by hand: there are many of them."""
    return f'"{key}":[null,{encode_basestring(text)}]'
