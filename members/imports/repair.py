"""Seeing to rows of a batch: a cell typed anew, a member chosen, a row left out; each is checked and matched at once.

What somebody decides stands in the row's ledger beside what the file says, so that it can be taken back, and is
found again when the file is read anew. Nothing here writes to the register.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members.codes import IdKind
from members.identity import IdNumber, InvalidNumber, read_id_number
from members.imports import bulk
from members.imports.kinds import kind_of
from members.imports.matching import Match
from members.imports.preview import message_json
from members.models import ImportBatch, ImportRow, payload_opener, payload_sealer
from members.models.imports import OPEN_STATES, WRITTEN
from members.roster.cells import Found
from members.roster.duplicates import mark_duplicates
from members.roster.kinds import read_id_cell
from members.roster.messages import ERROR, QUESTION, Doubt, Message
from members.roster.results import Column, Roster, Row, SheetReading
from members.roster.values import column_reader

# what checking a row says anew each time
CHECKED = frozenset(
    (
        "name_missing",
        "duplicate_in_file",
        "identity_conflict",
        "ambiguous_match",
        "merged_elsewhere",
        "number_taken",
        "changed_since_preview",
        "not_registered",
        "body_not_chosen",
        "post_missing",
        "post_unknown",
        "post_understood",
        "post_refused",
        "post_taken",
        "post_twice",
        "post_repeated",
        "start_missing",
        "end_reason_missing",
        "other_term",
        "birth_differs_from_id",
        "sex_differs_from_id",
    )
)
# values that `finish_row` derives; others (category, township) come from where the row stands in its sheet
FOLLOWING = frozenset(("id_kind", "birth", "sex", "title_level"))
ROWS_AT_ONCE = 2000


class NotOpen(Exception):
    """The row cannot be changed any more, or not by who has seen it as it was; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What somebody decided about rows."""

    entered: dict = field(default_factory=dict)
    """{key: text as typed}; an empty text takes the value out."""
    choice: int | str | None = None
    """The id of the member whom the row is about, or `models.imports.NEW`."""
    left_out: bool | None = None
    from_file: bool = False
    """Forget all that was decided before: the row is what the file says."""
    seen: str | None = None
    """`seen_mark` of the row that the answer was given to; None for whatever it is by now."""


@dataclass(slots=True, eq=False)
class Opened:
    """A row of the ledger in work."""

    row: ImportRow
    content: dict
    reading: Row = None
    match: Match = None


def see_to(batch, rows, answer, *, actor):
    """Give `answer` to the `rows` (ids) of `batch`; return the batch as it is then. Raises NotOpen.

    Its `also_seen` tells how many other rows came out differently: they repeat one of these.
    """
    with transaction.atomic():
        batch = lock_open(batch)
        also_seen = 0
        for start in range(0, len(rows), ROWS_AT_ONCE):
            also_seen += _see_to(batch, rows[start : start + ROWS_AT_ONCE], answer, actor)
        batch.save(update_fields=["counts"])
    batch.also_seen = also_seen
    return batch


def seen_mark(row):
    """What tells whether somebody saw to the row since."""
    return row.seen_at.isoformat() if row.seen_at else ""


def lock_open(batch, *, task=None):
    """The batch, locked, if its rows may still be changed: by the worker if `task` is the batch's. Raises NotOpen."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("association").get(pk=batch.pk)
    if batch.state not in OPEN_STATES:
        raise NotOpen(_("This import is closed; its rows cannot be changed any more."))
    if batch.task != task:
        raise NotOpen(_("This import is being worked on; wait until that is done."))
    return batch


def rows_alike(batch, row, key):
    """Ids of the unwritten rows of `batch` with the same doubt about the field `key` as `row`, `row` among them."""
    mine = {_doubt(message) for message in row.content()["messages"] if message.get("field") == key}
    opened = payload_opener()
    rows = unwritten(batch).filter(Q(is_doubtful=True) | Q(pk=row.pk)).values_list("pk", "payload")
    return [
        pk
        for pk, payload in rows.iterator(chunk_size=2000)
        if pk == row.pk or any(_doubt(message) in mine for message in opened(payload)["messages"])
    ]


def _doubt(message):
    """What makes two doubts alike: the field, what is wrong, and the original text."""
    return message.get("field"), message["code"], str(message["params"].get("value", ""))


def unwritten(batch):
    """The rows of `batch` that it has not written into the register."""
    return batch.rows.exclude(outcome__in=WRITTEN, step__lte=batch.steps_applied)


def _see_to(batch, ids, answer, actor):
    rows = batch.rows.select_for_update(of=("self",)).filter(pk__in=ids).order_by("position")
    touched = [Opened(row, row.content()) for row in rows]
    if any(each.row.is_written(batch) for each in touched):
        raise NotOpen(_("This row was imported before; correct the member’s record instead."))
    if answer.seen is not None and any(seen_mark(each.row) != answer.seen for each in touched):
        raise NotOpen(_("Somebody else saw to this row meanwhile. Look at it as it is now, then decide."))
    names = {each.row.name for each in touched}
    # rows in conflict over a number are looked for only where there may be such a conflict
    disputed = "id_number" in answer.entered or any(map(_is_repeated, touched))
    numbers = {each.content["values"].get("id_number") for each in touched}
    kind = kind_of(batch)
    for each in touched:
        take_answer(each.content, answer, batch.sheets[each.row.sheet], each.row.row, kind)
        each.row.seen_by, each.row.seen_at = actor, timezone.now()
    names |= {each.content["values"].get("name", "") for each in touched}
    numbers |= {each.content["values"].get("id_number") for each in touched}
    twins = _twins(batch, touched, names - {""}, numbers - {None} if disputed else set())
    before = [each.row.outcome for each in twins]
    check(batch, [*touched, *twins])
    save(batch, [*touched, *twins])
    return sum(each.row.outcome != outcome for each, outcome in zip(twins, before, strict=True))


def _is_repeated(each):
    return any(message["code"] == "duplicate_in_file" for message in each.content["messages"])


def _twins(batch, touched, names, numbers):
    """Other open rows that may be the same person as one of `touched`: of that name, or in conflict over a number."""
    found = Q(name__listed=names)
    if numbers:
        found |= Q(outcome=ImportRow.Outcome.ERROR)
    mine = {each.row.pk for each in touched}
    twins = []
    for row in unwritten(batch).filter(found).exclude(outcome=ImportRow.Outcome.LEFT_OUT):
        content = row.content()
        if row.pk not in mine and (row.name in names or content["values"].get("id_number") in numbers):
            twins.append(Opened(row, content))
    return twins


# -- what the answer says


def take_answer(content, answer, sheet, row, kind):
    """Bring the `answer` into a row's `content`. `sheet` is the summary of its sheet, `row` its number there."""
    if answer.from_file:
        content |= content.pop("file", {})
        for key in ("entered", "choice", "left_out"):
            content.pop(key, None)
        return
    if "file" not in content:
        content["file"] = {key: content[key] for key in ("values", "messages", "derived")}
        # the answers must not reach into what the file says
        content |= {"values": dict(content["values"]), "derived": list(content["derived"])}
    if answer.left_out is not None:
        content["left_out"] = answer.left_out
    if answer.choice is not None:
        content["choice"] = answer.choice
    if answer.entered:
        content["entered"] = content.get("entered", {}) | answer.entered
        enter(content, answer.entered, sheet, row, kind)


def enter(content, entered, sheet, row, kind):
    """Read the typed texts as the cells of their fields; doubts about these fields are forgotten or found anew."""
    values = content["values"]
    settings = kind.settings(timezone.localdate())
    settled = set(entered)
    for column in sheet["columns"]:
        if settled & set(column.get("fields") or ()):
            settled.add(column["field"])  # doubts about a fused cell stand under its first field
    content["messages"] = [message for message in content["messages"] if message.get("field") not in settled]
    content["derived"] = [key for key in content["derived"] if key not in entered]
    # the kind of document first: it decides how the number is read
    for key, text in sorted(entered.items(), key=lambda item: item[0] != "id_kind"):
        values.pop(key, None)
        found = _read(key, text, values.get("id_kind", ""), settings)
        if found is None:
            continue
        said = found.values
        if found.id_number is not None:
            said = {"id_number": found.id_number.number}
        values.update(kind.stored(said))
        for extra, value in kind.stored(found.extras).items():
            values.setdefault(extra, value)
        content["messages"] += [
            message_json(Message(address(sheet, row, key), level, code, params, key))
            for level, code, params in found.notes
        ]


def _read(key, text, id_kind, settings):
    """A Found of the typed `text`, None if there is nothing in it."""
    if not text.strip():
        return None
    if key == "id_number" and id_kind not in ("", IdKind.RESIDENT_CARD):
        try:
            return read_id_cell(text.strip(), id_kind)
        except Doubt as doubt:
            return Found(notes=[(doubt.level, doubt.code, doubt.params)])
    found = column_reader((key,), settings)(text)
    if isinstance(found, str):
        return Found({key: found})
    return Found(id_number=found) if isinstance(found, IdNumber) else found


def address(sheet, row, key):
    """The address of a field's cell: its own column, else that of the name."""
    letters = {column["field"]: column["column"] for column in reversed(sheet["columns"]) if column["field"]}
    letters |= {
        key: column["column"] for column in sheet["columns"] for key in (column.get("fields") or ())[1:]
    }
    return f"{letters.get(key) or letters.get('name') or 'A'}{row}"


# -- checking


def check(batch, opened):
    """Read, compare and match the rows in work anew, as the pipeline did when the file came."""
    today, kind = timezone.localdate(), kind_of(batch)
    roster = Roster(batch.format, batch.encoding or None)
    for sheet in batch.sheets:
        columns = [Column(each["column"], each["header"], each["field"]) for each in sheet["columns"]]
        roster.sheets.append(SheetReading(sheet["name"], columns=columns))
    opened.sort(key=lambda each: each.row.position)
    for each in opened:
        each.reading = _reading(each, batch.sheets[each.row.sheet], kind, today)
        if not each.content.get("left_out"):
            roster.sheets[each.row.sheet].rows.append(each.reading)
    if kind.vocabulary.stands_once:
        mark_duplicates(roster, kind.vocabulary)
    for each in opened:
        # blanks that clear are nothing to read
        blanks = {key: "" for key, text in each.content["values"].items() if not text}
        each.content["values"] = blanks | kind.stored(each.reading.values)
        each.match = _outcome(each)
    whole = [each for each in opened if each.match is None]
    register = kind.register(
        batch.association,
        [each.content["values"] for each in whole],
        chosen=[each.content["choice"] for each in whole if "choice" in each.content],
    )
    for each in whole:
        sheet, row = batch.sheets[each.row.sheet], each.row.row
        each.match = register.match(
            each.content["values"],
            each.row.position,
            lambda key, sheet=sheet, row=row: address(sheet, row, key),
            each.reading.derived,
            each.content.get("choice"),
        )


def _reading(each, sheet, kind, today):
    """The row as the reader would hand it over, with what follows from its values derived anew."""
    content = each.content
    follows = FOLLOWING.intersection(content["derived"])
    values = kind.written(
        {key: text for key, text in content["values"].items() if text and key not in follows}
    )
    messages = []
    for message in content["messages"]:
        if message["code"] == "number_taken":
            # matching took it out of the values
            values.setdefault("number", message["params"]["value"])
        if message["code"] not in CHECKED and message["code"] not in kind.sentences:
            messages.append(Message(**message))
    reading = Row(each.row.row, values, messages, kept=content["kept"])

    def cell(key):
        return address(sheet, each.row.row, key)

    if kind.vocabulary.finish:
        kind.vocabulary.finish(reading, _identity(values), cell, today)
    reading.derived |= frozenset(content["derived"]) & frozenset(values) - FOLLOWING
    if "name" not in values:
        reading.messages.append(Message(cell("name"), ERROR, "name_missing", field="name"))
    reading.error = any(message.level == ERROR for message in reading.messages)
    reading.question = any(message.level == QUESTION for message in reading.messages)
    return reading


def _identity(values):
    try:
        return read_id_number(values["id_number"], values.get("id_kind", ""))
    except (KeyError, InvalidNumber):
        return None


def _outcome(each):
    """The Match of a row that is not to be matched, None for those that are."""
    if each.content.get("left_out"):
        return Match("left_out")
    if each.reading.error:
        return Match("error")
    if each.reading.question:
        return Match("question")
    return Match("unchanged") if each.reading.merged_into else None


def save(batch, opened):
    """Write the rows of `opened` that changed into the ledger, and the batch's counts (which stay unsaved)."""
    seal = payload_sealer()
    for each in opened:
        row, match = each.row, each.match
        content = each.content | {
            "messages": [message_json(message) for message in (*each.reading.messages, *match.messages)],
            "derived": sorted(each.reading.derived),
            "diff": match.diff,
        }
        outcome = match.outcome
        doubtful = bool(content["messages"]) and outcome != ImportRow.Outcome.LEFT_OUT
        batch.counts[row.outcome] -= 1
        batch.counts[outcome] = batch.counts.get(outcome, 0) + 1
        batch.counts["doubtful"] += doubtful - row.is_doubtful
        row.outcome, row.is_doubtful = outcome, doubtful
        row.name = content["values"].get("name", "")[:100]
        row.member_id, row.member_version = match.member, match.version
        row.step = batch.steps_applied + 1
        row.payload = seal({key: value for key, value in content.items() if value})
    bulk.update(
        ImportRow,
        _SAVED,
        [(each.row.pk, *(_plain(getattr(each.row, name)) for name in _SAVED)) for each in opened],
    )


_SAVED = (
    "outcome",
    "is_doubtful",
    "name",
    "member_id",
    "member_version",
    "step",
    "seen_by_id",
    "seen_at",
    "payload",
)


def _plain(value):
    """A value as `bulk` takes it."""
    return bulk.moment(value) if isinstance(value, datetime) else value
