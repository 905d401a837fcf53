"""Draft → candidates → votes → office, and back."""

import datetime as dt

import pytest
from django.utils import translation

from members.codes import Status
from members.services import change_status
from organizations.elections.drafting import (
    ChangedMeanwhile,
    add_candidate,
    add_contest,
    drop_election,
    remove_body,
    remove_candidate,
    remove_contest,
    resume_election,
    take_over_incumbents,
)
from organizations.elections.office import plan_office, plan_undoing, sign_minutes, take_office, undo_office
from organizations.elections.results import fresh_result, open_round, remove_round, save_count
from organizations.meetings.holding import cancel_meeting
from organizations.meetings.holding import sign_minutes as sign_meeting
from organizations.meetings.resolving import delete_resolution, not_taken_back, take_back
from organizations.models import (
    Action,
    Appointment,
    Attendance,
    Candidate,
    Change,
    Contest,
    Election,
    MeetingRule,
    Resolution,
    Term,
)
from organizations.services import NotPossible, end_appointment
from tests.make import (
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_term,
    make_user,
)
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
BEFORE = DAY - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def election(council):
    return make_election(council)


@pytest.fixture
def actor():
    return make_user()


def seats(election):
    return {contest.post.title: contest.seats for contest in loaded(election).contests}


def holders(day):
    rows = Appointment.objects.in_force_on(day).select_related("member", "post")
    return sorted(f"{row.member} {row.post}" for row in rows)


def stand_again(election):
    """Everybody stands again for what they hold."""
    for contest in loaded(election).contests:
        take_over_incumbents(contest)


# -- the draft


def test_a_draft_has_the_posts_of_the_body_with_the_seats_held(election):
    part = election.bodies.get()

    assert (part.number, part.term.number) == (2, 1)
    assert seats(election) == {"会长": 1, "副会长": 2, "秘书长": 1, "理事": 5}
    assert election.preparations.count() == 12
    assert str(election) == "理事会第2届换届"


def test_a_body_is_re_elected_once_at_a_time(election, council):
    with pytest.raises(NotPossible, match="已在“理事会第2届换届”中"):
        make_election(council)

    drop_election(election)
    assert make_election(council)


def test_a_draft_given_up_is_taken_up_again(election):
    drop_election(election)
    with pytest.raises(NotPossible, match="不在筹备中"):
        take_over_incumbents(contest_of(election, "理事"))
    resume_election(election)

    assert take_over_incumbents(contest_of(election, "理事"))


def test_incumbents_become_candidates_once(election):
    contest = contest_of(election, "理事")
    assert [len(take_over_incumbents(contest)) for _ in range(2)] == [5, 0]
    assert Candidate.objects.count() == 5


def test_who_has_left_is_no_incumbent(election, actor):
    contest = contest_of(election, "会长")
    president = Appointment.objects.get(post__title="会长").member
    change_status(president, to=Status.WITHDRAWN, on="2024-01-10", actor=actor)

    assert take_over_incumbents(contest) == []


def test_a_candidate_is_of_the_association_and_listed_once(election):
    contest = contest_of(election, "理事")
    with pytest.raises(NotPossible, match="不是该机构所属协会的会员"):
        add_candidate(contest, make_member(association=make_association()))
    one = make_member("张三", association=election.association)
    candidate = add_candidate(contest, one)
    with pytest.raises(NotPossible, match="张三已在名单中"):
        add_candidate(contest, one)
    remove_candidate(candidate)
    assert add_candidate(contest, one)


def test_a_body_or_post_with_candidates_stays(election):
    board = make_supervisors(association=election.association)
    other = make_election(board)
    stand_again(other)

    for change, what in ((remove_body, other.bodies.get()), (remove_contest, contest_of(other, "监事"))):
        with pytest.raises(NotPossible, match="已有候选人"):
            change(what)


def test_a_post_of_another_body_is_not_filled(election):
    board = make_supervisors(association=election.association)
    post = board.association.posts.get(title="监事")
    with pytest.raises(NotPossible, match="没有“监事”"):
        add_contest(election.bodies.get(), post=post, seats=1)


# -- ballots


def result(election, title):
    return fresh_result(contest_of(election, title))


def test_a_tie_at_the_last_seat_leads_to_a_further_ballot_among_those_who_tied(election):
    people = [make_member(name, association=election.association) for name in ("甲", "乙", "丙", "丁")]
    stand(election, "副会长", *people)
    Contest.objects.update(majority="half_present")
    count(election, "副会长", {"甲": 19, "乙": 14, "丙": 14, "丁": 1})
    first = result(election, "副会长")
    assert ([str(each) for each in first.elected], first.needs_another, first.vacant) == (["甲"], True, 1)
    assert {str(each) for each in first.last.tied} == {"乙", "丙"}

    second = open_round(contest_of(election, "副会长"))
    assert (second.number, second.seats, second.tallies.count()) == (2, 1, 2)
    assert not result(election, "副会长").is_counted
    count(election, "副会长", {"乙": 17, "丙": 7}, number=2)

    final = result(election, "副会长")
    assert ([str(each) for each in final.elected], final.vacant, final.may_vote_again) == (
        ["甲", "乙"],
        0,
        False,
    )
    with pytest.raises(NotPossible, match="无须再次投票"):
        open_round(contest_of(election, "副会长"))


def test_a_void_vote_is_repeated_with_the_same_candidates(election):
    stand(election, "会长", make_member("甲", association=election.association))
    ballot = count(election, "会长", {"甲": 24}, returned=25, valid=25)

    assert ballot.is_void
    assert result(election, "会长").elected == []
    again = open_round(contest_of(election, "会长"))
    assert (again.seats, [str(tally.candidate) for tally in again.tallies.all()]) == (1, ["甲"])
    count(election, "会长", {"甲": 24}, number=2)
    assert [str(each) for each in result(election, "会长").elected] == ["甲"]


def test_who_is_written_in_can_be_elected(election):
    association = election.association
    stand(election, "会长", make_member("甲", association=association))
    count(election, "会长", {"甲": 4}, write_ins=[(make_member("乙", association=association), 18)])

    assert [str(each) for each in result(election, "会长").elected] == ["乙"]
    assert Candidate.objects.get(member__name="乙").is_write_in
    remove_round(contest_of(election, "会长"), number=1)
    assert not Candidate.objects.filter(member__name="乙").exists()


def test_who_is_written_in_for_a_further_ballot_did_not_stand_in_the_first(election):
    association = election.association
    stand(election, "会长", make_member("甲", association=association))
    count(election, "会长", {"甲": 10})
    open_round(contest_of(election, "会长"))
    count(election, "会长", {"甲": 4}, number=2, write_ins=[(make_member("乙", association=association), 18)])

    assert [[str(line.candidate) for line in each.lines] for each in result(election, "会长").rounds] == [
        ["甲"],
        ["乙", "甲"],
    ]


def test_numbers_not_known_yet_are_kept_and_decide_nothing(election):
    stand(election, "会长", make_member("甲", association=election.association))
    count(election, "会长", {}, returned=None, valid=None, invalid=None)

    assert not result(election, "会长").is_counted
    assert contest_of(election, "会长").rounds.get().issued == 24


def test_votes_that_do_not_add_up_elect_nobody(election):
    people = [make_member(name, association=election.association) for name in ("甲", "乙")]
    stand(election, "会长", *people)
    count(election, "会长", {"甲": 20, "乙": 20})

    counted = result(election, "会长")
    assert (counted.is_counted, counted.elected) == (False, [])
    assert "合计得40票" in counted.last.faults[0]


def test_the_second_of_two_who_enter_a_result_is_told(election):
    stand(election, "会长", make_member("甲", association=election.association))
    seen = contest_of(election, "会长").version
    count(election, "会长", {"甲": 20})

    with pytest.raises(ChangedMeanwhile):
        save_count(contest_of(election, "会长"), number=1, version=seen, numbers={}, votes={})
    assert contest_of(election, "会长").rounds.get().issued == 24


def test_no_candidates_come_or_go_once_votes_are_counted(election):
    (candidate,) = stand(election, "会长", make_member("甲", association=election.association))
    count(election, "会长", {"甲": 20})

    with pytest.raises(NotPossible, match="已计票"):
        add_candidate(contest_of(election, "会长"), make_member(association=election.association))
    with pytest.raises(NotPossible, match="已计票"):
        remove_candidate(candidate)


@pytest.mark.parametrize(
    ("electorate", "entitled", "quorum"),
    [
        ("assembly", 139, 93),
        ("council", 30, 20),
        ("supervisors", 3, 2),
        ("party_meeting", 10, 6),
        ("party_committee", 5, 3),
    ],
)
def test_without_a_rule_of_its_own_the_usual_quorum_holds(election, electorate, entitled, quorum):
    Contest.objects.update(electorate=electorate)
    count(election, "会长", {}, entitled=entitled, present=2, issued=2, returned=2, valid=2)

    assert result(election, "会长").last.quorum == quorum


def test_the_quorum_is_that_of_the_rule_of_the_meeting_that_elects(election):
    Contest.objects.update(electorate="assembly")
    stand(election, "会长", make_member("甲", association=election.association))
    MeetingRule.objects.create(
        association=election.association, kind="assembly", quorum="4/5", majority="1/2"
    )
    MeetingRule.objects.create(association=election.association, kind="council", quorum="1/1", majority="1/2")
    count(election, "会长", {"甲": 22}, entitled=30, present=23, issued=23, returned=23, valid=23)

    counted = result(election, "会长")
    assert (counted.last.quorum, counted.elected) == (24, [])
    assert "至少须有24人" in counted.last.faults[0]


# -- taking office


def test_before_the_votes_are_counted_nobody_takes_office(election, actor):
    stand_again(election)
    plan = plan_office(loaded(election))

    assert len(plan.refusals) == 4
    with pytest.raises(NotPossible, match="尚未计票"):
        take_office(election, actor=actor)


def test_taking_office_is_one_action_from_the_old_term_to_the_new(election, council, actor):
    new = make_member("新来的", association=council.association)
    stand_again(election)
    gone = Candidate.objects.get(contest__post__title="理事", member__name="理事" + chr(0x4E04))
    remove_candidate(gone)
    stand(election, "理事", new)
    count_all(election)
    plan = plan_office(loaded(election)).bodies[0]
    assert (len(plan.starts), len(plan.continued), [str(each.member) for each in plan.ends]) == (
        9, 8, [str(gone.member)],
    )  # fmt: skip
    assert [str(start.member) for start in plan.starts if not start.stays] == ["新来的"]
    before, actions = holders(BEFORE), Action.objects.count()

    election = take_office(election, actor=actor)

    first, second = council.terms.order_by("number")
    assert (first.ended_on, second.starts_on, second.planned_end_on) == (BEFORE, DAY, D(2029, 12, 23))
    assert holders(BEFORE) == before
    assert holders(DAY) == sorted([*(each for each in before if str(gone.member) not in each), "新来的 理事"])
    assert set(second.appointments.values_list("how", "basis")) == {("elected", "理事会第2届换届")}
    assert Action.objects.count() == actions + 1
    action = Action.objects.latest("pk")
    assert (action.actor, action.note) == (actor, "就任：理事会第2届换届")
    assert Change.objects.filter(action=action, content_type__model="appointment").count() == 18
    assert election.state == Election.State.IN_OFFICE
    with pytest.raises(NotPossible, match="不在筹备中"):
        take_office(election, actor=actor)


def test_an_officer_who_is_no_council_member_does_not_take_office(election, actor):
    stand_again(election)
    remove_candidate(Candidate.objects.get(contest__post__title="会长"))
    stand(election, "会长", make_member("外来的", association=election.association))
    count_all(election)

    with pytest.raises(NotPossible, match="外来的当选“会长”，但未当选“理事”"):
        take_office(election, actor=actor)
    assert Term.objects.count() == 1


def test_where_nobody_votes_for_council_members_the_seat_comes_with_the_post(election, actor):
    stand_again(election)
    for title in ("理事", "副会长", "秘书长"):
        contest = contest_of(election, title)
        for candidate in contest.candidates.all():
            remove_candidate(candidate)
        remove_contest(contest)
    count_all(election)

    take_office(election, actor=actor)

    assert holders(DAY) == ["理事一 会长", "理事一 理事"]


def test_standing_members_are_council_members(council, actor):
    standing = make_body("standing_council", association=council.association, name="常务理事会")
    make_term(standing)
    election = make_election(council, standing)
    stand_again(election)
    stand(election, "常务理事", make_member("外来的", association=council.association))
    count_all(election)

    with pytest.raises(NotPossible, match="外来的当选“常务理事”，但未当选“理事”"):
        take_office(election, actor=actor)


def test_what_a_service_refuses_is_said_and_nothing_is_changed(election, council, actor):
    stand_again(election)
    count_all(election)
    later = make_member("后来的", association=council.association)
    make_appointment(later, term=council.terms.get(), starts_on=D(2025, 6, 1))

    with pytest.raises(NotPossible, match="后来的将于2025-06-01任“理事”"):
        take_office(election, actor=actor)

    assert council.terms.get().ended_on is None
    assert loaded(election).state == Election.State.DRAFT


def test_two_bodies_take_office_at_once(council, actor):
    board = make_supervisors(association=council.association)
    election = make_election(council, board)
    stand_again(election)
    count_all(election)

    take_office(election, actor=actor)

    assert (council.terms.count(), board.terms.count()) == (2, 2)
    assert len(holders(DAY)) == 9 + 4


# -- the meeting that elected


@pytest.fixture
def meeting(council):
    """The members' assembly on the day of the election, held."""
    return make_electing_meeting(council.association)


def in_office(election, actor, meeting, **said):
    """One leaves the council, all others stay; `meeting` elected them."""
    stand_again(election)
    for gone in Candidate.objects.filter(contest__post__title="理事", member__name__endswith=chr(0x4E04)):
        remove_candidate(gone)
    count_all(election)
    return take_office(election, actor=actor, meeting=meeting, **said)


def test_with_the_meeting_chosen_its_resolution_is_made_and_linked(election, meeting, actor):
    election = in_office(election, actor, meeting)

    resolution = meeting.resolutions.get()
    assert election.resolution == resolution
    assert (resolution.kind, resolution.is_passed, resolution.number, str(resolution)) == (
        "election", True, 1, "关于“理事会第2届换届”选举结果的决议",
    )  # fmt: skip
    assert resolution.text.splitlines()[:2] == ["当选“理事会”第2届：", "会长：理事一"]
    assert resolution.text.count(chr(0x4E04)) == 0
    made = Appointment.objects.filter(starts_on=DAY)
    assert set(made.values_list("decided_by", "basis")) == {(resolution.pk, resolution.basis)}
    ended = Appointment.objects.filter(ends_on=BEFORE)
    assert (ended.count(), set(ended.values_list("ended_by", "end_basis"))) == (
        9, {(resolution.pk, resolution.basis)},
    )  # fmt: skip
    assert resolution.carried_out.actor == actor
    changed = Change.objects.filter(action=resolution.carried_out, content_type__model="appointment")
    assert set(changed.values_list("object_id", flat=True)) == set(
        Appointment.objects.filter(body=election.bodies.get().body).values_list("pk", flat=True)
    )
    assert Action.objects.filter(actor=actor).count() == 2


def test_undoing_takes_the_resolution_back_and_office_can_be_taken_again(election, meeting, actor):
    stand_again(election)
    count_all(election)
    before = state_of_rows()

    for _time in range(2):
        take_office(election, actor=actor, meeting=meeting)
        undo_office(election, actor=actor)

        assert not Resolution.objects.exists()
        assert not Appointment.objects.exclude(decided_by=None, ended_by=None).exists()
        election.refresh_from_db()
        assert (election.state, election.resolution) == ("draft", None)
        assert state_of_rows() == before


def test_once_the_minutes_of_the_meeting_are_signed_nothing_is_undone_and_their_day_is_taken_over(
    election, meeting, actor
):
    election = in_office(election, actor, meeting)
    Attendance.objects.all().delete()
    sign_meeting(meeting, on=D(2024, 12, 30), by="张三")
    election = loaded(election)

    assert plan_undoing(election).refusals == [
        "“第一届会员代表大会第一次会议”的会议纪要已于2024-12-30签署，选举结果不可再变更。"
    ]
    with pytest.raises(NotPossible, match="已于2024-12-30签署"):
        undo_office(election, actor=actor)
    assert Resolution.objects.get().carried_out
    assert sign_minutes(election, on=D(2025, 2, 2)).minutes_signed_on == D(2024, 12, 30)


def test_the_meeting_does_not_take_the_resolution_back_alone(election, meeting, actor):
    resolution = in_office(election, actor, meeting).resolution

    said = "该决议由“理事会第2届换届”就任时形成，请在该次选举中撤销就任。"
    assert not_taken_back(resolution) == [said]
    for change in (take_back, delete_resolution):
        with pytest.raises(NotPossible):
            change(resolution, actor=actor)
    with pytest.raises(NotPossible, match=said):
        take_back(resolution, actor=actor)
    assert loaded(election).state == "in_office"


@pytest.mark.parametrize("case", ["planned", "signed", "cancelled", "far", "elsewhere"])
def test_a_meeting_that_cannot_have_elected_is_refused(election, council, actor, case):
    association = council.association if case != "elsewhere" else make_association()
    day = DAY if case != "far" else DAY + dt.timedelta(days=32)
    meeting = make_electing_meeting(association, on=day, held=case != "planned")
    if case == "signed":
        Attendance.objects.all().delete()
        sign_meeting(meeting, on=DAY, by="张三")
    if case == "cancelled":
        cancel_meeting(meeting, reason="误录")

    with pytest.raises(NotPossible, match="会议尚未召开" if case == "planned" else "请选择其他会议"):
        in_office(election, actor, meeting)
    assert (Term.objects.filter(body=council).count(), Resolution.objects.count()) == (1, 0)


# -- undoing


def take(election, actor):
    stand_again(election)
    count_all(election)
    return take_office(election, actor=actor)


def state_of_rows():
    return (
        sorted(Term.objects.values_list("body", "number", "starts_on", "ended_on")),
        sorted(
            Appointment.objects.valid().values_list(
                "pk", "term", "starts_on", "ends_on", "end_reason", "end_basis"
            ),
            key=str,
        ),
    )


def test_undoing_restores_exactly_what_was(election, council, actor):
    resigned = Appointment.objects.filter(post__title="理事").order_by("pk").last()
    end_appointment(resigned, on=D(2023, 1, 1), reason="resigned", basis="本人辞职")
    before = state_of_rows()
    election = take(election, actor)

    undoing = undo_office(election, actor=actor)

    assert state_of_rows() == before
    assert (len(undoing.restored), undoing.kept) == (8, [])
    assert Appointment.objects.filter(term=None, voided_on__isnull=False).count() == 8
    election = loaded(election)
    assert (election.state, election.outcome) == (Election.State.DRAFT, {})
    assert Action.objects.latest("pk").kind == Action.Kind.UNDO
    # and once more
    assert take_office(election, actor=actor).state == Election.State.IN_OFFICE
    assert council.terms.count() == 2


def test_undoing_says_what_was_touched_since(election, actor):
    election = take(election, actor)
    one = Appointment.objects.filter(term__number=1, post__title="会长").get()
    one.end_reason = "resigned"
    one.save()
    left = Appointment.objects.get(term__number=2, post__title="秘书长")
    end_appointment(left, on=D(2025, 3, 1), reason="resigned")

    undoing = undo_office(election, actor=actor)

    assert undoing.kept == [
        f"{left.member}（秘书长）：其任职已于2025-03-01结束，一并作废。",
        f"{one.member}（会长）：之后有改动，保持不变。",
    ]
    assert not any(each.endswith(" 会长") for each in holders(DAY))


def test_what_came_into_the_new_term_since_keeps_it(election, council, actor):
    election = take(election, actor)
    make_appointment(make_member("增补的", association=council.association), term=council.terms.get(number=2))

    assert plan_undoing(election).refusals == ["增补的之后在新一届中任“理事”，请先将该任职作废。"]
    with pytest.raises(NotPossible):
        undo_office(election, actor=actor)
    assert council.terms.count() == 2


def test_once_the_minutes_are_signed_it_is_final(election, actor):
    with pytest.raises(NotPossible, match="就任后"):
        sign_minutes(election, on=D(2025, 1, 1))
    election = take(election, actor)
    with pytest.raises(NotPossible, match="不能早于选举"):
        sign_minutes(election, on=BEFORE)
    election = sign_minutes(election, on=D(2025, 1, 1))

    with pytest.raises(NotPossible, match="已于2025-01-01签署"):
        undo_office(election, actor=actor)
    assert holders(DAY)


# -- by-election


def by_election(council, post, seats=1):
    day = D(2022, 5, 1)
    election = make_election(council, kind="by_election", day=day, starts_on=day)
    add_contest(election.bodies.get(), post=council.association.posts.get(title=post), seats=seats)
    return election


def test_a_by_election_fills_a_seat_of_the_running_term(council, actor):
    election = by_election(council, "理事")
    stand(election, "理事", make_member("增补的", association=council.association))
    count_all(election)
    before = state_of_rows()

    take_office(election, actor=actor)

    made = Appointment.objects.get(member__name="增补的")
    assert (made.how, made.starts_on, made.term.number) == ("by_election", D(2022, 5, 1), 1)
    assert council.terms.count() == 1
    undo_office(election, actor=actor)
    assert state_of_rows() == before


def test_a_vice_president_who_becomes_president_is_vice_president_no_more(council, actor):
    president = Appointment.objects.get(post__title="会长")
    end_appointment(president, on=D(2022, 4, 30), reason="resigned")
    election = by_election(council, "会长")
    vice = Appointment.objects.filter(post__title="副会长").first().member
    stand(election, "会长", vice)
    count_all(election)
    before = state_of_rows()

    take_office(election, actor=actor)

    assert [each for each in holders(D(2022, 5, 1)) if str(vice) in each] == [f"{vice} 会长", f"{vice} 理事"]
    assert Appointment.objects.get(member=vice, post__title="副会长").end_reason == "changed"
    undo_office(election, actor=actor)
    assert state_of_rows() == before


def test_a_by_election_wants_a_term_that_runs(council):
    with pytest.raises(NotPossible, match="请先录入届次"):
        make_election(council, kind="by_election", day=D(2019, 1, 1), starts_on=D(2019, 1, 1))
