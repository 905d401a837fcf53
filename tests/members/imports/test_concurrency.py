"""Two at once: imports beside imports, imports beside people who type. On both databases, with real threads."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from members.imports.applying import apply_batch
from members.imports.pipeline import discard_batch, preview_file
from members.models import Employer, ImportBatch, Member, StatusChange, payload_sealer
from members.rights import Role
from organizations.models import Action, Change
from tests.make import grant, make_association, make_id_number, make_member, make_user
from tests.members.imports.sheets import person, workbook

pytestmark = pytest.mark.django_db(transaction=True)

# Seconds in which a thread that waits for nobody would be through; longer than the second after which PostgreSQL
# looks for a deadlock, or one would always be laid to the import, which tries again, and never to who typed
MOMENT = 1.5


@pytest.fixture(autouse=True)
def shared_database(transactional_db, tmp_path):
    """A database that threads share as the site's workers do.

    SQLite in memory has no locks that one waits for, so its content is copied to a file for the test.
    """
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    name, memory = connection.settings_dict["NAME"], connection.connection
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "db.sqlite3")
    connection.ensure_connection()
    memory.backup(connection.connection)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


class Doing(threading.Thread):
    """A call in a thread with a database connection of its own; `result()` waits for it."""

    def __init__(self, call, *args, **kwargs):
        super().__init__()
        self.call, self.args, self.kwargs = call, args, kwargs
        self.returned = self.raised = None
        self.start()

    def run(self):
        try:
            self.returned = self.call(*self.args, **self.kwargs)
        except Exception as error:
            self.raised = error
        finally:
            connection.close()

    def waits(self):
        """Whether it is held up by what this thread has written and not committed."""
        self.join(MOMENT)
        return self.is_alive()

    def result(self):
        self.join(30)
        if self.raised:
            raise self.raised
        assert not self.is_alive()
        return self.returned


def at_once(*calls):
    """The results of `calls`, let go at the same moment."""
    gate = threading.Barrier(len(calls))

    def through_the_gate(call):
        connection.ensure_connection()
        gate.wait(10)
        return call()

    return [doing.result() for doing in [Doing(through_the_gate, call) for call in calls]]


def preview(association, *rows, name="roster.xlsx"):
    return preview_file(workbook(*rows), file_name=name, association=association, actor=None)


def people(count):
    return [
        person(f"张{chr(0x4E00 + n)}", mobile=f"1380000{n:04}", employer=f"重庆{n % 7}号有限公司")
        for n in range(count)
    ]


def outcomes(batch):
    return {
        key: batch.counts[key]
        for key in ("new", "update", "unchanged", "question", "error")
        if batch.counts[key]
    }


def messages_of(batch):
    return [message["code"] for row in batch.rows.all() for message in row.content()["messages"]]


@pytest.mark.parametrize("attempt", range(3))
def test_one_batch_applied_by_two_at_once_is_imported_once(attempt):
    association = make_association()
    batch = preview(association, *people(150))
    copies = [ImportBatch.objects.get(pk=batch.pk) for _ in range(2)]

    first, second = at_once(*[lambda copy=copy: apply_batch(copy, actor=None) for copy in copies])

    assert (first.state, second.state) == ("applied", "applied")
    assert sorted([first.step_made is None, second.step_made is None]) == [False, True]
    assert (Member.objects.count(), Employer.objects.count(), StatusChange.objects.count()) == (150, 7, 150)
    assert Action.objects.filter(kind="import").count() == 1
    assert Change.objects.filter(action=(first.step_made or second.step_made).action).count() == 157


def test_a_double_click_on_import_is_answered_twice_and_done_once():
    association = make_association()
    secretary = make_user()
    grant(secretary, Role.SECRETARY, association)
    batch = preview(association, *people(150))

    def click():
        client = Client()
        client.force_login(secretary)
        return client.post(f"/members/import/{batch.pk}/apply/", follow=True)

    answers = at_once(click, click)

    pages = [answer.content.decode() for answer in answers]
    assert [answer.redirect_chain for answer in answers] == [[(batch.get_absolute_url(), 302)]] * 2
    assert sorted("已导入 150 行。" in page for page in pages) == [False, True]
    assert sorted("没有重复导入" in page for page in pages) == [False, True]
    assert (Member.objects.count(), Action.objects.filter(kind="import").count()) == (150, 1)


@pytest.mark.parametrize("attempt", range(3))
def test_a_new_person_in_two_batches_applied_at_once_becomes_one_member_and_a_question(attempt):
    association = make_association()
    number = make_id_number(1)
    rows = people(60)
    one = preview(association, *rows, person("李四", id_number=number, mobile="13900000001"))
    other = preview(association, person("李四", id_number=number, mobile="13900000001"))

    at_once(lambda: apply_batch(one, actor=None), lambda: apply_batch(other, actor=None))

    batches = [ImportBatch.objects.get(pk=batch.pk) for batch in (one, other)]
    assert Member.objects.filter(name="李四").count() == 1
    assert [batch.state for batch in batches] == ["applied", "applied"]
    assert sorted(outcomes(batch).get("question", 0) for batch in batches) == [0, 1]
    assert [code for batch in batches for code in messages_of(batch)] == ["changed_since_preview"]


def test_batches_of_two_associations_applied_at_once_both_go_in():
    batches = [preview(make_association(), *people(80)) for _ in range(2)]

    at_once(*[lambda batch=batch: apply_batch(batch, actor=None) for batch in batches])

    for batch in batches:
        members = Member.objects.filter(
            association=batch.association, employer__association=batch.association
        )
        assert members.count() == 80
        assert Employer.objects.filter(association=batch.association).count() == 7


def test_a_batch_applied_and_discarded_at_once_is_one_or_the_other():
    association = make_association()
    batch = preview(association, *people(100))

    applied, was_discarded = at_once(lambda: apply_batch(batch, actor=None), lambda: discard_batch(batch))

    batch.refresh_from_db()
    assert applied.state == batch.state
    assert (batch.state, Member.objects.count(), batch.rows.count()) == (
        ("discarded", 0, 0) if was_discarded else ("applied", 100, 100)
    )


def test_a_member_saved_while_the_batch_is_applied_keeps_what_was_typed_and_becomes_a_question():
    association = make_association()
    make_member("李四", association=association, mobile="13900000001", position="经理")
    batch = preview(association, *people(20), person("李四", mobile="13900000001", position="总经理"))

    with transaction.atomic():
        member = Member.objects.get(name="李四")
        member.position = "董事长"
        member.save()
        applying = Doing(apply_batch, batch, actor=None)
        assert applying.waits()
    batch = applying.result()

    member.refresh_from_db()
    assert member.position == "董事长"
    assert outcomes(batch) == {"new": 20, "question": 1}
    assert messages_of(batch) == ["changed_since_preview"]


def test_a_person_typed_in_while_the_batch_is_applied_is_entered_once():
    association = make_association()
    number = make_id_number(1)
    batch = preview(association, *people(20), person("李四", id_number=number, mobile="13900000001"))

    with transaction.atomic():
        make_member("李四", association=association, id_number=number, mobile="13900000002")
        applying = Doing(apply_batch, batch, actor=None)
        assert applying.waits()
    batch = applying.result()

    assert Member.objects.filter(name="李四").values_list("mobile", flat=True).get() == "13900000002"
    assert (Member.objects.count(), Action.objects.filter(kind="import").count()) == (21, 1)
    assert outcomes(batch) == {"new": 20, "question": 1}


def test_a_member_number_given_away_while_the_batch_is_applied_is_not_given_twice():
    association = make_association()
    batch = preview(association, *people(20), person("李四", mobile="13900000001", number="JJ001"))

    with transaction.atomic():
        make_member("王五", association=association, number="JJ001")
        applying = Doing(apply_batch, batch, actor=None)
        assert applying.waits()
    batch = applying.result()

    assert list(Member.objects.filter(number="JJ001").values_list("name", flat=True)) == ["王五"]
    assert outcomes(batch) == {"new": 20, "question": 1}


def test_an_employer_entered_while_the_batch_is_applied_is_not_entered_twice():
    association = make_association()
    batch = preview(association, person("李四", mobile="13900000001", employer="重庆某某科技有限公司"))

    with transaction.atomic():
        employer = Employer.objects.create(association=association, name="重庆某某科技有限公司")
        applying = Doing(apply_batch, batch, actor=None)
        assert applying.waits()
    applying.result()

    assert Member.objects.get(name="李四").employer == employer
    assert Employer.objects.count() == 1


def test_a_row_the_database_refuses_leaves_nothing_and_the_batch_can_be_applied_again():
    association = make_association()
    batch = preview(association, *people(30), person("李四", mobile="13900000001"))
    row = batch.rows.last()
    whole, content = row.payload, row.content()
    row.payload = payload_sealer()(content | {"values": content["values"] | {"birth": "no date"}})
    row.save()

    with pytest.raises(IntegrityError):
        apply_batch(batch, actor=None)
    left = (Member.objects.count(), Employer.objects.count(), Action.objects.filter(kind="import").count())
    row.payload = whole
    row.save()
    batch = apply_batch(batch, actor=None)

    assert left == (0, 0, 0)
    assert (batch.state, Member.objects.count()) == ("applied", 31)
