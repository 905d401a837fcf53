"""An anonymised record stands in the lists and counts, and nobody writes, finds, invites, merges or exports it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members import export
from members.bulk_changes import plan_assignment
from members.cards.services import CannotIssue, issue_card
from members.duplicates import find_pairs
from members.merging import CannotMerge, merge_members
from members.models import Member
from members.retention.services import anonymise_run, start_run
from members.rights import Role
from members.services import NotRecorded, change_status
from organizations.models import Body, Post
from organizations.services import NotPossible, appoint
from tests.make import make_body, make_member, make_term
from tests.members.retention.people import make_leaver
from tests.members.screens import change_url, history_url, page_of, section_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def anonymous(association):
    member = make_leaver(association, name="欧阳一", number="JJ1", position="合伙人")
    run = start_run(association, [member], actor=None, on=timezone.localdate() - dt.timedelta(days=40))
    anonymise_run(run, actor=None)
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def manager(client, association):
    return sign_in(client, Role.MANAGER, association)


def test_it_stands_in_the_list_without_a_name(client, manager, anonymous):
    page = client.get("/admin/members/member/").content.decode()

    assert "（已匿名）" in page
    assert "欧阳一" not in page


def test_its_page_says_what_became_of_it(client, manager, anonymous):
    page = client.get(page_of(anonymous)).content.decode()

    assert f"该资料已于 {timezone.localdate()} 匿名化" in page
    assert reverse("members:retention_run", args=[anonymous.retention_items.get().run_id]) in page
    assert "尚未填写" not in page
    assert "编辑全部" not in page
    for secret in ("欧阳一", "合伙人", "JJ1", anonymous.mobile or "13800000001"):
        assert secret not in page


def test_its_history_says_that_and_not_what(client, manager, anonymous):
    page = client.get(history_url(anonymous)).content.decode()

    assert "资料保存期限：资料已匿名化" in page
    assert "欧阳一" not in page
    assert "合伙人" not in page


def test_the_list_of_changes_says_nothing_either(client, manager, anonymous):
    page = client.get("/admin/organizations/change/").content.decode()

    assert "欧阳一" not in page
    assert "合伙人" not in page


@pytest.mark.parametrize(
    "address", [lambda m: section_of(m, "work"), change_url, lambda m: page_of(m, "photo")]
)
def test_it_is_not_edited(client, manager, anonymous, address):
    answer = client.post(address(anonymous), {"position": "新职务"})

    assert answer.status_code == 403
    anonymous.refresh_from_db()
    assert anonymous.position == ""


def test_it_is_not_deleted(client, manager, anonymous):
    answer = client.post(reverse("admin:members_member_delete", args=[anonymous.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert Member.objects.filter(pk=anonymous.pk).exists()


@pytest.mark.parametrize("text", ["匿名", "yiniming", "ynm", "欧阳", "JJ1", "1380000"])
def test_no_search_finds_it(manager, anonymous, text):
    assert list(Member.objects.search(text, manager)) == []


def test_it_is_not_among_those_one_may_edit(manager, anonymous):
    assert list(Member.objects.editable_by(manager)) == []


def test_it_is_left_out_of_bulk_changes(manager, anonymous):
    plan = plan_assignment([anonymous], name="township", value="白沙镇", actor=manager)

    assert (plan.to_change, plan.left_out) == ([], {"该资料已匿名化。": [anonymous]})


def test_it_is_not_exported(client, manager, anonymous, association):
    make_member("钱二", association=association)

    page = client.get("/admin/members/member/export/")

    assert page.context["count"] == 1
    assert export.USUAL


def test_it_is_merged_with_none_and_no_duplicate(anonymous, association):
    other = make_member("欧阳一", association=association)
    third = make_member("（已匿名）", association=association)

    with pytest.raises(CannotMerge, match="不能合并"):
        merge_members(
            anonymous,
            into=other,
            taken=[],
            seen={anonymous.pk: anonymous.version, other.pk: other.version},
            actor=None,
        )

    assert find_pairs([association.pk]).pairs == []
    assert third.pk


def test_its_status_stays(anonymous):
    with pytest.raises(NotRecorded, match="该资料已匿名化"):
        change_status(anonymous, to="在册", on="2026-01-01", actor=None)


def test_it_gets_no_card_and_no_post(anonymous, association):
    body = make_body(Body.Kind.COUNCIL, association=association)
    term = make_term(body, starts_on=dt.date(2024, 1, 1))

    with pytest.raises(CannotIssue, match="该资料已匿名化"):
        issue_card(anonymous, actor=None)
    with pytest.raises(NotPossible, match="该资料已匿名化"):
        appoint(
            anonymous, post=Post.objects.get(body_kind=body.kind, association=association, title="理事"), body=body,
            term=term, starts_on=dt.date(2024, 1, 1),
        )  # fmt: skip


def test_it_is_counted(client, manager, anonymous):
    page = client.get("/members/statistics/", {"day": "2019-12-31"})

    assert page.status_code == 200
    assert Member.objects.in_force_on(dt.date(2019, 12, 31)).count() == 1
