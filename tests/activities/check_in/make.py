"""A door, codes that stood on its screen some time ago, and telephones that read them."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from activities.check_in import codes
from activities.check_in.doors import open_door
from activities.models import Door
from tests.make import make_activity, make_member, make_user


def make_door(event=None, *, minutes=60):
    """The open check-in of `event` (by default an activity that begins in an hour), opened so many minutes ago."""
    event = event or make_activity(starts_at=timezone.now() + dt.timedelta(hours=1))
    door = open_door(event, actor=None)
    Door.objects.filter(pk=door.pk).update(opened_at=timezone.now() - dt.timedelta(minutes=minutes))
    return Door.objects.with_event().get(pk=door.pk)


def code_of(door, *, ago=0):
    """The code that stood on the screen so many seconds ago."""
    window = int(timezone.now().timestamp() - ago) // codes.SECONDS
    return codes._spell(codes._number(door, window), codes.LENGTH)


def address(door, code=None):
    return reverse("own_activities:check_in", args=[door.pk, code or code_of(door)])


def make_person(name="", **fields):
    """A member with an account."""
    return make_member(name, user=make_user(), **fields)


def signed_in(client_class, member):
    client = client_class()
    client.force_login(member.user)
    return client
