"""The manager's pages of retention."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Application, Member, RetentionItem, RetentionRun
from members.privacy.requests import receive_request
from members.retention.services import anonymise_run, start_run
from members.rights import Role
from tests.make import grant, make_association, make_member
from tests.members.retention.people import make_leaver
from tests.members.screens import messages_of, sign_in

pytestmark = pytest.mark.django_db

LIST = "/members/retention/"
LONG_AGO = dt.date(2026, 1, 5)


@pytest.fixture
def signed_in(client, association):
    return sign_in(client, Role.MANAGER, association)


def run_url(run, name="retention_run"):
    return reverse(f"members:{name}", args=[run.pk])


def in_grace(association, *members, on=None):
    return start_run(association, members, actor=None, on=on or timezone.localdate())


def over(association, *members):
    """A run whose time of grace is over."""
    return in_grace(association, *members, on=timezone.localdate() - dt.timedelta(days=40))


def done(association, *members):
    """A run whose records are anonymised."""
    run = over(association, *members)
    anonymise_run(run, actor=None)
    run.refresh_from_db()
    return run


# -- who may


def test_only_managers_see_it(client, association):
    run = in_grace(association, make_leaver(association))
    item = run.items.get()
    pages = [
        LIST,
        run_url(run),
        run_url(run, "retention_purge"),
        reverse("members:retention_leave_out", args=[item.pk]),
        reverse("members:retention_restore", args=[item.pk]),
    ]

    assert {client.get(page).status_code for page in pages} == {302}
    for role in (Role.SECRETARY, Role.VIEWER, Role.SUPERVISOR, Role.DEPARTMENT):
        sign_in(client, role, association)
        assert {client.get(page).status_code for page in pages} == {403}
        assert client.post(run_url(run, "retention_anonymise")).status_code == 403
    sign_in(client, Role.MANAGER, association)
    assert [client.get(page).status_code for page in pages] == [200, 200, 200, 200, 302]


def test_runs_of_other_associations_are_out_of_sight(client, association):
    run = over(association, make_leaver(association))
    item = run.items.get()
    other = make_association()
    sign_in(client, Role.MANAGER, other)

    answers = [
        client.get(run_url(run)),
        client.post(run_url(run, "retention_anonymise")),
        client.post(run_url(run, "retention_cancel")),
        client.post(run_url(run, "retention_purge"), {"word": "清除"}),
        client.post(reverse("members:retention_leave_out", args=[item.pk]), {"reason": "x"}),
        client.post(reverse("members:retention_restore", args=[item.pk])),
        client.get(LIST, {"association": association.pk}),
        client.post(LIST, {"association": association.pk, "member": [item.member_id]}),
        client.post("/members/retention/applications/", {"association": association.pk}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    run.refresh_from_db()
    assert run.state == "listed"


def test_a_secretary_of_it_who_manages_another_sees_that_one_alone(client, association):
    other = make_association()
    run = in_grace(association, make_leaver(association))
    user = sign_in(client, Role.SECRETARY, association)
    grant(user, Role.MANAGER, other)

    assert client.get(run_url(run)).status_code == 404
    assert client.get(LIST).context["association"] == other


# -- the list


def test_the_list_says_who_is_due_and_writes_nothing(client, association, signed_in):
    due = make_leaver(association, left_on="2020-05", name="欧阳一")
    unknown = make_leaver(association, left_on="", name="诸葛二")
    Member.objects.filter(pk=unknown.pk).update(status="退会")
    make_leaver(association, left_on="2026-01-01", name="司马三")

    page = client.get(LIST).content.decode()

    assert "欧阳一" in page
    assert "2023-05-31" in page
    assert "离会日期不明 (1)" in page
    assert "诸葛二" in page
    assert "司马三" not in page
    assert not RetentionRun.objects.exists()
    assert due.name == "欧阳一"


def test_a_run_is_started_with_those_chosen(client, association, signed_in):
    chosen, other = make_leaver(association), make_leaver(association)

    answer = client.post(LIST, {"association": association.pk, "member": [chosen.pk]})

    run = RetentionRun.objects.get()
    assert answer["Location"] == run_url(run)
    assert (run.started_by, [item.member for item in run.items.all()]) == (signed_in, [chosen])
    assert [each.member for each in client.get(LIST).context["found"].due] == [other]


@pytest.mark.parametrize("member", ["", "x", "999999"])
def test_nobody_or_somebody_else_chosen_is_told(client, association, signed_in, member):
    outsider = make_member(association=association)
    for chosen in (member, outsider.pk):
        answer = client.post(LIST, {"association": association.pk, "member": [chosen] if chosen else []})

        assert answer.status_code == 422
        assert answer.context["chosen"].errors
    assert not RetentionRun.objects.exists()


def test_the_list_costs_the_same_with_more_rows(client, association, signed_in):
    make_leaver(association)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _number in range(2):
        make_leaver(association)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)

    assert len(one) == len(three)


def test_a_run_costs_the_same_with_more_rows(client, association, signed_in):
    run = in_grace(association, make_leaver(association))
    client.get(run_url(run))
    with CaptureQueriesContext(connection) as one:
        client.get(run_url(run))
    run = in_grace(association, *(make_leaver(association) for _number in range(3)))
    with CaptureQueriesContext(connection) as three:
        client.get(run_url(run))

    assert len(one) == len(three)


def test_old_applications_are_deleted_from_the_page(client, association, signed_in):
    old = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Application.objects.create(association=association, name="张三")
    Application.objects.update(saved_at=old)

    assert "未成的入会申请 (1)" in client.get(LIST).content.decode()
    answer = client.post("/members/retention/applications/", {"association": association.pk})

    assert messages_of(answer) == ["已删除 1 份申请。"]
    assert not Application.objects.exists()


# -- a run


def test_a_record_is_taken_out_with_a_reason(client, association, signed_in):
    run = in_grace(association, make_leaver(association, name="欧阳一"))
    item = run.items.get()
    address = reverse("members:retention_leave_out", args=[item.pk])

    assert client.post(address, {"reason": " "}).status_code == 422
    answer = client.post(address, {"reason": "家属来函"})

    assert messages_of(answer) == ["已将欧阳一移出该批次。"]
    item.refresh_from_db()
    assert (item.state, item.reason) == ("left_out", "家属来函")
    assert "家属来函" in client.get(run_url(run)).content.decode()
    assert client.post(address, {"reason": "再次"}).status_code == 422


def test_in_grace_the_page_offers_no_anonymising_and_refuses_it(client, association, signed_in):
    run = in_grace(association, make_leaver(association, name="欧阳一"))

    assert "将名单上的资料匿名化" not in client.get(run_url(run)).content.decode()
    answer = client.post(run_url(run, "retention_anonymise"))

    assert messages_of(answer) == [f"宽限期至 {run.grace_until}，届满后方可执行。"]
    assert Member.objects.get().name == "欧阳一"


def test_after_grace_the_records_are_anonymised(client, association, signed_in):
    run = over(association, make_leaver(association, name="欧阳一"))

    assert "将名单上的资料匿名化" in client.get(run_url(run)).content.decode()
    answer = client.post(run_url(run, "retention_anonymise"))

    assert messages_of(answer) == ["已匿名化 1 份资料，彻底清除之前可以恢复。"]
    assert Member.objects.get().name == "（已匿名）"
    # who decides about putting back knows whom
    assert "欧阳一" in client.get(run_url(run)).content.decode()


def test_a_run_is_cancelled(client, association, signed_in):
    run = in_grace(association, make_leaver(association))

    assert messages_of(client.post(run_url(run, "retention_cancel"))) == ["批次已取消。"]
    assert (
        messages_of(client.post(run_url(run, "retention_cancel")))[-1] == "有人已处理过这一批次，请重新查看。"
    )


def test_a_record_is_put_back(client, association, signed_in):
    run = done(association, make_leaver(association, name="欧阳一"))
    address = reverse("members:retention_restore", args=[run.items.get().pk])

    assert "恢复：欧阳一" in client.get(address).content.decode()
    answer = client.post(address)

    assert messages_of(answer) == ["欧阳一的资料已恢复。"]
    assert Member.objects.get().name == "欧阳一"


def test_what_cannot_come_back_is_asked_about(client, association, signed_in):
    run = done(association, make_leaver(association, number="JJ1", name="欧阳一"))
    make_member(association=association, number="JJ1")
    address = reverse("members:retention_restore", args=[run.items.get().pk])

    assert "该会员编号现属他人。" in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    client.post(address, {"without": "on"})

    assert Member.objects.get(name="欧阳一").number == ""


def test_the_purge_asks_for_a_word(client, association, signed_in):
    run = done(association, make_leaver(association))
    address = run_url(run, "retention_purge")
    early = client.post(address, {"word": "清除"})
    assert early.status_code == 422
    RetentionRun.objects.filter(pk=run.pk).update(purge_after=LONG_AGO)

    assert client.post(address, {"word": "是"}).status_code == 422
    answer = client.post(address, {"word": "清除"})

    assert messages_of(answer) == ["已彻底清除 1 份资料。"]
    assert RetentionItem.objects.get().state == "purged"
    assert "（已匿名）" in client.get(run_url(run)).content.decode()


def test_the_workbench_says_when_a_run_can_go_on(client, association, signed_in):
    in_grace(association, make_leaver(association))
    assert "资料保存批次" not in client.get("/admin/").content.decode()

    over(association, make_leaver(association))

    assert "1 个资料保存批次可以继续办理" in client.get("/admin/").content.decode()
    sign_in(client, Role.SECRETARY, association)
    assert "资料保存批次" not in client.get("/admin/").content.decode()


# -- on request


def asked(member, kind="deletion"):
    return receive_request(member.association, kind=kind, asker=member.name, member=member)


def test_a_request_for_deletion_leads_to_anonymising(client, association, signed_in):
    member = make_leaver(association, left_on="2026-01-05", name="欧阳一")
    row = asked(member)
    address = reverse("members:retention_request", args=[row.pk])

    assert address in client.get(reverse("members:person_request", args=[row.pk])).content.decode()
    assert "欧阳一" in client.get(address).content.decode()
    assert client.post(address, {"answer": ""}).status_code == 422
    answer = client.post(address, {"answer": "已办理"})

    assert messages_of(answer) == ["资料已匿名化，请求已答复。"]
    assert answer["Location"] == run_url(RetentionRun.objects.get())
    row.refresh_from_db()
    member.refresh_from_db()
    assert (row.state, row.answer, member.name) == ("fulfilled", "已办理", "（已匿名）")
    assert client.post(address, {"answer": "再次"}).status_code == 422


def test_a_member_in_force_is_told_to_leave_first(client, association, signed_in):
    row = asked(make_member(association=association))
    address = reverse("members:retention_request", args=[row.pk])

    assert "请先登记退会" in client.get(address).content.decode()
    assert client.post(address, {"answer": "好"}).status_code == 422
    row.refresh_from_db()
    assert row.state == "open"


def test_who_may_not_anonymise_on_request(client, association):
    row, other = asked(make_leaver(association)), asked(make_leaver(association), kind="copy")
    address = reverse("members:retention_request", args=[row.pk])
    sign_in(client, Role.SECRETARY, association)
    assert client.get(address).status_code == 403
    assert address not in client.get(reverse("members:person_request", args=[row.pk])).content.decode()
    sign_in(client, Role.MANAGER, make_association())
    assert client.get(address).status_code == 404
    user = sign_in(client, Role.MANAGER, association)
    assert client.get(reverse("members:retention_request", args=[other.pk])).status_code == 404
    Member.objects.filter(pk=row.member_id).update(user=user)
    assert client.post(address, {"answer": "好"}).status_code == 404
