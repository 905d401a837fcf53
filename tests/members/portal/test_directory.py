"""The members' directory: who is in it, what of them, who reads it, and one's own switches."""

import pytest
from django.urls import reverse
from django.utils import timezone

from members.codes import Category, Status
from members.models import Consent, Member
from members.photos import read_photo, set_photo
from members.portal.directory import Entry, entries, set_own_entry
from members.privacy.consents import give_consent, withdraw_consent
from members.rights import Role
from organizations.models import Body
from tests.make import grant, make_appointment, make_association, make_body, make_member, make_term, make_user
from tests.members.portal.screens import agree, signed_in, text_of
from tests.members.test_photo import picture, upload

pytestmark = pytest.mark.django_db
Purpose = Consent.Purpose
ALL = set(Purpose.values) & {
    "directory",
    "directory_photo",
    "directory_mobile",
    "directory_email",
    "directory_wechat",
}
PAGE = reverse("portal:directory")


@pytest.fixture
def home():
    return make_association("江北联合会")


@pytest.fixture
def reader(client, home):
    return signed_in(client, "读者", association=home)


@pytest.fixture
def shown(home):
    """A member with everything in the record who agreed to be listed and to nothing else."""
    member = make_member(
        "李明华",
        association=home,
        employer="重庆某某科技有限公司",
        position="总经理",
        category=Category.NEW_MEDIA,
        mobile="13900009999",
        email="li@example.org",
        wechat="lihua-wx",
        address="滨江路1号",
        number="JJ001",
        birth="1980-05",
    )
    agree(member)
    return member


def page_of(member):
    return reverse("portal:directory_member", args=[member.pk])


def photo_of(member):
    return reverse("portal:directory_photo", args=[member.pk])


def names(client, **query):
    return [entry.name for entry in client.get(PAGE, query).context["entries"]]


# -- who is in it


def test_only_who_agreed_is_listed(client, home, reader, shown):
    make_member("未同意", association=home)
    other = make_member("又撤回", association=home)
    agree(other)
    withdraw_consent(other, Purpose.DIRECTORY, actor=None)
    parts = make_member("只有手机", association=home)
    give_consent(parts, Purpose.DIRECTORY_MOBILE, way=Consent.Way.SELF, actor=None)

    assert names(client) == ["李明华"]
    assert [client.get(page_of(each)).status_code for each in (other, parts)] == [404, 404]


@pytest.mark.parametrize(
    "status", [Status.WITHDRAWN, Status.EXPELLED, Status.DECEASED, Status.TRANSFERRED, Status.APPLIED]
)
def test_who_left_or_died_is_out_of_it_at_once(client, reader, shown, status):
    shown.status = status
    shown.save()

    assert names(client) == []
    assert [client.get(each(shown)).status_code for each in (page_of, photo_of)] == [404, 404]


def test_the_anonymised_are_out_of_it(client, reader, shown):
    Member.objects.filter(pk=shown.pk).update(anonymised_on=timezone.localdate())

    assert names(client) == []
    assert client.get(page_of(shown)).status_code == 404


def test_other_associations_are_out_of_it_those_above_and_below_too(client, home, reader):
    for name, fields in (("下级", {"parent": home}), ("别处", {})):
        other = make_member(name, association=make_association(name, **fields))
        agree(other)
        assert client.get(page_of(other)).status_code == 404

    assert names(client) == []


# -- who reads it


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.APPLIED, Status.EXPELLED])
def test_only_members_in_force_read_it(client, reader, shown, status):
    reader.status = status
    reader.save()

    answer = client.get(PAGE)

    assert answer.status_code == 403
    assert "只对在册会员开放" in text_of(answer) and "李明华" not in text_of(answer)
    assert [client.get(each(shown)).status_code for each in (page_of, photo_of)] == [404, 404]


def test_who_is_no_member_finds_nobody(client, home, shown):
    user = make_user()
    grant(user, Role.MANAGER, home)
    client.force_login(user)

    answers = [client.get(each) for each in (PAGE, page_of(shown), photo_of(shown))]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not any("李明华" in answer.content.decode() for answer in answers)
    client.logout()
    assert client.get(PAGE).status_code == 302


# -- what is shown


def test_without_further_consents_only_the_entry_itself_is_shown(client, home, reader, shown):
    set_photo(shown, read_photo(upload(picture())))
    page = text_of(client.get(page_of(shown))) + text_of(client.get(PAGE))

    hidden = ["13900009999", "li@example.org", "lihua-wx", "滨江路", "JJ001", "1980", photo_of(shown)]
    assert [word for word in hidden if word in page] == []
    assert [word for word in ("李明华", "重庆某某科技有限公司", "总经理") if word not in page] == []
    assert client.get(photo_of(shown)).status_code == 404


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        (Purpose.DIRECTORY_MOBILE, ["tel:13900009999"]),
        (Purpose.DIRECTORY_EMAIL, ["mailto:li@example.org"]),
        (Purpose.DIRECTORY_WECHAT, ["lihua-wx"]),
    ],
)
def test_each_field_is_shown_by_its_own_consent(client, reader, shown, purpose, words):
    agree(shown, purpose)

    page = text_of(client.get(page_of(shown)))

    others = {"13900009999", "li@example.org", "lihua-wx"} - {word.split(":")[-1] for word in words}
    assert all(word in page for word in words)
    assert not any(word in page for word in others)


def test_the_photo_is_served_by_consent_and_kept_nowhere(client, reader, shown):
    set_photo(shown, read_photo(upload(picture())))
    agree(shown, Purpose.DIRECTORY_PHOTO)

    answer = client.get(photo_of(shown))

    list(answer)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert photo_of(shown) in text_of(client.get(page_of(shown)))
    withdraw_consent(shown, Purpose.DIRECTORY_PHOTO, actor=None)
    assert client.get(photo_of(shown)).status_code == 404


def test_posts_are_shown_but_for_bodies_that_hide_their_people(home, shown):
    council = make_body(association=home, name="理事会")
    make_appointment(shown, "会长", term=make_term(council))
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设支部", hides_people=True)
    make_appointment(shown, "书记", term=make_term(branch))

    [entry] = entries([Member.objects.select_related("employer").get(pk=shown.pk)])

    assert entry == Entry(
        shown.pk, "李明华", "重庆某某科技有限公司", "总经理", Category.NEW_MEDIA.label, ["理事会 会长"]
    )


# -- finding


@pytest.mark.parametrize("text", ["明华", "lmh", "LMH", "某某科技", "liminghua"])
def test_found_by_name_pinyin_and_employer(client, home, reader, shown, text):
    agree(make_member("王五", association=home))

    assert names(client, q=text) == ["李明华"]


@pytest.mark.parametrize(
    "text", ["13900009999", "9999", "li@example", "lihua-wx", "滨江路", "JJ001", "1980", "总经理"]
)
def test_never_found_by_what_was_not_agreed_to(client, reader, shown, text):
    page = client.get(PAGE, {"q": text})

    assert page.context["entries"] == []
    assert "通讯录中没有找到" in text_of(page)


@pytest.mark.parametrize("text", ["x" * 51, "%", "\x00", "' OR 1=1 --"])
def test_strange_searches_are_answered(client, reader, shown, text):
    assert client.get(PAGE, {"q": text}).status_code == 200


def test_pages_go_on_in_the_order_of_strokes(client, home, reader):
    for number in range(35):
        agree(
            make_member(
                f"王{'一二三四五六七八九十'[number % 10]}{'甲乙丙丁'[number // 10]}", association=home
            )
        )
    expected = list(
        Member.objects.in_directory_for(reader.user).in_stroke_order().values_list("name", flat=True)
    )

    first = client.get(PAGE)
    second = client.get(PAGE + first.context["page"].next)
    back = client.get(PAGE + second.context["page"].previous)

    read = [[entry.name for entry in page.context["entries"]] for page in (first, second, back)]
    assert (read[0] + read[1], read[2]) == (expected, read[0])
    assert (first.context["page"].previous, second.context["page"].next) == ("", "")


def test_a_page_cannot_be_asked_to_begin_at_somebody_hidden(client, home, reader, shown):
    hidden = make_member("丁一", association=home)

    for key in (hidden.pk, "x", "9" * 30):
        assert names(client, after=key) == ["李明华"]


def test_the_number_of_queries_does_not_grow(client, home, reader, django_assert_num_queries):
    agree(make_member(association=home), *ALL)
    client.get(PAGE)
    with django_assert_num_queries(9):
        client.get(PAGE)
    for _ in range(2):
        agree(make_member(association=home, employer="某公司"), *ALL)

    with django_assert_num_queries(9):
        client.get(PAGE)


# -- one's own entry


def test_own_switches_give_and_withdraw(client, reader):
    url = reverse("portal:directory_entry")

    first = client.post(url, {"directory": "on", "directory_mobile": "on"}, follow=True)

    assert set(reader.consents.in_force().values_list("purpose", flat=True)) == {
        "directory",
        "directory_mobile",
    }
    assert names(client) == ["读者"] and "其他会员可在通讯录中看到" in text_of(first)
    consent = reader.consents.in_force().first()
    assert (consent.way, consent.given_by) == (Consent.Way.SELF, reader.user)
    again = client.post(url, {"directory": "on", "directory_mobile": "on"}, follow=True)
    assert "没有改动" in text_of(again) and reader.consents.count() == 2

    last = client.post(url, {"directory_mobile": "on"}, follow=True)

    assert list(reader.consents.in_force()) == []
    assert reader.consents.count() == 2  # withdrawn, not deleted
    assert "通讯录中不再显示" in text_of(last)


def test_nobody_switches_for_another(client, reader, shown):
    client.post(reverse("portal:directory_entry"), {"directory": "", "member": shown.pk})

    assert set(shown.consents.in_force().values_list("purpose", flat=True)) == {"directory"}


def test_other_consents_are_left_alone(reader):
    give_consent(reader, Purpose.MESSAGES, way=Consent.Way.PAPER, actor=None)

    set_own_entry(reader, ALL, actor=reader.user)
    set_own_entry(reader, set(), actor=reader.user)

    assert list(reader.consents.in_force().values_list("purpose", flat=True)) == ["messages"]


def test_nothing_is_switched_on_beforehand(client, reader):
    page = text_of(client.get(PAGE))

    assert "checked" not in page


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_the_switches_want_a_post(client, reader, method):
    assert getattr(client, method)(reverse("portal:directory_entry")).status_code == 405
