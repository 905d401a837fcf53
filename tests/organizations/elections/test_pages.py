"""The pages of an election: whose they are, step by step, left and resumed, two at once, at what price."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from members.rights import Role
from organizations.elections.drafting import take_over_incumbents
from organizations.elections.office import take_office
from organizations.models import Appointment, Body, Candidate, Election, Filing, Preparation, Scrutineer
from tests.make import grant, make_association, make_body, make_member, make_term, make_user
from tests.organizations.elections.make import (
    DAY,
    contest_of,
    count,
    count_all,
    loaded,
    make_council,
    make_electing_meeting,
    make_election,
    make_supervisors,
    stand,
)

pytestmark = pytest.mark.django_db
D = dt.date
STEPS = ["setup", "preparations", "contests", "candidates", "ballots", "results", "office", "filing"]


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def election(council):
    return make_election(council)


def account(role, association, **fields):
    user = make_user()
    grant(user, role, association, **fields)
    return user


@pytest.fixture
def secretary(council):
    return account(Role.SECRETARY, council.association)


@pytest.fixture
def editor(client, secretary):
    client.force_login(secretary)
    return client


def at(name, *args):
    return reverse(f"organizations:{name}", args=args)


def step(election, key, *args):
    return at(f"election_{key}", election.pk, *args)


def text_of(response):
    """What the page says, tags left out and blanks run together."""
    main = response.content.decode().split('id="content-main"', 1)[-1].split("<footer", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def messages_of(client, response):
    page = client.get(response.url) if response.status_code == 302 else response
    return [str(message) for message in page.context["messages"]]


def addresses(election):
    """Every page of an election."""
    contest = election.contests[0].pk
    found = [step(election, key) for key in STEPS]
    return [
        *found,
        step(election, "contest", contest),
        step(election, "result", contest),
        step(election, "undo"),
    ]


# -- whose pages they are


def test_a_stranger_finds_nothing(client, election):
    client.force_login(account(Role.MANAGER, make_association()))

    assert {client.get(address).status_code for address in addresses(loaded(election))} == {404}
    assert {client.post(address).status_code for address in addresses(loaded(election))} == {404}
    assert str(election) not in client.get(at("elections")).content.decode()


def test_who_is_not_signed_in_is_asked_to(client, election):
    assert {client.get(address).status_code for address in addresses(loaded(election))} == {302}


def test_a_member_without_a_role_has_no_such_pages(client, election):
    client.force_login(make_user())
    assert {client.get(address).status_code for address in addresses(loaded(election))} == {403}


def test_a_reader_reads_and_writes_nothing(client, election):
    stand(election, "会长", make_member("张三", association=election.association))
    client.force_login(account(Role.VIEWER, election.association))
    pages = addresses(loaded(election))
    contest = contest_of(election, "会长")

    for address in pages:
        response = client.get(address, follow=True)
        assert response.status_code == 200
        main = response.content.decode().split('id="content-main"')[1].split("<footer")[0]
        forms = re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', main, re.DOTALL)
        assert not any("<button" in form for form in forms), address
    assert "张三" in client.get(step(election, "contest", contest.pk)).content.decode()
    writing = [*pages, step(election, "bodies"), step(election, "drop"), step(election, "contests_change"),
               step(election, "result_change", contest.pk)]  # fmt: skip
    assert {client.post(address).status_code for address in writing} == {403}
    assert client.get(at("election_new")).status_code == 403


def test_the_election_of_a_hidden_body_is_hidden(editor, secretary, council):
    branch = make_body(
        Body.Kind.PARTY_BRANCH, association=council.association, name="党支部", hides_people=True
    )
    make_term(branch)
    hidden = make_election(branch)

    assert editor.get(step(hidden, "setup")).status_code == 404
    assert "党支部" not in editor.get(at("elections")).content.decode()
    assert "党支部" not in editor.get(at("election_new")).content.decode()
    grant(secretary, Role.SECRETARY, council.association, body=branch)
    assert editor.get(step(hidden, "setup")).status_code == 200


# -- step by step


def test_a_new_election_is_started_from_the_term_that_expires(editor, council):
    board = make_supervisors(association=council.association)
    page = editor.get(at("election_new"))
    proposed = page.context["form"].initial
    assert set(proposed["bodies"]) == {council.pk, board.pk}

    response = editor.post(
        at("election_new"),
        {"kind": "term", "bodies": [council.pk, board.pk], "day": "2024-12-24", "starts_on": "2024-12-24",
         "planned_end_on": "2029-12-23", "name": ""},
    )  # fmt: skip

    election = Election.objects.get()
    assert response.url == step(election, "setup")
    assert str(election) == "理事会、监事会第2届换届"
    assert [contest.post.title for contest in loaded(election).contests] == [
        "会长", "副会长", "秘书长", "理事", "监事长", "监事",
    ]  # fmt: skip


def test_dates_that_cannot_be_are_said_and_what_was_typed_stays(editor, council):
    response = editor.post(
        at("election_new"),
        {"kind": "term", "bodies": [council.pk], "day": "2024-12-24", "starts_on": "2024-12-01",
         "planned_end_on": "2024-11-01", "name": "我的换届"},
    )  # fmt: skip

    assert response.status_code == 422
    text = text_of(response)
    assert "新一届开始日期早于选举日期。" in text
    assert "计划届满日期早于开始日期。" in text
    assert "我的换届" in response.content.decode()
    assert not Election.objects.exists()


def test_bodies_of_two_associations_are_two_elections(client, council):
    other = make_council(association=make_association())
    user = account(Role.SECRETARY, council.association)
    grant(user, Role.SECRETARY, other.association)
    client.force_login(user)

    response = client.post(
        at("election_new"),
        {"kind": "term", "bodies": [council.pk, other.pk], "day": "2024-12-24", "starts_on": "2024-12-24",
         "planned_end_on": "2029-12-23"},
    )  # fmt: skip

    assert "不同协会的机构应分别选举。" in text_of(response)


def test_a_late_election_wants_the_consent(editor, election):
    Election.objects.update(day=D(2025, 3, 1), starts_on=D(2025, 3, 1))
    assert "延期换届须经理事会表决" in text_of(editor.get(step(election, "setup")))
    Election.objects.update(extension="江民〔2024〕8号")
    assert "延期换届须经理事会表决" not in text_of(editor.get(step(election, "setup")))
    Election.objects.update(day=D(2026, 1, 1), starts_on=D(2026, 1, 1))
    assert "最长不得超过一年" in text_of(editor.get(step(election, "setup")))


def test_a_term_too_long_is_said(editor, election):
    Election.objects.update(planned_end_on=D(2029, 12, 24))
    assert "每届任期最长5年，应在2029-12-23前届满" in text_of(editor.get(step(election, "setup")))


def test_bodies_come_and_go_while_they_have_no_candidates(editor, election):
    board = make_supervisors(association=election.association)
    editor.post(step(election, "bodies"), {"add": board.pk})
    assert [part.body for part in election.bodies.all()] == [
        election.bodies.get(body__kind="council").body,
        board,
    ]
    take_over_incumbents(contest_of(election, "监事"))
    response = editor.post(step(election, "bodies"), {"remove": election.bodies.get(body=board).pk})

    assert "已有候选人" in messages_of(editor, response)[-1]
    assert election.bodies.count() == 2


def test_the_checklist_is_ticked_with_day_document_and_note(editor, election):
    audit = election.preparations.get(kind="audit")
    data = posted(editor.get(step(election, "preparations")), "forms")
    data |= {
        f"p{audit.pk}-done_on": "2024-11-01",
        f"p{audit.pk}-document": "审字〔2024〕1号",
        f"p{audit.pk}-note": "无异议",
    }

    assert editor.post(step(election, "preparations"), data).status_code == 302
    audit.refresh_from_db()
    assert (audit.done_on, audit.document, audit.note) == (D(2024, 11, 1), "审字〔2024〕1号", "无异议")
    editor.post(
        step(election, "preparations"), {"add": "1", "new-title": "布置会场", "new-due_on": "2024-12-23"}
    )
    assert Preparation.objects.get(kind="other").title == "布置会场"
    response = editor.post(step(election, "preparations"), {"add": "1", "new-title": ""})
    assert response.status_code == 422


def posted(response, name):
    """{field: value} that the forms `name` of the page would send untouched."""
    data = {}
    forms = response.context[name]
    for form in forms:
        for bound in form:
            value = bound.value()
            data[bound.html_name] = (
                value.isoformat() if isinstance(value, dt.date) else "" if value is None else value
            )
    return data


def test_two_at_one_checklist_both_keep_their_lines_and_the_second_is_told_of_the_same_line(editor, election):
    audit, notice = (election.preparations.get(kind=kind) for kind in ("audit", "notice"))
    page = posted(editor.get(step(election, "preparations")), "forms")
    first = page | {f"p{audit.pk}-done_on": "2024-11-01"}
    other_line = page | {f"p{notice.pk}-done_on": "2024-11-02"}
    same_line = page | {f"p{audit.pk}-done_on": "2024-11-05"}

    assert editor.post(step(election, "preparations"), first).status_code == 302
    assert editor.post(step(election, "preparations"), other_line).status_code == 302
    response = editor.post(step(election, "preparations"), same_line)

    assert response.status_code == 422
    assert "现有内容：完成日期：2024-11-01" in text_of(response)
    assert "2024-11-05" in response.content.decode()
    assert [election.preparations.get(pk=each.pk).done_on for each in (audit, notice)] == [
        D(2024, 11, 1),
        D(2024, 11, 2),
    ]
    again = posted(response, "forms")
    assert editor.post(step(election, "preparations"), again).status_code == 302
    assert election.preparations.get(pk=audit.pk).done_on == D(2024, 11, 5)


def test_posts_are_set_added_and_taken_out(editor, election):
    page = editor.get(step(election, "contests"))
    data = posted_contests(page)
    council_seats = contest_of(election, "理事")
    data |= {f"c{council_seats.pk}-seats": "7", f"c{council_seats.pk}-mode": "more"}

    assert editor.post(step(election, "contests"), data).status_code == 302
    contest = contest_of(election, "理事")
    assert (contest.seats, contest.mode) == (7, "more")
    part = election.bodies.get()
    deputy = election.association.posts.get(title="副秘书长")
    editor.post(
        step(election, "contests_change"),
        {"part": part.pk, f"n{part.pk}-post": deputy.pk, f"n{part.pk}-seats": "2"},
    )
    assert contest_of(election, "副秘书长").electorate == "council"
    editor.post(step(election, "contests_change"), {"remove": contest_of(election, "副秘书长").pk})
    assert len(loaded(election).contests) == 4


def posted_contests(page):
    data = {}
    for _part, forms, _new in page.context["parts"]:
        for form in forms:
            data |= {bound.html_name: bound.value() for bound in form}
    return data


def test_more_presidents_than_the_post_has_seats_are_refused(editor, election):
    data = posted_contests(editor.get(step(election, "contests")))
    president = contest_of(election, "会长")

    response = editor.post(step(election, "contests"), data | {f"c{president.pk}-seats": "2"})

    assert response.status_code == 422
    assert "“会长”的职数为1个" in text_of(response)
    response = editor.post(step(election, "contests"), data | {f"c{president.pk}-seats": "0"})
    assert response.status_code == 422


def test_candidates_are_taken_over_found_and_taken_off(editor, election):
    contest = contest_of(election, "理事")
    address = step(election, "contest", contest.pk)
    zhang = make_member("张三", association=election.association, employer="重庆某某科技有限公司")
    make_member("张三三", association=make_association())

    editor.post(address, {"take_over": "1"})
    assert contest_of(election, "理事").candidates.count() == 5
    found = editor.get(address, {"q": "张三"})
    assert [str(member) for member in found.context["people"]] == ["张三"]
    assert editor.post(f"{address}?q=张三", {"add": zhang.pk}).url.startswith(address)
    text = text_of(editor.get(address))
    assert "候选人6人，应选5人，等额选举" in text
    assert "重庆某某科技有限公司" in text
    assert text.count("现任") == 5
    editor.post(address, {"remove": Candidate.objects.get(member=zhang).pk})
    assert not Candidate.objects.filter(member=zhang).exists()
    assert editor.post(address, {"add": Appointment.objects.count() + 10**6}).status_code == 404


def test_the_list_is_changed_without_loading_the_page_anew(editor, election):
    contest = contest_of(election, "会长")
    member = make_member("张三", association=election.association)

    response = editor.post(
        step(election, "contest", contest.pk), {"add": member.pk}, headers={"HX-Request": "true"}
    )

    text = response.content.decode()
    assert text.lstrip().startswith('<div id="candidates"')
    assert "<html" not in text
    assert "张三" in text
    again = editor.post(
        step(election, "contest", contest.pk), {"add": member.pk}, headers={"HX-Request": "true"}
    )
    assert "张三已在名单中。" in again.content.decode()


def test_rules_of_the_charter_stand_beside_the_persons_on_the_day_of_the_election(editor, election):
    association = election.association
    seventy = make_member("古稀", association=association, birth="1953-12-24")
    younger = make_member("未满", association=association, birth="1954-12-26")
    stand(election, "副会长", seventy, younger)
    board = make_supervisors(association=association)
    supervisor = Appointment.objects.get(body=board, post__title="监事长").member
    stand(election, "理事", supervisor)

    page = editor.get(step(election, "contest", contest_of(election, "副会长").pk))
    beside = {
        str(each.candidate): [sentence for _level, sentence in each.remarks]
        for each in page.context["standing"]
    }
    turned = "年龄：1953年12月24日出生，至2024年12月24日满71周岁"
    assert turned in beside["古稀"]
    assert not any(sentence.startswith("年龄：") for sentence in beside["未满"])
    assert any("1954年12月26日" in sentence for sentence in beside["未满"])
    council = editor.get(step(election, "contest", contest_of(election, "理事").pk))
    (row,) = council.context["standing"]
    assert any("监事" in sentence for _level, sentence in row.remarks)


def test_an_age_is_said_to_who_may_read_the_birth_alone(client, election):
    stand(election, "副会长", make_member("古稀", association=election.association, birth="1950-01-01"))
    address = step(election, "contest", contest_of(election, "副会长").pk)
    client.force_login(account(Role.SECRETARY, election.association))
    assert "古稀（1950年1月1日出生，至2024年12月24日满74周岁）" in text_of(client.get(address))

    client.force_login(account(Role.VIEWER, election.association))
    page = client.get(address).content.decode()

    assert "古稀" in page
    assert "74周岁" not in page
    assert "1950" not in page


def test_an_officer_who_does_not_stand_for_the_council_is_named(editor, election):
    stand(election, "会长", make_member("外来的", association=election.association))
    page = editor.get(step(election, "contest", contest_of(election, "会长").pk))

    assert "外来的是“理事会 会长”候选人，但不是“理事会 理事”候选人" in text_of(page)


def test_scrutineers_are_no_candidates(editor, election):
    stand(election, "会长", make_member("张三", association=election.association))
    address = step(election, "ballots")
    editor.post(address, {"person": "1", "role": "chief", "name": "李四"})
    assert "尚未确定：监票人、计票人" in text_of(editor.get(address))
    editor.post(address, {"person": "1", "role": "teller", "name": "张三"})

    assert "张三是候选人，不能担任计票人" in text_of(editor.get(address))
    assert Scrutineer.objects.get(name="张三").member.name == "张三"
    twice = editor.post(address, {"person": "1", "role": "teller", "name": "张三"})
    assert twice.status_code in (200, 422)
    editor.post(address, {"remove": Scrutineer.objects.get(name="张三").pk})
    assert Scrutineer.objects.count() == 1


def test_marks_on_the_ballot_are_the_associations_own(editor, election):
    address = step(election, "ballots")
    data = {"marks": "1", "mark_for": "○", "mark_against": "×", "mark_abstain": "", "seen": "√|×|○"}
    assert editor.post(address, data).status_code == 302
    assert "同意 ○ · 不同意 × · 弃权 —" in text_of(editor.get(address))
    same = editor.post(address, data | {"mark_against": "○", "seen": "○|×|"})
    assert "选票上的各种符号不能相同。" in text_of(same)


def count_data(election, title, **changes):
    contest = contest_of(election, title)
    data = {"version": contest.version, "entitled": 30, "present": 24, "issued": 24, "returned": 24, "valid": 23,
            "invalid": 1}  # fmt: skip
    for candidate in contest.candidates.all():
        data[f"in_favour_{candidate.pk}"] = 20
    return data | changes


def test_a_result_is_entered_and_says_who_is_elected_and_why(editor, election):
    stand(election, "会长", make_member("张三", association=election.association))
    address = step(election, "result", contest_of(election, "会长").pk)

    assert editor.post(address, count_data(election, "会长")).url == address
    text = text_of(editor.get(address))
    assert "当选 得票20张，须得16张。" in text
    assert "法定人数 20" in text
    assert "张三" in text_of(editor.get(step(election, "results")))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"valid": 24}, "请重新计票"),
        ({"present": 31}, "多于应到"),
        ({"issued": -1}, "请"),
        ({"written_0": "查无此人", "written_votes_0": 3}, "没有会员叫查无此人"),
        ({"written_votes_1": 3}, "请填写得票人姓名"),
        ({"written_0": "同名", "written_votes_0": 3}, "有多名会员叫同名"),
    ],
)
def test_a_result_that_cannot_be_is_refused_and_kept_on_the_screen(editor, election, changes, sentence):
    for _ in range(2):
        make_member("同名", association=election.association)
    stand(election, "会长", make_member("张三", association=election.association))
    contest = contest_of(election, "会长")

    response = editor.post(step(election, "result", contest.pk), count_data(election, "会长", **changes))

    assert response.status_code == 422
    text = text_of(response)
    assert sentence in text
    assert 'value="20"' in response.content.decode()
    assert not contest.rounds.exists()


def test_a_void_vote_is_kept_and_repeated(editor, election):
    stand(election, "会长", make_member("张三", association=election.association))
    contest = contest_of(election, "会长")
    address = step(election, "result", contest.pk)
    editor.post(address, count_data(election, "会长", returned=25, valid=24))
    assert "收回25张，本次投票无效" in text_of(editor.get(address))

    editor.post(step(election, "result_change", contest.pk), {"again": "1", "version": contest.version + 1})
    text = text_of(editor.get(address))
    assert "第2轮投票" in text
    editor.post(address, count_data(election, "会长"))
    assert contest_of(election, "会长").rounds.count() == 2
    assert "当选 得票20张" in text_of(editor.get(address))
    editor.post(step(election, "result_change", contest.pk), {"remove": "2"})
    assert contest_of(election, "会长").rounds.count() == 1


def test_the_second_who_enters_a_result_sees_the_first_and_loses_nothing(editor, election):
    stand(election, "会长", make_member("张三", association=election.association))
    contest = contest_of(election, "会长")
    address, mine = step(election, "result", contest.pk), count_data(election, "会长", note="第二人录入")
    editor.post(address, count_data(election, "会长", note="第一人录入"))

    response = editor.post(address, mine)

    assert response.status_code == 422
    assert "他人已录入此结果" in text_of(response)
    assert "第一人录入" in text_of(response)
    assert "第二人录入" in response.content.decode()
    assert (
        editor.post(address, mine | {"version": response.context["form"]["version"].value()}).status_code
        == 302
    )
    assert contest_of(election, "会长").rounds.get().note == "第二人录入"


def test_somebody_written_in_is_entered_with_the_result(editor, election):
    stand(election, "会长", make_member("张三", association=election.association))
    make_member("李四", association=election.association)
    contest = contest_of(election, "会长")
    editor.post(
        step(election, "result", contest.pk),
        count_data(election, "会长", **{"written_0": "李四", "written_votes_0": 3}),
    )

    text = text_of(editor.get(step(election, "result", contest.pk)))
    assert re.search(r"李四 另选人 3 0 0 未当选 得票3张", text)


# -- office


def stand_again(election):
    for contest in loaded(election).contests:
        take_over_incumbents(contest)


def test_office_is_taken_in_one_step_and_undone(editor, council, election):
    stand_again(election)
    address = step(election, "office")
    assert "尚未计票" in text_of(editor.get(address))
    refused = editor.post(address, {"take": "1", "basis": "", "seen": ""})
    assert refused.status_code == 422
    count_all(election)
    assert "连任" in text_of(editor.get(address))

    editor.post(address, {"take": "1", "basis": "第二届第一次会员大会", "seen": ""})

    assert council.terms.count() == 2
    assert set(council.terms.last().appointments.values_list("basis", flat=True)) == {"第二届第一次会员大会"}
    page = text_of(editor.get(address))
    assert "9项任职自2024-12-24起生效" in page or "项任职自2024-12-24起生效" in page
    assert "撤销…" in page
    undoing = text_of(editor.get(step(election, "undo")))
    assert "将撤销" in undoing
    editor.post(step(election, "undo"))
    assert council.terms.count() == 1
    assert loaded(election).state == Election.State.DRAFT


def test_once_the_minutes_are_signed_nothing_is_undone(editor, secretary, election):
    stand_again(election)
    count_all(election)
    take_office(election, actor=secretary)
    editor.post(step(election, "office"), {"sign": "1", "on": "2025-01-03"})

    assert loaded(election).minutes_signed_on == D(2025, 1, 3)
    assert "撤销…" not in text_of(editor.get(step(election, "office")))
    response = editor.post(step(election, "undo"))
    assert "已于2025-01-03签署" in messages_of(editor, response)[-1]
    assert election.bodies.get().new_term


@pytest.fixture
def meeting(council):
    return make_electing_meeting(council.association)


def test_the_meeting_that_elected_is_chosen_and_every_page_links_its_resolution(
    editor, council, election, meeting
):
    stand_again(election)
    count_all(election)
    page = editor.get(step(election, "office"))
    assert (
        f'<option value="{meeting.pk}">2024-12-24 会员代表大会 第一届会员代表大会第一次会议</option>'
        in page.content.decode()
    )
    assert "当选“理事会”第2届：" in text_of(page)

    editor.post(
        step(election, "office"),
        {"take": "1", "meeting": meeting.pk, "text": "选举产生新一届。", "basis": ""},
    )

    resolution = meeting.resolutions.get()
    link = f'href="{resolution.get_absolute_url()}"'
    assert resolution.text == "选举产生新一届。"
    for address in (step(election, "office"), step(election, "undo"), meeting.get_absolute_url()):
        assert link in editor.get(address).content.decode(), address
    body = editor.get(council.get_absolute_url(), {"on": "2024-12-24"}).content.decode()
    assert link in body
    page = editor.get(resolution.get_absolute_url())
    assert f'href="{election.get_absolute_url()}"' in page.content.decode()
    assert (len(page.context["appointed"]), len(page.context["ended"])) == (9, 9)

    # not from the meeting, only from the election
    response = editor.post(at("resolution_take_back", resolution.pk))
    assert "请在该次选举中撤销就任" in messages_of(editor, response)[-1]
    assert loaded(election).state == "in_office"
    editor.post(step(election, "undo"))
    assert (meeting.resolutions.count(), council.terms.count()) == (0, 1)


def test_a_meeting_out_of_sight_is_not_offered_and_what_was_typed_stays(editor, election, meeting):
    stand_again(election)
    count_all(election)
    other = make_electing_meeting(make_association("别的协会"))

    response = editor.post(
        step(election, "office"),
        {"take": "1", "meeting": other.pk, "text": "自拟的决议", "basis": "某次会议"},
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert f'<option value="{other.pk}"' not in page
    assert "自拟的决议" in page
    assert 'value="某次会议"' in page
    assert (loaded(election).state, other.resolutions.count()) == ("draft", 0)


def test_who_only_reads_the_election_makes_no_resolution(client, election, meeting):
    stand_again(election)
    count_all(election)
    client.force_login(account(Role.VIEWER, election.association))
    address = step(election, "office")

    assert "<textarea" not in client.get(address).content.decode()
    assert client.post(address, {"take": "1", "meeting": meeting.pk}).status_code == 403
    assert meeting.resolutions.count() == 0
    client.force_login(account(Role.SECRETARY, make_association()))
    assert client.post(address, {"take": "1", "meeting": meeting.pk}).status_code == 404


def test_the_minutes_of_tomorrow_are_not_signed(editor, secretary, election):
    stand_again(election)
    count_all(election)
    take_office(election, actor=secretary)

    response = editor.post(step(election, "office"), {"sign": "1", "on": "2999-01-01"})

    assert response.status_code == 422
    assert loaded(election).state == Election.State.IN_OFFICE


def test_what_is_in_office_or_given_up_is_only_read(editor, secretary, election):
    stand_again(election)
    count_all(election)
    take_office(election, actor=secretary)
    contest = contest_of(election, "会长")

    writing = {
        step(election, "setup"): {"name": "别的", "day": "2024-12-24"},
        step(election, "contests"): {},
        step(election, "contest", contest.pk): {"take_over": "1"},
        step(election, "ballots"): {"person": "1", "role": "chief", "name": "李四"},
        step(election, "result", contest.pk): count_data(election, "会长"),
        step(election, "result_change", contest.pk): {"remove": "1"},
        step(election, "bodies"): {"remove": election.bodies.get().pk},
        step(election, "contests_change"): {"remove": contest.pk},
        step(election, "drop"): {},
    }
    before = Candidate.objects.count()
    for address, data in writing.items():
        response = editor.post(address, data)
        assert response.status_code == 302, address
        if not address.endswith(("take_over",)):
            messages_of(editor, response)
    election = loaded(election)
    assert (election.name, election.state, Scrutineer.objects.count()) == ("理事会第2届换届", "in_office", 0)
    assert Candidate.objects.count() == before
    # what comes after the election is ticked all the same
    data = posted(editor.get(step(election, "preparations")), "forms")
    result = election.preparations.get(kind="result")
    assert (
        editor.post(
            step(election, "preparations"), data | {f"p{result.pk}-done_on": "2024-12-30"}
        ).status_code
        == 302
    )
    assert election.preparations.get(kind="result").done_on == D(2024, 12, 30)


def test_a_draft_is_left_and_resumed_by_another_where_it_stands(editor, client, election):
    stand_again(election)
    for row in election.preparations.all():
        row.done_on = D(2024, 11, 1)
        row.save()
    count(election, "会长", {str(contest_of(election, "会长").candidates.all()[0]): 20})
    for role in Scrutineer.Role.values:
        Scrutineer.objects.create(election=election, role=role, name="李四")
    other = account(Role.MANAGER, election.association)
    client.force_login(other)

    response = client.get(at("election", election.pk))

    assert response.url == step(election, "results")
    page = client.get(response.url)
    assert [(each.step.key, each.is_done, each.note) for each in page.context["steps"]] == [
        ("setup", True, ""),
        ("preparations", True, "11/11"),
        ("contests", True, "应选9人"),
        ("candidates", True, "5人"),
        ("ballots", True, ""),
        ("results", False, "1/4"),
        ("office", False, ""),
        ("filing", False, ""),
    ]


def test_a_draft_is_given_up_and_taken_up_again(editor, election):
    editor.post(step(election, "drop"))
    assert "只能查看" in text_of(editor.get(step(election, "setup")))
    assert loaded(election).state == Election.State.DROPPED
    editor.post(step(election, "drop"))
    assert loaded(election).state == Election.State.DRAFT


# -- filing


def test_the_officers_are_listed_and_filed(editor, secretary, election):
    stand_again(election)
    count_all(election)
    assert "就任后" in text_of(editor.get(step(election, "filing")))
    assert editor.post(step(election, "filing")).status_code == 302
    assert not Filing.objects.exists()
    take_office(election, actor=secretary)

    text = text_of(editor.get(step(election, "filing")))
    assert [title for title in ("会长", "副会长", "秘书长") if title in text] == ["会长", "副会长", "秘书长"]
    for _ in range(2):
        editor.post(step(election, "filing"))
    filing = Filing.objects.get()
    assert (filing.kind, filing.term.number, filing.due_on) == (
        "officers_of_term",
        2,
        DAY + dt.timedelta(days=30),
    )


def test_undoing_takes_a_filing_along_that_was_only_listed(editor, secretary, election):
    stand_again(election)
    count_all(election)
    take_office(election, actor=secretary)
    editor.post(step(election, "filing"))
    editor.post(step(election, "undo"))
    assert (Filing.objects.count(), loaded(election).state) == (0, "draft")

    take_office(election, actor=secretary)
    editor.post(step(election, "filing"))
    Filing.objects.update(filed_on=D(2025, 1, 5))
    response = editor.post(step(election, "undo"))
    assert "请先从该届移除" in messages_of(editor, response)[-1]


def test_a_by_election_goes_through_the_same_pages(editor, council):
    response = editor.post(
        at("election_new"),
        {"kind": "by_election", "bodies": [council.pk], "day": "2022-05-01", "starts_on": "2022-05-01"},
    )
    election = Election.objects.get()
    assert response.url == step(election, "setup")
    part = election.bodies.get()
    seat = council.association.posts.get(title="理事")
    editor.post(
        step(election, "contests_change"),
        {"part": part.pk, f"n{part.pk}-post": seat.pk, f"n{part.pk}-seats": 1},
    )
    member = make_member("增补的", association=council.association)
    editor.post(step(election, "contest", contest_of(election, "理事").pk), {"add": member.pk})
    editor.post(step(election, "result", contest_of(election, "理事").pk), count_data(election, "理事"))

    editor.post(step(election, "office"), {"take": "1", "basis": "一届三次会员大会", "seen": ""})

    made = Appointment.objects.get(member=member)
    assert (made.how, made.term.number, made.starts_on) == ("by_election", 1, D(2022, 5, 1))
    page = editor.get(step(election, "contest", contest_of(election, "理事").pk))
    assert page.status_code == 200


# -- price


@pytest.mark.parametrize("title", ["candidates", "results", "office", "ballots", "contests", "setup"])
def test_the_number_of_statements_does_not_grow_with_the_lists(
    editor, council, title, django_assert_max_num_queries
):
    election = make_election(council)
    statements = []
    for number in (21, 179):
        contest = contest_of(election, "理事")
        for place in range(number):
            stand(election, "理事", make_member(f"候选{number}{place}", association=council.association))
        election.refresh_from_db()
        address = {
            "candidates": step(election, "contest", contest.pk),
            "results": step(election, "result", contest.pk),
        }.get(title) or step(election, title)
        editor.get(address)
        with django_assert_max_num_queries(60) as captured:
            assert editor.get(address).status_code == 200
        statements.append(len(captured))

    assert statements[0] == statements[1]
    assert Candidate.objects.count() == 200
