"""The inbox: own messages alone, read by opening them, all at once, in pages."""

import pytest
from django.core import mail
from django.urls import reverse

from members.inbox import tell, tell_all
from members.models import Consent
from members.privacy.consents import withdraw_consent
from tests.make import make_member
from tests.members.portal.screens import agree, signed_in, text_of

pytestmark = pytest.mark.django_db
INBOX = reverse("portal:inbox")
READ = reverse("portal:inbox_read")


@pytest.fixture
def member(client):
    return signed_in(client, "张一")


def page_of(message):
    return reverse("portal:message", args=[message.pk])


def test_an_empty_inbox_says_what_comes_here(client, member):
    assert "还没有消息" in text_of(client.get(INBOX))


def test_opening_a_message_marks_it_as_read(client, member):
    message = tell(member, title="已采纳", text="第一行\n\n<b>第二行</b>", link="/my/profile/")

    page = text_of(client.get(page_of(message)))

    message.refresh_from_db()
    assert message.read_at is not None
    assert "&lt;b&gt;第二行" in page and 'href="/my/profile/"' in page
    first = message.read_at
    client.get(page_of(message))
    message.refresh_from_db()
    assert message.read_at == first


def test_a_page_loaded_ahead_or_asked_for_its_head_is_not_read(client, member):
    message = tell(member, title="已采纳")

    client.get(page_of(message), headers={"sec-purpose": "prefetch"})
    client.head(page_of(message))

    message.refresh_from_db()
    assert message.read_at is None


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_links_lead_to_our_own_pages_alone(client, member, link):
    assert "evil" not in text_of(client.get(page_of(tell(member, title="看这里", link=link))))


def test_messages_of_others_do_not_exist(client, member):
    other = tell(make_member("李四"), title="给李四")

    assert client.get(page_of(other)).status_code == 404
    assert "给李四" not in text_of(client.get(INBOX))
    other.refresh_from_db()
    assert other.read_at is None


def test_all_are_marked_as_read_by_a_post(client, member):
    for _ in range(2):
        tell(member, title="消息")
    other = tell(make_member("李四"), title="给李四")

    assert client.get(READ).status_code == 405
    page = client.post(READ, follow=True)

    assert not member.messages.unread().exists()
    other.refresh_from_db()
    assert other.read_at is None
    assert "全部消息已标为已读" in text_of(page)


def test_pages_show_each_message_once_latest_first(client, member):
    for number in range(65):
        tell(member, title=f"消息{number}")

    titles, query = [], ""
    for _ in range(3):
        page = client.get(INBOX + query).context["page"]
        titles.append([row.title for row in page.rows])
        query = page.next

    assert [title for page in titles for title in page] == [f"消息{number}" for number in range(64, -1, -1)]
    assert query == ""
    assert [row.title for row in client.get(INBOX + page.previous).context["page"].rows] == titles[1]


def test_many_are_told_at_once_by_letter_only_those_who_agreed(
    client, member, django_capture_on_commit_callbacks, django_assert_num_queries
):
    people = [make_member(email=f"post{number}@example.org") for number in range(3)]
    agree(people[0], Consent.Purpose.MESSAGES)
    agree(people[1], Consent.Purpose.MESSAGES)
    withdraw_consent(people[1], Consent.Purpose.MESSAGES, actor=None)

    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(2):
        assert tell_all(people, title="请看", link="/my/") == 3

    assert [row.messages.get().title for row in people] == ["请看"] * 3
    assert [letter.to for letter in mail.outbox] == [["post0@example.org"]]
    assert not member.messages.exists()
