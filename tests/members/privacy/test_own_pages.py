"""The members' own pages: my file, the copy, consents, requests."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.inbox import tell
from members.models import Consent, FurtherCategory, Member, PersonRequest, Viewing
from members.privacy.consents import give_consent
from members.privacy.copy import TABLES
from members.privacy.own_file import own_history, own_viewings
from members.privacy.requests import receive_request
from members.resources import KEYS
from members.rights import Role
from members.services import change_status, reveal_id_number
from organizations.models import Action, acting
from tests.make import (
    PASSWORD,
    grant,
    make_appointment,
    make_association,
    make_body,
    make_employer,
    make_id_number,
    make_member,
    make_term,
    make_user,
)
from tests.members.privacy.test_consents import make_notice
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db

DATA, COPY = reverse("portal:data"), reverse("portal:data_copy")
CONSENTS = reverse("portal:consents")
REQUESTS, NEW = reverse("portal:person_requests"), reverse("portal:person_request_new")
PAGES = [DATA, CONSENTS, REQUESTS, NEW]
NUMBER = make_id_number(7)


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "private"},
    }
    settings.STORAGES = settings.STORAGES | {"default": storage}


@pytest.fixture
def home():
    return make_association("第一联合会")


@pytest.fixture
def member(home):
    return make_member(
        "张一",
        association=home,
        id_number=NUMBER,
        employer=make_employer("甲公司", association=home),
        birth="1985-06-15",
        remarks="只给秘书看",
        email="zhang@example.org",
        user=make_user("zhang@example.org", name="张一"),
    )


@pytest.fixture
def secretary(home):
    user = make_user("secretary@example.org", name="王秘书", phone="13900000009")
    grant(user, Role.SECRETARY, home)
    return user


# -- who


def test_pages_are_for_who_has_a_record(client, member):
    assert [client.get(page).status_code for page in PAGES] == [302] * 4
    sign_in(client, Role.SECRETARY, member.association)
    assert [client.get(page).status_code for page in PAGES] == [404] * 4
    assert client.post(COPY).status_code == 404
    client.force_login(member.user)
    assert [client.get(page).status_code for page in PAGES] == [200] * 4
    assert client.get(COPY).status_code == 405


# -- my file


def test_every_field_is_told_remarks_too_and_the_number_masked(client, member):
    client.force_login(member.user)

    page = client.get(DATA)

    told = {fact.key: fact.text for _section, facts in page.context["sections"] for fact, _class in facts}
    assert set(KEYS) <= told.keys()
    assert (told["remarks"], told["birth"][:10]) == ("只给秘书看", "1985-06-15")
    assert NUMBER not in body_of(page)
    assert f"500116********{NUMBER[14:]}" in body_of(page)


def test_who_changed_what_is_told_by_name_and_role_without_contact(client, member, secretary):
    nameless = make_user("nameless@example.org")
    grant(nameless, Role.MANAGER, member.association)
    for user, position in ((secretary, "经理"), (nameless, "总经理"), (member.user, "董事长")):
        with acting(user):
            row = Member.objects.get(pk=member.pk)
            row.position = position
            row.save()
    client.force_login(member.user)

    page = client.get(DATA)

    history = page.context["history"][:3]
    assert [(entry.who, [line.after for _part, line in entry.lines]) for entry in history] == [
        ("本人", ["董事长"]),
        ("管理员", ["总经理"]),
        ("王秘书（秘书）", ["经理"]),
    ]
    page = body_of(page)
    assert [text for text in ("secretary@", "nameless@", "13900000009") if text in page] == []


def test_nothing_of_other_members_is_in_it(client, member, secretary):
    other = make_member("李四", association=member.association, mobile="13800009999", number="NR-4")
    user = make_user("li@example.org", name="李四账号")
    with acting(secretary):
        other.user = user
        other.remarks = "别人的备注"
        other.save()
        reveal_id_number(member, reason="核对", actor=secretary)
    action = Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=secretary,
        association=member.association,
        details={"fields": ["姓名"], "filter": "搜索：李四", "count": 2, "reason": "年检"},
    )
    action.disclosed.note(action, [member.pk, other.pk])
    client.force_login(member.user)

    page = body_of(client.get(DATA))

    assert "年检" in page
    assert [text for text in ("李四", "13800009999", "NR-4", "别人的备注", "li@") if text in page] == []


def test_viewings_reveals_and_disclosures_say_who_when_and_why(client, member, secretary):
    Viewing.objects.create(member=member, user=secretary, on=dt.date(2026, 3, 1))
    reveal_id_number(member, reason="报备案", actor=secretary)
    action = Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=secretary,
        association=member.association,
        details={"fields": ["姓名", "手机"], "count": 1, "reason": "报统战部", "recipient": "区委统战部"},
    )
    action.disclosed.note(action, [member.pk])
    client.force_login(member.user)

    context = client.get(DATA).context

    assert [(each.on, each.who) for each in context["viewings"]] == [(dt.date(2026, 3, 1), "王秘书（秘书）")]
    assert [(each.who, each.reason) for each in context["reveals"]] == [("王秘书（秘书）", "报备案")]
    taken = context["disclosures"][0]
    assert (taken.who, taken.what, taken.fields, taken.reason, taken.recipient) == (
        "王秘书（秘书）", "会员名单", ("姓名", "手机"), "报统战部", "区委统战部",
    )  # fmt: skip


def test_a_role_elsewhere_is_not_told(member):
    stranger = make_user(name="外人")
    grant(stranger, Role.MANAGER, make_association())
    Viewing.objects.create(member=member, user=stranger, on=dt.date(2026, 3, 1))

    assert [each.who for each in own_viewings(member)] == ["外人"]


def test_my_file_takes_the_same_statements_at_any_length(client, member, home, django_assert_max_num_queries):
    client.force_login(member.user)
    client.get(DATA)
    counts = []
    for number in (1, 3):
        for serial in range(number):
            user = make_user(f"u{number}{serial}@example.org")
            grant(user, Role.SECRETARY, home)
            Viewing.objects.create(member=member, user=user, on=dt.date(2026, 3, number))
            reveal_id_number(member, reason="核对", actor=user)
            with acting(user):
                change_status(member, to="在册", on=f"200{number}-0{serial + 1}", actor=user)
            action = Action.objects.create(kind=Action.Kind.EXPORT, actor=user, details={})
            action.disclosed.note(action, [member.pk])
        with django_assert_max_num_queries(60) as captured:
            client.get(DATA)
        counts.append(len(captured))

    assert counts[0] == counts[1]


# -- the copy


def full_member(member, secretary):
    """`member` with something in every table of the copy."""
    home = member.association
    make_notice(home)
    FurtherCategory.objects.create(member=member, category="新媒体从业人员")
    change_status(member, to="在册", on="2019-12-24", decided_by="理事会", actor=secretary)
    give_consent(member, Consent.Purpose.DIRECTORY, way=Consent.Way.SELF, actor=member.user)
    council = make_body(association=home)
    make_appointment(member, term=make_term(council))
    receive_request(home, kind="deletion", asker="张一", member=member, text="删除照片")
    tell(member, title="欢迎", text="您好")
    Viewing.objects.create(member=member, user=secretary, on=dt.date(2026, 3, 1))
    reveal_id_number(member, reason="报备案", actor=secretary)
    member.photo = default_storage.save("photos/x.jpg", ContentFile(b"jpeg"))
    member.save()


def taken(response):
    """{name: bytes} of the files in the zip."""
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_copy_holds_everything_twice_and_explains_itself(client, member, secretary):
    full_member(member, secretary)
    client.force_login(member.user)

    response = client.post(COPY)
    files = taken(response)

    assert list(files) == ["个人信息.xlsx", "个人信息.json", "照片.jpg", "说明.txt"]
    assert "no-store" in response.headers["Cache-Control"]
    assert files["照片.jpg"] == b"jpeg"
    content = json.loads(files["个人信息.json"])
    assert list(content) == [
        "format", "made_at", "association", "record", "statuses", "history", "consents", "posts",
        "participation", "requests", "messages", "disclosures", "viewings", "activities", "scans", "services",
        "donations", "honours", "objections", "calendar_feeds",
    ]  # fmt: skip
    book = load_workbook(io.BytesIO(files["个人信息.xlsx"]))
    tables = [content[name] for name in list(content)[3:]]
    assert len(book.worksheets) == len(TABLES) == len(tables)
    for sheet, rows in zip(book.worksheets, tables, strict=True):
        written = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)]
        assert written == [list(row.values()) for row in rows]
    record = {row["field"]: row["value"] for row in content["record"]}
    assert set(KEYS) < record.keys()
    assert (record["name"], record["remarks"], record["birth"]) == ("张一", "只给秘书看", "1985-06-15")
    assert record["id_number"] == f"500116********{NUMBER[14:]}"
    assert record["further_categories"] == "新媒体从业人员"
    assert content["statuses"] == [
        {"status": "在册", "on": "2019-12-24", "decided_by": "理事会", "document": ""}
    ]
    assert [(row["purpose"], row["notice"]) for row in content["consents"]] == [
        ("列入会员通讯录：姓名、单位、职务、类别、会内任职", "第一联合会 第 1 版")
    ]
    assert [(row["body"], row["post"]) for row in content["posts"]] == [("理事会一", "理事")]
    assert [(row["kind"], row["text"]) for row in content["requests"]] == [("删除", "删除照片")]
    assert [(row["title"], row["text"]) for row in content["messages"]] == [("欢迎", "您好")]
    assert [(row["who"], row["what"], row["reason"]) for row in content["disclosures"]] == [
        ("王秘书（秘书）", "查看证件号码全号", "报备案")
    ]
    assert content["viewings"] == [{"on": "2026-03-01", "who": "王秘书（秘书）"}]
    explained = files["说明.txt"].decode()
    assert [name for name in list(content)[3:] if name not in explained] == []
    assert NUMBER not in files["个人信息.json"].decode() + explained


def test_the_copy_is_logged_and_stands_in_my_file(client, member):
    client.force_login(member.user)

    taken(client.post(COPY))

    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert (action.actor, action.association, action.details["copy"], action.details["identity"]) == (
        member.user, member.association, "own", False,
    )  # fmt: skip
    mine = client.get(DATA).context["disclosures"]
    assert [(each.who, each.what) for each in mine] == [("本人", "个人信息副本")]


def test_the_whole_number_needs_the_password_once_more(client, member):
    client.force_login(member.user)

    asked = client.post(COPY, {"identity": "on"})
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert not Action.objects.filter(kind=Action.Kind.EXPORT).exists()
    wrong = client.post(asked.url, {"password": "falsch"})
    assert wrong.status_code == 200 and "attachment" not in wrong.headers.get("Content-Disposition", "")

    files = taken(client.post(asked.url, {"password": PASSWORD}))

    assert NUMBER in files["个人信息.json"].decode()
    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert action.details["identity"] is True
    assert "证件号码" in action.details["fields"]
    assert action.actor == member.user


def test_formulas_stay_texts_in_the_copy(client, member):
    member.remarks = "=1+1"
    member.save()
    client.force_login(member.user)

    book = load_workbook(io.BytesIO(taken(client.post(COPY))["个人信息.xlsx"]))

    cell = next(row[3] for row in book.worksheets[0].iter_rows() if row[0].value == "remarks")
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# -- consents


def test_consents_are_given_and_withdrawn_by_one_press(client, member):
    make_notice(member.association)
    client.force_login(member.user)

    given = client.post(CONSENTS, {"purpose": "directory", "do": "give"})
    page = client.get(CONSENTS)
    states = {purpose.value: consent is not None for purpose, _meaning, consent in page.context["purposes"]}
    assert messages_of(given) == ["已同意，您可随时在此撤回。"]
    assert states == {"directory": True} | {
        each.value: False for each in Consent.Purpose if each not in ("notice", "directory")
    }
    assert "依据告知书第 1 版" in body_of(page)

    withdrawn = client.post(CONSENTS, {"purpose": "directory", "do": "withdraw"})
    assert messages_of(withdrawn)[-1] == "已撤回，即时生效。"
    assert not member.consents.in_force().exists()
    assert len(client.get(CONSENTS).context["past"]) == 1


def test_reading_the_notice_is_noted_and_not_withdrawn(client, member):
    client.force_login(member.user)
    refused = [client.post(CONSENTS, {"purpose": "notice", "do": does}) for does in ("give", "withdraw")]
    assert [messages_of(each)[-1] for each in refused] == ["未能识别该操作，未作任何更改。"] * 2
    make_notice(member.association)
    assert client.get(CONSENTS).context["to_read"] is not None

    client.post(CONSENTS, {"purpose": "notice", "do": "give"})

    page = client.get(CONSENTS)
    assert (page.context["to_read"], page.context["read"].way) == (None, "self")


def test_the_home_page_asks_to_read_a_new_version_until_it_is_read(client, member):
    client.force_login(member.user)
    home = reverse("portal:home")
    assert client.get(home).context["notice"] is None
    notice = make_notice(member.association)
    assert client.get(home).context["notice"] == notice

    answer = client.post(CONSENTS, {"purpose": "notice", "do": "give", "next": "home"})

    assert answer.url == home
    assert client.get(home).context["notice"] is None
    assert make_notice(member.association, 2) == client.get(home).context["notice"]


@pytest.mark.parametrize(
    "data", [{}, {"purpose": "everything", "do": "give"}, {"purpose": "directory", "do": "x"}, {"do": "give"}]
)
def test_nonsense_changes_no_consent(client, member, data):
    client.force_login(member.user)

    assert client.post(CONSENTS, data).status_code == 302

    assert not member.consents.exists()


# -- requests


def test_a_request_gets_a_day_and_can_be_taken_back(client, member):
    client.force_login(member.user)

    sent = client.post(NEW, {"kind": "deletion", "text": ""})

    made = member.person_requests.get()
    assert messages_of(sent) == [f"已收到您的请求，将于 {made.due_on} 前答复。"]
    assert (made.asker, made.state) == ("张一", "open")
    client.post(REQUESTS, {"withdraw": made.pk})
    made.refresh_from_db()
    assert (made.state, made.decided_on) == ("withdrawn", timezone.localdate())
    again = client.post(REQUESTS, {"withdraw": made.pk})
    assert messages_of(again)[-1] == "该请求在此期间已处理。"


@pytest.mark.parametrize("key", ["", "x", "99999999999999999999", "²"])
def test_taking_back_what_is_not_ones_own_is_404(client, member, key):
    other = receive_request(member.association, kind="copy", asker="李四")
    client.force_login(member.user)

    assert client.post(REQUESTS, {"withdraw": key or other.pk}).status_code == 404
    assert PersonRequest.objects.get().state == "open"


def test_bad_requests_are_told_in_a_sentence(client, member):
    client.force_login(member.user)
    receive_request(member.association, kind="copy", asker="张一", member=member)

    twice = client.post(NEW, {"kind": "copy"})
    wordless = client.post(NEW, {"kind": "correction", "text": ""})
    none = client.post(NEW, {"kind": "relative", "text": "x" * 2001})

    assert [each.status_code for each in (twice, wordless, none)] == [422] * 3
    assert twice.context["form"].errors["kind"] == ["您已提出过同样的请求，正在等待处理。"]
    assert wordless.context["form"].errors["text"] == ["请写明具体内容，以便答复。"]
    assert set(none.context["form"].errors) == {"kind", "text"}
    assert member.person_requests.count() == 1


def test_the_history_is_the_own_one_only(member, secretary):
    other = make_member(association=member.association)
    with acting(secretary):
        other.position = "别人的"
        other.save()

    assert "别人的" not in str(own_history(member))
