"""Two people in one record: nobody's change is lost, the second is told and chooses."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from members.models import FurtherCategory, Member, User
from members.rights import Role
from members.services import change_status
from organizations.models import Change, acting
from tests.make import grant, make_association, make_employer, make_id_number, make_member, make_user
from tests.members.screens import body_of, form_data, messages_of, section_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db):
    return make_user(name="李秘书")


@pytest.fixture
def member(client, colleague):
    """A record in the association in which the client's user is secretary."""
    home = make_association()
    member = make_member("张一", association=home, position="经理", title="会计师", title_level="中级")
    sign_in(client, Role.SECRETARY, home, name="王秘书")
    return member


def meanwhile(colleague, member, **changes):
    """Somebody else saves the record."""
    current = Member.objects.get(pk=member.pk)
    id_number = changes.pop("id_number", None)
    for name, value in changes.items():
        setattr(current, name, value)
    if id_number is not None:
        current.id_number = id_number
    with acting(colleague):
        current.save()


def whole(member):
    return reverse("admin:members_member_change", args=[member.pk])


def conflicts_in(response):
    return [
        (each.name, each.opened, each.stored, each.mine, each.actor)
        for each in response.context["adminform"].form.conflicts
    ]


@pytest.mark.parametrize("url", [whole, lambda member: section_of(member, "work")])
def test_what_only_the_other_changed_stays_and_is_told(client, colleague, member, url):
    opened = client.get(url(member))
    meanwhile(colleague, member, position="总经理")

    saved = client.post(url(member), form_data(opened, title="高级会计师"))

    member.refresh_from_db()
    assert (member.position, member.title) == ("总经理", "高级会计师")
    at = Change.objects.filter(object_id=member.pk, action__actor=colleague).get().action.at
    told = messages_of(saved)
    assert told[0] == "张一：已保存职称。"
    assert told[1].startswith("李秘书在此期间修改了职务（2") and f"{at:%M}" in told[1]


def test_what_the_other_changed_in_another_section_is_untouched(client, colleague, member):
    opened = client.get(section_of(member, "work"))
    meanwhile(colleague, member, wechat="new")

    client.post(section_of(member, "work"), form_data(opened, position="总经理"))

    member.refresh_from_db()
    assert (member.position, member.wechat) == ("总经理", "new")


@pytest.mark.parametrize("url", [whole, lambda member: section_of(member, "work")])
def test_what_both_changed_is_laid_side_by_side_and_not_saved(client, colleague, member, url):
    opened = client.get(url(member))
    meanwhile(colleague, member, position="总经理")

    asked = client.post(url(member), form_data(opened, position="董事长", title="高级会计师"))

    member.refresh_from_db()
    assert (member.position, member.title) == ("总经理", "会计师")
    assert conflicts_in(asked) == [("position", "经理", "总经理", "董事长", "李秘书")]
    form = asked.context["adminform"].form
    assert (form["position"].value(), form["title"].value()) == ("董事长", "高级会计师")
    assert "checked" not in body_of(asked).split('class="conflicts"')[1].split("</fieldset>")[0]


@pytest.mark.parametrize(("choice", "kept"), [("mine", "董事长"), ("theirs", "总经理")])
def test_the_choice_decides_and_the_rest_of_the_form_is_saved(client, colleague, member, choice, kept):
    url = section_of(member, "work")
    opened = client.get(url)
    meanwhile(colleague, member, position="总经理")
    asked = client.post(url, form_data(opened, position="董事长", title="高级会计师"))

    saved = client.post(url, form_data(asked) | {"choice-position": choice})

    member.refresh_from_db()
    assert saved.status_code == 302
    assert (member.position, member.title) == (kept, "高级会计师")


def test_without_a_choice_the_form_asks_again(client, colleague, member):
    url = section_of(member, "work")
    opened = client.get(url)
    meanwhile(colleague, member, position="总经理")
    asked = client.post(url, form_data(opened, position="董事长"))

    again = client.post(url, form_data(asked))

    member.refresh_from_db()
    assert member.position == "总经理"
    assert conflicts_in(again) == conflicts_in(asked) == [("position", "经理", "总经理", "董事长", "李秘书")]


def test_a_choice_counts_only_against_what_it_was_given_for(client, colleague, member):
    url = section_of(member, "work")
    opened = client.get(url)
    meanwhile(colleague, member, position="总经理")
    asked = client.post(url, form_data(opened, position="董事长"))
    meanwhile(colleague, member, position="顾问")

    again = client.post(url, form_data(asked) | {"choice-position": "mine"})
    saved = client.post(url, form_data(again) | {"choice-position": "mine"})

    assert conflicts_in(again) == [("position", "经理", "顾问", "董事长", "李秘书")]
    assert saved.status_code == 302
    member.refresh_from_db()
    assert member.position == "董事长"


def test_some_chosen_the_others_are_asked_again(client, colleague, member):
    url = section_of(member, "work")
    opened = client.get(url)
    meanwhile(colleague, member, position="总经理", occupation="律师")
    asked = client.post(url, form_data(opened, position="董事长", occupation="编辑"))

    again = client.post(url, form_data(asked) | {"choice-position": "theirs"})
    saved = client.post(url, form_data(again) | {"choice-occupation": "mine"})

    assert conflicts_in(again) == [("occupation", "", "律师", "编辑", "李秘书")]
    assert saved.status_code == 302
    member.refresh_from_db()
    assert (member.position, member.occupation) == ("总经理", "编辑")


def test_both_wrote_the_same_is_no_question(client, colleague, member):
    url = section_of(member, "work")
    opened = client.get(url)
    meanwhile(colleague, member, position="总经理")

    saved = client.post(url, form_data(opened, position="总经理"))

    assert saved.status_code == 302
    assert messages_of(saved) == ["张一：内容没有变化。"]


def test_what_was_typed_stays_when_something_else_is_wrong_too(client, colleague, member):
    url = section_of(member, "contact")
    opened = client.get(url)
    meanwhile(colleague, member, wechat="theirs")

    asked = client.post(url, form_data(opened, wechat="mine", mobile="12", address="几江街道"))

    form = asked.context["adminform"].form
    values = {name: form[name].value() for name in ("wechat", "mobile", "address")}
    assert values == {"wechat": "mine", "mobile": "12", "address": "几江街道"}
    assert set(form.errors) == {"__all__", "mobile"}


def test_employers_and_choices_are_compared_by_their_names(client, colleague, member):
    first, second = (make_employer(name, association=member.association) for name in ("甲公司", "乙公司"))
    url = section_of(member, "work")
    opened = client.get(url)
    meanwhile(colleague, member, employer=first, title_level="初级")

    asked = client.post(url, form_data(opened, employer=second.pk, title_level="副高级"))

    assert conflicts_in(asked) == [
        ("employer", "", "甲公司", "乙公司", "李秘书"),
        ("title_level", "中级", "初级", "副高级", "李秘书"),
    ]


def test_identity_numbers_are_compared_masked(client, colleague, member):
    url = section_of(member, "identity")
    meanwhile(colleague, member, id_number=make_id_number(1))
    opened = client.get(url)
    meanwhile(colleague, member, id_number=make_id_number(2))

    asked = client.post(url, form_data(opened, id_number=make_id_number(3)))
    saved = client.post(url, form_data(asked) | {"choice-id_number": "theirs"})

    masks = [f"500116********{make_id_number(serial)[14:]}" for serial in (2, 3)]
    assert conflicts_in(asked) == [("id_number", "不保留", *masks, "李秘书")]
    assert make_id_number(2) not in body_of(asked)
    assert saved.status_code == 302
    assert Member.objects.get(pk=member.pk).id_number == make_id_number(2)


def test_my_identity_number_goes_in_when_chosen(client, colleague, member):
    url = section_of(member, "identity")
    opened = client.get(url)
    meanwhile(colleague, member, id_number=make_id_number(2))

    asked = client.post(url, form_data(opened, id_number=make_id_number(3)))
    client.post(url, form_data(asked) | {"choice-id_number": "mine"})

    assert Member.objects.get(pk=member.pk).id_number == make_id_number(3)


def test_back_and_save_again_changes_nothing_and_says_so(client, member):
    url = section_of(member, "work")
    data = form_data(client.get(url), position="总经理")

    client.post(url, data)
    again = client.post(url, data)

    assert again.status_code == 302
    assert messages_of(again)[-1] == "张一：内容没有变化。"
    assert Change.objects.filter(object_id=member.pk, kind="~").count() == 1
    assert Member.objects.get(pk=member.pk).version == member.version + 1


def test_back_and_another_value_shows_my_own_first_one(client, member):
    url = section_of(member, "work")
    opened = client.get(url)
    client.post(url, form_data(opened, position="总经理"))

    asked = client.post(url, form_data(opened, position="董事长"))

    assert conflicts_in(asked) == [("position", "经理", "总经理", "董事长", "王秘书")]


@pytest.mark.parametrize("opened", ["", "x", "a:b:c", "\x00", "😀"])
def test_a_form_that_does_not_say_when_it_was_opened_is_not_saved_and_not_lost(client, member, opened):
    url = section_of(member, "work")
    data = form_data(client.get(url), position="总经理")

    refused = client.post(url, data | {"opened": opened})
    saved = client.post(url, form_data(refused))

    assert refused.status_code == 200
    assert list(refused.context["adminform"].form.errors) == ["__all__"]
    assert saved.status_code == 302
    assert Member.objects.get(pk=member.pk).position == "总经理"


def test_what_another_member_was_opened_with_is_of_no_use(client, member):
    other = make_member("张二", association=member.association)
    token = form_data(client.get(section_of(other, "work")))["opened"]

    refused = client.post(
        section_of(member, "work"), form_data(client.get(section_of(member, "work")), opened=token)
    )

    assert list(refused.context["adminform"].form.errors) == ["__all__"]


def test_moved_to_an_association_one_only_reads_is_not_written_any_more(client, colleague, member):
    other = make_association()
    user = User.objects.get(name="王秘书")
    grant(user, Role.VIEWER, other)
    opened = client.get(section_of(member, "work"))
    meanwhile(colleague, member, association=other)

    refused = client.post(section_of(member, "work"), form_data(opened, position="总经理"))

    assert refused.status_code == 403
    assert Member.objects.get(pk=member.pk).position == "经理"


def test_steps_and_categories_of_two_people_add_up(client, colleague, member):
    url = section_of(member, "association")
    opened = client.get(url)
    change_status(member, to="停权", on="2024-03", actor=colleague)
    FurtherCategory.objects.create(member=member, category="新媒体从业人员")

    client.post(
        url,
        form_data(opened)
        | {
            "status_changes-TOTAL_FORMS": 1,
            "status_changes-0-status": "退会",
            "status_changes-0-on": "2024-05",
        }
        | {"further_categories-TOTAL_FORMS": 1, "further_categories-0-category": "自由职业人员"},
    )

    member.refresh_from_db()
    assert list(member.status_changes.values_list("status", "on")) == [
        ("停权", "2024-03"),
        ("退会", "2024-05"),
    ]
    assert member.status == "退会"
    assert set(member.further_categories.values_list("category", flat=True)) == {
        "新媒体从业人员",
        "自由职业人员",
    }


def test_the_same_category_by_two_people_is_a_sentence(client, colleague, member):
    url = section_of(member, "association")
    opened = client.get(url)
    FurtherCategory.objects.create(member=member, category="新媒体从业人员")

    refused = client.post(
        url,
        form_data(opened)
        | {"further_categories-TOTAL_FORMS": 1, "further_categories-0-category": "新媒体从业人员"},
    )

    assert refused.status_code == 200
    assert "该会员已有这个类别" in body_of(refused)


def test_superusers_do_not_rewrite_recorded_steps_either(client, member):
    root = make_user(is_superuser=True)
    step = change_status(member, to="停权", on="2024-03", actor=None)
    client.force_login(root)
    url = section_of(member, "association")

    client.post(
        url,
        form_data(client.get(url))
        | {"status_changes-0-id": step.pk, "status_changes-0-on": "2020", "status_changes-0-DELETE": "on"},
    )

    assert list(member.status_changes.values_list("on", flat=True)) == ["2024-03"]


# -- at the same instant


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("section", "field"), [("identity", "id_number"), ("association", "number")])
def test_the_same_number_at_the_same_instant_is_a_sentence(section, field):
    home = make_association()
    user = make_user()
    grant(user, Role.SECRETARY, home)
    mine, theirs = make_member("张一", association=home), make_member("张二", association=home)
    written = {"id_number": make_id_number(1), "number": "JJ1"}[field]
    client = Client()
    client.force_login(user)
    data = form_data(client.get(section_of(mine, section)), **{field: written})
    answers = []

    def save_mine():
        try:
            answers.append(client.post(section_of(mine, section), data))
        finally:
            connection.close()

    thread = threading.Thread(target=save_mine)
    with transaction.atomic():
        setattr(theirs, field, written)
        theirs.save()
        thread.start()
        thread.join(1.5)  # it looks, sees nothing, writes and waits for us
        assert thread.is_alive()
    thread.join(30)

    [answer] = answers
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert (
        Member.objects.exclude(**{"id_digest": None} if field == "id_number" else {"number": ""}).get()
        == theirs
    )
