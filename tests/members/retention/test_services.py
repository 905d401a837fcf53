"""Anonymised, put back, purged: nothing tells who it was, every count stays, nothing is lost before the purge."""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection

from members import crypto
from members.merging import HANGING
from members.models import (
    Application,
    ChangeRequest,
    Consent,
    ImportBatch,
    ImportRow,
    Invitation,
    Member,
    MemberCard,
    MemberCount,
    MemberMerge,
    Message,
    NumberSeries,
    PersonRequest,
    RequestedChange,
    RetentionItem,
    RetentionRun,
    User,
)
from members.numbers import next_number
from members.queries import member_figures, members_left
from members.retention.services import (
    NotNow,
    anonymise_on_request,
    anonymise_run,
    cancel_run,
    conflicts,
    delete_old_applications,
    forget_deleted,
    leave_out,
    purge_run,
    restore,
    start_run,
)
from members.retention.traces import KEPT, REMOVED, SEALED, TRACES, left_of
from members.rights import FIELD_CLASSES, Role
from members.services import change_status
from members.statistics import CUTS, Question, cut_table, growth_table
from organizations.models import Action, Change
from organizations.models.history import plain
from tests.make import grant, make_association, make_member, make_user
from tests.members.retention.people import NAME, SECRETS, make_full_leaver, make_leaver

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)
AFTER_GRACE = dt.date(2026, 4, 2)
BEFORE_PURGE, AFTER_PURGE = dt.date(2026, 5, 2), dt.date(2026, 5, 3)


@pytest.fixture
def leaver(association, manager):
    return make_full_leaver(association, manager)


def run_over(association, *members, actor=None):
    return start_run(association, members, actor=actor, on=DAY)


def anonymised(association, *members, actor=None):
    run = run_over(association, *members, actor=actor)
    anonymise_run(run, actor=actor, on=AFTER_GRACE)
    run.refresh_from_db()
    return run


def whole_register(*without):
    """{table: rows} as plain data, what is sealed in clear."""
    skipped = {"id_sealed", "version", "token_sealed", "kept", "removed", "look"}
    found = {}
    for app in ("members", "organizations", "activities"):
        for model in apps.get_app_config(app).get_models():
            # the counts are of the database's own making: rows of nought may stay
            if model in (RetentionItem, RetentionRun, MemberCount, *without):
                continue
            rows = {}
            for row in model._base_manager.order_by("pk"):
                values = {}
                for field in model._meta.concrete_fields:
                    value = getattr(row, field.attname)
                    column = SEALED.get((model, field.name))
                    if column:
                        value = crypto.unseal(value, column)
                    if field.name not in skipped:
                        values[field.attname] = plain(field, value)
                if model is Member:
                    values["id_number"] = row.id_number
                rows[row.pk] = values
            found[model._meta.label] = rows
    return found


def everything_written():
    """All text in the database, what is sealed in clear (but for what the items and merges keep)."""
    tables = whole_register()
    return json.dumps(tables, ensure_ascii=False)


# -- a run


def test_a_run_takes_nothing_out_at_first(association, manager):
    member = make_leaver(association)
    before = whole_register(Change, Action)

    run = run_over(association, member, actor=manager)

    assert (run.state, run.grace_until, run.started_by) == ("listed", dt.date(2026, 4, 1), manager)
    assert [(item.member, item.due_on, item.state) for item in run.items.all()] == [
        (member, dt.date(2023, 5, 31), "listed")
    ]
    assert whole_register(Change, Action) == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"left_on": "2024-01-01"}, "该资料尚未到期。"),
        ({"left_on": "2019-01-01", "status": "停权"}, "该人并未离会。"),
    ],
)
def test_who_is_not_due_is_in_no_run(association, fields, sentence):
    member = make_leaver(association, **fields)

    with pytest.raises(NotNow, match=sentence):
        run_over(association, member)

    assert not RetentionRun.objects.exists()


def test_a_member_is_in_one_run_at_a_time(association):
    member = make_leaver(association)
    run_over(association, member)

    with pytest.raises(NotNow, match="已在另一批次中"):
        run_over(association, member)


def test_an_empty_run_is_refused(association):
    with pytest.raises(NotNow, match="请至少选择一人"):
        run_over(association)


def test_the_grace_is_waited_for(association):
    run = run_over(association, make_leaver(association))

    with pytest.raises(NotNow, match="2026-04-01"):
        anonymise_run(run, actor=None, on=dt.date(2026, 4, 1))


def test_who_is_taken_out_stays_as_was(association, manager):
    kept, gone = make_leaver(association, name="甲"), make_leaver(association, name="乙")
    run = run_over(association, kept, gone)
    leave_out(run.items.get(member=kept), reason="家属来函", actor=manager)

    count = anonymise_run(run, actor=manager, on=AFTER_GRACE)

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (count, kept.name, gone.name) == (1, "甲", "（已匿名）")
    assert run.items.get(member=kept).reason == "家属来函"


def test_who_came_back_meanwhile_is_left_out(association):
    member = make_leaver(association, name="甲")
    run = run_over(association, member)
    change_status(member, to="在册", on="2026-03-10", actor=None)

    count = anonymise_run(run, actor=None, on=AFTER_GRACE)

    run.refresh_from_db()
    assert (count, run.state) == (0, "cancelled")
    assert (run.items.get().state, run.items.get().reason) == ("left_out", "该人并未离会。")


def test_a_cancelled_run_lets_everybody_go(association, manager):
    member = make_leaver(association)
    run = cancel_run(run_over(association, member), actor=manager)

    assert run.state == "cancelled"
    with pytest.raises(NotNow, match="有人已处理"):
        anonymise_run(run, actor=None, on=AFTER_GRACE)
    run_over(association, member)


def test_running_it_twice_changes_nothing(association):
    run = anonymised(association, make_leaver(association))
    before = whole_register()

    with pytest.raises(NotNow):
        anonymise_run(run, actor=None, on=AFTER_GRACE)

    assert whole_register() == before


# -- anonymised


def test_every_field_is_either_kept_for_counting_or_emptied(leaver):
    emptied = {name for name, value in left_of(leaver).items() if not value}

    assert emptied | KEPT | {"id_number", "name"} >= set(FIELD_CLASSES)
    assert not emptied & KEPT


def test_what_is_left_of_a_record(association, leaver):
    anonymised(association, leaver)

    member = Member.objects.get(pk=leaver.pk)
    said = {name: getattr(member, name) for name in FIELD_CLASSES if name not in ("id_number", "employer")}
    assert {name: value for name, value in said.items() if value} == {
        "name": "（已匿名）",
        "sex": "女",
        "birth": "1985",
        "ethnicity": "土家族",
        "political_status": "民盟盟员",
        "education": "硕士研究生",
        "degree": "硕士",
        "title_level": "正高级",
        "employer_kind": "民办非企业单位",
        "category": "中介组织和社会组织从业人员",
        "occupation": "律师",
        "township": "几江街道",
        "joined": "2019-03-05",
        "status": "退会",
    }
    assert (member.employer, member.id_number, member.id_digest, member.photo, member.user) == (
        None,
        "",
        None,
        "",
        None,
    )
    assert member.anonymised_on == AFTER_GRACE
    assert [each.category for each in member.further_categories.all()] == ["自由职业人员"]
    assert list(member.status_changes.values_list("status", "on", "document")) == [
        ("在册", "2019-03-05", ""),
        ("退会", "2020-05-31", ""),
    ]


def test_nothing_in_the_register_names_the_person_any_more(association, leaver):
    assert all(secret in everything_written() for secret in SECRETS)

    anonymised(association, leaver)

    # messages, the account and requests about the data go with the purge
    text = json.dumps(whole_register(Message, User, PersonRequest, Change), ensure_ascii=False)
    assert [
        secret for secret in (*SECRETS[1:], NAME) if secret in text.replace("重庆百合律师事务所", "")
    ] == []
    of_member = Change.objects.of(leaver)
    assert [
        secret for secret in SECRETS if secret in json.dumps(list(of_member.values_list("diff", flat=True)))
    ] == []
    assert Action.objects.filter(note__contains=NAME).count() == 0
    of_activities = Change.objects.filter(content_type__app_label="activities").values_list("diff", flat=True)
    assert NAME not in json.dumps(list(of_activities), ensure_ascii=False)


def test_doors_are_shut(association, leaver):
    user = leaver.user

    anonymised(association, leaver)

    user.refresh_from_db()
    assert not user.is_active
    assert not Invitation.objects.filter(used_at=None, revoked_at=None).exists()
    assert not MemberCard.objects.in_force().exists()
    assert not Consent.objects.in_force().exists()
    assert ChangeRequest.objects.get().state == "withdrawn"
    assert (RequestedChange.objects.get().before, RequestedChange.objects.get().after) == ("", "")
    assert Application.objects.get().answers == {}
    assert {json.dumps(row.content()["values"]) for row in ImportRow.objects.all()} == {"{}"}


def test_the_account_of_who_works_here_stays_open(association):
    user = make_user()
    grant(user, Role.SECRETARY, association)
    member = make_leaver(association, user=user)

    anonymised(association, member)

    user.refresh_from_db()
    member.refresh_from_db()
    assert (user.is_active, member.user) == (True, None)


def test_the_history_says_that_and_when_but_not_what(association, leaver, manager):
    run = anonymised(association, leaver, actor=manager)

    change = Change.objects.of(leaver).order_by("-pk").first()
    assert change.diff == {"anonymised_on": [None, "2026-04-02"]}
    assert (change.action.actor, change.action.note) == (manager, "资料保存期限：资料已匿名化")
    assert run.purge_after == dt.date(2026, 5, 2)


def tables(association):
    """Every table of figures, on days past and present."""
    found = []
    for day in (dt.date(2019, 12, 31), dt.date(2020, 1, 15), dt.date(2020, 12, 31), dt.date.today()):
        question = Question(associations=(association,), day=day, association=association)
        found += [cut_table(cut, question) for cut in CUTS if cut.key != "growth"]
        found.append(growth_table(question))
    # what is read of them: of a degree another text of the same level may stand behind a cell
    return [
        (table.title, table.columns, [(row.label, [cell.value for cell in row.cells]) for row in table.rows])
        for table in found
    ]


def test_all_figures_stay_what_they_were(association, leaver, manager):
    grant(manager, Role.MANAGER, association)
    leavers = [
        make_leaver(association, left_on=f"20{year}", birth=f"19{year + 50}-03-04", degree="法学学士")
        for year in (20, 21, 22)
    ]
    make_member(association=association, joined="2020")
    day = dt.date.today()
    places = frozenset({association.pk})

    def figures():
        return (
            tables(association),
            member_figures(places, manager, day),
            members_left(places, dt.date(2020, 12, 31)),
        )

    before = figures()
    anonymised(association, leaver, *leavers)

    assert Member.objects.filter(anonymised_on=None).count() == 2
    assert figures() == before


def test_the_highest_number_is_remembered(association):
    association.number_pattern = "JJ{year}{serial:04}"
    association.save()
    member = make_leaver(association, number="JJ20190139")

    anonymised(association, member)

    assert NumberSeries.objects.get().last == 139
    assert next_number(association, on=dt.date(2019, 5, 1)) == "JJ20190140"


def test_a_thousand_records_are_few_statements_each(association, django_assert_max_num_queries):
    members = [make_leaver(association) for _number in range(20)]
    run = run_over(association, *members)

    with django_assert_max_num_queries(80 + 20 * 3):
        anonymise_run(run, actor=None, on=AFTER_GRACE)


# -- put back


def test_putting_back_restores_every_row(association, leaver):
    kept = whole_register()
    run = anonymised(association, leaver)
    photo = leaver.photo

    member = restore(run.items.get(), actor=None)

    after = whole_register()
    for table in ("organizations.Change", "organizations.Action"):
        after[table] = {pk: row for pk, row in after[table].items() if pk in kept[table]}
    # the row of the pair is new
    for register in (kept, after):
        register["members.ListedMember"] = [
            (row["saved_list_id"], row["member_id"]) for row in register["members.ListedMember"].values()
        ]
    assert after == kept
    assert member.photo == photo
    assert default_storage.exists(photo)
    run.refresh_from_db()
    assert (run.state, run.items.get().state, run.items.get().content) == ("cancelled", "restored", {})


def test_one_of_many_is_put_back(association):
    one, other = make_leaver(association, name="甲"), make_leaver(association, name="乙")
    run = anonymised(association, one, other)

    restore(run.items.get(member=one), actor=None)

    run.refresh_from_db()
    assert run.state == "anonymised"
    assert list(Member.objects.values_list("name", flat=True)) == ["甲", "（已匿名）"]


def test_what_is_somebody_elses_by_now_is_asked_about(association):
    member = make_leaver(association, number="JJ1")
    run = anonymised(association, member)
    make_member(association=association, number="JJ1")
    item = run.items.get()

    assert [each.key for each in conflicts(item)] == ["number"]
    with pytest.raises(NotNow, match="该会员编号现属他人"):
        restore(item, actor=None)

    assert restore(item, actor=None, without=["number"]).number == ""


def test_a_record_written_meanwhile_is_not_put_back(association):
    run = anonymised(association, make_leaver(association))
    member = Member.objects.get()
    member.remarks = "新"
    member.save()

    with pytest.raises(NotNow, match="匿名化之后有人改动过"):
        restore(run.items.get(), actor=None)


def test_an_employer_that_is_gone_is_entered_again(association):
    member = make_leaver(association, employer="重庆百合律师事务所")
    run = anonymised(association, member)
    member.employer.delete()

    assert restore(run.items.get(), actor=None).employer.name == "重庆百合律师事务所"


# -- purged


def test_the_purge_waits_for_its_day(association):
    run = anonymised(association, make_leaver(association))

    with pytest.raises(NotNow, match="2026-05-02"):
        purge_run(run, actor=None, on=BEFORE_PURGE)


def test_after_the_purge_nothing_is_left(association, leaver):
    photo, user = leaver.photo, leaver.user
    run = anonymised(association, leaver)

    with connection.cursor():
        count = purge_run(run, actor=None, on=AFTER_PURGE)

    run.refresh_from_db()
    assert (count, run.state, bytes(run.items.get().kept)) == (1, "purged", b"")
    assert [
        secret for secret in SECRETS if secret in everything_written().replace("重庆百合律师事务所", "")
    ] == []
    assert not User.objects.filter(pk=user.pk).exists()
    assert not MemberMerge.objects.exists()
    assert not Message.objects.exists()
    assert {bytes(batch.look) for batch in ImportBatch.objects.all()} == {b""}
    assert (PersonRequest.objects.get().asker, PersonRequest.objects.get().text) == ("（已匿名）", "")
    assert photo
    with pytest.raises(NotNow, match="无法再恢复"):
        restore(run.items.get(), actor=None)


@pytest.mark.django_db(transaction=True)
def test_the_purge_deletes_the_photo(association, manager):
    leaver = make_full_leaver(association, manager)
    run = anonymised(association, leaver)

    purge_run(run, actor=None, on=AFTER_PURGE)

    assert not default_storage.exists(leaver.photo)


def test_figures_survive_the_purge(association, leaver):
    before = tables(association)

    purge_run(anonymised(association, leaver), actor=None, on=AFTER_PURGE)

    assert tables(association) == before


# -- on request


def request_of(member):
    return PersonRequest.objects.create(
        association=member.association,
        member=member,
        kind="deletion",
        asker="本人",
        received_on=DAY,
        due_on=DAY,
    )


def test_a_request_for_deletion_is_met_at_once_and_reversible(association, manager):
    member = make_leaver(association, left_on="2026-01-05", name="甲")

    request = request_of(member)
    run = anonymise_on_request(member, request, answer="已匿名化", actor=manager, on=DAY)

    member.refresh_from_db()
    assert (member.name, run.state, run.purge_after) == ("（已匿名）", "anonymised", dt.date(2026, 4, 1))
    assert run.items.get().reason == "2026-03-02 的请求"
    request.refresh_from_db()
    assert (request.state, request.answer, request.decided_by) == ("fulfilled", "已匿名化", manager)
    assert restore(run.items.get(), actor=manager).name == "甲"


def test_who_is_a_member_in_force_leaves_first(association, manager):
    member = make_member(association=association)

    with pytest.raises(NotNow, match="请先登记退会"):
        anonymise_on_request(member, request_of(member), answer="已匿名化", actor=manager, on=DAY)


def test_a_request_takes_the_record_out_of_a_run_in_grace(association, manager):
    member = make_leaver(association)
    run = run_over(association, member)

    anonymise_on_request(member, request_of(member), answer="已匿名化", actor=manager, on=DAY)

    assert run.items.get().state == "left_out"


# -- applications


def moment(year, month, day):
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


def make_application(association, *, saved_at=None, **fields):
    made = Application.objects.create(association=association, name="张三", **fields)
    # the moment of saving is written at every save
    Application.objects.filter(pk=made.pk).update(saved_at=saved_at or moment(2026, 2, 20))
    return made


def test_old_drafts_and_refused_applications_go(association, manager):
    old, new = moment(2025, 6, 1), moment(2026, 2, 20)
    refused = {"submitted_at": old, "state": "refused", "answer": "不符合"}
    make_application(association, saved_at=old)
    make_application(association, decided_at=old, **refused)
    make_application(association, submitted_at=old, state="withdrawn", decided_at=old)
    kept = [
        make_application(association),
        make_application(association, submitted_at=old, state="submitted", saved_at=old),
        make_application(association, decided_at=new, **refused),
    ]

    count = delete_old_applications(association, actor=manager, on=DAY)

    assert count == 3
    assert list(Application.objects.order_by("pk")) == kept
    assert Action.objects.filter(note="删除了 3 份过期的入会申请", actor=manager).exists()
    assert delete_old_applications(association, actor=manager, on=DAY) == 0


def test_other_associations_keep_theirs(association, manager):
    make_application(make_association(), saved_at=moment(2020, 1, 1))

    assert delete_old_applications(association, actor=manager, on=DAY) == 0


# -- records that were deleted


@pytest.mark.parametrize(
    ("status", "deleted", "is_forgotten"),
    [
        ("在册", moment(2023, 3, 1), True),
        ("在册", moment(2023, 3, 3), False),
        ("申请", moment(2026, 1, 30), True),
        ("申请", moment(2026, 2, 1), False),
    ],
)
def test_the_history_of_deleted_records_is_emptied_in_time(
    association, manager, status, deleted, is_forgotten
):
    member = make_member(NAME, association=association, status=status)
    pk = member.pk
    member.delete()
    stays = make_member("钱二", association=association)
    Action.objects.update(at=deleted)

    count = forget_deleted(association, actor=manager, on=DAY)

    history = Change.objects.filter(content_type__model="member", object_id=pk)
    assert count == is_forgotten
    assert (
        NAME in json.dumps(list(history.values_list("diff", flat=True)), ensure_ascii=False)
    ) is not is_forgotten
    assert Change.objects.of(stays).get().diff["name"] == [None, "钱二"]
    assert forget_deleted(association, actor=manager, on=DAY) == 0


def test_what_became_part_of_another_record_is_left_alone(association, manager, leaver):
    Action.objects.update(at=moment(2010, 1, 1))

    assert forget_deleted(association, actor=manager, on=DAY) == 0


# tables whose rows hang on a member, and tell nothing of who it was beyond its key
TELL_NOTHING = {
    "members.FurtherCategory.member",
    "members.Disclosed.member",
    "members.Viewing.member",
    "members.RetentionItem.member",
    # what was said about somebody else
    "members.Introduction.member",
    "organizations.Appointment.member",
    "organizations.Attendance.proxy",
}
# rows that go with the purge
GO_WITH_THE_PURGE = {
    "members.DistinctPair.one",
    "members.DistinctPair.other",
    "members.Message.member",
    "members.PersonRequest.member",
}


def test_all_that_hangs_on_a_member_is_seen_to():
    cleaned = {
        key for key in HANGING if any(key.startswith(f"{trace.model._meta.label}.") for trace in TRACES)
    }
    removed = {f"{model._meta.label}.{path}" for model, path in REMOVED}

    assert cleaned | removed | TELL_NOTHING | GO_WITH_THE_PURGE == set(HANGING)
