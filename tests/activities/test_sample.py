"""The activities made of the sample's members: something of everything, and figures that hold."""

import pytest

from activities.models import Activity, Donation, Participation, Service
from activities.sample import make_sample_activities
from organizations.models import Body
from tests.make import make_association, make_body, make_employer, make_member

pytestmark = pytest.mark.django_db


def test_the_sample_has_past_and_coming_activities_and_is_made_once():
    association = make_association()
    make_body(Body.Kind.CORPS, association=association, name="同心服务团")
    employer = make_employer(association=association)
    for _ in range(80):
        make_member(association=association, employer=employer)

    assert make_sample_activities(association) == Activity.objects.count() == 10
    assert make_sample_activities(association) == 0

    states = Activity.objects.order_by("state").values_list("state", flat=True)
    assert sorted(states) == ["closed"] * 6 + ["draft"] + ["published"] * 3
    forum = Activity.objects.get(capacity=24)
    assert forum.participations.taking_seats().count() == 24
    assert forum.participations.waiting().count() == 3
    # whoever was there has the hours, and nobody else
    with_hours = Activity.objects.exclude(hours=None)
    came = Participation.objects.filter(activity__in=with_hours).came().count()
    assert Service.objects.filter(activity__in=with_hours).count() == came > 0
    assert Donation.objects.count() == 4
