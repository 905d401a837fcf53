"""The pages of planning activities, of campaigns and of the door: readable for everybody, on a screen and a phone."""

import pytest

from activities.check_in.doors import open_door
from activities.models import Activity, Campaign
from activities.sample import make_sample_activities
from members.models import User
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_body, make_employer, make_member


@pytest.fixture
def register(site):
    """The sample's activities over eighty members, the first of whom can sign in."""
    make_body("corps", association=site.association, name="同心服务团")
    employer = make_employer(association=site.association)
    user = User.objects.get(email="member@example.org")
    for number in range(80):
        owner = {"user": user} if number == 0 else {}
        make_member(association=site.association, employer=employer, number=f"JJ{number:03}", **owner)
    make_sample_activities(site.association)
    return site


def addresses():
    """{name: address} of the staff's pages, with something on each."""
    closed = Activity.objects.filter(state="closed").first().get_absolute_url()
    over = Activity.objects.get(title="年度建言献策培训")
    draft = Activity.objects.get(state="draft").get_absolute_url()
    coming = Activity.objects.get(capacity=24).get_absolute_url()
    campaign = Campaign.objects.get().get_absolute_url()
    door = open_door(over, actor=None)
    return {
        "coming": "/activities/",
        "none fits": "/activities/?q=查无此事",
        "past": "/activities/?tab=past",
        "drafts": "/activities/?tab=drafts",
        "new": "/activities/new/",
        "settled": closed,
        "print": f"{closed}print/",
        "history": f"{closed}history/",
        "copy": f"{closed}copy/",
        "reopen": f"{closed}reopen/",
        "activity": coming,
        "edit": f"{coming}edit/",
        "cancel": f"{coming}cancel/",
        "settle": f"{over.get_absolute_url()}settle/",
        "draft": draft,
        "publish": f"{draft}publish/",
        "delete": f"{draft}delete/",
        "campaigns": "/activities/campaigns/",
        "campaign": campaign,
        "edit campaign": f"{campaign}edit/",
        "new campaign": "/activities/campaigns/new/",
        "screen of the room": f"/activities/check-in/{door.pk}/?names=1",
        "scan": f"/activities/check-in/{door.pk}/scan/",
        "to be confirmed": f"/activities/check-in/{door.pk}/waiting/",
        "fields of service": "/admin/activities/servicefield/",
    }


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_staff_are_accessible_chinese_and_fit_the_screen(register, page, screen):
    look = Look(page, *SCREENS[screen])
    register.sign_in(page, "manager@example.org")

    look.at_each(register.url, addresses())
    page.goto(f"{register.url}/activities/new/")
    page.get_by_role("button", name="保存").click()
    look.at("refused plan")

    look.passes()


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_members_are_accessible_chinese_and_fit_the_screen(register, page, screen):
    look = Look(page, *SCREENS[screen])
    register.sign_in(page, "member@example.org")

    look.at_each(
        register.url,
        {
            "check in": "/my/activities/check-in/",
            "my code": "/my/activities/check-in/my-code/",
            "list": "/my/activities/",
            "home": "/my/",
            "record": "/my/profile/",
        },
    )

    look.passes()
