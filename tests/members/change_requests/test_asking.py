"""The member's side: what is asked for, what waits, what is taken back."""

import pytest

from members.models import ChangeRequest, Member
from members.own_fields import REVIEWED_FIELDS
from organizations.models import Action, Change
from tests.make import make_association, make_id_number, make_member, make_user
from tests.members.change_requests.asked import (
    LIST,
    NEW,
    asks,
    filled_in,
    own_page,
    signed_in_member,
    statements,
)
from tests.members.screens import body_of, messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    """The record of the client's user."""
    home = make_association("第一联合会")
    member = make_member(
        "张伟", association=home, political_status="群众", employer="重庆甲公司", id_number=make_id_number(7)
    )
    signed_in_member(client, member)
    return member


def wishes(asked):
    return {row.field: (row.before, row.after) for row in asked.fields.all()}


def test_only_what_was_changed_is_asked_for_and_nothing_is_written(client, member):
    page = client.get(NEW)

    sent = client.post(
        NEW, filled_in(page, name="张玮", political_status="九三学社社员", reason="身份证上是玮")
    )

    asked = ChangeRequest.objects.get()
    assert sent.url == own_page(asked)
    assert wishes(asked) == {"name": ("张伟", "张玮"), "political_status": ("群众", "九三学社社员")}
    assert (asked.member, asked.made_by, asked.state) == (member, member.user, "open")
    assert asked.reason == "身份证上是玮"
    assert Member.objects.get().name == "张伟"
    assert messages_of(sent) == ["申请已提交秘书处。"]


def test_the_form_has_every_reviewed_field_and_no_other(client, member):
    form = client.get(NEW).context["form"]

    assert set(form.fields) - {"reason", "remove_id"} == set(REVIEWED_FIELDS)
    shown = {field.name for _title, fields, _is_open in form.sections() for field in fields}
    assert shown == {*REVIEWED_FIELDS, "remove_id"}


def test_the_page_shows_no_identity_number(client, member):
    client.post(NEW, filled_in(client.get(NEW), id_number=make_id_number(9), id_kind="居民身份证"))

    pages = [body_of(client.get(url)) for url in (NEW, LIST, own_page(ChangeRequest.objects.get()))]

    assert [
        number for page in pages for number in (make_id_number(7), make_id_number(9)) if number in page
    ] == []
    assert "500116********" in pages[2]


def test_nothing_different_is_said_and_no_request_made(client, member):
    sent = client.post(NEW, filled_in(client.get(NEW), reason="没有什么"))

    assert sent.status_code == 422
    assert "填写的内容与现有资料一致" in body_of(sent)
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"birth": "1985-13"}, "birth", "不是日期"),
        ({"birth": "2020-01"}, "birth", "14"),
        ({"id_number": make_id_number(7)[:17] + "0"}, "id_number", "校验"),
        ({"id_number": "50011620200615001"}, "id_number", ""),
        ({"employer_uscc": "91500116XXXXXXXXX1"}, "employer_uscc", "统一社会信用代码"),
        ({"political_status": "无党"}, "political_status", ""),
        ({"name": ""}, "name", ""),
        ({"title": "x" * 300}, "title", ""),
        ({"school": "重庆\x00大学"}, "school", ""),
        ({"reason": f"我的号码是{make_id_number(9)}"}, "reason", "请勿填写身份证号"),
    ],
)
def test_what_the_staffs_form_refuses_is_refused(client, member, typed, field, sentence):
    sent = client.post(NEW, filled_in(client.get(NEW), **typed))

    assert sent.status_code == 422
    assert sentence in str(sent.context["form"].errors[field])
    assert not ChangeRequest.objects.exists()


def test_whether_somebody_else_has_a_number_is_not_told(client, member):
    make_member(association=member.association, id_number=make_id_number(9))

    client.post(NEW, filled_in(client.get(NEW), id_number=make_id_number(9)))

    assert set(wishes(ChangeRequest.objects.get())) >= {"id_number"}


def test_a_number_says_kind_birth_and_sex_where_nothing_is_written(client, member):
    client.post(NEW, filled_in(client.get(NEW), id_number=make_id_number(9)))

    assert wishes(ChangeRequest.objects.get()) == {
        "id_number": (make_id_number(7), make_id_number(9)),
        "id_kind": ("", "居民身份证"),
        "birth": ("", "1985-06-15"),
        "sex": ("", "男"),
    }


def test_the_number_can_be_asked_to_be_removed(client, member):
    client.post(NEW, filled_in(client.get(NEW), remove_id="on"))

    assert wishes(ChangeRequest.objects.get()) == {"id_number": (make_id_number(7), "")}


def test_partial_dates_and_names_are_read_as_everywhere(client, member):
    client.post(
        NEW, filled_in(client.get(NEW), birth="1985年6月", work_started="2008.7", employer=" 重庆乙 公司 ")
    )

    asked = wishes(ChangeRequest.objects.get())
    assert (asked["birth"][1], asked["work_started"][1]) == ("1985-06", "2008-07")
    assert asked["employer"][0] == "重庆甲公司"


def test_a_second_visit_continues_the_request(client, member):
    first = asks(member, name="张玮", birth="1985-06")

    page = client.get(NEW)
    client.post(NEW, filled_in(page, birth="", ethnicity="汉族", name="张炜"))

    assert page.context["form"]["name"].value() == "张玮"
    assert "已申请修改；现有内容：张伟" in body_of(page)
    assert ChangeRequest.objects.get() == first
    assert wishes(first) == {"name": ("张伟", "张炜"), "ethnicity": ("", "汉族")}


def test_what_was_not_touched_stays_out_though_the_record_moved_on(client, member):
    page = client.get(NEW)
    current = Member.objects.get()
    current.political_status = "中共党员"
    current.save()

    client.post(NEW, filled_in(page, name="张玮"))

    assert wishes(ChangeRequest.objects.get()) == {"name": ("张伟", "张玮")}


def test_two_tabs_ask_for_one_field_each(client, member):
    one, other = client.get(NEW), client.get(NEW)

    client.post(NEW, filled_in(one, name="张玮"))
    client.post(NEW, filled_in(other, birth="1985-06"))

    assert wishes(ChangeRequest.objects.get()) == {"name": ("张伟", "张玮"), "birth": ("", "1985-06")}


def test_putting_everything_back_withdraws(client, member):
    asked = asks(member, name="张玮")

    sent = client.post(NEW, filled_in(client.get(NEW), name="张伟"))

    asked.refresh_from_db()
    assert (sent.url, asked.state) == (LIST, "withdrawn")
    assert asked.decided_by == member.user


def test_a_field_or_all_is_taken_back(client, member):
    asked = asks(member, name="张玮", birth="1985-06")

    client.post(own_page(asked), {"field": "birth"})
    left = wishes(asked)
    client.post(own_page(asked), {"withdraw": "1"})

    asked.refresh_from_db()
    assert (set(left), asked.state) == ({"name"}, "withdrawn")


def test_the_last_field_taken_back_withdraws(client, member):
    asked = asks(member, name="张玮")

    client.post(own_page(asked), {"field": "name"})

    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_what_is_closed_is_not_taken_back(client, member):
    asked = asks(member, name="张玮")
    client.post(own_page(asked), {"withdraw": "1"})

    again = client.post(own_page(asked), {"withdraw": "1"})

    assert messages_of(again) == ["已撤回。", "申请已处理完毕，不能再撤回。"]


def test_a_new_request_follows_a_closed_one(client, member):
    asks(member, name="张玮")
    client.post(own_page(ChangeRequest.objects.get()), {"withdraw": "1"})

    client.post(NEW, filled_in(client.get(NEW), name="张炜"))

    assert sorted(ChangeRequest.objects.values_list("state", flat=True)) == ["open", "withdrawn"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_requests_of_others_are_not_there(client, member, method):
    other = asks(make_member("李四", association=member.association), name="李斯")

    assert getattr(client, method)(own_page(other), {"withdraw": "1"}).status_code == 404
    other.refresh_from_db()
    assert other.state == "open"


def test_who_has_no_record_is_told(client):
    client.force_login(make_user())

    assert [client.get(url).status_code for url in (LIST, NEW)] == [404, 404]


def test_the_history_tells_it_in_words_and_without_values(client, member):
    asked = asks(member, reason="身份证上是玮", name="张玮", id_number=make_id_number(9))
    client.post(own_page(asked), {"field": "id_number"})
    client.post(own_page(asked), {"withdraw": "1"})

    day = str(asked)
    actions = Action.objects.filter(changes__in=Change.objects.of(asked.member)).exclude(note="")
    assert list(actions.distinct().order_by("pk").values_list("note", flat=True)) == [
        "申请修改：姓名、证件号码",
        "不再申请修改：证件号码",
        f"撤回 {day} 的修改申请",
    ]
    kept = str(list(Change.objects.values_list("diff", flat=True)))
    assert ("张玮" in kept, make_id_number(9) in kept) == (False, False)


def test_the_list_takes_the_same_statements_at_one_and_three(client, member):
    counts = []
    for name in ("张甲", "张乙", "张丙"):
        asked = asks(Member.objects.get(), name=name)
        client.post(own_page(asked), {"withdraw": "1"})
        counts.append(statements(client, LIST))

    assert counts[0] == counts[2]
