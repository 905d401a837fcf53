"""What staff decide about the sheets and columns of a file: read anew with it, remembered for the next file.

Before anything of a batch is written its file is read anew. Afterwards the ledger must stay what it is: columns that
were kept aside then go into the open rows, and for rows already imported into a further batch of their own.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from members.imports import bulk, failures
from members.imports.files import is_lost
from members.imports.kinds import kind_of
from members.imports.pipeline import read_stored, understand
from members.imports.preview import store
from members.imports.progress import silent
from members.imports.repair import Answer, NotOpen, Opened, check, enter, lock_open, save, see_to, unwritten
from members.models import HeaderChoice, ImportBatch, ImportRow, Member
from members.roster.headers import header_key


def remember(batch, choices, *, actor):
    """Keep {heading: choice} for the next files of this kind of the batch's association; None forgets one."""
    keys = {header_key(header)[:200]: choice for header, choice in choices.items()}
    keys.pop("", None)
    HeaderChoice.objects.filter(
        association=batch.association_id,
        kind=batch.kind,
        header__in=[key for key, choice in keys.items() if choice is None],
    ).delete()
    HeaderChoice.objects.bulk_create(
        [
            HeaderChoice(
                association_id=batch.association_id,
                kind=batch.kind,
                header=key,
                field=choice,
                chosen_by=actor,
            )
            for key, choice in keys.items()
            if choice is not None
        ],
        update_conflicts=True,
        unique_fields=["association", "kind", "header"],
        update_fields=["field", "chosen_by", "chosen_at"],
    )


class FileGone(NotOpen):
    """There is no file to read any more."""

    def __init__(self):
        super().__init__(failures.sentence("file_gone", {}))


def read_anew(batch, decisions, *, task=None, tell=silent):
    """Read the batch's file again with `decisions`; return the batch. Rows somebody saw to get their answers again.

    Raises NotOpen if something of it was written before, FileGone, UnreadableFile with a sentence. `task` is the
    batch's for the worker, who alone may read what is in its hands; `tell` hears how far it is.
    """
    if is_lost(batch):
        raise FileGone
    with bulk.without_collection():
        roster = read_stored(batch, decisions, tell=tell)
        ledger = understand(batch, roster, decisions=decisions, tell=tell)
        chosen = batch.body, batch.options
        with transaction.atomic():
            batch = lock_open(batch, task=task)
            if batch.steps_applied:
                raise NotOpen(_("Rows of this import were written meanwhile; it is not read again."))
            answers = _answers(batch)
            batch.rows.all().delete()
            batch.decisions = decisions.to_json()
            batch.body, batch.options = chosen
            batch.end_work()
            store(batch, roster, ledger, tell=tell)
            return _answer_again(batch, answers)


def _answers(batch):
    """[((sheet name, row), actor, moment, Answer)] of the rows that somebody saw to."""
    answers = []
    for row in batch.rows.exclude(seen_at=None).select_related("seen_by").order_by("seen_at"):
        content = row.content()
        answer = Answer(content.get("entered", {}), content.get("choice"), content.get("left_out"))
        answers.append(((batch.sheets[row.sheet]["name"], row.row), row.seen_by, row.seen_at, answer))
    return answers


def _answer_again(batch, answers):
    names = [sheet["name"] for sheet in batch.sheets]
    for (name, number), actor, moment, answer in answers:
        if name not in names:
            continue
        row = batch.rows.filter(sheet=names.index(name), row=number).first()
        if row is not None:
            batch = see_to(batch, [row.pk], answer, actor=actor)
            batch.rows.filter(pk=row.pk).update(seen_at=moment)
    return batch


# -- columns kept aside, after the import


def kept_columns(batch):
    """[(index of the sheet, column)] of the columns that nobody recognised, as in `ImportBatch.sheets`."""
    return [
        (number, column)
        for number, sheet in enumerate(batch.sheets)
        for column in sheet["columns"]
        if not column["field"] and not column.get("ignored") and not sheet["layout"]
    ]


def bring_in_kept(batch, choices, *, actor):
    """Take what the columns {(index of the sheet, letter): field key} of an applied batch hold for these fields.

    Open rows get it typed in. For members the batch wrote or found unchanged it goes into a further batch, which is
    returned to be looked at and confirmed like any other; None if there is nothing for them. Raises NotOpen.
    """
    with transaction.atomic():
        batch = lock_open(batch)
        answered = {row.pk for row in _rows_with_member(batch)}
        for row in unwritten(batch).exclude(pk__in=answered):
            entered = _kept_of(row, choices)
            if entered:
                see_to(batch, [row.pk], Answer(entered=entered), actor=actor)
        return _further_batch(batch, choices, actor)


def _rows_with_member(batch):
    """Rows of the batch about a member who is in the register by now."""
    outcome = ImportRow.Outcome
    written = Q(outcome__in=(outcome.NEW, outcome.UPDATE), step__lte=batch.steps_applied)
    return (
        batch.rows.filter(written | Q(outcome=outcome.UNCHANGED, member__isnull=False))
        .prefetch_related("created_members")
        .order_by("position")
    )


def _kept_of(row, choices):
    """{field key: text} of what the row has in the chosen columns."""
    kept = row.content()["kept"]
    return {
        key: kept[letter] for (sheet, letter), key in choices.items() if sheet == row.sheet and letter in kept
    }


def _further_batch(batch, choices, actor):
    """A batch of the members whom `batch` is about, with the texts of its kept columns; None if there are none."""
    rows = []
    for row in _rows_with_member(batch):
        created = row.created_members.all()
        member = created[0].pk if created else row.member_id
        if member and (entered := _kept_of(row, choices)):
            rows.append((row, member, entered))
    # as they are called today: the file must not undo what somebody corrected since
    names = dict(
        Member.objects.filter(
            association=batch.association, pk__in=[member for _row, member, _texts in rows]
        ).values_list("pk", "name")
    )
    rows = [each for each in rows if each[1] in names]
    if not rows:
        return None
    counts = dict.fromkeys(ImportRow.Outcome.values, 0) | {"skipped": 0, "doubtful": 0}
    further = ImportBatch.objects.create(
        association=batch.association,
        kind=batch.kind,
        created_by=actor,
        file_name=batch.file_name,
        file_digest=batch.file_digest,
        format=batch.format,
        encoding=batch.encoding,
        sheets=[_with_choices(number, sheet, choices) for number, sheet in enumerate(batch.sheets)],
        counts=counts | {"rows": len(rows), ImportRow.Outcome.NEW: len(rows)},
        look=batch.look,
        decisions={"from": batch.pk},
        body=batch.body,
        options=batch.options,
    )
    kind = kind_of(batch)
    opened = []
    for position, (row, member, entered) in enumerate(rows):
        content = row.content()
        carried = {key: content["values"][key] for key in kind.carries if key in content["values"]}
        content |= {"values": carried | {"name": names[member]}, "choice": member}
        content |= {"messages": [], "derived": [], "kept": {}}
        enter(content, entered, further.sheets[row.sheet], row.row, kind)
        copy = ImportRow(
            batch=further, position=position, sheet=row.sheet, row=row.row, outcome=ImportRow.Outcome.NEW
        )
        opened.append(Opened(copy, content))
    ImportRow.objects.bulk_create([each.row for each in opened])
    check(further, opened)
    save(further, opened)
    further.save()
    return further


def _with_choices(number, sheet, choices):
    """The summary of a sheet, its columns as they were chosen."""
    columns = [
        column | {"field": choices[number, column["column"]], "fields": [choices[number, column["column"]]]}
        if (number, column["column"]) in choices
        else column
        for column in sheet["columns"]
    ]
    return sheet | {"columns": columns, "messages": [], "skipped": []}
