"""Introducers in their own pages: a link for somebody new, an answer to who named them."""

import pytest
from django.urls import reverse

from members.codes import Status
from members.models import Application, Introduction
from tests.make import make_member, make_user
from tests.members.applications.people import ANSWERS, MOBILE, make_open_association, make_submitted, only
from tests.members.screens import body_of, messages_of

pytestmark = pytest.mark.django_db
PAGE = reverse("portal:introductions")


@pytest.fixture
def home():
    return make_open_association(takes_applications=False, introducers=1)


@pytest.fixture
def member(client, home):
    user = make_user()
    client.force_login(user)
    return make_member("李四", association=home, user=user)


def test_a_link_for_somebody_is_used_up_by_its_first_use(client, home, member):
    answer = client.post(PAGE, {"name": "赵六"})
    draft = only()
    token = draft.token
    assert f"/apply/d/{token}/" in body_of(client.get(answer.url))
    address = reverse("application_draft", args=[token])
    assert client.get(address).context["form"]["name"].value() == "赵六"

    answer = client.post(address, {"name": "赵六", "mobile": MOBILE, "has_read": "on"})

    draft = only()
    assert draft.token != token
    assert answer.url == reverse("application_link", args=[draft.token])
    assert client.get(address).status_code == 404
    introduction = draft.introductions.get()
    assert (introduction.member, introduction.state) == (member, "confirmed")
    page = body_of(client.get(reverse("portal:introduction", args=[introduction.pk])))
    assert draft.token not in page
    assert MOBILE not in page
    # the confirmed introducer need not be named again
    step = reverse("application_step", args=[draft.token, "reason"])
    assert list(client.get(step).context["form"].fields) == ["reason"]


def test_who_is_named_answers_with_an_opinion(client, home, member):
    application = make_submitted(home, introducer1_name="李四")
    introduction = application.introductions.get()
    page = client.get(PAGE)
    assert page.context["asked"] == [introduction]
    address = reverse("portal:introduction", args=[introduction.pk])
    text = body_of(client.get(address))
    shown = [
        ANSWERS[key] in text for key in ("employer", "position", "reason", "mobile", "id_number", "birth")
    ]
    assert shown == [True, True, True, False, False, False]

    client.post(address, {"confirm": "1", "opinion": "共事多年"})
    introduction.refresh_from_db()
    assert (introduction.state, introduction.opinion) == ("confirmed", "共事多年")
    client.post(address, {"decline": "1", "opinion": ""})
    introduction.refresh_from_db()
    assert introduction.state == Introduction.State.DECLINED


def test_an_answer_comes_too_late_once_decided(client, home, member):
    application = make_submitted(home, introducer1_name="李四")
    introduction = application.introductions.get()
    Application.objects.update(state="withdrawn")

    answer = client.post(reverse("portal:introduction", args=[introduction.pk]), {"confirm": "1"})

    assert "不再需要" in messages_of(answer)[0]
    introduction.refresh_from_db()
    assert introduction.state == "asked"


def test_one_sees_the_own_introductions_only(client, home, member):
    other = make_member("王五", association=home)
    application = make_submitted(home, introducer1_name="王五")
    assert application.introductions.get().member == other

    assert "赵六" not in body_of(client.get(PAGE))
    address = reverse("portal:introduction", args=[application.introductions.get().pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"confirm": "1"}).status_code == 404


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.WITHDRAWN, Status.APPLIED])
def test_only_registered_members_introduce(client, home, member, status):
    member.status = status
    member.save()

    assert client.post(PAGE, {"name": "赵六"}).status_code == 403
    assert "只有在册会员" in body_of(client.get(PAGE))


def test_links_that_nobody_uses_are_limited(client, home, member):
    for _ in range(20):
        client.post(PAGE, {"name": "赵六"})

    page = client.post(PAGE, {"name": "钱七"})

    assert (page.status_code, Application.objects.count()) == (422, 20)
    assert client.post(PAGE, {"name": ""}).status_code == 422


def test_an_account_without_a_record_is_told_whom_to_ask(client):
    client.force_login(make_user())

    assert client.get(PAGE).status_code == 404


def test_the_page_takes_the_same_number_of_queries(client, home, member, django_assert_max_num_queries):
    for name in ("赵六", "钱七", "孙八"):
        client.post(PAGE, {"name": name})
    client.get(PAGE)

    with django_assert_max_num_queries(9):
        client.get(PAGE)
