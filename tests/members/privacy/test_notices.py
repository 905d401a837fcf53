"""Notices: drafted, published from a day on, never edited afterwards, public, compared with the version before."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Consent, Notice
from members.models.privacy import AlreadyPublished
from members.privacy.consents import give_consent, notice_in_force
from members.privacy.default_notice import default_text
from members.privacy.notices import (
    CannotPublish,
    blocks,
    differences,
    keep_draft,
    members_told,
    notice_to_read,
    publish_notice,
)
from members.resources import HEADERS
from members.rights import Role
from tests.make import make_association, make_member, make_user
from tests.members.privacy.test_consents import make_notice
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LIST = reverse("members:notices")


@pytest.fixture
def home():
    return make_association("第一联合会", data_contact="王秘书 023-47000001", request_days=10)


def later(days):
    return TODAY + dt.timedelta(days=days)


# -- versions


def test_a_draft_is_the_next_version_and_in_force_for_nobody(home):
    make_notice(home)
    draft = keep_draft(home, text="新", valid_from=TODAY)

    assert keep_draft(home, text="更新", valid_from=TODAY) == draft
    assert (draft.version, Notice.objects.get(pk=draft.pk).text) == (2, "更新")
    assert notice_in_force(home).version == 1


def test_publishing_says_who_and_from_when(home):
    user = make_user()

    notice = publish_notice(keep_draft(home, text="一", valid_from=later(1)), actor=user)

    assert (notice.published_by, notice.valid_from) == (user, later(1))
    assert notice_in_force(home) is None
    assert notice_in_force(home, later(1)) == notice


def test_a_published_version_is_never_changed(home):
    notice = Notice.objects.get(pk=make_notice(home).pk)
    notice.text = "改"

    with pytest.raises(AlreadyPublished):
        notice.save()
    with pytest.raises(CannotPublish, match="已发布"):
        publish_notice(notice, actor=None)
    assert Notice.objects.get(pk=notice.pk).text == "告知"


def test_a_version_is_not_in_force_before_the_one_before_it(home):
    make_notice(home, days=5)

    with pytest.raises(CannotPublish, match=f"第 1 版.*{later(5)}"):
        publish_notice(keep_draft(home, text="新", valid_from=later(4)), actor=None)
    with pytest.raises(CannotPublish, match="已过"):
        publish_notice(keep_draft(home, text="新", valid_from=later(-1)), actor=None)


def test_an_association_without_a_notice_goes_by_the_nearest_above(home):
    branch = make_association("第一分会", parent=home)
    twig = make_association("第一小组", parent=branch)
    other = make_association("第二联合会")
    notice, own = make_notice(home), make_notice(twig)

    assert [notice_in_force(each) for each in (branch, twig, other)] == [notice, own, None]
    for place in (home, branch, twig):
        make_member(association=place)
    assert members_told([home, branch, twig]) == {notice.pk: 2, own.pk: 1}


def test_members_are_asked_to_read_each_version_once(home):
    member = make_member(association=home)
    assert notice_to_read(member) is None
    first = make_notice(home)
    assert notice_to_read(member) == first

    give_consent(member, Consent.Purpose.NOTICE, way=Consent.Way.SELF, actor=None)
    assert notice_to_read(member) is None
    assert notice_to_read(member) is None
    assert make_notice(home, 2) == notice_to_read(member)


# -- the text


def test_the_default_text_names_every_field_and_the_settings(home):
    text = default_text(home)

    assert [header for header in HEADERS.values() if header not in text] == []
    assert "王秘书 023-47000001" in text
    assert "10个工作日" in text and "保存3年" in text
    assert "{" not in text


def test_the_text_is_set_in_headings_points_and_paragraphs():
    found = blocks("说明\n\n一、目的\n- 甲\n- 乙\n二、期限\n三年")

    assert [(each.kind, each.lines) for each in found] == [
        ("paragraph", ("说明",)),
        ("heading", ("一、目的",)),
        ("list", ("甲", "乙")),
        ("heading", ("二、期限",)),
        ("paragraph", ("三年",)),
    ]


def test_differences_are_told_line_by_line():
    assert differences("甲\n乙\n\n丙", "甲\n丁\n丙\n戊") == [
        (" ", "甲"), ("-", "乙"), ("+", "丁"), (" ", "丙"), ("+", "戊"),
    ]  # fmt: skip


# -- the staff's pages


def test_stranger_reader_and_manager(client, home):
    notice = publish_notice(keep_draft(home, text="一", valid_from=TODAY), actor=None)
    draft = keep_draft(home, text="二", valid_from=TODAY)
    edit, publish = (
        reverse("members:notice_edit", args=[home.pk]),
        reverse("members:notice_publish", args=[draft.pk]),
    )
    page = reverse("members:notice", args=[notice.pk])
    answers = {}
    for who, role, place in (
        ("stranger", Role.MANAGER, make_association()),
        ("viewer", Role.VIEWER, home),
        ("secretary", Role.SECRETARY, home),
        ("manager", Role.MANAGER, home),
    ):
        sign_in(client, role, place)
        answers[who] = [
            client.get(page).status_code,
            client.get(edit).status_code,
            client.post(publish).status_code,
            client.get(publish).status_code,
        ]

    assert answers == {
        "stranger": [404, 404, 404, 405],
        "viewer": [403, 403, 403, 403],
        "secretary": [200, 403, 403, 403],
        "manager": [200, 200, 302, 405],
    }


def test_a_manager_writes_looks_and_publishes(client, home):
    user = sign_in(client, Role.MANAGER, home)
    make_notice(home, text="一、目的\n旧")
    address = reverse("members:notice_edit", args=[home.pk])

    form = client.get(address).context["form"]
    assert (form["text"].value(), form["valid_from"].value()) == ("一、目的\n旧", TODAY)
    kept = client.post(address, {"text": "一、目的\n新", "valid_from": later(3).isoformat()})
    page = client.get(kept.url)
    assert page.context["lines"] == [(" ", "一、目的"), ("-", "旧"), ("+", "新")]
    assert "草稿" in body_of(page)
    published = client.post(reverse("members:notice_publish", args=[page.context["notice"].pk]))

    notice = home.notices.get(version=2)
    assert messages_of(published) == [f"第 2 版已发布，自 {later(3)} 起施行。"]
    assert (notice.text, notice.published_by) == ("一、目的\n新", user)


def test_the_first_draft_begins_with_our_text_and_bad_input_is_told(client, home):
    sign_in(client, Role.MANAGER, home)
    address = reverse("members:notice_edit", args=[home.pk])

    assert client.get(address).context["form"]["text"].value() == default_text(home)
    refused = client.post(address, {"text": "", "valid_from": later(-1).isoformat()})

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"text", "valid_from"}
    assert not home.notices.exists()


def test_publishing_too_late_is_told(client, home):
    sign_in(client, Role.MANAGER, home)
    draft = keep_draft(home, text="一", valid_from=later(-1))

    answer = client.post(reverse("members:notice_publish", args=[draft.pk]))

    assert messages_of(answer) == ["施行日期已过，请选择今天或以后的日期。"]
    assert home.notices.get().published_at is None


def test_the_list_says_state_and_readers_by_the_same_statements(client, home, django_assert_max_num_queries):
    sign_in(client, Role.SECRETARY, home)
    members = [make_member(association=home) for _serial in range(3)]
    make_notice(home)
    make_notice(home, 2, days=3)
    give_consent(members[0], Consent.Purpose.NOTICE, way=Consent.Way.SELF, actor=None)
    client.get(LIST)
    counts = []
    for number in (1, 3):
        for _serial in range(number - 1):
            make_association(parent=home)
        with django_assert_max_num_queries(30) as captured:
            page = client.get(LIST)
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert [
        (notice.version, state, notice.readers) for notice, state in page.context["places"][0]["notices"]
    ] == [(2, "coming", 0), (1, "current", 1)]
    assert page.context["places"][0]["told"] == 3
    assert page.context["places"][1]["inherited"].version == 1


# -- for everybody


def test_the_notice_in_force_is_public_and_earlier_versions_too(client, home):
    make_notice(home, text="一、目的\n- 登记")
    make_notice(home, 2, text="二")
    keep_draft(home, text="秘密草稿", valid_from=TODAY)

    page = client.get(f"/notice/{home.code}/")
    first = client.get(f"/notice/{home.code}/1/")

    assert page.context["notice"].version == 2
    assert "<li>登记</li>" in body_of(first)
    assert [client.get(f"/notice/{path}/").status_code for path in (f"{home.code}/3", "keine")] == [404, 404]
    assert "秘密" not in body_of(page)


def test_no_notice_no_page(client, home):
    assert client.get(f"/notice/{home.code}/").status_code == 404
