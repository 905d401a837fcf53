"""Two at the same moment: one place is given once. On both databases, with real threads."""

import pytest

from activities.models import Participation
from activities.signing_up.services import sign_off, sign_up
from tests.make import make_activity, make_member
from tests.members.imports.test_concurrency import at_once, shared_database  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def states():
    return sorted(Participation.objects.values_list("state", flat=True))


@pytest.mark.parametrize("attempt", range(3))
def test_the_last_place_goes_to_one_of_two_and_the_other_stands_in_line(attempt):
    activity = make_activity(capacity=1)
    rivals = [make_member("张三"), make_member("李四")]

    at_once(*[lambda one=one: sign_up(activity, one) for one in rivals])

    assert states() == ["signed_up", "waiting"]


def test_who_signs_up_twice_at_once_stands_on_the_list_once():
    activity, member = make_activity(), make_member()

    rows = at_once(*[lambda: sign_up(activity, member) for _ in range(2)])

    assert len({row.pk for row in rows}) == 1
    assert states() == ["signed_up"]


def test_two_places_given_back_at_once_go_to_the_two_in_line():
    activity = make_activity(capacity=2)
    members = [make_member(name) for name in ("张三", "李四", "王五", "赵六", "钱七")]
    for member in members:
        sign_up(activity, member)

    at_once(*[lambda one=one: sign_off(activity, one) for one in members[:2]])

    assert states() == ["signed_up", "signed_up", "waiting", "withdrawn", "withdrawn"]
