"""To whom the portal shows an activity."""

import pytest

from activities.models import Activity
from organizations.models import Body
from tests.activities.calendar.make import council, seat
from tests.make import make_activity, make_association, make_member, make_participation

pytestmark = pytest.mark.django_db


def test_what_a_hidden_body_holds_is_open_to_its_own_people_and_who_is_on_the_list():
    home = make_association()
    branch = council(home, Body.Kind.PARTY_BRANCH, hides_people=True)
    inside, listed, other = (make_member(association=home) for _each in range(3))
    seat(inside, branch, "党员")
    activity = make_activity("主题党日", host=branch)
    make_participation(activity, listed)

    shown = [set(Activity.objects.shown_to(member)) for member in (inside, listed, other)]

    assert shown == [{activity}, {activity}, set()]
