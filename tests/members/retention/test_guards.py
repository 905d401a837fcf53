"""An anonymised record stands in the lists and counts, and nobody writes, finds, invites, merges or exports it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members import export
from members.bulk_changes import plan_assignment
from members.cards.services import CannotIssue, issue_card
from members.duplicates import find_pairs
from members.imports.applying import apply_batch
from members.imports.pipeline import preview_file
from members.imports.undoing import undo_batch
from members.merging import CannotMerge, merge_members
from members.models import Application, ChangeRequest, ImportBatch, Member
from members.privacy.requests import receive_request
from members.retention.services import anonymise_on_request, anonymise_run, start_run
from members.rights import Role
from members.services import NotRecorded, change_status
from organizations.models import Body, Meeting, Post
from organizations.services import NotPossible, appoint
from tests.make import make_body, make_id_number, make_member, make_term
from tests.members.imports.sheets import person, workbook
from tests.members.retention.people import SECRETS, make_full_leaver, make_leaver
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


# -- pages that told of the person


@pytest.fixture
def everything(association, manager):
    leaver = make_full_leaver(association, manager)
    run = start_run(association, [leaver], actor=None, on=timezone.localdate() - dt.timedelta(days=40))
    anonymise_run(run, actor=None)
    return Member.objects.get(pk=leaver.pk)


def test_pages_that_told_of_the_person_open_and_tell_nothing(client, association, manager, everything):
    batch, request, application = (
        ImportBatch.objects.get(),
        ChangeRequest.objects.get(),
        Application.objects.get(),
    )
    body, meeting = Body.objects.get(), Meeting.objects.get()
    pages = [
        page_of(everything),
        history_url(everything),
        reverse("members:import_batch", args=[batch.pk]),
        *(reverse("members:import_row", args=[batch.pk, row.pk]) for row in batch.rows.all()),
        reverse("members:import_undo", args=[batch.pk]),
        reverse("members:change_requests") + "?state=closed",
        reverse("members:change_request", args=[request.pk]),
        reverse("members:applications"),
        reverse("members:application", args=[application.pk]),
        reverse("members:invitation", args=[everything.pk]),
        reverse("members:member_cards", args=[everything.pk]),
        reverse("organizations:body", args=[body.pk]),
        reverse("organizations:meeting", args=[meeting.pk]),
        reverse("admin:members_member_merges"),
        reverse("admin:members_importbatch_changelist"),
        reverse("admin:organizations_change_changelist"),
        reverse("admin:organizations_action_changelist"),
        reverse("admin:members_member_form", args=[everything.pk]),
        "/admin/",
    ]

    told = {}
    for address in pages:
        answer = client.get(address)
        page = answer.content.decode()
        told[address] = (answer.status_code, [secret for secret in SECRETS if secret in page])

    # the employer is a firm of its own
    told["/admin/organizations/change/"][1].remove("百合律师事务所")
    assert {
        address: found for address, found in told.items() if found not in ((200, []), (404, []), (405, []))
    } == {}
    assert [address for address, found in told.items() if found[0] != 200] == []


def test_undoing_the_import_that_made_it_leaves_it(association, manager):
    file = workbook(person("欧阳一", mobile="13800000007", number="JJ1"))
    batch = apply_batch(
        preview_file(file, file_name="roster.xlsx", association=association, actor=manager), actor=manager
    )
    member = Member.objects.get()
    change_status(member, to="退会", on=timezone.localdate().isoformat(), actor=None)
    request = receive_request(association, kind="deletion", asker="欧阳一", member=member)
    anonymise_on_request(member, request, answer="已匿名化", actor=manager)

    undo_batch(batch, actor=manager)

    member.refresh_from_db()
    assert member.name == "（已匿名）"


def test_the_roster_comes_back_and_finds_nobody(association, manager):
    """Who is in a roster again after all is a new record: nobody's anonymised one is filled in again."""
    row = person("欧阳一", mobile="13800000007", number="JJ1", id_number=make_id_number(7))
    member = make_leaver(association, name="欧阳一", mobile="13800000007", id_number=make_id_number(7))
    run = start_run(association, [member], actor=None, on=timezone.localdate() - dt.timedelta(days=40))
    anonymise_run(run, actor=None)

    batch = preview_file(workbook(row), file_name="roster.xlsx", association=association, actor=manager)

    assert [row.outcome for row in batch.rows.filter(name="欧阳一")] == ["new"]
