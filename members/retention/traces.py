"""What of a person stands where in the register, what is left of it, and how it comes back.

Taken out is everything that tells who somebody was; what the association counts by stays (domain.md F1, arts. 19, 47):
association, status and its steps, categories, sex, year of birth, level of education, political status, township and
the like. What was taken out is plain data, kept sealed in the RetentionItem until it is purged.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.utils import timezone

from members import crypto
from members.models import (
    Application,
    ChangeRequest,
    Consent,
    ImportBatch,
    ImportRow,
    Invitation,
    ListedMember,
    Member,
    MemberCard,
    MemberMerge,
    RequestedChange,
    StatusChange,
)
from members.models.imports import PAYLOAD_COLUMN
from members.models.member import ANONYMOUS
from members.rights import FIELD_CLASSES
from members.statistics.dimensions import DEGREE
from organizations.models import Action, Attendance, Candidate, Change, Scrutineer
from organizations.models.history import plain

# fields of a member by which the association counts, and which it goes on counting by
KEPT = frozenset(
    {
        "sex",
        "birth",  # its year
        "ethnicity",
        "political_status",
        "education",
        "degree",  # its level
        "title_level",
        "employer_kind",
        "category",
        "occupation",
        "township",
        "joined",
        "status",
    }
)
# columns beside the fields of the roster that are emptied too
EMPTIED = ("sort_name", "photo")
OTHER_DEGREE = "其他"
# of sealed columns, the name they are sealed for: they are kept opened, since keys change
SEALED = {(ImportRow, "payload"): PAYLOAD_COLUMN} | {
    (model, name): column
    for model in (RequestedChange, Application)
    for name, column in model.sealed_columns.items()
}
EMPTY_PAYLOAD = '{"values": {}, "messages": [], "kept": {}, "diff": {}, "derived": []}'


# -- the record itself


def taken_of(member):
    """{column: value as JSON} of what is taken out of the record, the identity number in clear."""
    columns = [name for name in FIELD_CLASSES if name not in KEPT | {"employer", "id_number"}]
    found = {name: getattr(member, name) for name in (*columns, *EMPTIED, "birth", "degree")}
    employer = member.employer
    found["employer"] = employer and [employer.name, employer.kind, employer.uscc, employer.pk]
    found["id_number"] = member.id_number
    found["user"] = member.user_id
    return found


def left_of(member):
    """{column: value} of what the record says afterwards."""
    left = dict.fromkeys(
        (name for name in taken_of(member) if name not in ("employer", "id_number", "user")), ""
    )
    left |= {"name": ANONYMOUS, "birth": member.birth[:4], "degree": degree_left(member.degree)}
    return left | {"employer": None, "user": None, "id_sealed": None, "id_digest": None}


def degree_left(text):
    """The level of a degree, by which it is counted as before."""
    return text and (DEGREE.level(text) or OTHER_DEGREE)


# -- what hangs on it


@dataclass(frozen=True)
class Trace:
    """Rows of `model` that tell of persons. `rows`: (ids of members) → [(id of the member, row)]; `clean`: (row, what
    is known of the member as a `Person`) → {column attribute: value left}.
    """

    model: type
    rows: callable
    clean: callable


@dataclass
class Person:
    """A member while the record is anonymised."""

    member: Member
    names: set = field(default_factory=set)
    """What the person is or was called."""

    def without_names(self, text):
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(name, ANONYMOUS)
        return text


def rows_by(model, path="member"):
    def rows(ids):
        found = model._base_manager.filter(**{f"{path}__in": ids}).annotate(whose=F(path)).order_by("pk")
        return [(row.whose, row) for row in found]

    return rows


def blank(*names):
    return lambda row, person: dict.fromkeys(names, "")


def _close_request(request, person):
    left = {"reason": "", "answer": ""}
    if request.state == ChangeRequest.State.OPEN:
        left |= {"state": ChangeRequest.State.WITHDRAWN, "decided_at": timezone.now()}
    return left


def _requested(change, person):
    return {"before_sealed": "", "after_sealed": "", "answer": ANONYMOUS if change.answer else ""}


def _application(application, person):
    return {
        "name": ANONYMOUS,
        "answers_sealed": "{}",
        "answer": ANONYMOUS if application.answer else "",
        "objections": ANONYMOUS if application.objections else "",
    }


def _invitation(invitation, person):
    left = {"sent_to": ""}
    if invitation.used_at is None and invitation.revoked_at is None:
        left["revoked_at"] = timezone.now()
    return left


def _card(card, person):
    return {} if card.revoked_on else {"revoked_on": timezone.localdate()}


def _consent(consent, person):
    return {} if consent.withdrawn_at else {"withdrawn_at": max(timezone.now(), consent.given_at)}


def _merge(merge, person):
    # what was merged stays sealed till the purge, but no roster finds it
    return {"name": ANONYMOUS, "id_digest": None}


def _import_row(row, person):
    return {"name": ANONYMOUS, "payload": EMPTY_PAYLOAD}


def _rows_of_imports(ids):
    # what was matched with the member, and what the member was made of
    return rows_by(ImportRow)(ids) + rows_by(ImportRow, "created_members")(ids)


def _changes(ids):
    """The history of the members, of their parts, and of the records merged into them."""
    kind = ContentType.objects.get_for_model(Member)
    owners = {pk: pk for pk in ids}
    merges = MemberMerge.objects.filter(survivor__in=ids).values_list("former_id", "survivor")
    owners |= {former: survivor for former, survivor in merges if former not in owners}
    rows = Change.objects.filter(
        Q(content_type=kind, object_id__in=owners) | Q(part_of_type=kind, part_of_id__in=owners)
    )
    found = [
        (owners[row.object_id if row.content_type_id == kind.pk else row.part_of_id], row)
        for row in rows.order_by("pk")
    ]
    applications = dict(Application.objects.filter(member__in=ids).values_list("pk", "member"))
    kind = ContentType.objects.get_for_model(Application)
    rows = Change.objects.filter(content_type=kind, object_id__in=applications)
    return found + [(applications[row.object_id], row) for row in rows.order_by("pk")]


def _change(change, person):
    # which fields were changed stays, what they said goes
    return {"diff": dict.fromkeys(change.diff)}


def _actions(ids):
    """Actions of the members' changes that say something in words."""
    owners = {}
    for member, change in _changes(ids):
        owners.setdefault(change.action_id, {})[member] = True
    rows = Action.objects.filter(pk__in=owners).exclude(note="", details={}).order_by("pk")
    return [(member, row) for row in rows for member in owners[row.pk]]


def _action(action, person):
    return {"note": person.without_names(action.note)[:500], "details": _without(action.details, person)}


def _without(value, person):
    if isinstance(value, str):
        return person.without_names(value)
    if isinstance(value, dict):
        return {key: _without(each, person) for key, each in value.items()}
    return [_without(each, person) for each in value] if isinstance(value, list) else value


def _files(ids):
    owners = {}
    for member, row in _rows_of_imports(ids):
        owners.setdefault(row.batch_id, []).append(member)
    rows = ImportBatch.objects.filter(pk__in=owners).only("pk", "file_name").order_by("pk")
    return [(member, row) for row in rows for member in dict.fromkeys(owners[row.pk])]


def _file(batch, person):
    return {"file_name": person.without_names(batch.file_name)[:255]}


# first the actions and files, which are found by what the others still say; a later app adds its own (`add_traces`)
TRACES = [
    Trace(Action, _actions, _action),
    Trace(ImportBatch, _files, _file),
    Trace(Change, _changes, _change),
    Trace(ImportRow, _rows_of_imports, _import_row),
    Trace(StatusChange, rows_by(StatusChange), blank("document")),
    Trace(ChangeRequest, rows_by(ChangeRequest), _close_request),
    Trace(RequestedChange, rows_by(RequestedChange, "request__member"), _requested),
    Trace(Application, rows_by(Application), _application),
    Trace(Invitation, rows_by(Invitation), _invitation),
    Trace(MemberCard, rows_by(MemberCard), _card),
    Trace(Consent, rows_by(Consent), _consent),
    Trace(MemberMerge, rows_by(MemberMerge, "survivor"), _merge),
    Trace(Candidate, rows_by(Candidate), blank("note")),
    Trace(Scrutineer, rows_by(Scrutineer), lambda row, person: {"name": f"{ANONYMOUS}{row.pk}"}),
    Trace(Attendance, rows_by(Attendance), blank("reason")),
]
# rows that go altogether
REMOVED = [(ListedMember, "member")]


def add_traces(*traces, removed=()):
    """Let anonymising clean the rows of `traces` too, and take away those of `removed` [(model, field)]."""
    TRACES.extend(traces)
    REMOVED.extend(removed)


def _model(label):
    """The model of TRACES and REMOVED so called."""
    models = {trace.model for trace in TRACES} | {model for model, _path in REMOVED}
    return next(model for model in models if model._meta.label == label)


def take_out(people):
    """Take everything out of what hangs on `people` ({id: Person}), in few statements.

    {id: {"rows": [[label of a model, key, {column: value}]], "removed": [[label, {column: value}]]}}, JSON-ready.
    """
    kept = {pk: {"rows": [], "removed": []} for pk in people}
    for trace in TRACES:
        touched, names = {}, set()
        for pk, row in trace.rows(list(people)):
            row = touched.get(row.pk, row)
            left = trace.clean(row, people[pk])
            before = {name: opened(row, name) for name in left}
            changed = {name for name, value in left.items() if before[name] != _plain(row, name, value)}
            if not changed:
                continue
            kept[pk]["rows"].append(
                [trace.model._meta.label, row.pk, {name: before[name] for name in changed}]
            )
            for name in changed:
                _set(row, name, left[name])
            names |= changed
            touched[row.pk] = row
        _write(trace.model, touched.values(), names)
    for model, path in REMOVED:
        rows = model._base_manager.filter(**{f"{path}__in": list(people)})
        for row in rows:
            values = {
                each.attname: plain(each, getattr(row, each.attname)) for each in row._meta.concrete_fields
            }
            kept[getattr(row, f"{path}_id")]["removed"].append([model._meta.label, values])
        rows.delete()
    return kept


def put_back(content):
    """Write back what `take_out` kept of one member; rows that are gone meanwhile stay gone."""
    by_model = defaultdict(dict)
    # the other way round: of two traces in one row the first one's is the original
    for label, pk, values in reversed(content["rows"]):
        by_model[label].setdefault(pk, {}).update(values)
    for label, rows in by_model.items():
        model, names = _model(label), set()
        found = model._base_manager.in_bulk(list(rows))
        for pk, row in found.items():
            for name, value in rows[pk].items():
                _set(
                    row,
                    name,
                    row._meta.get_field(name).to_python(value) if not _is_sealed(row, name) else value,
                )
                names.add(name)
        _write(model, found.values(), names)
    for label, values in content["removed"]:
        model = _model(label)
        if all(
            values[each.attname] is None
            or each.related_model._base_manager.filter(pk=values[each.attname]).exists()
            for each in model._meta.concrete_fields
            if each.is_relation
        ):
            model._base_manager.bulk_create([model(**values)], ignore_conflicts=True)


def _is_sealed(row, name):
    return (type(row), name) in SEALED


def opened(row, name):
    """The value of a column as JSON keeps it, a sealed one in clear."""
    value = getattr(row, row._meta.get_field(name).attname)
    if _is_sealed(row, name):
        return crypto.unseal(value, SEALED[type(row), name])
    return _plain(row, name, value)


def _plain(row, name, value):
    return value if _is_sealed(row, name) else plain(row._meta.get_field(name), value)


def _set(row, name, value):
    sealed = crypto.seal(value, SEALED[type(row), name]) if _is_sealed(row, name) else value
    setattr(row, name, sealed)


def _write(model, rows, names):
    # past `save`: the history must not tell what it is made to forget
    if names:
        model._base_manager.bulk_update(list(rows), sorted(names), batch_size=100)
