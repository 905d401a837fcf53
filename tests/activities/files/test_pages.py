"""Files and photos on the pages of staff and members: who reaches what, and how it goes to browsers."""

import pytest
from django.core.files.storage import default_storage

from activities.models import ActivityFile, Participation, Presence
from members.models import Consent
from members.privacy.consents import give_consent
from members.rights import Role
from organizations.models import Body
from tests.activities.calendar.make import council
from tests.activities.files.make import DOCX, PDF, kept, picture, upload
from tests.make import (
    grant,
    make_activity,
    make_association,
    make_member,
    make_participation,
    make_user,
)
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db
Readers, State = ActivityFile.Readers, Participation.State


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def activity(home):
    return make_activity("走访企业", association=home)


@pytest.fixture
def me(home, client):
    user = make_user()
    grant(user, Role.MEMBER, home)
    client.force_login(user)
    return make_member("张一", association=home, user=user)


def fetched(client, address):
    """The answer, read to its end, which closes the file, with `body`."""
    response = client.get(address)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def put(client, activity, *uploads, **data):
    return client.post(f"/activities/{activity.pk}/files/", {"files": uploads, "readers": "staff", **data})


# -- staff


def test_the_editor_puts_in_several_at_once(client, home, activity):
    user = sign_in(client, Role.SECRETARY, home)

    response = put(client, activity, upload(), upload(DOCX, "议程.docx"), upload(picture(), "现场.jpg"))

    assert response.url == f"/activities/{activity.pk}/files/"
    assert list(activity.files.values_list("kind", "name", "place", "put_in_by")) == [
        ("file", "通知.pdf", 1, user.pk),
        ("file", "议程.docx", 2, user.pk),
        ("photo", "现场.jpg", 3, user.pk),
    ]
    page = client.get(response.url).content.decode()
    assert "已上传 3 个文件" in page
    on_activity = client.get(f"/activities/{activity.pk}/").content.decode()
    assert all(name in page and name in on_activity for name in ("通知.pdf", "议程.docx", "现场.jpg"))


def test_what_is_refused_does_not_keep_the_others_out(client, home, activity):
    sign_in(client, Role.SECRETARY, home)

    response = put(client, activity, upload(), upload(b"<script>", "页面.html"), readers="invited")

    page = client.get(response.url).content.decode()
    assert "已上传 1 个文件" in page
    assert "页面.html：只接受 PDF" in page
    assert activity.files.get().readers == "invited"


def test_of_photos_without_agreement_the_editor_is_told(client, home, activity):
    sign_in(client, Role.SECRETARY, home)

    response = put(client, activity, upload(picture(), "现场.jpg"), readers="invited")

    assert "照片仅工作人员可见：尚未确认" in client.get(response.url).content.decode()
    assert activity.files.get().readers == "staff"


@pytest.mark.parametrize(
    ("uploads", "sentence"),
    [
        ([], "请先选择文件。"),
        ([upload(b"MZ", "程序.exe")], "程序.exe：只接受"),
        ([upload(b"", "空.pdf")], "空.pdf：文件为空。"),
        ([upload() for _each in range(21)], "一次最多上传 20 个文件。"),
    ],
)
def test_where_nothing_can_be_kept_the_form_says_why(client, home, activity, uploads, sentence):
    sign_in(client, Role.SECRETARY, home)

    response = put(client, activity, *uploads)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not activity.files.exists()


def test_too_large_is_refused_in_words(client, home, activity, settings):
    settings.ACTIVITY_FILE_MAX_BYTES = 1024 * 1024
    sign_in(client, Role.SECRETARY, home)

    response = put(client, activity, upload(PDF + b"\0" * 1024 * 1024, "录像.pdf"))

    assert response.status_code == 422
    assert "录像.pdf：超过 1 MB，请压缩或拆分后再上传。" in response.content.decode()


def test_names_are_shown_and_never_trusted(client, home, activity):
    sign_in(client, Role.SECRETARY, home)

    put(client, activity, upload(PDF, "<b>粗体</b>.pdf"), upload(PDF, "长" * 200 + ".pdf"))

    page = client.get(f"/activities/{activity.pk}/").content.decode()
    assert "<b>" not in page.split('id="files"')[1].split("</section>")[0]
    assert max(len(row.name) for row in activity.files.all()) <= 120


def test_strangers_find_nothing_readers_read_and_editors_write(client, home, activity):
    row = kept(activity)
    pages = [f"/activities/files/{row.pk}/edit/", f"/activities/files/{row.pk}/delete/"]
    pages.append(f"/activities/{activity.pk}/files/")

    sign_in(client, Role.SECRETARY, make_association())
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert fetched(client, f"/activities/files/{row.pk}/").status_code == 404

    sign_in(client, Role.VIEWER, home)
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    assert client.post(f"/activities/files/{row.pk}/move/").status_code == 403
    assert client.post(f"/activities/files/{row.pk}/delete/").status_code == 403
    assert fetched(client, f"/activities/files/{row.pk}/").body == PDF
    assert pages[2] not in client.get(f"/activities/{activity.pk}/").content.decode()

    sign_in(client, Role.SECRETARY, home)
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    assert pages[2] in client.get(f"/activities/{activity.pk}/").content.decode()


def test_files_of_a_hidden_body_are_its_own(client, home):
    branch = council(home, Body.Kind.PARTY_BRANCH, hides_people=True)
    row = kept(make_activity("支部的活动", host=branch))

    sign_in(client, Role.SECRETARY, home)
    assert fetched(client, f"/activities/files/{row.pk}/").status_code == 404

    sign_in(client, Role.MANAGER, home)
    assert fetched(client, f"/activities/files/{row.pk}/").status_code == 200


def test_documents_are_downloaded_and_photos_shown(client, home, activity):
    sign_in(client, Role.VIEWER, home)
    document, photo = kept(activity, name="关于考察的通知.pdf"), kept(activity, picture(), "现场.jpg")

    downloaded = fetched(client, f"/activities/files/{document.pk}/")
    shown = fetched(client, f"/activities/files/{photo.pk}/")
    small = fetched(client, f"/activities/files/{photo.pk}/small/")

    assert downloaded["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%85%B3")
    assert downloaded["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"].startswith("inline;")
    assert len(small.body) < len(shown.body)
    for response in (downloaded, shown, small):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Cache-Control"] == "private, max-age=300"
    assert {shown["Content-Type"], small["Content-Type"]} == {"image/jpeg"}
    assert fetched(client, f"/activities/files/{document.pk}/small/").status_code == 404


def test_a_lost_file_is_not_found(client, home, activity):
    sign_in(client, Role.VIEWER, home)
    row = kept(activity)
    default_storage.delete(row.file)

    assert fetched(client, f"/activities/files/{row.pk}/").status_code == 404
    assert client.get("/activities/files/99999999999999999999/").status_code == 404


def test_a_file_is_renamed_and_keeps_its_ending(client, home, activity):
    sign_in(client, Role.SECRETARY, home)
    row = kept(activity)

    client.post(f"/activities/files/{row.pk}/edit/", {"name": "../正式通知.exe", "readers": "invited"})

    row.refresh_from_db()
    assert (row.name, row.readers) == ("正式通知.exe.pdf", "invited")


def test_showing_a_photo_needs_the_agreement_of_those_on_it(client, home, activity):
    sign_in(client, Role.SECRETARY, home)
    row = kept(activity, picture(), "现场.jpg")
    edit = f"/activities/files/{row.pk}/edit/"

    refused = client.post(edit, {"name": "合影", "readers": "invited"})
    assert refused.status_code == 422
    assert "照片中的人同意后才能给会员看。" in refused.content.decode()
    assert 'value="合影.jpg"' in refused.content.decode() or 'value="合影"' in refused.content.decode()

    client.post(edit, {"name": "合影", "readers": "invited", "persons_agreed": "on"})
    row.refresh_from_db()
    assert (row.name, row.readers, row.persons_agreed) == ("合影.jpg", "invited", True)

    assert client.post(edit, {"name": "\x00", "readers": "x"}).status_code == 422


def test_moving_and_deleting(client, home, activity, django_capture_on_commit_callbacks):
    sign_in(client, Role.SECRETARY, home)
    one, two = kept(activity, name="一.pdf"), kept(activity, name="二.pdf")

    client.post(f"/activities/files/{two.pk}/move/", {"to": "up"})
    assert list(activity.files.all()) == [two, one]

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"/activities/files/{two.pk}/delete/")
    assert "二.pdf 已删除。" in client.get(response.url).content.decode()
    assert not default_storage.exists(two.file)
    assert client.post(f"/activities/files/{two.pk}/delete/").status_code == 404


def test_who_has_not_agreed_to_publication_is_named_to_who_reads_consents(client, home, activity):
    agreed, not_asked, absent = (
        make_member(name, association=home) for name in ("甲同意", "乙未问", "丙缺席")
    )
    give_consent(agreed, Consent.Purpose.PUBLISHING, way=Consent.Way.PAPER, actor=None)
    address = f"/activities/{activity.pk}/files/"
    sign_in(client, Role.SECRETARY, home)
    assert "尚未登记到场人员" in client.get(address).content.decode()

    for member, presence in ((agreed, "attended"), (not_asked, "late"), (absent, "absent")):
        make_participation(activity, member, presence=presence)
    make_participation(activity, guest_name="某来宾", presence="attended")

    page = client.get(address).content.decode()
    assert "到场会员 2 人中，有 1 人未同意公开姓名和照片" in page
    assert "乙未问" in page
    assert "甲同意" not in page
    assert "丙缺席" not in page


def test_a_secretary_of_one_body_is_told_how_many_not_who(client, home):
    board = council(home)
    activity = make_activity("理事会考察", host=board)
    make_participation(activity, make_member("乙未问", association=home), presence=Presence.ATTENDED)
    user = make_user()
    grant(user, Role.SECRETARY, home, body=board)
    client.force_login(user)

    page = client.get(f"/activities/{activity.pk}/files/").content.decode()

    assert "到场会员 1 人中，有 1 人未同意公开姓名和照片" in page
    assert "乙未问" not in page


@pytest.mark.parametrize("screen", ["/activities/{}/", "/activities/{}/files/"])
def test_as_often_is_asked_for_three_files_as_for_one(
    client, home, activity, django_assert_max_num_queries, screen
):
    sign_in(client, Role.SECRETARY, home)
    address = screen.format(activity.pk)

    def add():
        kept(activity)
        kept(activity, picture(), "现场.jpg")

    add()
    client.get(address)
    with django_assert_max_num_queries(60) as first:
        client.get(address)
    add()
    add()
    with django_assert_max_num_queries(60) as second:
        client.get(address)

    assert len(first) == len(second)


# -- members


@pytest.fixture
def three(activity):
    """{readers: a document for them}"""
    return {readers: kept(activity, name=f"{readers.value}.pdf", readers=readers) for readers in Readers}


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        (None, {"invited"}),
        ({"state": State.INVITED}, {"invited"}),
        ({"state": State.DECLINED}, {"invited"}),
        ({"state": State.WAITING}, {"invited"}),
        ({"state": State.SIGNED_UP}, {"invited", "participants"}),
        ({"state": State.WALK_IN, "presence": "attended"}, {"invited", "participants"}),
        ({"state": State.SIGNED_UP, "presence": "observer"}, {"invited", "participants"}),
    ],
)
def test_members_see_what_is_meant_for_them(client, me, activity, three, row, seen):
    if row is not None:
        make_participation(activity, me, **row)

    page = client.get(f"/my/activities/{activity.pk}/").content.decode()
    codes = {
        str(readers): fetched(client, f"/my/activities/files/{file.pk}/") for readers, file in three.items()
    }

    assert {str(readers) for readers in Readers if f"{readers.value}.pdf" in page} == seen
    assert {readers for readers, response in codes.items() if response.status_code == 200} == seen
    assert {readers for readers, response in codes.items() if response.status_code == 404} == set(
        Readers
    ) - seen


def test_to_whom_an_activity_is_not_shown_its_files_are_not_either(client, home, me):
    row = kept(make_activity("仅限邀请", association=home, sign_up="invited"), readers=Readers.INVITED)
    draft = kept(make_activity("草稿", association=home, state="draft"), readers=Readers.INVITED)

    assert fetched(client, f"/my/activities/files/{row.pk}/").status_code == 404
    assert fetched(client, f"/my/activities/files/{draft.pk}/").status_code == 404
    assert fetched(client, f"/activities/files/{row.pk}/").status_code == 403


def test_members_see_photos_whose_persons_agreed(client, me, activity):
    hidden = kept(activity, picture(), "没有同意.jpg", readers=Readers.INVITED)
    shown = kept(activity, picture(), "同意了.jpg", readers=Readers.INVITED, persons_agreed=True)

    page = client.get(f"/my/activities/{activity.pk}/").content.decode()
    small = fetched(client, f"/my/activities/files/{shown.pk}/small/")

    assert "同意了.jpg" in page
    assert "没有同意.jpg" not in page
    assert small["Content-Type"] == "image/jpeg"
    assert fetched(client, f"/my/activities/files/{hidden.pk}/").status_code == 404


def test_an_activity_without_files_says_nothing_to_members(client, me, activity, three):
    three[Readers.INVITED].delete()
    three[Readers.PARTICIPANTS].delete()

    assert "文件和照片" not in client.get(f"/my/activities/{activity.pk}/").content.decode()
