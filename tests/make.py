"""Builders of test data: dull, predictable defaults; a test states what it is about.

Persons and numbers are made up: mobile numbers have 0000 in the middle, identity numbers a valid check.
"""

import datetime as dt

from django.utils import timezone

from activities.models import Activity, Audience, Participation
from members.identity import check_character
from members.models import Employer, Member, RoleGrant, User
from members.rights import Role
from organizations.meetings.holding import hold_meeting, plan_meeting
from organizations.models import Association, Body
from organizations.models.meetings import kinds_of
from organizations.posts import ensure_posts
from organizations.services import appoint

PASSWORD = "correct horse battery"


def make_association(name="", *, code="", parent=None, **fields):
    """An association, by default 第1联合会, 第2联合会 … with the codes a1, a2 …"""
    serial = Association.objects.count() + 1
    return Association.objects.create(
        name=name or f"第{serial}联合会", code=code or f"a{serial}", parent=parent, **fields
    )


def make_user(email="", *, password=PASSWORD, **fields):
    """An account; user1@example.org, user2@example.org … unless an e-mail or a `phone` is given."""
    if not email and not fields.get("phone"):
        email = f"user{User.objects.count() + 1}@example.org"
    return User.objects.create_user(email=email or None, password=password, **fields)


def grant(user, role, association, **fields):
    """The grant to `user` of `role` (a members.rights.Role); rights read before are dropped.

    A department's look at persons lasts from yesterday to tomorrow unless told otherwise.
    """
    user.__dict__.pop("rights", None)
    if role == Role.DEPARTMENT_PERSONS:
        day, one = timezone.localdate(), dt.timedelta(days=1)
        fields = {"starts_on": day - one, "ends_on": day + one, "basis": "区委统战部函〔2026〕1号", **fields}
    return RoleGrant.objects.create(user=user, role=role, association=association, **fields)


def make_employer(name="重庆某某科技有限公司", *, association, **fields):
    return Employer.objects.get_or_create(association=association, name=name, defaults=fields)[0]


def make_member(name="", *, association=None, id_number="", employer=None, **fields):
    """A member: 张一 (张二 …), a mobile number, no identity number. `employer` may be a name."""
    association = association or Association.objects.order_by("pk").first() or make_association()
    serial = Member.objects.count() + 1
    if isinstance(employer, str):
        employer = make_employer(employer, association=association)
    member = Member(
        association=association,
        name=name or f"张{numeral(serial)}",
        employer=employer,
        **{"mobile": make_mobile(serial), **fields},
    )
    member.id_number = id_number
    member.save()
    return member


def make_mobile(serial=1):
    """13800000001 for 1: eleven digits with 0000 in the middle."""
    return f"138{serial:08}"


def make_id_number(serial=1, *, born=dt.date(1985, 6, 15), area="500116"):
    """A citizen number with the right check character (GB 11643-1999); odd serials are men."""
    body = f"{area}{born:%Y%m%d}{serial:03}"
    return body + check_character(body)


def numeral(number):
    """一, 二 … 九, 一〇, 一一 …"""
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def make_body(kind=Body.Kind.COUNCIL, *, association=None, name="", **fields):
    """A body, by default a council, established in 2019, with the usual posts of its kind."""
    association = association or Association.objects.order_by("pk").first() or make_association()
    ensure_posts(association, kind)
    serial = Body.objects.filter(kind=kind).count() + 1
    name = name or f"{Body.Kind(kind).label}{numeral(serial)}"
    return Body.objects.create(
        association=association, kind=kind, name=name, **{"established_on": "2019", **fields}
    )


def make_term(body, *, starts_on=dt.date(2019, 12, 24), years=5, **fields):
    """The next term of `body`, planned for `years`."""
    planned = starts_on.replace(year=starts_on.year + years) - dt.timedelta(days=1)
    fields = {"number": body.terms.count() + 1, "planned_end_on": planned, **fields}
    return body.terms.create(starts_on=starts_on, **fields)


def make_appointment(member, title="理事", *, term=None, body=None, starts_on=None, **fields):
    """`member` in the post of that title, from the start of `term` (or of the body) on."""
    body = body or term.body
    post = body.association.posts.get(body_kind=body.kind, title=title)
    starts_on = starts_on or (term.starts_on if term else dt.date(2020, 1, 1))
    return appoint(member, post=post, body=body, term=term, starts_on=starts_on, **fields)


def make_meeting(body, *, on=dt.date(2026, 3, 20), kind=None, held=False, **fields):
    """A meeting of `body` on that day, of the usual kind; `held`: it took place, nobody's attendance is entered."""
    meeting = plan_meeting(body, kind=kind or kinds_of(body)[0], on=on, **fields)
    return hold_meeting(meeting, today=on) if held else meeting


def make_activity(title="国情考察", *, association=None, host=None, state="published", **fields):
    """An activity of two hours from 9 o'clock tomorrow, announced and open to all, unless told otherwise."""
    association = association or (host.association if host else None)
    association = association or Association.objects.order_by("pk").first() or make_association()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    starts_at = fields.pop("starts_at", None) or timezone.make_aware(
        dt.datetime.combine(tomorrow, dt.time(9))
    )
    fields.setdefault("ends_at", starts_at + dt.timedelta(hours=2))
    if state == Activity.State.CLOSED:
        fields.setdefault("settled_at", fields["ends_at"])
    if state == Activity.State.PUBLISHED:
        fields.setdefault("published_at", timezone.now())
    fields.setdefault("kind", Activity.Kind.RESEARCH_VISIT)
    activity = Activity.objects.create(
        association=association, host=host, title=title, state=state, starts_at=starts_at, **fields
    )
    Audience.objects.create(activity=activity, kind=Audience.Kind.ALL)
    return activity


def make_participation(activity, member=None, **fields):
    """That `member` (or a guest: ``guest_name=…``) is signed up for `activity`, unless a state is given."""
    fields.setdefault("asked_at", timezone.now())
    return Participation.objects.create(activity=activity, member=member, **fields)
