"""Papers of an election: candidates, ballots, counting sheets, the result, letters and the filing."""

import pytest
from django.urls import reverse

from members.rights import Role
from organizations.elections.drafting import take_over_incumbents
from organizations.elections.office import take_office
from organizations.elections.results import open_round
from organizations.models import Action, Body, Scrutineer
from organizations.papers.contexts import elections
from organizations.papers.offers import offers
from tests.make import grant, make_association, make_body, make_member, make_user
from tests.members.screens import sign_in
from tests.organizations.elections.make import (
    contest_of,
    count,
    count_all,
    loaded,
    make_council,
    make_election,
    stand,
)
from tests.organizations.papers.documents import opened, pdf_sizes, pdf_text, rows
from tests.organizations.papers.test_contexts import assert_fits

pytestmark = pytest.mark.django_db
NAME = "第二届第一次会员大会"


@pytest.fixture
def home():
    return make_association("某区新专联")


@pytest.fixture
def election(home):
    """会长 of one seat with one candidate, 副会长 of two with three."""
    election = make_election(make_council(association=home))
    stand(election, "会长", make_member("王一", employer="甲律所"))
    stand(election, "副会长", *(make_member(name) for name in ("陈四", "刘二", "李三")))
    return election


@pytest.fixture
def secretary(home):
    user = make_user()
    grant(user, Role.SECRETARY, home)
    return user


def chosen(election, *titles):
    """The election with its parts, and the contests for the posts of these titles."""
    election = loaded(election)
    return election, [each for each in election.contests if each.post.title in titles]


def test_the_ballot_lists_candidates_in_the_order_of_strokes(election):
    election, contests = chosen(election, "会长", "副会长")

    filled = elections.ballot(election, name=NAME, contests=contests)

    assert_fits(filled, "ballot")
    president, vice = filled.context["选举项目"]
    assert (president["职务"], president["应选人数"], president["候选人数"]) == ("会长", "1", "1")
    assert [row["姓名"] for row in vice["候选人"]] == ["刘二", "李三", "陈四"]
    assert (len(vice["另选行"]), vice["双列"]) == (2, [])
    assert filled.context["选举日期"] == "2024年12月24日"


def test_the_ballot_says_which_mark_means_what(election):
    election.mark_for, election.mark_against, election.mark_abstain = "○", "×", ""

    sentence = elections.how_to_mark(election)

    assert "同意的在姓名左侧的符号栏内画“○”，不同意的画“×”，弃权的不作标记" in sentence


def test_many_candidates_stand_two_in_a_row(election):
    stand(election, "副会长", *(make_member(f"赵{chr(0x4E00 + place)}") for place in range(10)))
    election, contests = chosen(election, "副会长")

    pairs = elections.ballot(election, name=NAME, contests=contests).context["选举项目"][0]["双列"]

    assert len(pairs) == 7
    assert (pairs[0]["左"], pairs[0]["右"], pairs[-1]["右"]) == ("刘二", "李三", "／")


def test_the_counting_sheet_names_the_tellers_and_leaves_numbers_open(election):
    Scrutineer.objects.create(election=election, role="chief", name="总某")
    Scrutineer.objects.create(election=election, role="teller", name="计甲")
    Scrutineer.objects.create(election=election, role="teller", name="计乙")
    election, contests = chosen(election, "会长")

    filled = elections.counting_sheet(election, name=NAME, contests=contests)

    assert_fits(filled, "count")
    assert (filled.context["总监票人"], filled.context["计票人"]) == ("总某", "计甲、计乙")
    assert filled.context["发出票数"] == ""


def test_candidates_are_described_as_far_as_the_reader_may_see(election, secretary, home):
    member = contest_of(election, "会长").candidates.get().member
    member.birth = "1975-03"
    member.save()
    election, contests = chosen(election, "会长")

    filled = elections.candidates(election, name=NAME, contests=contests, user=secretary)

    assert_fits(filled, "candidates")
    row = filled.context["选举项目"][0]["候选人"][0]
    assert (row["姓名"], row["工作单位"], row["出生年月"]) == ("王一", "甲律所", "1975.03")


def test_the_report_tells_numbers_votes_and_who_is_elected(election):
    count(election, "副会长", {"刘二": 20, "李三": 15, "陈四": 3})
    election, contests = chosen(election, "副会长")

    filled = elections.result(election, name=NAME, contests=contests)

    assert_fits(filled, "result")
    item = filled.context["选举项目"][0]
    assert [(row["姓名"], row["同意"], row["结果"]) for row in item["候选人"]] == [
        ("刘二", "20", "当选"),
        ("李三", "15", ""),
        ("陈四", "3", ""),
    ]
    assert (item["应到人数"], item["实到人数"], item["发出票数"], item["有效票数"]) == (
        "30",
        "24",
        "24",
        "24",
    )
    assert (item["职务"], item["当选人"]) == ("副会长", "刘二")


def test_a_second_ballot_is_reported_after_the_first(election):
    count(election, "会长", {"王一": 3})
    open_round(contest_of(election, "会长"))
    count(election, "会长", {"王一": 24}, number=2)
    election, contests = chosen(election, "会长")

    items = elections.result(election, name=NAME, contests=contests).context["选举项目"]

    assert [(item["职务"], item["当选人"]) for item in items] == [
        ("会长（第1次投票）", ""),
        ("会长（第2次投票）", "王一"),
    ]


def test_nothing_counted_is_an_empty_report(election):
    election, contests = chosen(election, "会长")

    assert elections.result(election, name=NAME, contests=contests).context["选举项目"] == []


# -- on the screens


def make_url(election, kind):
    return reverse("organizations:paper_make", args=["election", election.pk, kind])


@pytest.fixture
def signed_in(client, home):
    return sign_in(client, Role.SECRETARY, home)


def test_posts_and_the_name_of_the_meeting_are_asked_for(client, signed_in, election):
    keys = [str(contest.pk) for contest in chosen(election, "会长")[1]]
    url = make_url(election, "ballot")

    page = client.get(url).content.decode()
    refused = client.post(url, {"as": "docx", "name": NAME})
    made = client.post(url, {"as": "docx", "name": NAME, "contests": keys})
    drawn = client.post(url, {"as": "pdf", "name": NAME, "contests": keys})

    assert "会长" in page and "副会长" in page
    assert refused.status_code == 422
    assert "请至少勾选一项职务" in refused.content.decode()
    assert [row[1] for row in rows(made.content)] == ["候选人", "王一"]
    assert f"{NAME}选票" in opened(made.content).element.xml.replace("</w:t><w:t>", "")
    assert set(pdf_sizes(drawn.content)) == {(595, 842)}
    assert "副会长" not in pdf_text(drawn.content)


def test_a_ballot_begins_with_the_posts_that_one_meeting_elects(client, signed_in, election):
    def ticked(kind):
        form = client.get(make_url(election, kind)).context["form"]
        return [form.found[key].post.title for key in form["contests"].value()]

    assert ticked("ballot") == ["理事"]
    assert ticked("candidates") == [contest.post.title for contest in loaded(election).contests]


def test_the_list_of_candidates_asks_a_reason_and_is_logged(client, signed_in, election):
    keys = [str(contest.pk) for contest in chosen(election, "会长", "副会长")[1]]
    data = {"as": "pdf", "name": NAME, "contests": keys}

    refused = client.post(make_url(election, "candidates"), data)
    made = client.post(make_url(election, "candidates"), data | {"reason": "公示"})

    assert refused.status_code == 422
    assert "甲律所" in pdf_text(made.content)
    details = Action.objects.get(kind=Action.Kind.EXPORT).details
    assert (details["paper"], details["count"], details["reason"]) == ("候选人名单", 4, "公示")


def test_letters_and_filing_are_offered_once_office_is_taken(client, signed_in, home):
    election = make_election(make_council(association=home))
    before = [offer.kind.key for offer in offers("election", election)]
    for contest in loaded(election).contests:
        take_over_incumbents(contest)
    count_all(election)
    election = take_office(election, actor=signed_in, basis="第二届第一次会员大会")

    assert before == ["candidates", "ballot", "count", "result"]
    assert [offer.kind.key for offer in offers("election", election)][-2:] == ["letter", "filing"]
    letters = client.post(make_url(election, "letter"), {"as": "pdf"})
    filing = client.post(make_url(election, "filing"), {"as": "pdf", "reason": "备案"})
    assert "兹聘请您担任某区新专联第二届理事会会长" in pdf_text(letters.content)
    assert "理事一" in pdf_text(filing.content)


def test_the_steps_of_an_election_offer_its_papers(client, signed_in, election):
    def offered(step):
        page = client.get(reverse(f"organizations:election_{step}", args=[election.pk])).content.decode()
        return [
            kind
            for kind in ("candidates", "ballot", "count", "result", "letter")
            if make_url(election, kind) in page
        ]

    assert offered("ballots") == ["candidates", "ballot", "count"]
    assert offered("results") == ["result"]
    assert offered("filing") == []
    sign_in(client, Role.VIEWER, election.association)
    assert offered("ballots") == []


def test_elections_of_others_are_not_found(client, signed_in, election, home):
    elsewhere = make_election(make_council(association=make_association()))
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    hidden = make_election(branch)

    assert client.get(make_url(elsewhere, "ballot")).status_code == 404
    assert client.get(make_url(hidden, "ballot")).status_code == 404
    sign_in(client, Role.VIEWER, home)
    assert client.get(make_url(election, "ballot")).status_code == 404
