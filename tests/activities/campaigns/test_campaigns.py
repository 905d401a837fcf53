"""Campaigns: who sees and writes them, and what is rolled up from their activities."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.campaigns.figures import figures_of
from activities.models import Campaign, Donation, Service
from members.rights import Role
from organizations.models import Body
from tests.make import (
    grant,
    make_activity,
    make_association,
    make_body,
    make_member,
    make_participation,
    make_user,
)
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def home():
    return make_association()


def make_campaign(home, name="主题教育", **fields):
    fields = {"starts_on": D(2026, 3, 1), "ends_on": D(2026, 12, 31), **fields}
    return Campaign.objects.create(association=home, name=name, **fields)


@pytest.fixture
def campaign(home):
    return make_campaign(home, theme="凝心铸魂强根基", planned_activities=4, plan="每季度一次")


def url(name, *args):
    return reverse(f"activities:{name}", args=args)


def donate(home, amount, **fields):
    return Donation.objects.create(
        association=home, kind="cash", received_on=D(2026, 5, 1), amount=amount, donor_name="某公司", **fields
    )


def filled(home, campaign, **fields):
    """An activity of it with two who came, one who did not, two hours and a donation of ten yuan."""
    activity = make_activity(
        association=home, campaign=campaign, starts_at=timezone.now() - dt.timedelta(days=1), **fields
    )
    for presence in ("attended", "late", "absent"):
        make_participation(activity, make_member(association=home), presence=presence)
    member = activity.participations.first().member
    Service.objects.create(
        member=member,
        activity=activity,
        on=activity.on,
        what="服务",
        hours=2,
        state="confirmed",
        decided_at=timezone.now(),
    )
    donate(home, 10, activity=activity)
    return activity


def test_figures_come_from_its_activities(home, campaign):
    filled(home, campaign)
    first = filled(home, campaign).participations.first().member
    make_participation(
        make_activity(association=home, campaign=campaign, state="closed"), first, presence="attended"
    )
    make_activity(association=home, campaign=campaign, state="cancelled")
    make_activity(association=home)
    donate(home, 5, campaign=campaign)
    donate(home, 7, campaign=campaign, voided_on=D(2026, 6, 1), voided_reason="有误")
    user = make_user()
    grant(user, Role.VIEWER, home)

    figures = figures_of([campaign.pk], user)[campaign.pk]

    assert (figures.activities, figures.settled) == (3, 1)
    assert (figures.attendances, figures.members) == (5, 4)
    assert figures.hours == Decimal(4)
    assert (figures.donations, figures.amount) == (3, Decimal(25))


def test_what_a_hidden_body_did_is_counted_for_who_sees_it_alone(home, campaign):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    filled(home, campaign, host=branch, title="支部活动")
    viewer, manager = make_user(), make_user()
    grant(viewer, Role.VIEWER, home)
    grant(manager, Role.MANAGER, home)

    assert figures_of([campaign.pk], viewer)[campaign.pk].attendances == 0
    assert figures_of([campaign.pk], manager)[campaign.pk].attendances == 2


def test_a_stranger_finds_nothing_a_reader_writes_nothing_an_editor_works(client, home, campaign):
    addresses = [url("campaign", campaign.pk), url("campaign_edit", campaign.pk)]
    sign_in(client, Role.SECRETARY, make_association())
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert "主题教育" not in body_of(client.get(url("campaigns"))).split("</nav>")[-1]

    sign_in(client, Role.VIEWER, home)
    assert [client.get(address).status_code for address in addresses] == [200, 403]
    assert client.post(addresses[1]).status_code == 403
    assert client.get(url("campaign_new")).status_code == 403
    page = body_of(client.get(addresses[0]))
    assert "凝心铸魂强根基" in page
    assert "计划4" in page
    assert url("campaign_edit", campaign.pk) not in page

    sign_in(client, Role.SECRETARY, home)
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_a_role_in_one_body_alone_opens_no_campaigns(client, home, campaign):
    council = make_body(association=home)
    user = sign_in(client, Role.MEMBER)
    grant(user, Role.SECRETARY, home, body=council)
    make_activity(host=council, campaign=campaign)

    assert client.get(url("campaigns")).status_code == 403
    assert client.get(url("campaign", campaign.pk)).status_code == 403
    assert "主题教育" in body_of(client.get(url("activities")))


def test_a_campaign_is_made_and_written(client, home):
    sign_in(client, Role.SECRETARY, home)
    data = {
        "association": home.pk,
        "name": "2026年主题教育",
        "starts_on": "2026-03-01",
        "ends_on": "2026-12-31",
    }

    wrong = client.post(url("campaign_new"), data | {"ends_on": "2026-01-01"})
    assert wrong.status_code == 422
    assert "结束日期早于开始日期" in body_of(wrong)
    right = client.post(url("campaign_new"), data)

    campaign = Campaign.objects.get()
    assert right.url == url("campaign", campaign.pk)
    again = client.post(url("campaign_new"), data)
    assert again.status_code == 422
    assert "已有同名的专题活动" in body_of(again)
    form = client.get(url("campaign_edit", campaign.pk)).context["form"]
    response = client.post(
        url("campaign_edit", campaign.pk), data | {"report": "共12次", "opened": form["opened"].value()}
    )
    assert messages_of(response) == ["“2026年主题教育”已保存。"]
    assert "共12次" in body_of(client.get(url("campaign", campaign.pk)))


def test_two_writers_of_a_campaign(client, home, campaign):
    sign_in(client, Role.SECRETARY, home)
    opened = client.get(url("campaign_edit", campaign.pk)).context["form"]["opened"].value()
    campaign.theme = "别人写的"
    campaign.save()
    data = {"name": campaign.name, "starts_on": "2026-03-01", "ends_on": "2026-12-31", "theme": "我写的"}

    response = client.post(url("campaign_edit", campaign.pk), data | {"opened": opened})

    assert response.status_code == 422
    assert "别人写的" in body_of(response)
    assert "我写的" in body_of(response)
    campaign.refresh_from_db()
    assert campaign.theme == "别人写的"


def test_its_page_leads_to_a_new_activity_of_it(client, home, campaign):
    sign_in(client, Role.SECRETARY, home)

    page = body_of(client.get(url("campaign", campaign.pk)))
    address = f"{url('activity_new')}?campaign={campaign.pk}"

    assert address in page
    assert f'<option value="{campaign.pk}" selected>' in body_of(client.get(address))


@pytest.mark.parametrize("query", ["when=x", "q=%00", "page=99999999999999999999", "when=running&q=主题"])
def test_no_question_breaks_the_list(client, home, campaign, query):
    sign_in(client, Role.VIEWER, home)

    assert client.get(f"{url('campaigns')}?{query}").status_code == 200


def test_as_many_queries_for_three_as_for_one(client, home, campaign):
    sign_in(client, Role.VIEWER, home)
    filled(home, campaign)

    def queries(address):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    before = queries(url("campaigns")), queries(url("campaign", campaign.pk))
    for name in ("第二个", "第三个"):
        filled(home, make_campaign(home, name))
        filled(home, campaign, host=make_body("corps", association=home))

    assert (queries(url("campaigns")), queries(url("campaign", campaign.pk))) == before
