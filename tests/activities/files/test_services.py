"""Files of activities are kept, changed and deleted with what is stored of them."""

import errno
import threading

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, connection, transaction

from activities.files import services
from activities.files.reading import read_file
from activities.files.services import change_file, delete_all, delete_file, move_file, put_in
from activities.models import Activity, ActivityFile
from organizations.models import Change
from organizations.services import NotPossible
from tests.activities.files.make import PDF, kept, picture, upload
from tests.make import make_activity

Readers = ActivityFile.Readers


def stored(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def activity(db):
    return make_activity()


def test_files_are_stored_under_names_that_say_nothing(activity, private_files):
    document = kept(activity, name="张三的材料.pdf")
    photo = kept(activity, picture(), "张三.jpg")

    assert len(stored(private_files)) == 3
    assert not any("张三" in name for name in stored(private_files))
    assert (document.name, document.size, document.kind) == ("张三的材料.pdf", len(PDF), "file")
    with default_storage.open(document.file) as file:
        assert file.read() == PDF
    assert (photo.kind, default_storage.exists(services.small_name(photo.file))) == ("photo", True)
    assert Change.objects.of(activity).filter(kind="+").count() == 2 + 2  # the activity and its audience too


def test_photos_without_agreement_are_for_staff_whatever_was_chosen(activity):
    document, photo, agreed = (
        kept(activity, name="通知.pdf", readers=Readers.INVITED),
        kept(activity, picture(), "一.jpg", readers=Readers.INVITED),
        kept(activity, picture(), "二.jpg", readers=Readers.INVITED, persons_agreed=True),
    )

    assert [document.readers, photo.readers, agreed.readers] == ["invited", "staff", "invited"]


def test_a_photo_is_not_shown_to_others_without_agreement(activity):
    photo = kept(activity, picture(), "一.jpg")

    with pytest.raises(NotPossible, match="照片中的人同意后"):
        change_file(photo, name="一.jpg", readers=Readers.PARTICIPANTS, persons_agreed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityFile.objects.update(readers=Readers.PARTICIPANTS)
    changed = change_file(photo, name="合影.jpg", readers=Readers.PARTICIPANTS, persons_agreed=True)

    changed.refresh_from_db()
    assert (changed.name, changed.readers) == ("合影.jpg", "participants")


def test_nothing_stays_where_one_cannot_be_kept(activity, private_files, monkeypatch):
    readings = [read_file(upload()), read_file(upload(picture(), "一.jpg"))]
    save = FileSystemStorage.save

    def full(storage, name, content):
        if name.endswith("-small.jpg"):
            raise OSError(errno.ENOSPC, "no space")
        return save(storage, name, content)

    # what a full disk does cannot be had otherwise
    monkeypatch.setattr(FileSystemStorage, "save", full)
    with pytest.raises(NotPossible, match="磁盘已满"):
        put_in(activity, readings, readers=Readers.STAFF)

    assert stored(private_files) == []
    assert not activity.files.exists()


def test_there_is_an_end_to_how_many(activity, monkeypatch):
    monkeypatch.setattr(services, "MOST", 2)  # 300 would take a minute
    kept(activity)

    with pytest.raises(NotPossible, match="最多保存 2 个文件，现已有 1 个"):
        put_in(activity, [read_file(upload()), read_file(upload())], readers=Readers.STAFF)


def test_neighbours_change_places(activity):
    one, two, three = (kept(activity, name=f"{number}.pdf") for number in (1, 2, 3))
    photo = kept(activity, picture(), "一.jpg")

    assert move_file(three, up=True) is True
    assert move_file(one, up=True) is False
    assert move_file(photo, up=False) is False

    assert list(activity.files.filter(kind="file")) == [one, three, two]


def test_deleting_takes_the_stored_files_along(activity, private_files, django_capture_on_commit_callbacks):
    kept(activity)
    photo = kept(activity, picture(), "一.jpg")

    with django_capture_on_commit_callbacks(execute=True):
        delete_file(photo)
    assert len(stored(private_files)) == 1

    with django_capture_on_commit_callbacks(execute=True):
        assert delete_all(activity) == 1
    assert stored(private_files) == []
    assert not activity.files.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_deleted(private_files):
    kept(make_activity(), picture(), "一.jpg")

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        delete_file(ActivityFile.objects.get())
        1 / 0  # noqa: B018 (something else goes wrong)

    assert len(stored(private_files)) == 2
    assert ActivityFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_upload_at_once_both_find_theirs():
    activity = make_activity()
    failed = []

    def put(number):
        try:
            kept(Activity.objects.get(pk=activity.pk), name=f"{number}.pdf")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        # a database in memory belongs to one connection
        for number in range(4):
            kept(activity, name=f"{number}.pdf")
    else:
        threads = [threading.Thread(target=put, args=[number]) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert failed == []
    assert sorted(activity.files.values_list("place", flat=True)) == [1, 2, 3, 4]
    assert sorted(activity.files.values_list("name", flat=True)) == ["0.pdf", "1.pdf", "2.pdf", "3.pdf"]
