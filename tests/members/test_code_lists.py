"""Lists of words that forms offer: kept by managers, offered to all, demanded of nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import ListedWord, Member
from members.rights import Role
from organizations.models import Change
from tests.make import grant, make_association, make_member, make_user
from tests.members.screens import change_url, form_data, sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_listedword_changelist")
ADD = reverse("admin:members_listedword_add")


def make_word(name, association, **fields):
    return ListedWord.objects.create(
        name=name, association=association, **{"word_list": "occupation", **fields}
    )


def section_url(member, section):
    return reverse("admin:members_member_section", args=[member.pk, section])


def test_stranger_reader_and_manager_of_a_word(client):
    home, elsewhere = make_association(), make_association()
    word = make_word("茶艺师", home)

    answers = {}
    for who, role, association in (
        ("stranger", Role.MANAGER, elsewhere),
        ("secretary", Role.SECRETARY, home),
        ("manager", Role.MANAGER, home),
    ):
        sign_in(client, role, association)
        page = client.get(change_url(word))
        data = form_data(page, name="评茶师") if who == "manager" else {"name": "评茶师"}
        answers[who] = page.status_code, client.post(change_url(word), data).status_code

    assert answers == {"stranger": (404, 404), "secretary": (200, 403), "manager": (200, 302)}
    assert ListedWord.objects.get(pk=word.pk).name == "评茶师"


def test_the_words_for_everybody_are_there_and_closed_to_managers(client):
    sign_in(client, Role.MANAGER, make_association())
    word = ListedWord.objects.get(word_list="occupation", name="律师")

    written = client.post(change_url(word), {"name": "法律人"})

    assert (word.association, word.category) == (None, "中介组织和社会组织从业人员")
    assert written.status_code == 403


def test_a_word_stands_once_in_a_list(client):
    home = make_association()
    make_word("茶艺师", home)
    sign_in(client, Role.MANAGER, home)

    page = client.post(
        ADD, {"association": home.pk, "word_list": "occupation", "category": "", "name": " 茶艺师 "}
    )

    assert "词表中已有这个词" in page.content.decode()
    assert ListedWord.objects.filter(name="茶艺师").count() == 1


def test_the_members_form_offers_words_in_sight_and_takes_any(client):
    home, elsewhere = make_association(townships="几江街道"), make_association()
    make_word("茶艺师", home)
    make_word("看不见的职业", elsewhere)
    member = make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    page = client.get(section_url(member, "work"))
    text = page.content.decode()
    client.post(section_url(member, "work"), form_data(page, occupation="自己写的职业"))

    assert '<option value="茶艺师"' in text
    assert '<option value="律师"' in text
    assert "看不见的职业" not in text
    assert '<option value="几江街道"' in client.get(section_url(member, "association")).content.decode()
    assert Member.objects.get().occupation == "自己写的职业"


def test_a_changed_word_is_written_into_the_records_when_asked(client):
    home, elsewhere = make_association(), make_association()
    word = make_word("茶艺师", home)
    ours = make_member("张一", association=home, occupation="茶艺师")
    make_member("张二", association=home, occupation="律师")
    theirs = make_member("张三", association=elsewhere, occupation="茶艺师")
    manager = sign_in(client, Role.MANAGER, home)

    page = client.post(
        change_url(word), form_data(client.get(change_url(word)), name="评茶师", rename="on"), follow=True
    )

    assert "已更新 1 名会员的记录" in page.content.decode()
    assert Member.objects.get(pk=ours.pk).occupation == "评茶师"
    assert Member.objects.get(pk=theirs.pk).occupation == "茶艺师"
    change = Change.objects.of(ours).order_by("-pk").first()
    assert (change.diff, change.action.actor) == ({"occupation": ["茶艺师", "评茶师"]}, manager)
    assert Member.objects.get(pk=ours.pk).version == ours.version + 1


def test_a_changed_word_alone_leaves_the_records(client):
    home = make_association()
    word = make_word("茶艺师", home)
    member = make_member("张一", association=home, occupation="茶艺师")
    sign_in(client, Role.MANAGER, home)

    client.post(change_url(word), form_data(client.get(change_url(word)), name="评茶师"))

    assert Member.objects.get(pk=member.pk).occupation == "茶艺师"


def test_the_list_takes_the_same_queries_at_one_word_and_three(client, django_assert_num_queries):
    home = make_association()
    ListedWord.objects.all().delete()
    user = make_user()
    grant(user, Role.MANAGER, home)
    client.force_login(user)
    make_word("甲", home)
    client.get(LIST)
    with CaptureQueriesContext(connection) as once:
        client.get(LIST)
    make_word("乙", home)
    make_word("丙", home)

    with django_assert_num_queries(len(once)):
        client.get(LIST)
