"""Files and photos of activities: put in, changed, put in order, deleted with what is stored of them."""

import secrets

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity, ActivityFile
from config.uploads import NO_ROOM
from organizations.services import NotPossible

FOLDER = "activities"
MOST = 300
_SMALL = "-small"


def put_in(activity, readings, *, readers, persons_agreed=False, actor=None):
    """Keep the `readings` (of activities.files.reading) as files of `activity`; return the [ActivityFile].

    `readers` is an ActivityFile.Readers; photos of which nobody said that the persons agreed are for staff whatever it
    says. Should anything fail nothing of them stays. Raises NotPossible.
    """
    stored = []
    try:
        with transaction.atomic():
            # lock first: two may put files in at once
            Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
            held = activity.files.aggregate(last=Max("place"))["last"] or 0
            _check_room(activity, len(readings))
            return [
                _keep(activity, reading, stored, place=held + number, readers=readers,
                      persons_agreed=persons_agreed, actor=actor)
                for number, reading in enumerate(readings, start=1)
            ]  # fmt: skip
    except BaseException as error:
        for name in stored:
            default_storage.delete(name)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise NotPossible(no_room()) from error
        raise


def no_room():
    return _("The server’s disk is full: nothing was kept. Tell whoever runs the server.")


def change_file(row, *, name, readers, persons_agreed):
    """Give the ActivityFile `row` another name, other readers. Raises NotPossible where a photo needs agreement."""
    row.name, row.readers, row.persons_agreed = name, readers, persons_agreed
    if row.kind == ActivityFile.Kind.PHOTO and readers != ActivityFile.Readers.STAFF and not persons_agreed:
        raise NotPossible(
            _("Photos are shown to members only if the persons on them agreed."), "persons_agreed"
        )
    row.save(update_fields=["name", "readers", "persons_agreed"])
    return row


@transaction.atomic
def move_file(row, *, up):
    """Let `row` and its neighbour of the same kind change places; False at the end of the list."""
    Activity.objects.select_for_update(of=("self",)).get(pk=row.activity_id)
    rows = list(ActivityFile.objects.filter(activity=row.activity_id, kind=row.kind))
    at = [each.pk for each in rows].index(row.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return False
    rows[at], rows[to] = rows[to], rows[at]
    for place, each in enumerate(rows, start=1):
        each.place = place
    # which file stands first is nothing that anybody asks the history for
    ActivityFile.objects.bulk_update(rows, ["place"])
    return True


@transaction.atomic
def delete_file(row):
    """Delete the ActivityFile `row`, and what is stored of it when that is certain."""
    names = stored_names(row)
    row.delete()
    transaction.on_commit(lambda: _remove(names))


@transaction.atomic
def delete_all(activity):
    """Delete all files of `activity`, before it is deleted itself; return how many."""
    rows = list(activity.files.all())
    for row in rows:
        delete_file(row)
    return len(rows)


def stored_names(row):
    """Names in the storage of the ActivityFile `row`: the file, and of a photo the small one."""
    return [row.file, small_name(row.file)] if row.kind == ActivityFile.Kind.PHOTO else [row.file]


def small_name(name):
    """Where the small version of the photo `name` is stored."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}{_SMALL}{dot}{ending}"


def _keep(activity, reading, stored, *, place, readers, persons_agreed, actor):
    name = f"{FOLDER}/{secrets.token_hex(16)}.{reading.ending}"
    is_photo = reading.kind == ActivityFile.Kind.PHOTO
    stored.append(name)
    default_storage.save(name, ContentFile(reading.content) if is_photo else File(reading.upload))
    if is_photo:
        stored.append(small_name(name))
        default_storage.save(small_name(name), ContentFile(reading.small))
    row = ActivityFile(
        activity=activity,
        kind=reading.kind,
        file=name,
        name=reading.name,
        size=reading.size,
        place=place,
        readers=ActivityFile.Readers.STAFF if is_photo and not persons_agreed else readers,
        persons_agreed=persons_agreed and is_photo,
        put_in_by=actor,
    )
    row.save()
    return row


def _check_room(activity, wanted):
    held = activity.files.count()
    if held + wanted > MOST:
        raise NotPossible(
            ngettext(
                "An activity has room for {most} files; {count} is there already.",
                "An activity has room for {most} files; {count} are there already.",
                held,
            ).format(most=MOST, count=held)
        )


def _remove(names):
    for name in names:
        default_storage.delete(name)
