"""One's own record: read with marks, changed by section where that needs no review, two tabs, signing in."""

import logging
import re
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.urls import reverse

from members.codes import Category
from members.models import Member, User
from members.own_fields import DIRECT_FIELDS
from members.portal.record import SECTION_OF, SECTIONS
from members.rights import FIELD_CLASSES
from organizations.models import Body, Change
from tests.make import (
    PASSWORD,
    make_appointment,
    make_association,
    make_body,
    make_id_number,
    make_member,
    make_term,
    make_user,
)
from tests.members.portal.screens import signed_in, text_of
from tests.members.screens import messages_of

pytestmark = pytest.mark.django_db

PROFILE = reverse("portal:profile")
CONTACT = reverse("portal:profile_section", args=["contact"])
CODE = reverse("portal:sign_in_mobile")
WORK = reverse("portal:profile_section", args=["work"])


@pytest.fixture
def member(client):
    return signed_in(
        client, "张一", association=make_association(), mobile="13800000001", email="zhang@example.org"
    )


def data_of(page, **changes):
    """What a browser would send back from the form of `page`, with changes."""
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False, "")}
    return data | changes


def change(client, url, **changes):
    return client.post(url, data_of(client.get(url), **changes))


def sign_in_by_password(client, member):
    """As a person does, whose password has been asked for once more just now."""
    client.logout()
    client.post("/accounts/login/", {"login": member.user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


# -- reading


def test_every_field_of_a_record_is_shown_once():
    shown = [key for section in SECTIONS for key in section.fields]

    assert set(shown) == {*FIELD_CLASSES, "further_categories"}
    assert len(shown) == len(SECTION_OF)


def test_own_record_shows_all_but_the_middle_of_the_identity_number(client):
    number = make_id_number()
    member = signed_in(
        client, "张一", id_number=number, employer="甲公司", remarks="老会员", category=Category.FREELANCE
    )
    member.further_categories.create(category=Category.NEW_MEDIA)

    page = text_of(client.get(PROFILE))

    shown = ["甲公司", "13800000001", "500116********0016", "老会员", "自由职业人员", "新媒体从业人员"]
    assert [text for text in shown if text not in page] == []
    assert number not in page


def test_each_field_says_what_may_be_done(client, member):
    page = client.get(PROFILE)

    marks = {fact.key: str(fact.mark) for _section, facts in page.context["sections"] for fact in facts}
    assert {key: marks[key] for key in ("mobile", "birth", "status")} == {
        "mobile": "可直接修改",
        "birth": "修改须审核",
        "status": "由协会维护",
    }


def test_own_record_is_nobody_elses(client):
    make_member("张一", user=make_user())
    client.force_login(make_user())

    answers = [
        client.get(each) for each in (PROFILE, CONTACT, reverse("portal:photo"), reverse("portal:posts"))
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert not any("张一" in answer.content.decode() for answer in answers)
    assert "请联系" in answers[0].content.decode() or "秘书处" in answers[0].content.decode()


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(PROFILE).url == f"/accounts/login/?next={PROFILE}"


def test_the_number_of_queries_does_not_grow(client, member, django_assert_num_queries):
    client.get(PROFILE)
    with django_assert_num_queries(6):
        client.get(PROFILE)
    for category in (Category.FREELANCE, Category.NEW_MEDIA):
        member.further_categories.create(category=category)

    with django_assert_num_queries(6):
        client.get(PROFILE)


# -- changing


def test_contact_data_are_changed_at_once_and_recorded(client, member):
    answer = change(client, CONTACT, mobile="139 0000-0009", email="New@Example.org", wechat="zhang-1")

    member.refresh_from_db()
    assert (member.mobile, member.email, member.wechat) == ("13900000009", "new@example.org", "zhang-1")
    assert (answer.status_code, answer.url) == (302, PROFILE)
    assert messages_of(answer) == ["已保存：手机、邮箱、微信号。"]
    last = Change.objects.of(member).order_by("pk").last()
    assert last.action.actor == member.user
    assert last.diff["mobile"] == ["13800000001", "13900000009"]


def test_nothing_typed_changes_nothing(client, member):
    answer = change(client, CONTACT)

    assert messages_of(answer) == ["没有改动。"]
    member.refresh_from_db()
    assert member.version == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("mobile", "12345", "不是手机号"),
        ("mobile", "13800000001、13800000002", "不是手机号"),
        ("second_mobile", "<script>", "不是手机号"),
        ("email", "nobody", "邮箱"),
        ("office_phone", "无此号码", "无法识别"),
        ("wechat", "x" * 101, "100"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_kept_on_the_screen(client, member, field, typed, said):
    answer = change(client, CONTACT, **{field: typed})

    member.refresh_from_db()
    assert answer.status_code == 422 and member.version == 1
    [error] = answer.context["form"].errors[field]
    assert said in error or error.endswith("。")
    assert answer.context["form"][field].value() == typed


def test_words_are_kept_as_a_roster_would_read_them(client, member):
    change(client, WORK, position=" 𠮷祥物设计师·Jörg ", honours="先进个人\n优秀会员")

    member.refresh_from_db()
    assert (member.position, member.honours) == ("𠮷祥物设计师·Jörg", "先进个人；优秀会员")


def test_no_form_changes_what_is_reviewed_or_kept_by_the_association(client, member):
    before = Member.objects.filter(pk=member.pk).values().get()
    more = dict.fromkeys(
        ("name", "birth", "status", "number", "association", "user", "employer", "remarks"), "9"
    )
    more |= {"id_number": make_id_number(), "category": Category.FREELANCE}

    for url in (CONTACT, WORK):
        change(client, url, **more)

    assert Member.objects.filter(pk=member.pk).values().get() == before
    sections = {section.key: section.direct for section in SECTIONS if section.direct}
    assert sections.keys() == {"contact", "work"}
    assert {key for fields in sections.values() for key in fields} | {"photo"} == {*DIRECT_FIELDS, "photo"}


@pytest.mark.parametrize("section", ["identity", "association", "nothing"])
def test_sections_without_such_fields_have_no_form(client, member, section):
    assert client.get(reverse("portal:profile_section", args=[section])).status_code == 404


def test_a_number_of_another_member_is_allowed_and_says_nothing(client, member):
    make_member("李四", association=member.association, mobile="13900000002")

    answer = change(client, CONTACT, mobile="13900000002")

    assert messages_of(answer) == ["已保存：手机。"]
    member.user.refresh_from_db()
    assert member.user.phone is None


# -- two tabs


def test_the_second_tab_sees_the_difference_and_chooses(client, member):
    second = data_of(client.get(CONTACT), mobile="13900000002", wechat="mine")
    change(client, CONTACT, mobile="13900000001")

    asked = client.post(CONTACT, second)

    assert asked.status_code == 422
    page = text_of(asked)
    assert "13900000001" in page and "13900000002" in page
    member.refresh_from_db()
    assert (member.mobile, member.wechat) == ("13900000001", "")

    again = data_of(asked) | {"choice-mobile": "mine"}
    answer = client.post(CONTACT, again)

    member.refresh_from_db()
    assert (answer.status_code, member.mobile, member.wechat) == (302, "13900000002", "mine")


def test_what_the_staff_changed_meanwhile_is_kept_and_told(client, member):
    typed = data_of(client.get(CONTACT), wechat="mine")
    other = Member.objects.get(pk=member.pk)
    other.address = "滨江路1号"
    other.save()

    answer = client.post(CONTACT, typed)

    member.refresh_from_db()
    assert (member.address, member.wechat) == ("滨江路1号", "mine")
    assert any("地址" in sentence for sentence in messages_of(answer))


# -- signing in


@pytest.fixture
def codes(settings, caplog):
    """Text messages go to the log; the function gives the last code in it."""
    settings.SMS_SENDER = "console"
    caplog.set_level(logging.INFO)
    return lambda: re.findall(r"验证码 (\d{6})", caplog.text)[-1]


def test_a_mobile_number_signs_in_when_its_code_was_typed(client, member, codes):
    sign_in_by_password(client, member)

    answer = change(client, CONTACT, mobile="13900000003", sign_in_mobile="on")

    member.user.refresh_from_db()
    assert (answer.url, member.user.phone) == (CODE, None)
    wrong = client.post(CODE, {"code": "000000" if codes() != "000000" else "1"})
    assert wrong.status_code == 422 and "验证码不正确" in text_of(wrong)

    answer = client.post(CODE, {"code": codes()})

    member.user.refresh_from_db()
    assert (answer.url, member.user.phone) == (PROFILE, "13900000003")
    assert "今后请用 13900000003 登录。" in messages_of(answer)


def test_a_code_is_good_for_five_tries(client, member, codes):
    sign_in_by_password(client, member)
    change(client, CONTACT, mobile="13900000003", sign_in_mobile="on")

    for _ in range(5):
        client.post(CODE, {"code": "x"})
    answer = client.post(CODE, {"code": codes()})

    member.user.refresh_from_db()
    assert (answer.status_code, member.user.phone) == (422, None)
    assert "已失效" in text_of(answer)


def test_without_text_messages_the_number_is_taken_over_at_once(client, member, settings):
    settings.SMS_SENDER = ""
    sign_in_by_password(client, member)

    answer = change(client, CONTACT, mobile="13900000003", sign_in_mobile="on")

    member.user.refresh_from_db()
    assert (answer.url, member.user.phone) == (PROFILE, "13900000003")


def test_taking_over_a_number_asks_for_the_password_first(client, member, settings):
    settings.SMS_SENDER = ""

    answer = change(client, CONTACT, mobile="13900000003", sign_in_mobile="on")

    member.refresh_from_db()
    assert answer.url == "/accounts/reauthenticate/?" + urlencode({"next": CONTACT})
    assert member.mobile == "13800000001"

    after = client.post(answer.url, {"password": PASSWORD})

    member.refresh_from_db()
    assert (after.status_code, after.url) == (302, PROFILE)
    assert (member.mobile, member.user.phone) == ("13900000003", "13900000003")


def test_it_cannot_be_tried_without_end(client, member):
    make_user(phone="13900000004")
    sign_in_by_password(client, member)

    answers = [change(client, CONTACT, mobile="13900000004", sign_in_mobile="on") for _ in range(11)]

    assert "尝试次数过多" in answers[-1].context["form"].non_field_errors()[0]


def test_a_number_somebody_signs_in_with_is_refused_without_saying_so(client, member):
    make_user(phone="13900000004")
    sign_in_by_password(client, member)

    answer = change(client, CONTACT, mobile="13900000004", sign_in_mobile="on")

    member.refresh_from_db()
    member.user.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["form"].errors["sign_in_mobile"] == ["不能用它登录。如有需要，请联系秘书处。"]
    assert (member.mobile, member.user.phone) == ("13800000001", None)


def test_an_empty_number_cannot_sign_in(client, member):
    answer = change(client, CONTACT, mobile="", sign_in_mobile="on")

    assert answer.context["form"].errors["sign_in_mobile"] == ["请先填写用来登录的号码或邮箱。"]


def test_an_email_signs_in_after_its_letter_was_opened(client, member):
    sign_in_by_password(client, member)
    old = member.user.email

    change(client, CONTACT, email="new@example.org", sign_in_email="on")

    member.user.refresh_from_db()
    assert member.user.email == old
    [letter] = mail.outbox
    assert letter.to == ["new@example.org"]
    [link] = re.findall(r"http://testserver(/\S+)", letter.body)
    assert client.get(link).status_code == 200
    member.user.refresh_from_db()
    assert member.user.email == old  # looking is not agreeing

    client.post(link)

    member.user.refresh_from_db()
    assert member.user.email == "new@example.org"
    client.logout()
    client.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD})
    assert client.get(PROFILE).status_code == 200


def test_the_letters_link_is_good_for_its_own_account_alone(client, member):
    sign_in_by_password(client, member)
    change(client, CONTACT, email="new@example.org", sign_in_email="on")
    [link] = re.findall(r"http://testserver(/\S+)", mail.outbox[0].body)
    other = signed_in(client, "李四", association=member.association)

    answers = [
        client.get(link),
        client.post(link),
        client.get(reverse("portal:sign_in_email", args=["x:y:z"])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert User.objects.filter(email="new@example.org").count() == 0
    assert other.user.email != "new@example.org"


def test_an_email_somebody_signs_in_with_gets_no_letter(client, member):
    make_user("taken@example.org")
    sign_in_by_password(client, member)

    answer = change(client, CONTACT, email="taken@example.org", sign_in_email="on")

    assert answer.context["form"].errors["sign_in_email"] == ["不能用它登录。如有需要，请联系秘书处。"]
    assert mail.outbox == []


# -- posts


def test_posts_held_and_former_by_year_hidden_bodies_too(client, member):
    branch = make_body(
        Body.Kind.PARTY_BRANCH, association=member.association, name="特设支部", hides_people=True
    )
    make_appointment(member, "书记", term=make_term(branch))
    council = make_body(association=member.association, name="理事会")
    term = make_term(council)
    make_appointment(
        member, "理事", term=term, ends_on=term.starts_on.replace(year=2021), end_reason="resigned"
    )

    page = client.get(reverse("portal:posts"))

    assert [str(row.post) for row in page.context["held"]] == ["书记"]
    assert [(year, [str(row.post) for row in rows]) for year, rows in page.context["former"]] == [
        (2021, ["理事"])
    ]
    assert "特设支部" in text_of(page) and "2021 年离任" in text_of(page)
